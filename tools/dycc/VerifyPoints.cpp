#include "tools/dycc/VerifyPoints.h"

#include <algorithm>
#include <cmath>

namespace dycc {

/// Seconds by the model's own estimate; the reference takes many times as long.
constexpr double kLongest = 0.02;
/// Steps beyond the smallest, where a symbol has no end that is meant.
constexpr int64_t kUsual = 1024;
constexpr int64_t kNoEnd = int64_t(1) << 30;

static int64_t smallestOf(const dycc_symbol_info &symbol) {
  int64_t steps = (symbol.lower + symbol.multiple - 1) / symbol.multiple;
  return steps * symbol.multiple;
}

static int64_t largestOf(const dycc_symbol_info &symbol) {
  int64_t most = symbol.upper >= kNoEnd
                     ? smallestOf(symbol) + kUsual * symbol.multiple
                     : symbol.upper;
  return most / symbol.multiple * symbol.multiple;
}

int64_t VerifyPoints::valueOf(const dycc_symbol_info &symbol, Kind wanted,
                              double unit) const {
  int64_t least = smallestOf(symbol), most = largestOf(symbol);
  if (wanted == Smallest)
    return least;
  if (wanted == Largest)
    return most;
  if (least == 0)
    least = std::min(most, symbol.multiple);
  if (wanted == Positive)
    return least;
  // As many below a value as between it and its double.
  auto steps = double((most - least) / symbol.multiple);
  auto step = int64_t(std::exp2(unit * std::log2(steps + 2)) - 1);
  return std::min(least + step * symbol.multiple, most);
}

bench::Point VerifyPoints::make(Kind wanted) {
  // Symbols often have to be equal, or to divide each other.
  bool isCommon = drawUnit() < 0.5;
  double common = drawUnit();
  bench::Point point;
  for (uint32_t i = 0; i < model.info().num_symbols; ++i)
    point.push_back(valueOf(model.info().symbols[i], wanted,
                            isCommon ? common : drawUnit()));
  return point;
}

void VerifyPoints::shrink(bench::Point &point) {
  constexpr int patience = 256; // Small symbols need no more than some bits.
  for (int tries = 0;
       tries < patience && !point.empty() && model.estimateAt(point) > kLongest;
       ++tries) {
    size_t i = engine() % point.size();
    const dycc_symbol_info &symbol = model.info().symbols[i];
    int64_t least = smallestOf(symbol);
    int64_t steps = (point[i] - least) / symbol.multiple;
    point[i] = least + (steps + 1) / 2 * symbol.multiple;
  }
}

bool VerifyPoints::isTaken(const bench::Point &point) {
  try {
    model.peakAt(point);
    return true;
  } catch (const run::Refusal &refusal) {
    if (firstRefusal.empty())
      firstRefusal = refusal.what();
    return false;
  }
}

std::optional<bench::Point> VerifyPoints::next() {
  constexpr int patience = 500;
  for (int tries = 0; tries < patience; ++tries) {
    bench::Point point = make(Kind(kind));
    kind = std::min<int>(kind + 1, Any);
    shrink(point);
    if (seen.insert(point).second && isTaken(point))
      return point;
  }
  return std::nullopt;
}

} // namespace dycc
