// An execution symbol is a variable of the host program. Nothing but the order
// of the operations says that it is set before it is read: no operand leads
// from an extent to the operator that decides it.
#include "passes/shape/SymbolScopes.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxInterfaces.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::shape {
namespace {

/// Whether running `op` decides extents of its results.
bool decidesExtents(Operation *op) {
  auto dynamism = dyn_cast<onnx::DynamismOpInterface>(op);
  return dynamism && dynamism.getCategory() == onnx::Category::EDO;
}

/// The symbols that `op` names as those that it sets.
SmallVector<StringRef> namedSymbols(Operation *op) {
  if (auto read = dyn_cast<dyn::ReadOp>(op))
    return {read.getSymbol()};
  if (auto define = dyn_cast<dyn::DefineOp>(op))
    return {define.getSymbol()};
  SmallVector<StringRef> names;
  if (auto defines = op->getAttrOfType<ArrayAttr>("defines"))
    for (auto symbol : defines.getAsRange<FlatSymbolRefAttr>())
      names.push_back(symbol.getValue());
  return names;
}

class ScopeChecker {
public:
  explicit ScopeChecker(func::FuncOp function) {
    for (auto symbol :
         function->getParentOfType<ModuleOp>().getOps<dyn::SymbolOp>())
      if (symbol.getExecution())
        unset.insert(symbol.getSymName());
  }

  /// The arguments of `block`, which `op` gives their values, and what follows.
  LogicalResult check(Operation *op, Block &block) {
    SmallVector<StringRef> mine;
    std::swap(mine, setHere);
    for (Type type : block.getArgumentTypes())
      if (!isa<FunctionOpInterface>(op))
        setDims(type);
    for (BlockArgument argument : block.getArguments())
      if (failed(checkType(op, argument.getType(),
                           "argument " + Twine(argument.getArgNumber()))))
        return failure();
    for (Operation &inner : block)
      if (failed(check(&inner)))
        return failure();
    // Outside of the block nobody may rely on it.
    for (StringRef name : setHere)
      unset.insert(name);
    std::swap(mine, setHere);
    return success();
  }

private:
  LogicalResult check(Operation *op) {
    if (failed(checkAttributes(op)))
      return failure();
    // A kernel's body has its own names for what it is given.
    if (!isa<dyn::GroupOp>(op))
      for (Region &region : op->getRegions())
        for (Block &block : region)
          if (failed(check(op, block)))
            return failure();
    for (StringRef name : namedSymbols(op))
      set(name);
    if (decidesExtents(op))
      for (Type type : op->getResultTypes())
        setDims(type);
    for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
      if (failed(checkType(op, type, "result " + Twine(index))))
        return failure();
    return success();
  }

  void set(StringRef name) {
    if (unset.erase(name))
      setHere.push_back(name);
  }

  /// Sets the symbols that are an extent of `type` each.
  void setDims(Type type) {
    if (!dyn::getValueAttr(type))
      return;
    for (ExprAttr dim : dyn::getDims(type))
      if (dim.getKind() == dyn::ExprKind::Symbol)
        set(dim.getSymbol());
  }

  LogicalResult checkAttributes(Operation *op) {
    LogicalResult result = success();
    AttrTypeWalker walker;
    walker.addWalk([&](ExprAttr expr) {
      result = success(succeeded(result) &&
                       succeeded(checkExpr(op, expr, "its attributes")));
    });
    walker.walk(op->getAttrDictionary());
    return result;
  }

  LogicalResult checkType(Operation *op, Type type, const Twine &what) {
    if (dyn::getValueAttr(type))
      for (ExprAttr dim : dyn::getDims(type))
        if (failed(checkExpr(op, dim, what)))
          return failure();
    return success();
  }

  LogicalResult checkExpr(Operation *op, ExprAttr expr, const Twine &what) {
    StringRef missing;
    expr.forEachSymbol([&](StringRef name) {
      if (missing.empty() && unset.contains(name))
        missing = name;
    });
    if (missing.empty())
      return success();
    return op->emitOpError("expects a definition of execution symbol '")
           << missing << "' in " << what
           << " before this, in this block or around it, got none";
  }

  llvm::StringSet<> unset;        ///< Execution symbols without a value.
  SmallVector<StringRef> setHere; ///< In the block that is being checked.
};

} // namespace

LogicalResult checkSymbolScopes(func::FuncOp function) {
  ScopeChecker checker(function);
  return function.isExternal() ? success()
                               : checker.check(function, function.front());
}

} // namespace dycc::shape
