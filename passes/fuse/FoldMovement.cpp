// Exporters write movement that moves nothing at the shapes which were proved,
// and reshape in the middle of what could be one loop nest. Both keep operators
// apart that fusion would join.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"
#include "passes/shape/SymbolicValue.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#define DEBUG_TYPE "dycc-fold-movement"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FOLDMOVEMENTPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// True where a Slice of equal extents takes each element in order.
bool stepsForward(onnx::SliceOp op) {
  if (!op.getSteps())
    return true;
  auto steps = shape::constantElements(op.getSteps());
  return steps && llvm::all_of(*steps, [](int64_t step) { return step == 1; });
}

/// True where nothing is added before or after any axis.
bool addsNothing(onnx::PadOp op) {
  auto pads = shape::constantElements(op.getPads());
  return pads && llvm::all_of(*pads, [](int64_t pad) { return pad == 0; });
}

/// The operand that a movement to the extents that it has leaves as it is. What
/// else a Concat joins has no elements then.
Value wholeOf(Operation *op) {
  Type type = op->getResult(0).getType();
  if (isa<onnx::ConcatOp>(op)) {
    auto whole = llvm::find_if(
        op->getOperands(), [&](Value part) { return part.getType() == type; });
    return whole == op->operand_end() ? Value() : *whole;
  }
  auto slice = dyn_cast<onnx::SliceOp>(op);
  auto pad = dyn_cast<onnx::PadOp>(op);
  bool isKept = isa<onnx::ExpandOp, onnx::TileOp>(op) ||
                (slice && stepsForward(slice)) || (pad && addsNothing(pad));
  Value input = isKept ? op->getOperand(0) : Value();
  return input && input.getType() == type ? input : Value();
}

/// Expand, Tile, Slice, Pad or Concat to the extents that the operand has  =>
/// the operand.
struct FoldWhole final : RewritePattern {
  explicit FoldWhole(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (op->getNumResults() != 1)
      return failure();
    Value whole = wholeOf(op);
    if (!whole)
      return rewriter.notifyMatchFailure(op, "moves elements");
    rewriter.replaceOp(op, whole);
    return success();
  }
};

/// A view of a view  =>  one view; to the first type: the value itself.
struct MergeViews final : OpRewritePattern<dyn::ViewOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(dyn::ViewOp op,
                                PatternRewriter &rewriter) const override {
    Value input = op.getInput();
    if (auto inner = input.getDefiningOp<dyn::ViewOp>())
      input = inner.getInput();
    if (input.getType() == op.getType())
      rewriter.replaceOp(op, input);
    else if (input != op.getInput())
      rewriter.replaceOpWithNewOp<dyn::ViewOp>(op, op.getType(), input);
    else
      return rewriter.notifyMatchFailure(op, "is the only view");
    return success();
  }
};

/// A transposition of a transposition  =>  one; of none in the end: the value.
struct MergeTransposes final : OpRewritePattern<onnx::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(onnx::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getData().getDefiningOp<onnx::TransposeOp>();
    if (!inner)
      return rewriter.notifyMatchFailure(op, "is the only transposition");
    SmallVector<int64_t> perm;
    for (int64_t axis : fuse::permutationOf(op))
      perm.push_back(fuse::permutationOf(inner)[axis]);
    if (llvm::is_sorted(perm)) {
      rewriter.replaceOp(op, inner.getData());
      return success();
    }
    rewriter.replaceOpWithNewOp<onnx::TransposeOp>(
        op, op.getType(), inner.getData(), rewriter.getDenseI64ArrayAttr(perm));
    return success();
  }
};

/// An element-wise operator on views of one shape  =>  the view of its result,
/// so that it can join the loops that made its operand.
struct SinkViews final : RewritePattern {
  explicit SinkViews(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op,
                                PatternRewriter &rewriter) const override {
    if (!isa<onnx::OnnxDialect>(op->getDialect()) || op->getNumResults() != 1 ||
        !fuse::isPointwise(op))
      return failure();
    Type source;
    SmallVector<Value> operands(op->getOperands());
    for (Value &operand : operands)
      if (!lookThrough(operand, op, source))
        return rewriter.notifyMatchFailure(op, "reads more than views");
    if (!source || dyn::getDims(source).empty())
      return rewriter.notifyMatchFailure(op, "reads no view");
    Type type = dyn::getTensorType(
        dyn::getDims(source), getElementTypeOrSelf(op->getResult(0).getType()));
    Operation *inner = rewriter.clone(*op);
    inner->setOperands(operands);
    inner->getResult(0).setType(type);
    rewriter.replaceOpWithNewOp<dyn::ViewOp>(op, op->getResult(0).getType(),
                                             inner->getResult(0));
    return success();
  }

private:
  /// One element, and no axes that could make those of the result more.
  static bool isScalar(Value operand) {
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(operand.getType());
    return dims.empty() || (dims.size() == 1 && dims.front().isConstant(1) &&
                            operand.getDefiningOp<onnx::ConstantOp>());
  }

  /// Takes the view off an operand. A scalar constant is one for any shape.
  /// Views of what no kernel makes, or others read too, are worth nothing.
  static bool lookThrough(Value &operand, Operation *op, Type &source) {
    if (isScalar(operand))
      return true;
    auto view = operand.getDefiningOp<dyn::ViewOp>();
    Type result = op->getResult(0).getType();
    if (!view || dyn::getDims(view.getType()) != dyn::getDims(result) ||
        llvm::any_of(view->getUsers(),
                     [&](Operation *user) { return user != op; }))
      return false;
    Operation *maker = view.getInput().getDefiningOp();
    if (!maker || !isa<onnx::OnnxDialect>(maker->getDialect()) ||
        isa<onnx::ConstantOp>(maker) || !view.getInput().hasOneUse())
      return false;
    operand = view.getInput();
    bool agrees =
        !source || dyn::getDims(source) == dyn::getDims(operand.getType());
    source = operand.getType();
    return agrees;
  }
};

class FoldMovement final : public impl::FoldMovementPassBase<FoldMovement> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldWhole, MergeTransposes, MergeViews, SinkViews>(
        &getContext());
    GreedyRewriteConfig config;
    config.enableFolding(false).enableConstantCSE(false);
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    if (failed(
            applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};

} // namespace
} // namespace dycc
