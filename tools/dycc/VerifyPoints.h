#ifndef DYCC_TOOLS_DYCC_VERIFYPOINTS_H
#define DYCC_TOOLS_DYCC_VERIFYPOINTS_H

#include "tools/dycc-bench/Points.h"

#include <set>

namespace dycc {

/// Shapes that a model is verified at, by its symbols' ranges and divisors and
/// by what its plan asks of them together: the smallest, the smallest without
/// extents of 0, the largest, then any, small ones as often as large ones. None
/// that is thought to take long.
class VerifyPoints {
public:
  VerifyPoints(const run::Artifact &model, uint64_t seed)
      : model(model), engine(seed) {}

  /// One that was not there before; none where no more are found.
  std::optional<bench::Point> next();
  /// Why the model takes none at all: what it says of the first one.
  const std::string &refusal() const { return firstRefusal; }

private:
  enum Kind { Smallest, Positive, Largest, Any };
  bench::Point make(Kind kind);
  int64_t valueOf(const dycc_symbol_info &symbol, Kind kind, double unit) const;
  double drawUnit() { return double(engine() >> 11) * 0x1p-53; }
  /// Halves the way to the smallest one, of one symbol after the other, as long
  /// as it takes too long.
  void shrink(bench::Point &point);
  bool isTaken(const bench::Point &point);

  const run::Artifact &model;
  std::mt19937_64 engine;
  std::set<bench::Point> seen;
  int kind = Smallest;
  std::string firstRefusal;
};

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_VERIFYPOINTS_H
