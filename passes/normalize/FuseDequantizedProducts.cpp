// Exporters write a quantised model as one of floats, with a pair of operators
// around each value that say how it is quantised. A product of what these give
// back is one of integers, as QLinearMatMul has it.
#include "passes/normalize/Passes.h"

#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Quantization.h"

#define DEBUG_TYPE "dycc-fuse-dequantized-products"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FUSEDEQUANTIZEDPRODUCTSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// What dequantises `value`, integers of eight bits to f32; null.
onnx::DequantizeLinearOp dequantizedBy(Value value) {
  auto op = value.getDefiningOp<onnx::DequantizeLinearOp>();
  bool fits =
      op && op.getBlockSize() == 0 && elementTypeOf(op.getX()).isInteger(8) &&
      elementTypeOf(op.getXScale()).isF32() && elementTypeOf(op.getY()).isF32();
  return fits ? op : nullptr;
}

bool isScalar(Value value) { return !value || rankOf(value) == 0; }

/// A matrix product of two values.
struct Product {
  Value left, right;
  Value added;               ///< To the product; or null.
  bool isTransposed = false; ///< The right side is.
};

std::optional<Product> productOf(Operation *op) {
  if (auto matMul = dyn_cast<onnx::MatMulOp>(op))
    return Product{matMul.getA(), matMul.getB(), Value()};
  auto gemm = dyn_cast<onnx::GemmOp>(op);
  if (!gemm || gemm.getTransA() != 0 ||
      gemm.getAlpha().convertToDouble() != 1 ||
      gemm.getBeta().convertToDouble() != 1)
    return std::nullopt;
  return Product{gemm.getA(), gemm.getB(), gemm.getC(), gemm.getTransB() != 0};
}

/// Whether `w` is a constant matrix, s8 without its zero points, with a scale
/// for all of it, or for each column of the product.
bool areWeights(onnx::DequantizeLinearOp w, bool isTransposed) {
  Value point = w.getXZeroPoint();
  int64_t columns = isTransposed ? 0 : 1;
  if (!quantization::signedWeights(w.getX(), point, columns))
    return false;
  auto shape = cast<RankedTensorType>(w.getX().getType()).getShape();
  if (shape[1 - columns] == 0 || shape[1 - columns] % dyn::kIntegerGroup != 0)
    return false;
  if (isScalar(w.getXScale()) && isScalar(point))
    return true;
  int64_t axis = w.getAxis() + (w.getAxis() < 0 ? 2 : 0);
  return axis == columns && rankOf(w.getXScale()) == 1 &&
         (!point || rankOf(point) == 1);
}

/// The product in f32 that `op` gives; null where it is none of integers.
Value fused(OnnxBuilder &b, Operation *op) {
  std::optional<Product> product = productOf(op);
  if (!product)
    return {};
  auto x = dequantizedBy(product->left), w = dequantizedBy(product->right);
  if (!x || !w || rankOf(x.getX()).value_or(0) < 2 ||
      !isScalar(x.getXScale()) || !isScalar(x.getXZeroPoint()) ||
      !areWeights(w, product->isTransposed))
    return {};
  Builder &builder = b.getBuilder();
  Value weights =
      product->isTransposed ? b.transpose(w.getX(), {1, 0}) : Value(w.getX());
  Value sums =
      b.create("MatMulInteger",
               {x.getX(), weights, x.getXZeroPoint(), w.getXZeroPoint()},
               builder.getI32Type());
  Value scale = b.create("Mul", {x.getXScale(), w.getXScale()});
  Value y = b.create("Mul", {b.cast(sums, builder.getF32Type()), scale});
  return product->added ? b.create("Add", {y, product->added}) : y;
}

class FuseDequantizedProducts final
    : public impl::FuseDequantizedProductsPassBase<FuseDequantizedProducts> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      OpBuilder builder(op);
      OnnxBuilder b(builder, op->getLoc());
      if (Value value = fused(b, op)) {
        replaceValue(op->getResult(0), value);
        op->erase();
      }
    }
    refreshResultTypes(getOperation());
  }
};

} // namespace
} // namespace dycc
