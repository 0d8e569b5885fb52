// Which elements of a launch a thread computes together, so that what it loads
// serves several of them.
#ifndef DYCC_CODEGEN_HALIDE_OPENCL_DEVICETILES_H
#define DYCC_CODEGEN_HALIDE_OPENCL_DEVICETILES_H

#include "dialects/dyn/DynDevice.h"
#include <Halide.h>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace dycc::halide {

/// The elements of a thread: `lanes` neighbours along the axis that is
/// innermost in memory, as a vector, in each of `rows` places of another axis.
struct DeviceTile {
  int lanes = 1, rows = 1;
  /// The other axis, by its position among those of the launch.
  size_t rowAxis = 0;
  /// Steps of the innermost reduction that follow each other.
  int steps = 1;

  bool isOne() const { return lanes == 1 && rows == 1; }
};

/// What is known of a launch.
struct DeviceLaunch {
  std::vector<Halide::Expr> extents; ///< Of each axis; none: unknown.
  /// The positions of its axes, innermost in memory first.
  std::vector<size_t> order;
  std::vector<Halide::Func> sums; ///< What its threads sum up in registers.
  /// Whether a Func that has no loops of its own has memory all the same.
  std::function<bool(const std::string &)> isStored;
};

/// The tile of at most the plan's extents with the fewest loads for a product;
/// one element where no load would serve two.
DeviceTile chooseTile(const DeviceLaunch &launch, dyn::DevicePlanAttr plan);

/// Keeps what elements behind the end of the launch would read inside of its
/// extents, and rounds each product and sum once.
void prepareSums(const DeviceLaunch &launch, const DeviceTile &tile);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_DEVICETILES_H
