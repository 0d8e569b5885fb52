// A signal that comes as an image of one row or column would fill one lane of a
// register tile of pixels, or one element of a transposed tile. Without the
// axis the same operator runs along the one that has elements.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "dialects/onnx/WeightStore.h"
#include "passes/fuse/FusionRules.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

#define DEBUG_TYPE "dycc-drop-unit-axes"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_DROPUNITAXESPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// The entries of `list` whose axes stay; `first` is the axis of entry 0.
template <typename T>
SmallVector<T> keep(ArrayRef<T> list, ArrayRef<bool> dropped, size_t first) {
  SmallVector<T> kept;
  for (auto [i, entry] : llvm::enumerate(list))
    if (!dropped[(first + i) % dropped.size()])
      kept.push_back(entry);
  return kept;
}

RankedTensorType withoutAxes(Type type, ArrayRef<bool> dropped) {
  return dyn::getTensorType(keep(dyn::getDims(type), dropped, 0),
                            getElementTypeOrSelf(type));
}

Value viewAs(PatternRewriter &rewriter, Location loc, Type type, Value value) {
  return dyn::ViewOp::create(rewriter, loc, type, value);
}

/// Conv over axes of extent one  =>  Conv over the other axes, between views.
struct DropConvAxes final : OpRewritePattern<onnx::ConvOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(onnx::ConvOp op,
                                PatternRewriter &rewriter) const override {
    auto weights = op.getW().getDefiningOp<onnx::ConstantOp>();
    if (!weights)
      return rewriter.notifyMatchFailure(op, "weights are no constant");
    SmallVector<bool> dropped = unitAxes(op);
    auto bytes = onnx::getWeightBytes(weights.getValue());
    if (!llvm::is_contained(dropped, true) || !bytes)
      return rewriter.notifyMatchFailure(op, "has no axis of extent one");
    Location loc = op.getLoc();
    auto weightType = withoutAxes(op.getW().getType(), dropped);
    ArrayRef<char> data = bytes->bytes();
    ElementsAttr reshaped =
        onnx::getWeight(RankedTensorType::get(weightType.getShape(),
                                              weightType.getElementType()),
                        std::vector<char>(data.begin(), data.end()));
    SmallVector<Value> operands(op->getOperands());
    operands[0] = viewAs(rewriter, loc,
                         withoutAxes(op.getX().getType(), dropped), op.getX());
    operands[1] = onnx::ConstantOp::create(rewriter, weights.getLoc(),
                                           weightType, reshaped);
    Type type = withoutAxes(op.getType(), dropped);
    auto conv = onnx::ConvOp::create(rewriter, loc, TypeRange(type), operands,
                                     op->getAttrs());
    dropEntries(conv, dropped);
    rewriter.replaceOp(op, viewAs(rewriter, loc, op.getType(), conv));
    return success();
  }

private:
  /// Axes on which nothing happens; one spatial axis stays.
  static SmallVector<bool> unitAxes(onnx::ConvOp op) {
    ArrayRef<ExprAttr> x = dyn::getDims(op.getX().getType()),
                       w = dyn::getDims(op.getW().getType()),
                       y = dyn::getDims(op.getType());
    std::optional<ArrayRef<int64_t>> pads = op.getPads();
    size_t spatial = x.size() - 2, left = spatial;
    SmallVector<bool> dropped(x.size(), false);
    for (size_t i = 0; i < spatial && left > 1; ++i) {
      bool padded = pads && ((*pads)[i] != 0 || (*pads)[i + spatial] != 0);
      dropped[i + 2] = !padded && x[i + 2].isConstant(1) &&
                       w[i + 2].isConstant(1) && y[i + 2].isConstant(1);
      left -= dropped[i + 2];
    }
    return dropped;
  }

  static void dropEntries(onnx::ConvOp conv, ArrayRef<bool> dropped) {
    if (auto strides = conv.getStrides())
      conv.setStrides(keep(*strides, dropped, 2));
    if (auto dilations = conv.getDilations())
      conv.setDilations(keep(*dilations, dropped, 2));
    if (auto kernel = conv.getKernelShape())
      conv.setKernelShape(keep(*kernel, dropped, 2));
    if (auto pads = conv.getPads()) {
      size_t half = pads->size() / 2;
      SmallVector<int64_t> kept = keep(pads->take_front(half), dropped, 2);
      llvm::append_range(kept, keep(pads->drop_front(half), dropped, 2));
      conv.setPads(kept);
    }
  }
};

/// Transpose that also moves axes of extent one  =>  Transpose of the others
/// between views, or one view where their order stays.
struct DropTransposeAxes final : OpRewritePattern<onnx::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(onnx::TransposeOp op,
                                PatternRewriter &rewriter) const override {
    Value input = op.getData();
    ArrayRef<ExprAttr> dims = dyn::getDims(input.getType());
    SmallVector<bool> dropped = llvm::map_to_vector(
        dims, [](ExprAttr dim) { return dim.isConstant(1); });
    SmallVector<int64_t> perm = keptAxes(op, dropped);
    bool ordered = llvm::is_sorted(perm);
    if (!ordered && perm.size() == dims.size())
      return rewriter.notifyMatchFailure(op, "has no axis of extent one");
    Location loc = op.getLoc();
    if (!ordered) {
      input =
          viewAs(rewriter, loc, withoutAxes(input.getType(), dropped), input);
      SmallVector<ExprAttr> moved;
      for (int64_t axis : perm)
        moved.push_back(dyn::getDims(input.getType())[axis]);
      Type type =
          dyn::getTensorType(moved, getElementTypeOrSelf(input.getType()));
      input = onnx::TransposeOp::create(rewriter, loc, type, input,
                                        rewriter.getDenseI64ArrayAttr(perm));
    }
    rewriter.replaceOp(op, viewAs(rewriter, loc, op.getType(), input));
    return success();
  }

private:
  /// The permutation of the axes that stay, counted among themselves.
  static SmallVector<int64_t> keptAxes(onnx::TransposeOp op,
                                       ArrayRef<bool> dropped) {
    SmallVector<int64_t> perm;
    for (int64_t axis : fuse::permutationOf(op))
      if (!dropped[axis])
        perm.push_back(axis - llvm::count(dropped.take_front(axis), true));
    return perm;
  }
};

class DropUnitAxes final : public impl::DropUnitAxesPassBase<DropUnitAxes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<DropConvAxes, DropTransposeAxes>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
} // namespace dycc
