// What nodes rely on. A requirement that facts do not decide becomes a check of
// the compiled model, and a fact for all that comes after it.
#include "passes/shape/Solver.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

ExprAttr Solver::constant(int64_t value) const {
  return ExprAttr::constant(context, value);
}

ExprAttr Solver::unknown() const { return ExprAttr::unknown(context); }

ExprAttr Solver::canonicalize(ExprAttr expr) const {
  for (auto [from, to] : current.equal)
    expr = expr.replace(from, to);
  return expr;
}

ExprAttr Solver::simplify(ExprAttr expr) {
  if (expr.isConstant() || expr.isUnknown())
    return expr;
  ExprAttr &known = simplified[expr];
  if (!known) {
    known = dyn::simplify(canonicalize(expr), current.facts);
    if (ExprAttr name = names.lookup(known))
      known = name;
  }
  return known;
}

bool Solver::isEqual(ExprAttr a, ExprAttr b) {
  a = simplify(a);
  b = simplify(b);
  if (dyn::provablyEqual(a, b, current.facts))
    return true;
  ExprAttr x = withoutNames(a), y = withoutNames(b);
  return (x != a || y != b) &&
         dyn::provablyEqual(canonicalize(x), canonicalize(y), current.facts);
}

bool Solver::isAtMost(ExprAttr a, ExprAttr b) {
  return dyn::provablyLessEqual(canonicalize(a), canonicalize(b),
                                current.facts);
}

bool Solver::isNotEqual(ExprAttr a, ExprAttr b) {
  return dyn::provablyNotEqual(canonicalize(a), canonicalize(b), current.facts);
}

Interval Solver::range(ExprAttr expr) {
  return dyn::rangeOf(simplify(expr), current.facts);
}

ExprAttr Solver::upperBound(ExprAttr expr) { return boundOver(simplify(expr)); }

ExprAttr Solver::boundOver(ExprAttr expr) {
  auto find = [&](StringRef name) {
    auto found = symbolByName.find(name);
    return found == symbolByName.end() ? nullptr : found->second;
  };
  ExprAttr bound = dyn::upperBound(
      expr, current.facts,
      [&](StringRef name) {
        const SymbolInfo *symbol = find(name);
        return symbol && !symbol->execution;
      },
      [&](StringRef name) {
        const SymbolInfo *symbol = find(name);
        return symbol ? symbol->bound : ExprAttr();
      });
  // The limit of all extents says nothing of this one.
  bool isLimit =
      bound && bound.isConstant() && bound.getValue() >= kExtentRange.upper;
  return isLimit ? ExprAttr() : bound;
}

/// `text` with each `%d` replaced by the expression in its place.
static std::string fillIn(StringRef text, ArrayRef<ExprAttr> values) {
  std::string result;
  for (ExprAttr value : values) {
    auto [before, after] = text.split("%d");
    result += before;
    result += value.str();
    text = after;
  }
  return result + text.str();
}

/// Raises or lowers the range of a symbol by `lower <= upper` (or `<`), where
/// one of them is the symbol and the other a constant.
void Solver::narrow(ExprAttr lower, ExprAttr upper, bool strict) {
  auto factOf = [&](ExprAttr symbol) -> dyn::SymbolFact & {
    return current.facts[symbol.getSymbol()];
  };
  if (lower.isConstant() && upper.getKind() == ExprKind::Symbol) {
    int64_t &end = factOf(upper).range.lower;
    end = std::max(end, lower.getValue() + strict);
  } else if (upper.isConstant() && lower.getKind() == ExprKind::Symbol) {
    int64_t &end = factOf(lower).range.upper;
    end = std::min(end, upper.getValue() - strict);
  } else {
    return;
  }
  probeNames(current.facts);
  forgetSimplified();
}

bool Solver::hasExecution(ExprAttr expr) const {
  bool has = false;
  expr.forEachSymbol([&](StringRef name) {
    auto found = symbolByName.find(name);
    has |= found != symbolByName.end() && found->second->execution;
  });
  return has;
}

