#include "passes/plan/ShapePoints.h"

#include "dialects/dyn/TypicalShape.h"

namespace dycc::plan {
namespace {

constexpr int64_t kFactor = 8;
/// Of more symbols one at a time is no longer tried.
constexpr size_t kMostSymbols = 6;

/// The extent nearest to `value` that the fact allows.
int64_t allowed(int64_t value, const dyn::SymbolFact &fact) {
  value = std::clamp(value, fact.range.lower, fact.range.upper);
  int64_t below = value - value % fact.multiple;
  return below >= fact.range.lower ? below : below + fact.multiple;
}

} // namespace

std::vector<dyn::SymbolFacts> shapePoints(const dyn::SymbolFacts &facts) {
  dyn::TypicalShape typical(facts);
  std::vector<std::string> names;
  for (const auto &fact : facts)
    if (!fact.second.definition &&
        fact.second.range.lower < fact.second.range.upper)
      names.push_back(fact.first().str());
  llvm::sort(names); // Not as they are hashed.
  std::vector<dyn::SymbolFacts> points{facts};
  auto add = [&](llvm::ArrayRef<std::string> changed, bool isLarger) {
    dyn::SymbolFacts point(facts);
    for (const std::string &name : names) {
      int64_t value = typical.valueOf(name).value_or(1);
      if (llvm::is_contained(changed, name))
        value = isLarger ? value * kFactor : value / kFactor;
      value = allowed(value, facts.lookup(name));
      point[name].range = {value, value};
    }
    points.push_back(std::move(point));
  };
  for (bool isLarger : {false, true}) {
    if (!names.empty())
      add(names, isLarger);
    if (names.size() > 1 && names.size() <= kMostSymbols)
      for (const std::string &name : names)
        add(name, isLarger);
  }
  return points;
}

} // namespace dycc::plan
