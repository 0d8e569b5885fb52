// Split and Slice along the outermost axis with more than one element: what
// they give lies one after the other in the operand's memory. Rows of a table
// of positions or the first of a batch then cost nothing, neither time nor
// memory. So do the channels that a Split gives of an image that has them
// innermost: kernels read them in its memory, with its pitch.
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"
#include "passes/fuse/DeadOperands.h"
#include "passes/fuse/FusionRules.h"
#include "passes/fuse/ImageLayouts.h"
#include "passes/shape/SymbolicValue.h"

#define DEBUG_TYPE "dycc-lower-parts"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_LOWERPARTSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class LowerParts final : public impl::LowerPartsPassBase<LowerParts> {
  using LowerPartsPassBase::LowerPartsPassBase;

  void runOnOperation() override {
    facts = dyn::collectFacts(getOperation()->getParentOfType<ModuleOp>());
    getOperation().walk([&](Operation *op) {
      Reason why;
      if (auto split = dyn_cast<onnx::SplitOp>(op))
        why = isPlain(op) ? lowerSplit(split) : lowerChannels(split);
      else if (auto slice = dyn_cast<onnx::SliceOp>(op))
        why = isPlain(op) ? lowerSlice(slice) : kInterleaved;
      if (why)
        remarks::missed(remarks::kCopy, op->getLoc(), DEBUG_TYPE)
            << "copies what it takes of its operand: " << why;
    });
  }

  static bool isPlain(Operation *op) {
    return llvm::none_of(op->getOperandTypes(), hasLayout) &&
           llvm::none_of(op->getResultTypes(), hasLayout);
  }

  static bool hasLayout(Type type) { return bool(dyn::getLayout(type)); }

  /// The elements of one step along `axis`, before which no axis has more than
  /// one element, so that a part does not lie in pieces.
  ExprAttr elementsPerStep(ArrayRef<ExprAttr> dims, int64_t axis) {
    ExprAttr elements = ExprAttr::constant(&getContext(), 1);
    for (ExprAttr dim : dims.drop_front(axis + 1))
      elements = ExprAttr::mul(elements, dim);
    return elements;
  }

  static Reason inPieces(Value operand, int64_t axis) {
    return {"along axis {0} of {1} it lies in pieces", axis, operand.getType()};
  }

  Value part(OpBuilder &builder, Operation *op, Type type, ExprAttr start,
             ExprAttr step) {
    ExprAttr from = dyn::simplify(ExprAttr::mul(start, step), facts);
    remarks::taken(remarks::kCopy, op->getLoc(), DEBUG_TYPE)
        << "is its operand's memory from element " << from << " on";
    return dyn::PartOp::create(builder, op->getLoc(), type, op->getOperand(0),
                               from);
  }

  Reason lowerSplit(onnx::SplitOp op) {
    ArrayRef<ExprAttr> dims = dyn::getDims(op.getInput().getType());
    int64_t axis = op.getAxis() + (op.getAxis() < 0 ? dims.size() : 0);
    if (!fuse::isOutermost(dims, axis))
      return inPieces(op.getInput(), axis);
    ExprAttr step = elementsPerStep(dims, axis);
    OpBuilder builder(op);
    ExprAttr start = ExprAttr::constant(&getContext(), 0);
    for (Value output : op.getOutputs()) {
      Value made = part(builder, op, output.getType(), start, step);
      output.replaceAllUsesWith(made);
      start = ExprAttr::add(start, dyn::getDims(output.getType())[axis]);
    }
    fuse::eraseWithDeadOperands(op);
    return {};
  }

  /// The channels of an image, each part in whole blocks and read by kernels.
  Reason lowerChannels(onnx::SplitOp op) {
    Type image = op.getInput().getType();
    auto rank = int64_t(dyn::getDims(image).size());
    dyn::LayoutAttr layout = dyn::layoutOfChannels(image);
    if (!channels || !layout ||
        op.getAxis() + (op.getAxis() < 0 ? rank : 0) != 1)
      return kInterleaved;
    SmallVector<Type> types;
    int64_t first = 0;
    for (Value output : op.getOutputs()) {
      if (!llvm::all_of(output.getUsers(), readsAnyLayout))
        return kInterleaved;
      types.push_back(dyn::withLayout(output.getType(), layout));
      if (!dyn::areChannels(types.back(), first, image))
        return {"{0} does not lie in whole blocks of channels",
                output.getType()};
      first += *dyn::getDims(types.back())[1].asConstant();
    }
    ExprAttr one = ExprAttr::constant(&getContext(), 1), start = one.times(0);
    OpBuilder builder(op);
    for (auto [output, type] : llvm::zip(op.getOutputs(), types)) {
      output.replaceAllUsesWith(part(builder, op, type, start, one));
      start = ExprAttr::add(start, dyn::getDims(type)[1]);
    }
    fuse::eraseWithDeadOperands(op);
    return {};
  }

  static bool readsAnyLayout(Operation *reader) {
    return fuse::isKernelOp(reader) || isa<dyn::ConvertLayoutOp>(reader);
  }

  /// The one axis that a Slice shortens, and where it starts.
  using Cut = std::pair<int64_t, ExprAttr>;

  Reason lowerSlice(onnx::SliceOp op) {
    ArrayRef<ExprAttr> dims = dyn::getDims(op.getData().getType());
    Cut cut{-1, {}};
    if (Reason why = findCut(op, dims, cut))
      return why;
    if (!fuse::isOutermost(dims, cut.first))
      return inPieces(op.getData(), cut.first);
    ExprAttr step = elementsPerStep(dims, cut.first);
    OpBuilder builder(op);
    Type type = op.getOutput().getType();
    op.getOutput().replaceAllUsesWith(
        part(builder, op, type, cut.second, step));
    fuse::eraseWithDeadOperands(op);
    return {};
  }

  Reason findCut(onnx::SliceOp op, ArrayRef<ExprAttr> dims, Cut &cut) {
    auto starts = shape::symbolicElements(op.getStarts());
    if (!starts)
      return {"where it starts is known when the model runs"};
    SmallVector<int64_t> steps(starts->size(), 1);
    if (op.getSteps() && shape::constantElements(op.getSteps()) != steps)
      return {"its steps are not known to be one"};
    auto axes = llvm::to_vector(llvm::seq<int64_t>(0, starts->size()));
    if (op.getAxes()) {
      auto given = shape::constantElements(op.getAxes());
      if (!given)
        return {"its axes are no constant"};
      axes = *given;
    }
    ArrayRef<ExprAttr> result = dyn::getDims(op.getOutput().getType());
    for (auto [axis, start] : llvm::zip(axes, *starts)) {
      int64_t position = axis + (axis < 0 ? dims.size() : 0);
      if (dims[position] == result[position])
        continue; // All of it.
      if (cut.second)
        return {"it shortens more than one axis"};
      cut = {position, clamped(start, dims[position])};
    }
    return cut.second ? Reason() : Reason("it shortens no axis");
  }

  /// A start that counts from the end where it is negative, in [0, extent].
  ExprAttr clamped(ExprAttr start, ExprAttr extent) {
    ExprAttr zero = ExprAttr::constant(&getContext(), 0);
    ExprAttr isNegative = ExprAttr::get(ExprKind::Lt, {start, zero});
    start = ExprAttr::ite(dyn::simplify(isNegative, facts),
                          ExprAttr::add(start, extent), start);
    return ExprAttr::max(zero, ExprAttr::min(start, extent));
  }

  static inline const Reason kInterleaved{
      "its operand or what it gives has its channels innermost"};
  dyn::SymbolFacts facts;
};

} // namespace
} // namespace dycc
