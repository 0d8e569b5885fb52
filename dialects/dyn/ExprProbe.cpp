// Values at a few points. Most claims that the solver of shapes tries to prove
// are false, and one point where they are shows it long before all ways to
// prove them have failed.
#include "dialects/dyn/ExprDetail.h"
#include "dialects/dyn/ExprInterval.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

using Probe = std::optional<int64_t>;

/// The values of a symbol that is no name: the ends of its range, and a small
/// one between them that differs from symbol to symbol.
static Probes probeSymbol(StringRef name, Interval range, int64_t multiple) {
  constexpr uint64_t kSpread = 1000;
  Interval steps = shrinkInterval(range, multiple);
  if (steps.lower > steps.upper)
    return {};
  auto at = [&](int64_t step) -> Probe {
    int64_t value;
    bool isHeld = step != INT64_MIN && step != INT64_MAX &&
                  !llvm::MulOverflow(step, multiple, value);
    return isHeld ? Probe(value) : std::nullopt;
  };
  uint64_t count = uint64_t(steps.upper) - uint64_t(steps.lower);
  uint64_t offset =
      llvm::xxh3_64bits(name) % (std::min(count, kSpread - 1) + 1);
  return {at(steps.lower), at(steps.upper),
          at(int64_t(uint64_t(steps.lower) + offset))};
}

static Probes probeSymbol(StringRef name, const SymbolFacts &facts) {
  auto found = facts.find(name);
  if (found == facts.end())
    return probeSymbol(name, {0, INT64_MAX}, 1);
  const SymbolFact &fact = found->second;
  if (!fact.definition)
    return probeSymbol(name, fact.range, std::max<int64_t>(1, fact.multiple));
  Probes probes = fact.probes;
  for (Probe &value : probes) // A check may have narrowed the name alone.
    if (value && (*value < fact.range.lower || *value > fact.range.upper))
      value = std::nullopt;
  return probes;
}

/// The operation on two integers where it does not overflow.
static Probe applyChecked(ExprKind kind, int64_t a, int64_t b) {
  int64_t result;
  if (kind == ExprKind::Add)
    return llvm::AddOverflow(a, b, result) ? std::nullopt : Probe(result);
  if (kind == ExprKind::Mul)
    return llvm::MulOverflow(a, b, result) ? std::nullopt : Probe(result);
  return applyInteger(kind, a, b);
}

static Probe probeAt(ExprAttr expr, const SymbolFacts &facts, size_t point) {
  ArrayRef<ExprAttr> operands = expr.getOperands();
  if (expr.isConstant())
    return expr.getValue();
  if (expr.getKind() == ExprKind::Symbol)
    return probeSymbol(expr.getSymbol(), facts)[point];
  if (operands.empty() || isF32Kind(expr.getKind()))
    return std::nullopt;
  Probe result = probeAt(operands.front(), facts, point);
  if (!result)
    return std::nullopt;
  if (expr.getKind() == ExprKind::Not)
    return *result == 0;
  if (expr.getKind() == ExprKind::Ite)
    return probeAt(operands[*result ? 1 : 2], facts, point);
  for (ExprAttr operand : operands.drop_front()) {
    Probe value = probeAt(operand, facts, point);
    result = value ? applyChecked(expr.getKind(), *result, *value) : value;
    if (!result)
      return std::nullopt;
  }
  return result;
}

Probes dycc::dyn::probe(ExprAttr expr, const SymbolFacts &facts) {
  Probes probes;
  for (auto [point, value] : llvm::enumerate(probes))
    value = probeAt(expr, facts, point);
  return probes;
}

bool dycc::dyn::detail::anyProbe(const Probes &probes,
                                 llvm::function_ref<bool(int64_t)> holds) {
  return llvm::any_of(probes,
                      [&](Probe value) { return value && holds(*value); });
}
