// Where f32 arithmetic on integers never rounds, or rounds to nothing else than
// the integers would give, it is integer arithmetic: an extent that went
// through floats is a plain expression again.
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/MLIRContext.h"
#include <cmath>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

/// Integers up to this magnitude are f32 numbers.
constexpr int64_t kMostExact = 1 << 24;
/// Powers of two beyond 2^kMaxShift or below its inverse are not followed.
constexpr int kMaxShift = 40;

namespace {
/// The value `numerator / 2^shift`, which an f32 holds.
struct Exact {
  ExprAttr numerator;
  int shift;
};

class ExactSolver {
public:
  explicit ExactSolver(const SymbolFacts &facts) : facts(facts) {}

  /// The f32 expression as such a value, or nothing.
  std::optional<Exact> solve(ExprAttr expr);
  /// The f32 expression rounded to an integer by `division` (FloorDiv, CeilDiv
  /// or TruncDiv), or null.
  ExprAttr round(ExprAttr expr, ExprKind division);

private:
  std::optional<Exact> solveConstant(ExprAttr expr);
  std::optional<Exact> solveQuotient(Exact a, Exact b);
  std::optional<Exact> solveSum(ExprKind kind, Exact a, Exact b);
  std::optional<Exact> solveChoice(ExprKind kind, Exact a, Exact b);
  std::optional<Exact> solveDecision(ExprAttr expr);
  ExprAttr roundQuotient(ExprAttr expr, ExprKind division);
  std::optional<Exact> ifHeld(Exact value);
  bool isWithin(ExprAttr expr, int64_t most) {
    Interval range = rangeOf(expr, facts);
    return !expr.isUnknown() && range.lower >= -most && range.upper <= most;
  }

  const SymbolFacts &facts;
};
} // namespace

static ExprAttr powerOfTwo(ExprAttr like, int exponent) {
  return ExprAttr::constant(like.getContext(), int64_t(1) << exponent);
}

/// `value`'s numerator over 2^`shift`, which is at least its own.
static ExprAttr numeratorOver(const Exact &value, int shift) {
  return ExprAttr::mul(value.numerator,
                       powerOfTwo(value.numerator, shift - value.shift));
}

namespace {
/// Two values over one power of two.
struct Aligned {
  ExprAttr a, b;
  int shift;
};
} // namespace

static std::optional<Aligned> align(const Exact &a, const Exact &b) {
  if (std::abs(a.shift - b.shift) > kMaxShift)
    return std::nullopt;
  int shift = std::max(a.shift, b.shift);
  return Aligned{numeratorOver(a, shift), numeratorOver(b, shift), shift};
}

std::optional<Exact> ExactSolver::ifHeld(Exact value) {
  bool isHeld = std::abs(value.shift) <= kMaxShift &&
                isWithin(value.numerator, kMostExact);
  return isHeld ? std::optional(value) : std::nullopt;
}

/// With an odd numerator, so that products stay small.
std::optional<Exact> ExactSolver::solveConstant(ExprAttr expr) {
  float value = expr.getFloat();
  if (!std::isfinite(value))
    return std::nullopt;
  int exponent = 0;
  // 24 bits hold every significand.
  auto significand = int64_t(std::ldexp(std::frexp(value, &exponent), 24));
  int shift = 24 - exponent;
  if (significand == 0)
    return Exact{ExprAttr::constant(expr.getContext(), 0), 0};
  for (; significand % 2 == 0; significand /= 2)
    --shift;
  return ifHeld({ExprAttr::constant(expr.getContext(), significand), shift});
}

std::optional<Exact> ExactSolver::solveSum(ExprKind kind, Exact a, Exact b) {
  std::optional<Aligned> both = align(a, b);
  if (!both)
    return std::nullopt;
  return ifHeld({kind == ExprKind::F32Add ? ExprAttr::add(both->a, both->b)
                                          : ExprAttr::sub(both->a, both->b),
                 both->shift});
}

/// By a power of two.
std::optional<Exact> ExactSolver::solveQuotient(Exact a, Exact b) {
  std::optional<int64_t> divisor = b.numerator.asConstant();
  if (!divisor || std::abs(*divisor) != 1)
    return std::nullopt;
  return ifHeld({a.numerator.times(*divisor), a.shift - b.shift});
}

