#include "dialects/dyn/TypicalShape.h"

#include <algorithm>

namespace dycc::dyn {

static constexpr int64_t kTypicalExtent = 64;
static constexpr int64_t kLargestDeclared = 1 << 20;

int64_t typicalExtent(Interval range, int64_t multiple) {
  auto [lower, upper] = range;
  bool isDeclared = lower >= -kLargestDeclared && upper <= kLargestDeclared;
  int64_t value = isDeclared ? lower + (upper - lower) / 2
                             : std::max(lower, std::min(kTypicalExtent, upper));
  int64_t below = value - value % std::max<int64_t>(multiple, 1);
  return below >= lower ? below : below + multiple;
}

std::optional<int64_t> TypicalShape::valueOf(ExprAttr expr) {
  return expr.evaluate([&](llvm::StringRef symbol) { return valueOf(symbol); });
}

std::optional<int64_t> TypicalShape::valueOf(llvm::StringRef symbol) {
  if (auto known = symbols.find(symbol); known != symbols.end())
    return known->second;
  std::optional<int64_t> value = kTypicalExtent;
  if (auto fact = facts.find(symbol); fact != facts.end()) {
    const SymbolFact &known = fact->second;
    if (known.definition)
      value = valueOf(mlir::cast<ExprAttr>(known.definition));
    else
      value = typicalExtent(known.range, known.multiple);
  }
  symbols[symbol] = value;
  return value;
}

} // namespace dycc::dyn
