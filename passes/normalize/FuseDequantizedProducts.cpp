// Exporters write a quantised model as one of floats, with a pair of operators
// around each value that say how it is quantised. A product of what these give
// back is one of integers, as QLinearMatMul has it.
#include "passes/normalize/Passes.h"

#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Quantization.h"

#define DEBUG_TYPE "dycc-fuse-dequantized-products"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FUSEDEQUANTIZEDPRODUCTSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

using quantization::dequantizedBy;

bool isScalar(Value value) { return !value || rankOf(value) == 0; }

/// A matrix product, or a convolution of an image on the left with filters.
struct Product {
  Value left, right;
  Value added;               ///< To the product; or null.
  bool isTransposed = false; ///< The right side is.
  bool hasFilters = false;
  int64_t groups = 1; ///< Of filters.

  /// The axis of the right side whose places make results of their own.
  int64_t axis() const { return isTransposed || hasFilters ? 0 : 1; }
};

std::optional<Product> productOf(Operation *op) {
  if (auto matMul = dyn_cast<onnx::MatMulOp>(op))
    return Product{matMul.getA(), matMul.getB(), Value()};
  if (auto conv = dyn_cast<onnx::ConvOp>(op))
    return Product{conv.getX(), conv.getW(), conv.getB(),
                   false,       true,        conv.getGroup()};
  auto gemm = dyn_cast<onnx::GemmOp>(op);
  if (!gemm || gemm.getTransA() != 0 ||
      gemm.getAlpha().convertToDouble() != 1 ||
      gemm.getBeta().convertToDouble() != 1)
    return std::nullopt;
  return Product{gemm.getA(), gemm.getB(), gemm.getC(), gemm.getTransB() != 0};
}

/// Whether i32 holds sums of so many products.
bool isDepth(int64_t products) {
  return products > 0 && products <= dyn::kMostIntegerProducts;
}

/// Whether `w` is constant, s8 without its zero points, with a scale for all of
/// it, or for each column or filter of the product.
bool areWeights(onnx::DequantizeLinearOp w, const Product &product) {
  Value point = w.getXZeroPoint();
  int64_t rank = rankOf(w.getX()).value_or(0), of = product.axis();
  if (product.hasFilters ? rank < 3 : rank != 2)
    return false;
  if (!quantization::signedWeights(w.getX(), point, of))
    return false;
  SmallVector<int64_t> depth(
      cast<RankedTensorType>(w.getX().getType()).getShape());
  if (product.hasFilters &&
      !quantization::haveIntegerSums(depth, product.groups))
    return false;
  depth.erase(depth.begin() + of);
  if (!isDepth(ShapedType::getNumElements(depth)))
    return false;
  if (isScalar(w.getXScale()) && isScalar(point))
    return true;
  int64_t axis = w.getAxis() + (w.getAxis() < 0 ? rank : 0);
  return axis == of && rankOf(w.getXScale()) == 1 &&
         (!point || rankOf(point) == 1);
}

/// What belongs to columns or filters so that it broadcasts with the result.
Value ofResult(OnnxBuilder &b, Value parameter, const Product &product) {
  if (!product.hasFilters || isScalar(parameter))
    return parameter;
  SmallVector<int64_t> shape(*rankOf(product.right) - 1, 1);
  shape.front() = -1;
  return b.create("Reshape", {parameter, b.ints(shape)});
}

/// The sums of products of integers.
Value sumsOf(OnnxBuilder &b, Operation *op, const Product &product,
             onnx::DequantizeLinearOp x, onnx::DequantizeLinearOp w) {
  Type i32 = b.getBuilder().getI32Type();
  Value weights =
      product.isTransposed ? b.transpose(w.getX(), {1, 0}) : Value(w.getX());
  SmallVector<Value> operands{x.getX(), weights, x.getXZeroPoint(),
                              w.getXZeroPoint()};
  if (!product.hasFilters)
    return b.create("MatMulInteger", operands, i32);
  return b.create("ConvInteger", operands, i32, attributesOf(op));
}

/// The product in f32 that `op` gives; null where it is none of integers.
Value fused(OnnxBuilder &b, Operation *op) {
  std::optional<Product> product = productOf(op);
  if (!product)
    return {};
  auto x = dequantizedBy(product->left), w = dequantizedBy(product->right);
  if (!x || !w || rankOf(x.getX()).value_or(0) < 2 ||
      !isScalar(x.getXScale()) || !isScalar(x.getXZeroPoint()) ||
      !areWeights(w, *product))
    return {};
  Value sums = sumsOf(b, op, *product, x, w);
  Value scale =
      b.create("Mul", {x.getXScale(), ofResult(b, w.getXScale(), *product)});
  Value y = b.create("Mul", {b.cast(sums, b.getBuilder().getF32Type()), scale});
  if (!product->added)
    return y;
  return b.create("Add", {y, ofResult(b, product->added, *product)});
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
