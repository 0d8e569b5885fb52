#include "passes/shape/SymbolDeclarations.h"

#include "dialects/dyn/Symbols.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace dycc::shape {

SymbolDeclarations::SymbolDeclarations(const Solver &solver) : solver(solver) {
  for (const SymbolInfo &info : solver.getSymbols())
    infos[info.name] = &info;
}

void SymbolDeclarations::add(ExprAttr expr) {
  if (expr)
    expr.forEachSymbol([&](StringRef name) { addSymbol(name); });
}

void SymbolDeclarations::addSymbol(StringRef name) {
  if (!used.insert(name).second)
    return;
  if (const SymbolInfo *info = infos.lookup(name)) {
    add(solver.definitionOf(name));
    add(info->bound);
  }
}

void SymbolDeclarations::insertReads() {
  for (const Read &read : solver.getReads()) {
    OpBuilder builder(read.source.getContext());
    builder.setInsertionPointAfterValue(read.source);
    dyn::ReadOp::create(builder, read.source.getLoc(), read.source, read.index,
                        read.symbol, /*releases=*/{});
    addSymbol(read.symbol);
  }
}

void SymbolDeclarations::declare(func::FuncOp function) {
  auto module = function->getParentOfType<ModuleOp>();
  OpBuilder builder = dyn::behindSymbols(module);
  for (const SymbolInfo &info : solver.getSymbols())
    if (info.isNew && used.contains(info.name) &&
        !module.lookupSymbol(info.name))
      dyn::SymbolOp::create(
          builder, module.getLoc(), info.name, info.range.lower,
          info.range.upper, info.multiple, info.execution, info.bound,
          info.execution ? ExprAttr() : solver.definitionOf(info.name));
}

void SymbolDeclarations::define(func::FuncOp function) {
  Definers definers = findDefiners(function);
  llvm::StringSet<> defined;
  function.walk(
      [&](dyn::DefineOp define) { defined.insert(define.getSymbol()); });
  for (const SymbolInfo &info : solver.getSymbols()) {
    ExprAttr definition = solver.definitionOf(info.name);
    if (!info.isNew || !info.execution || !definition ||
        !used.contains(info.name) || defined.contains(info.name))
      continue;
    OpBuilder builder(function.getContext());
    if (Operation *last = findLastDefiner(info.scope, definition, definers))
      builder.setInsertionPointAfter(last);
    else
      builder.setInsertionPointToStart(info.scope);
    definers[info.name] = dyn::DefineOp::create(builder, function.getLoc(),
                                                definition, info.name);
  }
}

void SymbolDeclarations::write(func::FuncOp function) {
  declare(function);
  define(function);
}

Operation *findLastDefiner(Block *block, ArrayRef<ExprAttr> exprs,
                           const Definers &definers) {
  Operation *last = nullptr;
  for (ExprAttr expr : exprs)
    expr.forEachSymbol([&](StringRef name) {
      Operation *definer = definers.lookup(name);
      definer = definer ? block->findAncestorOpInBlock(*definer) : nullptr;
      if (definer && (!last || last->isBeforeInBlock(definer)))
        last = definer;
    });
  return last;
}

/// Adds the symbols that the attributes and result types of `op` hold.
static void addMentioned(Operation *op, llvm::StringSet<> &names) {
  AttrTypeWalker walker;
  walker.addWalk([&](ExprAttr expr) {
    expr.forEachSymbol([&](StringRef name) { names.insert(name); });
  });
  walker.walk(op->getAttrDictionary());
  for (Type type : op->getResultTypes())
    walker.walk(type);
  for (Region &region : op->getRegions())
    for (Type type : region.getArgumentTypes())
      walker.walk(type);
}

void eraseUnusedNames(ModuleOp module) {
  llvm::StringSet<> mentioned;
  SmallVector<Operation *> names;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    auto symbol = dyn_cast<dyn::SymbolOp>(op);
    if (isa<dyn::DefineOp>(op) || (symbol && symbol.getDefinition()))
      names.push_back(op);
    else
      addMentioned(op, mentioned);
  });
  // In reverse: a name is defined over those before it.
  for (Operation *op : llvm::reverse(names)) {
    auto define = dyn_cast<dyn::DefineOp>(op);
    StringRef name =
        define ? define.getSymbol() : cast<dyn::SymbolOp>(op).getSymName();
    if (mentioned.contains(name))
      addMentioned(op, mentioned);
    else
      op->erase();
  }
}

} // namespace dycc::shape
