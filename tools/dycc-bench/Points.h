// Sizes that a model is measured at.
#ifndef DYCC_TOOLS_DYCC_BENCH_POINTS_H
#define DYCC_TOOLS_DYCC_BENCH_POINTS_H

#include "tools/dycc-run/Artifact.h"

#include <random>

namespace dycc::bench {

/// A value for each symbol of a model.
using Point = std::vector<int64_t>;

/// Values of one symbol: `lower`, `lower` + `step` and so on up to `upper`.
struct Range {
  int64_t lower, upper, step;
};

/// What the command line says of a model's symbols.
class Points {
public:
  /// `dims`: NAME=VALUE or NAME=LO..HI[:STEP]. Symbols that are not named are
  /// the middle of their declared range, of one without an end 64. Throws a
  /// UsageError that quotes the text.
  Points(const dycc_model_info &info, const std::vector<std::string> &dims);

  /// Every combination of the values, the last symbol fastest.
  std::vector<Point> all() const;
  /// One of them at random.
  Point draw(std::mt19937_64 &engine) const;
  /// "H=64, W=96"; "" of a model without symbols.
  std::string text(const Point &point) const;

private:
  void set(const std::string &text);

  const dycc_model_info &info;
  std::vector<Range> ranges;
};

/// Random inputs at `point`. `fills`: NAME=LO..HI or NAME=VALUE, what elements
/// are taken from. Throws a UsageError that quotes the text.
run::Inputs makeInputs(const run::Artifact &artifact, const Point &point,
                       const std::vector<std::string> &fills, uint64_t seed);

} // namespace dycc::bench

#endif // DYCC_TOOLS_DYCC_BENCH_POINTS_H
