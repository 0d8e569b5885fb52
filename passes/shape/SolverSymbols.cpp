// Where symbols come from: the declarations in the module, the extents of the
// arguments, and values that are only known while the model runs.
#include "passes/shape/Solver.h"

#include "dialects/onnx/Containers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include <algorithm>

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

SymbolInfo &Solver::declare(SymbolInfo info) {
  symbols.push_back(std::move(info));
  SymbolInfo &declared = symbols.back();
  symbolByName[declared.name] = &declared;
  current.facts[declared.name] = {declared.range, declared.multiple};
  base.facts[declared.name] = {declared.range, declared.multiple};
  return declared;
}

void Solver::declareSymbols() {
  auto module = function->getParentOfType<ModuleOp>();
  for (auto symbol : module.getOps<dyn::SymbolOp>()) {
    SymbolInfo info;
    info.name = symbol.getSymName().str();
    info.range = {symbol.lowerBound(), symbol.upperBound()};
    info.multiple = symbol.divisor();
    info.execution = symbol.getExecution();
    info.bound = symbol.getBoundAttr() ? cast<ExprAttr>(symbol.getBoundAttr())
                                       : ExprAttr();
    declare(std::move(info));
    if (std::optional<ExprAttr> definition = symbol.getDefinition())
      define(symbol.getSymName(), *definition);
  }
}

/// The symbols that the IR defines already keep their names.
void Solver::seedReads() {
  function.walk([&](dyn::DefineOp define) {
    SymbolInfo &info = *symbolByName.find(define.getSymbol())->second;
    info.scope = define->getBlock();
    if (isLimited)
      limited[info.name] = define.getExpression();
    else
      this->define(info.name, define.getExpression());
  });
  function.walk([&](dyn::ReadOp read) {
    StringRef name = read.getSymbol();
    readElements[{read.getSource(), int64_t(read.getIndex())}] =
        readAs(read.getSource(), ExprAttr::symbol(context, name));
    readSources.insert(read.getSource());
    auto found = symbolByName.find(name);
    if (found != symbolByName.end())
      found->second->scope = read->getBlock();
  });
}

/// The names that the model gives to extents: no name made here may be one.
static llvm::StringSet<> namedDims(func::FuncOp function) {
  llvm::StringSet<> names;
  for (unsigned index = 0; index != function.getNumArguments(); ++index)
    if (auto dims = function.getArgAttrOfType<ArrayAttr>(index, "dyn.dims"))
      for (Attribute dim : dims)
        if (auto name = dyn_cast<StringAttr>(dim))
          names.insert(name.getValue());
  return names;
}

ExprAttr Solver::argumentDim(unsigned index, unsigned axis, Attribute name) {
  if (auto extent = dyn_cast_or_null<IntegerAttr>(name))
    return constant(extent.getInt());
  std::string symbol;
  if (auto named = dyn_cast_or_null<StringAttr>(name)) {
    symbol = named.getValue().str();
  } else {
    auto input = function.getArgAttrOfType<StringAttr>(index, "onnx.name");
    symbol = (input ? input.getValue().str() : "arg" + llvm::utostr(index)) +
             "_" + llvm::utostr(axis);
    llvm::StringSet<> taken = namedDims(function);
    while (taken.contains(symbol))
      symbol += "_";
  }
  if (!symbolByName.contains(symbol)) {
    SymbolInfo info;
    info.name = symbol;
    info.range = kExtentRange;
    info.isNew = true;
    declare(std::move(info));
  }
  return ExprAttr::symbol(context, symbol);
}

void Solver::seedArgument(unsigned index) {
  Value argument = function.getArgument(index);
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (TensorType held = onnx::heldTensor(argument.getType());
      held && held.hasRank())
    setDims(argument, Exprs(held.getRank(), unknown()));
  if (!type)
    return;
  if (dyn::getValueAttr(type))
    return setDims(argument, dyn::getDims(type));
  auto names = function.getArgAttrOfType<ArrayAttr>(index, "dyn.dims");
  Exprs dims;
  for (auto [axis, extent] : llvm::enumerate(type.getShape())) {
    bool isNamed = names && axis < names.size();
    dims.push_back(
        ShapedType::isDynamic(extent)
            ? argumentDim(index, axis, isNamed ? names[axis] : Attribute())
            : constant(extent));
  }
  setDims(argument, dims);
}