/// Of two equal expressions, puts one in the place of the other from now on.
void Solver::chooseSubstitute(ExprAttr to, ExprAttr from) {
  // What goes is a symbol, or else the longer expression.
  bool toIsSimple = to.isConstant() || to.getKind() == ExprKind::Symbol;
  if (from.isConstant() || (from.getKind() == ExprKind::Symbol && !toIsSimple))
    std::swap(to, from);
  // A name goes before what it stands for would be replaced in terms of it.
  auto isName = [&](ExprAttr expr) {
    return expr.getKind() == ExprKind::Symbol && definitionOf(expr.getSymbol());
  };
  if (isName(to) && !from.isConstant() && !isName(from))
    std::swap(to, from);
  // What the inputs say is known earlier than what is executed.
  if (hasExecution(to) && !hasExecution(from) && !from.isConstant())
    std::swap(to, from);
  if (to.replace(from, constant(0)) != to) // `from` is a part of `to`.
    std::swap(to, from);
  if (from.isConstant())
    return;
  if (from.getKind() == ExprKind::Symbol && to.getKind() == ExprKind::Symbol) {
    Interval &kept = current.facts[to.getSymbol()].range;
    Interval other = current.facts[from.getSymbol()].range;
    kept = {std::max(kept.lower, other.lower),
            std::min(kept.upper, other.upper)};
    probeNames(current.facts);
  }
  assumeEqual(from, to);
}

void Solver::assume(ExprAttr condition) {
  ArrayRef<ExprAttr> operands = condition.getOperands();
  switch (condition.getKind()) {
  case ExprKind::And:
    for (ExprAttr operand : operands)
      assume(operand);
    return;
  case ExprKind::Lt:
  case ExprKind::Le:
    if (!operands[0].isF32())
      narrow(operands[0], operands[1], condition.getKind() == ExprKind::Lt);
    return;
  case ExprKind::Eq:
    if (!operands[0].isF32())
      chooseSubstitute(operands[0], operands[1]);
    return;
  default:
    return;
  }
}

void Solver::assumeEqual(ExprAttr a, ExprAttr b) {
  if (a == b || b.replace(a, constant(0)) != b) // It would have no end.
    return;
  current.equal.push_back({a, b});
  forgetSimplified();
}

void Solver::expect(Operation *op, ExprAttr condition, const Twine &message,
                    ArrayRef<ExprAttr> values) {
  condition = simplify(condition);
  if (condition.isUnknown() || condition.isConstant(1))
    return;
  Exprs shown;
  for (ExprAttr value : values)
    shown.push_back(shorten(value));
  values = shown;
  std::string text = message.str();
  if (condition.isConstant(0))
    return fail(op, fillIn(text, values));
  if (required.try_emplace({op->getBlock(), condition}, requirements.size())
          .second)
    requirements.push_back({op, condition, text, Exprs(values)});
  assume(condition);
}

ExprAttr Solver::unify(Operation *op, ExprAttr a, ExprAttr b,
                       const Twine &what) {
  a = simplify(a);
  b = simplify(b);
  if (a.isUnknown() || a == b)
    return b;
  if (b.isUnknown() || isEqual(a, b))
    return a.isConstant() || !b.isConstant() ? a : b;
  expect(op, ExprAttr::get(ExprKind::Eq, {a, b}),
         "expects " + what + ", got %d and %d", {a, b});
  return simplify(a);
}

/// Whether `b` is 1 exactly where the symbol `a` is.
bool Solver::isOneWith(ExprAttr a, ExprAttr b) {
  if (a.getKind() != ExprKind::Symbol)
    return false;
  ExprAttr one = constant(1);
  auto at = [&](int64_t value) {
    return dyn::simplify(b.replace(a, constant(value)), current.facts);
  };
  if (!at(1).isConstant(1))
    return false;
  dyn::SymbolFacts above = current.facts;
  Interval &range = above[a.getSymbol()].range;
  bool canBeZero = range.lower <= 0;
  range.lower = std::max<int64_t>(range.lower, 2);
  probeNames(above);
  return (!canBeZero || isNotEqual(at(0), one)) &&
         dyn::provablyNotEqual(b, one, above);
}

