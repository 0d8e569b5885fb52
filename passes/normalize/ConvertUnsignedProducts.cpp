// AArch64's instructions for dot products are of s8 by s8. A u8 less 128 is an
// s8 of nearly the same bits, and what that takes off a sum is the same for all
// rows of a product and for all pixels of a channel.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/IntegerProducts.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Quantization.h"

#define DEBUG_TYPE "dycc-convert-unsigned-products"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_CONVERTUNSIGNEDPRODUCTSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// A sum of products of integers, in the form that has kernels.
struct IntegerSums {
  Operation *op;
  Value left, weights;
  int64_t axis;      ///< Of the weights, along which each has sums of its own.
  int64_t following; ///< Axes of the result behind that of the sums.
};

std::optional<IntegerSums> sumsOf(Operation *op) {
  auto product = dyn_cast<onnx::MatMulIntegerOp>(op);
  if (product && !product.getAZeroPoint() && !product.getBZeroPoint() &&
      rankOf(product.getB()) == 2)
    return IntegerSums{op, product.getA(), product.getB(), 1, 0};
  auto conv = dyn_cast<onnx::ConvIntegerOp>(op);
  if (!conv || !op->hasAttr(onnx::kPaddedWithPoint) || !constantOf(conv.getW()))
    return std::nullopt;
  auto filters =
      cast<RankedTensorType>(constantOf(conv.getW()).getShapedType());
  if (quantization::areDepthwise(filters.getShape(), conv.getGroup()))
    return std::nullopt; // These have no dot products.
  return IntegerSums{op, conv.getX(), conv.getW(), 0, filters.getRank() - 2};
}

/// The operand of `reader` that is added to `sums`, or subtracted from them;
/// null where it computes something else.
OpOperand *addendOf(Operation *reader, Value sums) {
  if (!isa<onnx::AddOp, onnx::SubOp>(reader))
    return nullptr;
  if (reader->getOperand(0) == sums)
    return &reader->getOpOperand(1);
  return isa<onnx::AddOp>(reader) ? &reader->getOpOperand(0) : nullptr;
}

/// Adds `taken` to `sums`, which alone know what they lack. What is constant
/// meets other constants.
void giveBack(Value sums, Value taken) {
  Operation *reader = sums.hasOneUse() ? *sums.user_begin() : nullptr;
  OpOperand *addend = reader ? addendOf(reader, sums) : nullptr;
  OpBuilder builder(sums.getContext());
  if (addend)
    builder.setInsertionPoint(reader);
  else
    builder.setInsertionPointAfterValue(sums);
  OnnxBuilder b(builder, sums.getLoc());
  if (addend) {
    StringRef name = isa<onnx::AddOp>(reader) ? "Add" : "Sub";
    addend->set(b.create(name, {addend->get(), taken}));
    return;
  }
  Value whole = b.create("Add", {sums, taken});
  whole.setType(sums.getType());
  sums.replaceAllUsesExcept(whole, whole.getDefiningOp());
}

class ConvertUnsignedProducts final
    : public impl::ConvertUnsignedProductsPassBase<ConvertUnsignedProducts> {
  void runOnOperation() override {
    SmallVector<IntegerSums> found;
    getOperation().walk([&](Operation *op) {
      auto sums = sumsOf(op);
      if (sums && elementTypeOf(sums->left).isUnsignedInteger(8))
        found.push_back(*sums);
    });
    for (const IntegerSums &sums : found)
      convert(sums);
  }

  static void convert(const IntegerSums &sums) {
    OpBuilder builder(sums.op);
    OnnxBuilder b(builder, sums.op->getLoc());
    Value ofWeights =
        quantization::sumsOf(b, sums.weights, sums.axis, sums.following);
    if (!ofWeights)
      return;
    Value all = b.scalar(b.getBuilder().getI32Type(), 128);
    Value taken = b.create("Mul", {ofWeights, all});
    sums.op->setAttr(onnx::kLeftLess128, builder.getUnitAttr());
    giveBack(sums.op->getResult(0), taken);
  }
};

} // namespace
} // namespace dycc