void Solver::seedArguments() {
  for (unsigned index = 0; index != function.getNumArguments(); ++index)
    seedArgument(index);
}

ExprAttr Solver::makeExecutionSymbol(Interval range, ExprAttr bound,
                                     Block *scope) {
  SymbolInfo info;
  do
    info.name = "e" + llvm::utostr(nextSymbol++);
  while (symbolByName.contains(info.name));
  info.range = range;
  info.execution = info.isNew = true;
  info.bound = bound;
  info.scope = scope;
  return ExprAttr::symbol(context, declare(std::move(info)).name);
}

void Solver::setRange(SymbolInfo &info, Interval range) {
  bool isSame =
      info.range.lower == range.lower && info.range.upper == range.upper;
  info.range = range;
  for (dyn::SymbolFacts *facts : {&base.facts, &current.facts}) {
    (*facts)[info.name] = {range, info.multiple};
    if (!isSame)
      probeNames(*facts);
  }
}

ExprAttr Solver::defineDim(Value result, unsigned axis, ExprAttr bound,
                           Block *scope) {
  Interval limits = kExtentRange;
  ExprAttr closed;
  if (bound && !bound.isUnknown()) {
    limits.upper = std::clamp<int64_t>(range(bound).upper, 0, limits.upper);
    closed = upperBound(bound);
  }
  ExprAttr &symbol = definedDims[{result, int64_t(axis)}];
  if (symbol) {
    // What bounded it in the first trip of a loop need not bound it once the
    // extents that the loop carries are widened: the last solution counts.
    SymbolInfo &info = *symbolByName.find(symbol.getSymbol())->second;
    if (info.isNew) {
      info.bound = closed;
      setRange(info, limits);
    }
    return symbol;
  }
  if (!scope)
    scope = result.getParentBlock();
  // An earlier run of the solver may have named it.
  if (dyn::ValueAttr value = dyn::getValueAttr(result.getType())) {
    ExprAttr dim = value.getDims()[axis];
    auto found = dim.getKind() == ExprKind::Symbol
                     ? symbolByName.find(dim.getSymbol())
                     : symbolByName.end();
    if (found != symbolByName.end() && found->second->execution &&
        !definitionOf(dim.getSymbol())) {
      found->second->scope = scope;
      return symbol = dim;
    }
  }
  return symbol = makeExecutionSymbol(limits, closed, scope);
}

void Solver::relateCounts(Value source, bool isInverted, ExprAttr count,
                          ExprAttr all) {
  ExprAttr &same = counts[{source, isInverted}];
  ExprAttr other = counts.lookup({source, !isInverted});
  auto isKnownHere = [&](ExprAttr expr) {
    return expr && expr != count && isVisible(expr, scopeOf(count));
  };
  if (isKnownHere(same))
    assumeEqual(count, same);
  else if (isKnownHere(other))
    assumeEqual(count, ExprAttr::sub(all, other));
  else
    same = count;
}

Block *Solver::innermostScope(ExprAttr expr) const {
  Block *innermost = nullptr;
  expr.forEachSymbol([&](StringRef name) {
    auto found = symbolByName.find(name);
    Block *scope = found == symbolByName.end() ? nullptr : found->second->scope;
    if (scope &&
        (!innermost || innermost->findAncestorOpInBlock(*scope->getParentOp())))
      innermost = scope;
  });
  return innermost;
}

Block *Solver::scopeOf(ExprAttr symbol) const {
  auto found = symbolByName.find(symbol.getSymbol());
  return found == symbolByName.end() ? nullptr : found->second->scope;
}

bool Solver::isVisible(ExprAttr expr, Block *block) const {
  bool visible = !expr.isUnknown();
  expr.forEachSymbol([&](StringRef name) {
    auto found = symbolByName.find(name);
    if (found == symbolByName.end() || !found->second->scope)
      return;
    Block *scope = found->second->scope, *inner = block;
    while (inner && inner != scope) {
      Operation *parent = inner->getParentOp();
      inner = parent ? parent->getBlock() : nullptr;
    }
    visible &= inner != nullptr;
  });
  return visible;
}