ExprAttr Solver::broadcast(Operation *op, ExprAttr a, ExprAttr b) {
  a = simplify(a);
  b = simplify(b);
  if (a == b || b.isConstant(1))
    return a;
  if (a.isConstant(1))
    return b;
  if (a.isUnknown() || b.isUnknown()) {
    // An extent above 1 stays; the other one has to agree with it.
    ExprAttr known = a.isUnknown() ? b : a;
    return !known.isUnknown() && isAtMost(constant(2), known) ? known
                                                              : unknown();
  }
  for (auto [whole, part] : {std::pair(a, b), std::pair(b, a)}) {
    llvm::SetVector<ExprAttr> members = broadcastFrom(whole);
    if (llvm::all_of(broadcastFrom(part),
                     [&](ExprAttr member) { return members.contains(member); }))
      return whole;
  }
  ExprAttr one = constant(1);
  bool aIsOne = !isNotEqual(a, one), bIsOne = !isNotEqual(b, one);
  if (isEqual(a, b) || (!aIsOne && !bIsOne) || isOneWith(a, b) ||
      isOneWith(b, a))
    return unify(op, a, b, "extents that broadcast");
  auto equals = [](ExprAttr x, ExprAttr y) {
    return ExprAttr::get(ExprKind::Eq, {x, y});
  };
  SmallVector<ExprAttr, 3> ways = {equals(a, b)};
  if (aIsOne)
    ways.push_back(equals(a, one));
  if (bIsOne)
    ways.push_back(equals(b, one));
  expect(op, ExprAttr::get(ExprKind::Or, ways),
         "expects extents that broadcast, got %d and %d", {a, b});
  if (!aIsOne || !bIsOne)
    return aIsOne ? b : a;
  return nameBroadcast(a, b);
}

Exprs Solver::broadcast(Operation *op, ArrayRef<ExprAttr> a,
                        ArrayRef<ExprAttr> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  Exprs result(a);
  size_t offset = a.size() - b.size();
  for (auto [index, dim] : llvm::enumerate(b))
    result[offset + index] = broadcast(op, a[offset + index], dim);
  return result;
}

ExprAttr Solver::extent(Operation *op, ExprAttr extent) {
  extent = simplify(extent);
  if (extent.isUnknown() || range(extent).lower >= 0)
    return extent;
  ExprAttr zero = constant(0);
  expect(op, ExprAttr::get(ExprKind::Le, {zero, extent}),
         "expects an extent that is not negative, got %d", {extent});
  // Of a sum no range is narrowed: what the check decides is noted as such.
  ExprAttr clamped = ExprAttr::max(zero, extent);
  if (clamped != extent) {
    current.equal.push_back({clamped, extent});
    forgetSimplified();
  }
  return simplify(extent);
}

static bool hasF32(ExprAttr expr) {
  return expr.isF32() || llvm::any_of(expr.getOperands(), hasF32);
}

/// Adds the integers that `expr` makes an f32 of; false where it also reads
/// one.
static bool addF32Leaves(ExprAttr expr, llvm::SetVector<ExprAttr> &leaves) {
  if (expr.getKind() == ExprKind::F32FromBits)
    return false;
  if (expr.getKind() == ExprKind::IntToF32) {
    leaves.insert(expr.getOperands().front());
    return true;
  }
  return llvm::all_of(expr.getOperands(), [&](ExprAttr operand) {
    return addF32Leaves(operand, leaves);
  });
}

ExprAttr Solver::truncate(Operation *op, ExprAttr f32) {
  // Integers up to 2^24 are f32 numbers; the rest is room for what is added.
  constexpr int64_t kLimit = (1 << 24) - (1 << 16);
  ExprAttr result = simplify(ExprAttr::get(ExprKind::F32ToInt, {f32}));
  llvm::SetVector<ExprAttr> leaves;
  if (result.isUnknown() || result.isConstant() || !addF32Leaves(f32, leaves))
    return result;
  llvm::SetVector<ExprAttr> limitedSymbols;
  for (ExprAttr leaf : leaves)
    leaf.forEachSymbol([&](StringRef name) {
      limitedSymbols.insert(ExprAttr::symbol(context, name));
    });
  dyn::SymbolFacts limited = current.facts;
  for (ExprAttr symbol : limitedSymbols) {
    int64_t &upper = limited[symbol.getSymbol()].range.upper;
    upper = std::min<int64_t>(upper, kLimit);
  }
  probeNames(limited);
  ExprAttr exact = dyn::simplify(result, limited);
  if (exact == result || hasF32(exact))
    return result;
  ExprAttr most = constant(kLimit);
  for (ExprAttr symbol : limitedSymbols)
    expect(op, ExprAttr::get(ExprKind::Le, {symbol, most}),
           "expects an extent of at most %d, up to where f32 arithmetic on it "
           "is exact, got %d",
           {most, symbol});
  return simplify(result);
}
