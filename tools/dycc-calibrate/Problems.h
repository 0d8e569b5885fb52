#ifndef DYCC_TOOLS_DYCC_CALIBRATE_PROBLEMS_H
#define DYCC_TOOLS_DYCC_CALIBRATE_PROBLEMS_H

#include <string>
#include <vector>

namespace dycc::calibrate {

/// Extents of the symbols of a network, in its order.
using Extents = std::vector<std::pair<std::string, int64_t>>;

/// A network, and the extents at which it is measured.
struct Problem {
  std::string name;
  /// Prices do not follow from it: they are judged by it.
  bool isHeldOut;
  std::string model; ///< ONNX, as bytes.
  std::vector<Extents> points;
};

/// All of them, those that prices need most first and held-out ones among the
/// others.
std::vector<Problem> problems();

} // namespace dycc::calibrate

#endif // DYCC_TOOLS_DYCC_CALIBRATE_PROBLEMS_H
