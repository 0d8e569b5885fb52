// Names for what would be long. An expression that outgrows what is readable
// becomes a symbol with the expression as its definition: what is built from it
// is built from the name, so the work that a node takes does not grow with the
// nodes before it, and no chain of operators is too long. The host program
// computes the symbol once.
#include "passes/shape/Solver.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// Nodes of an expression that needs no name.
constexpr uint32_t kMaxWeight = 32;
/// Nodes of an expression that names are replaced in to prove something.
constexpr uint32_t kMaxExpandedWeight = 512;

ExprAttr Solver::definitionOf(StringRef name) const {
  ExprAttr definition = limited.lookup(name);
  return definition ? definition : knownDefinitionOf(name);
}

ExprAttr Solver::knownDefinitionOf(StringRef name) const {
  auto found = base.facts.find(name);
  Attribute definition =
      found == base.facts.end() ? Attribute() : found->second.definition;
  return cast_or_null<ExprAttr>(definition);
}

/// The same attribute for the same extents in another order.
static ArrayAttr keyOf(ArrayRef<ExprAttr> extents) {
  SmallVector<Attribute> sorted(extents.begin(), extents.end());
  llvm::sort(sorted, [](Attribute a, Attribute b) {
    return a.getAsOpaquePointer() < b.getAsOpaquePointer();
  });
  return ArrayAttr::get(extents.front().getContext(), sorted);
}

/// The operands of `ite(eq(a, 1), b, a)`.
static std::optional<std::pair<ExprAttr, ExprAttr>>
broadcastOperands(ExprAttr expr) {
  if (!expr || expr.getKind() != ExprKind::Ite)
    return std::nullopt;
  ArrayRef<ExprAttr> operands = expr.getOperands();
  ExprAttr one = ExprAttr::constant(expr.getContext(), 1);
  if (operands[0] != ExprAttr::get(ExprKind::Eq, {operands[2], one}))
    return std::nullopt;
  return std::pair(operands[2], operands[1]);
}

void Solver::define(StringRef name, ExprAttr definition) {
  for (dyn::SymbolFacts *facts : {&base.facts, &current.facts}) {
    (*facts)[name].definition = definition;
    (*facts)[name].probes = dyn::probe(definition, *facts);
  }
  ExprAttr symbol = ExprAttr::symbol(context, name);
  names[definition] = symbol;
  if (auto operands = broadcastOperands(definition)) {
    llvm::SetVector<ExprAttr> members = broadcastFrom(operands->first);
    members.insert_range(broadcastFrom(operands->second));
    broadcasts.try_emplace(keyOf(members.getArrayRef()), definition);
    broadcastMembers[symbol] = std::move(members);
  }
}

void Solver::probeNames(dyn::SymbolFacts &facts) const {
  for (const SymbolInfo &info : symbols)
    if (ExprAttr definition = knownDefinitionOf(info.name))
      facts[info.name].probes = dyn::probe(definition, facts);
}

ExprAttr Solver::withoutNames(ExprAttr expr) const {
  return dyn::expandNames(expr, kMaxExpandedWeight, [&](StringRef name) {
    return knownDefinitionOf(name);
  });
}

ExprAttr Solver::shorten(ExprAttr expr) {
  expr = simplify(expr);
  if (expr.isUnknown() || expr.getWeight() <= kMaxWeight)
    return expr;
  if (!expr.isF32())
    return nameOf(expr);
  ExprAttr bits = nameOf(ExprAttr::get(ExprKind::F32ToBits, {expr}));
  return ExprAttr::get(ExprKind::F32FromBits, {bits});
}

ExprAttr Solver::nameOf(ExprAttr expr) {
  ExprAttr symbol = names.lookup(expr);
  if (!symbol) {
    SymbolInfo info;
    info.execution = hasExecution(expr);
    do
      info.name = (info.execution ? "e" : "d") + llvm::utostr(nextSymbol++);
    while (symbolByName.contains(info.name));
    info.isNew = true;
    info.range = dyn::rangeOf(expr, base.facts);
    info.multiple = std::max<int64_t>(1, dyn::divisorOf(expr, base.facts));
    info.scope = innermostScope(expr);
    symbol = ExprAttr::symbol(context, declare(std::move(info)).name);
    define(symbol.getSymbol(), expr);
  }
  SymbolInfo &info = *symbolByName.find(symbol.getSymbol())->second;
  // The facts of this place say more than what holds everywhere.
  Interval here = dyn::rangeOf(expr, current.facts);
  Interval &range = current.facts[info.name].range;
  range = {std::max(range.lower, here.lower),
           std::min(range.upper, here.upper)};
  if (info.execution && info.isNew)
    info.bound = boundOver(expr);
  return symbol;
}

llvm::SetVector<ExprAttr> Solver::broadcastFrom(ExprAttr extent) const {
  auto found = broadcastMembers.find(extent);
  if (found != broadcastMembers.end())
    return found->second;
  llvm::SetVector<ExprAttr> single;
  single.insert(extent);
  return single;
}

/// The extent of `a` and `b`, which are equal or of which one is 1. Whatever
/// the order in which extents meet, all of them together have one name.
ExprAttr Solver::nameBroadcast(ExprAttr a, ExprAttr b) {
  llvm::SetVector<ExprAttr> members = broadcastFrom(a);
  members.insert_range(broadcastFrom(b));
  ExprAttr extent =
      ExprAttr::ite(ExprAttr::get(ExprKind::Eq, {a, constant(1)}), b, a);
  ExprAttr known = broadcasts.lookup(keyOf(members.getArrayRef()));
  return nameOf(known ? known : extent);
}

/// Whether `name` from `lower` to `upper` leaves the condition one answer.
bool Solver::isDecidedBy(StringRef name, Interval within,
                         ExprAttr condition) const {
  dyn::SymbolFacts narrowed = current.facts;
  Interval &range = narrowed[name].range;
  range = {std::max(range.lower, within.lower),
           std::min(range.upper, within.upper)};
  if (range.lower > range.upper)
    return false;
  probeNames(narrowed);
  return dyn::simplify(condition, narrowed).isConstant();
}

std::string Solver::dimThatDecides(ExprAttr condition) const {
  std::string hint;
  if (!condition || condition.isUnknown())
    return hint;
  condition.forEachSymbol([&](StringRef name) {
    const SymbolInfo &info = *symbolByName.find(name)->second;
    if (!hint.empty() || info.execution || definitionOf(name))
      return;
    Interval range = current.facts.lookup(name).range;
    range.lower = std::max<int64_t>(range.lower, 2);
    std::string dim = ("'--dim " + name + "=").str();
    SmallVector<std::string> choices;
    if (isDecidedBy(name, {1, 1}, condition))
      choices.push_back(dim + "1'");
    if (isDecidedBy(name, range, condition))
      choices.push_back(dim + std::to_string(range.lower) + ".." +
                        std::to_string(range.upper) + "'");
    if (!choices.empty())
      hint = "; " + llvm::join(choices, " or ") + " would decide it";
  });
  return hint;
}
