// What the solver keeps to itself where propagation is limited to what ONNX's
// own shape inference knows: constants and names. An extent that an operator
// computes is some number then, of which not even the equality with another one
// is known, and elements that operators compute are read while the model runs.
#include "passes/shape/Solver.h"

#include "dialects/onnx/OnnxSource.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

ExprAttr Solver::limitDim(Value value, unsigned axis, ExprAttr extent) {
  bool isName = extent.getKind() == ExprKind::Symbol &&
                !knownDefinitionOf(extent.getSymbol());
  bool isInput = llvm::is_contained(function.getArguments(), value);
  if (!isLimited || isInput || extent.isConstant() || extent.isUnknown() ||
      isName)
    return extent;
  ExprAttr &symbol = definedDims[{value, int64_t(axis)}];
  if (!symbol)
    if (dyn::ValueAttr known = dyn::getValueAttr(value.getType()))
      symbol = known.getDims()[axis];
  if (!symbol)
    symbol =
        makeExecutionSymbol(kExtentRange, ExprAttr(), value.getParentBlock());
  limited[symbol.getSymbol()] = extent;
  return symbol;
}

ExprAttr Solver::limitElement(Value value, int64_t index, ExprAttr element) {
  Operation *op = value.getDefiningOp();
  // What asks for extents has them without an operator's arithmetic.
  bool asksForDims =
      isa_and_nonnull<dyn::SymbolicOp, onnx::ShapeOp, onnx::SizeOp>(op);
  bool isKnown = element.isConstant() || asksForDims ||
                 element == readElements.lookup({value, index});
  return !isLimited || isKnown ? element : unknown();
}
