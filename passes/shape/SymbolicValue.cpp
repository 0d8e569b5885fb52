#include "passes/shape/SymbolicValue.h"

#include "dialects/onnx/OnnxSource.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::shape {

static constexpr int64_t kMaxElements = 1024;

static std::optional<SmallVector<ExprAttr>> elementsOf(ElementsAttr elements) {
  MLIRContext *context = elements.getContext();
  Type type = elements.getElementType();
  if (elements.getNumElements() > kMaxElements)
    return std::nullopt;
  SmallVector<ExprAttr> result;
  if (type.isF32()) {
    auto values = elements.tryGetValues<float>();
    if (!values)
      return std::nullopt;
    for (float value : *values)
      result.push_back(ExprAttr::constantF32(context, value));
    return result;
  }
  auto values = elements.tryGetValues<APInt>();
  if (!isa<IntegerType>(type) || !values)
    return std::nullopt;
  bool isUnsigned = type.isUnsignedInteger() || type.isInteger(1);
  for (const APInt &value : *values)
    result.push_back(ExprAttr::constant(
        context, isUnsigned ? static_cast<int64_t>(value.getZExtValue())
                            : value.getSExtValue()));
  return result;
}

std::optional<SmallVector<ExprAttr>> symbolicElements(Value value) {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  if (auto constant = dyn_cast_or_null<onnx::ConstantOp>(op))
    return elementsOf(constant.getValue());
  auto symbolic = dyn_cast_or_null<dyn::SymbolicOp>(op);
  if (!symbolic)
    return std::nullopt;
  SmallVector<ExprAttr> result;
  for (Attribute element : symbolic.getElements())
    result.push_back(cast<ExprAttr>(element));
  return result;
}

std::optional<SmallVector<int64_t>> constantElements(Value value) {
  std::optional<SmallVector<ExprAttr>> elements = symbolicElements(value);
  if (!elements)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (ExprAttr element : *elements) {
    std::optional<int64_t> constant = element.asConstant();
    if (!constant)
      return std::nullopt;
    result.push_back(*constant);
  }
  return result;
}

/// Adds the symbols that are extents of `types`.
static void addSymbolDims(TypeRange types,
                          llvm::SetVector<StringRef> &symbols) {
  for (Type type : types)
    if (dyn::getValueAttr(type))
      for (ExprAttr dim : dyn::getDims(type))
        if (dim.getKind() == dyn::ExprKind::Symbol)
          symbols.insert(dim.getSymbol());
}

/// Execution symbols that are extents of results and of nothing that `op` is
/// given, in its regions neither.
static llvm::SetVector<StringRef> definedSymbols(Operation *op) {
  llvm::SetVector<StringRef> defined, given;
  addSymbolDims(op->getResultTypes(), defined);
  if (defined.empty())
    return defined;
  addSymbolDims(op->getOperandTypes(), given);
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      addSymbolDims(block.getArgumentTypes(), given);
      addSymbolDims(block.getTerminator()->getOperandTypes(), given);
    }
  defined.remove_if([&](StringRef name) {
    auto symbol = SymbolTable::lookupNearestSymbolFrom<dyn::SymbolOp>(
        op, StringAttr::get(op->getContext(), name));
    return given.contains(name) || !symbol || !symbol.getExecution();
  });
  return defined;
}

/// Whether the attributes or result types of `op` hold one of `symbols`.
static bool mentions(Operation *op, const llvm::SetVector<StringRef> &symbols) {
  AttrTypeWalker walker;
  walker.addWalk([&](ExprAttr expr) {
    bool has = false;
    expr.forEachSymbol([&](StringRef name) { has |= symbols.contains(name); });
    return has ? WalkResult::interrupt() : WalkResult::advance();
  });
  return walker.walk(op->getAttrDictionary()).wasInterrupted() ||
         llvm::any_of(op->getResultTypes(), [&](Type type) {
           return walker.walk(type).wasInterrupted();
         });
}

bool definesUsedSymbol(Operation *op) {
  llvm::SetVector<StringRef> symbols = definedSymbols(op);
  if (symbols.empty())
    return false;
  Operation *function = op;
  while (!isa<FunctionOpInterface>(function) && function->getParentOp())
    function = function->getParentOp();
  return function
      ->walk<WalkOrder::PreOrder>([&](Operation *other) {
        if (other == op)
          return WalkResult::skip();
        // A function's type lists what its return yields.
        return !isa<FunctionOpInterface>(other) && mentions(other, symbols)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

/// In reverse pre-order: users go before what they use, and what is in a region
/// before the operation that holds it, whose end would be its own.
void eraseDeadOps(Region &region) {
  SmallVector<Operation *> ops;
  region.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op) && !definesUsedSymbol(op))
      op->erase();
}

Definers findDefiners(func::FuncOp function) {
  Definers definers;
  auto addType = [&](Type type, Operation *op) {
    if (dyn::ValueAttr value = dyn::getValueAttr(type))
      for (ExprAttr dim : value.getDims())
        dim.forEachSymbol(
            [&](StringRef name) { definers.try_emplace(name, op); });
  };
  // What is computed from input symbols is known where they are.
  for (auto symbol :
       function->getParentOfType<ModuleOp>().getOps<dyn::SymbolOp>())
    if (symbol.getDefinition())
      definers[symbol.getSymName()] = nullptr;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (auto define = dyn_cast<dyn::DefineOp>(op))
      definers.try_emplace(define.getSymbol(), op);
    if (auto read = dyn_cast<dyn::ReadOp>(op))
      definers.try_emplace(read.getSymbol(), op);
    for (Type type : op->getResultTypes())
      addType(type, op);
    for (Region &region : op->getRegions())
      for (Type type : region.getArgumentTypes())
        addType(type, op);
  });
  return definers;
}

void inlineBranch(onnx::IfOp op, Region &branch) {
  Operation *yield = branch.front().getTerminator();
  op->replaceAllUsesWith(yield->getOperands());
  yield->erase();
  op->getBlock()->getOperations().splice(op->getIterator(),
                                         branch.front().getOperations());
  op->erase();
}

} // namespace dycc::shape
