// Split and Slice along the outermost axis with more than one element: what
// they give lies one after the other in the operand's memory. Rows of a table
// of positions or the first of a batch then cost nothing, neither time nor
// memory.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/DeadOperands.h"
#include "passes/fuse/FusionRules.h"
#include "passes/shape/SymbolicValue.h"

#define DEBUG_TYPE "dycc-lower-parts"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {
#define GEN_PASS_DEF_LOWERPARTSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class LowerParts final : public impl::LowerPartsPassBase<LowerParts> {
  void runOnOperation() override {
    facts = dyn::collectFacts(getOperation()->getParentOfType<ModuleOp>());
    getOperation().walk([&](Operation *op) {
      if (llvm::any_of(op->getOperandTypes(), hasLayout) ||
          llvm::any_of(op->getResultTypes(), hasLayout))
        return;
      if (auto split = dyn_cast<onnx::SplitOp>(op))
        lowerSplit(split);
      else if (auto slice = dyn_cast<onnx::SliceOp>(op))
        lowerSlice(slice);
    });
  }

  static bool hasLayout(Type type) { return bool(dyn::getLayout(type)); }

  /// The elements of one step along `axis`; null where an axis before it has
  /// more than one element, so that a part would lie in pieces.
  ExprAttr elementsPerStep(ArrayRef<ExprAttr> dims, int64_t axis) {
    if (!fuse::isOutermost(dims, axis))
      return {};
    ExprAttr elements = ExprAttr::constant(&getContext(), 1);
    for (ExprAttr dim : dims.drop_front(axis + 1))
      elements = ExprAttr::mul(elements, dim);
    return elements;
  }

  Value part(OpBuilder &builder, Operation *op, Type type, ExprAttr start,
             ExprAttr step) {
    ExprAttr from = dyn::simplify(ExprAttr::mul(start, step), facts);
    return dyn::PartOp::create(builder, op->getLoc(), type, op->getOperand(0),
                               from);
  }

  void lowerSplit(onnx::SplitOp op) {
    ArrayRef<ExprAttr> dims = dyn::getDims(op.getInput().getType());
    int64_t axis = op.getAxis() + (op.getAxis() < 0 ? dims.size() : 0);
    ExprAttr step = elementsPerStep(dims, axis);
    if (!step)
      return;
    OpBuilder builder(op);
    ExprAttr start = ExprAttr::constant(&getContext(), 0);
    for (Value output : op.getOutputs()) {
      Value made = part(builder, op, output.getType(), start, step);
      output.replaceAllUsesWith(made);
      start = ExprAttr::add(start, dyn::getDims(output.getType())[axis]);
    }
    fuse::eraseWithDeadOperands(op);
  }

  void lowerSlice(onnx::SliceOp op) {
    ArrayRef<ExprAttr> dims = dyn::getDims(op.getData().getType());
    std::optional<std::pair<int64_t, ExprAttr>> cut = cutOf(op, dims);
    if (!cut)
      return;
    ExprAttr step = elementsPerStep(dims, cut->first);
    if (!step)
      return;
    OpBuilder builder(op);
    Type type = op.getOutput().getType();
    op.getOutput().replaceAllUsesWith(
        part(builder, op, type, cut->second, step));
    fuse::eraseWithDeadOperands(op);
  }

  /// The one axis that a Slice by steps of one shortens, and where it starts.
  std::optional<std::pair<int64_t, ExprAttr>> cutOf(onnx::SliceOp op,
                                                    ArrayRef<ExprAttr> dims) {
    auto starts = shape::symbolicElements(op.getStarts());
    if (!starts)
      return std::nullopt;
    SmallVector<int64_t> steps(starts->size(), 1);
    if (op.getSteps() && shape::constantElements(op.getSteps()) != steps)
      return std::nullopt;
    auto axes = llvm::to_vector(llvm::seq<int64_t>(0, starts->size()));
    if (op.getAxes()) {
      auto given = shape::constantElements(op.getAxes());
      if (!given)
        return std::nullopt;
      axes = *given;
    }
    ArrayRef<ExprAttr> result = dyn::getDims(op.getOutput().getType());
    std::optional<std::pair<int64_t, ExprAttr>> cut;
    for (auto [axis, start] : llvm::zip(axes, *starts)) {
      int64_t position = axis + (axis < 0 ? dims.size() : 0);
      if (dims[position] == result[position])
        continue; // All of it.
      if (cut)
        return std::nullopt;
      cut = {position, clamped(start, dims[position])};
    }
    return cut;
  }

  /// A start that counts from the end where it is negative, in [0, extent].
  ExprAttr clamped(ExprAttr start, ExprAttr extent) {
    ExprAttr zero = ExprAttr::constant(&getContext(), 0);
    ExprAttr isNegative = ExprAttr::get(ExprKind::Lt, {start, zero});
    start = ExprAttr::ite(dyn::simplify(isNegative, facts),
                          ExprAttr::add(start, extent), start);
    return ExprAttr::max(zero, ExprAttr::min(start, extent));
  }

  dyn::SymbolFacts facts;
};

} // namespace
} // namespace dycc