std::optional<Exact> ExactSolver::solveChoice(ExprKind kind, Exact a, Exact b) {
  std::optional<Aligned> both = align(a, b);
  if (!both)
    return std::nullopt;
  ExprKind choice = kind == ExprKind::F32Min ? ExprKind::Min : ExprKind::Max;
  return ifHeld({ExprAttr::get(choice, {both->a, both->b}), both->shift});
}

std::optional<Exact> ExactSolver::solveDecision(ExprAttr expr) {
  std::optional<Exact> a = solve(expr.getOperands()[1]),
                       b = solve(expr.getOperands()[2]);
  std::optional<Aligned> both = a && b ? align(*a, *b) : std::nullopt;
  if (!both)
    return std::nullopt;
  return ifHeld(
      {ExprAttr::ite(expr.getOperands()[0], both->a, both->b), both->shift});
}

std::optional<Exact> ExactSolver::solve(ExprAttr expr) {
  ExprKind kind = expr.getKind();
  ArrayRef<ExprAttr> operands = expr.getOperands();
  switch (kind) {
  case ExprKind::F32Constant:
    return solveConstant(expr);
  case ExprKind::IntToF32:
    return ifHeld({operands[0], 0});
  case ExprKind::Ite:
    return solveDecision(expr);
  case ExprKind::F32Floor:
  case ExprKind::F32Ceil: {
    ExprAttr rounded =
        round(operands[0], kind == ExprKind::F32Floor ? ExprKind::FloorDiv
                                                      : ExprKind::CeilDiv);
    return rounded ? ifHeld({rounded, 0}) : std::nullopt;
  }
  case ExprKind::F32Add:
  case ExprKind::F32Sub:
  case ExprKind::F32Mul:
  case ExprKind::F32Div:
  case ExprKind::F32Min:
  case ExprKind::F32Max:
    break;
  default:
    return std::nullopt;
  }
  std::optional<Exact> a = solve(operands[0]), b = solve(operands[1]);
  if (!a || !b)
    return std::nullopt;
  if (kind == ExprKind::F32Mul)
    return ifHeld(
        {ExprAttr::mul(a->numerator, b->numerator), a->shift + b->shift});
  if (kind == ExprKind::F32Div)
    return solveQuotient(*a, *b);
  if (kind == ExprKind::F32Min || kind == ExprKind::F32Max)
    return solveChoice(kind, *a, *b);
  return solveSum(kind, *a, *b);
}

/// A quotient p / q of integers with |p| < 2^24 that is no integer is at least
/// 1 / q from one, and is rounded by less than |p / q| / 2^24: it never gets
/// there, so rounding it to an integer afterwards gives what integers give.
ExprAttr ExactSolver::roundQuotient(ExprAttr expr, ExprKind division) {
  std::optional<Exact> a = solve(expr.getOperands()[0]),
                       b = solve(expr.getOperands()[1]);
  std::optional<int64_t> divisor = b ? b->numerator.asConstant() : std::nullopt;
  if (!a || !divisor || *divisor <= 0)
    return {};
  std::optional<Aligned> both = align(*a, *b);
  if (!both || both->b.isUnknown() || !isWithin(both->a, kMostExact - 1))
    return {};
  return ExprAttr::get(division, {both->a, both->b});
}

ExprAttr ExactSolver::round(ExprAttr expr, ExprKind division) {
  if (std::optional<Exact> exact = solve(expr)) {
    int shift = std::max(exact->shift, 0);
    return ExprAttr::get(
        division, {numeratorOver(*exact, shift), powerOfTwo(expr, shift)});
  }
  return expr.getKind() == ExprKind::F32Div ? roundQuotient(expr, division)
                                            : ExprAttr();
}

/// Null where a coefficient has overflowed: the f32 expression stays.
static ExprAttr ifKnown(ExprAttr expr) {
  return expr && expr.isUnknown() ? ExprAttr() : expr;
}

ExprAttr dycc::dyn::detail::truncateExactly(ExprAttr expr,
                                            const SymbolFacts &facts) {
  return ifKnown(ExactSolver(facts).round(expr, ExprKind::TruncDiv));
}

ExprAttr dycc::dyn::detail::compareExactly(ExprKind kind, ExprAttr a,
                                           ExprAttr b,
                                           const SymbolFacts &facts) {
  ExactSolver solver(facts);
  std::optional<Exact> x = solver.solve(a), y = solver.solve(b);
  std::optional<Aligned> both = x && y ? align(*x, *y) : std::nullopt;
  return both ? ifKnown(ExprAttr::get(kind, {both->a, both->b})) : ExprAttr();
}
