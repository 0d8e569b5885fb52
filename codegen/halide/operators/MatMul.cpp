#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Groups.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/SourceAxis.h"
#include "codegen/halide/cpu/Attention.h"
#include "dialects/dyn/Layout.h"

using Halide::Expr;

namespace dycc::halide {
namespace {

/// True where the right operand is a plain tensor in memory, or the rows of one
/// in other places.
bool isInput(mlir::Operation *op) {
  mlir::Value right = KernelBuilder::operandValue(op, 1);
  mlir::Operation *moves = right.getDefiningOp();
  if (moves && fuse::movesRows(moves))
    right = moves->getOperand(0);
  return mlir::isa<mlir::BlockArgument>(right) && dyn::isPlain(right.getType());
}

/// The right operand, `b` with or without another axis.
ProductSide rightSide(KernelBuilder &builder, mlir::Operation *op,
                      const Tensor &b, bool transposed = false) {
  int depthAxis = static_cast<int>(b.dims.size()) - (transposed ? 1 : 2);
  mlir::Value right = KernelBuilder::operandValue(op, 1);
  return {b, transposed, isInput(op), sourceAxis(builder, right) == depthAxis};
}

dyn::ExprAttr one(mlir::Operation *op) {
  return dyn::ExprAttr::constant(op->getContext(), 1);
}

/// A vector operand as a matrix; the result has no such axis.
Tensor withAxis(KernelBuilder &builder, const Tensor &t, bool first,
                dyn::ExprAttr extent) {
  Dims dims = t.dims;
  dims.insert(first ? dims.begin() : dims.end(), extent);
  return builder.make("matrix", t.element, dims,
                      [&](const Index &i) { return t({first ? i[1] : i[0]}); });
}

/// The columns of the attention that `op` is a product of; null of others.
dyn::ExprAttr attentionColumns(KernelBuilder &builder, mlir::Operation *op) {
  const fuse::RootChain *chain = builder.chain();
  if (!chain || (op != chain->first && op != chain->second))
    return {};
  return builder.dims(chain->second->getResult(0)).back();
}

/// Defines one of the products of an attention.
void defineInAttention(KernelBuilder &builder, mlir::Operation *op,
                       const Product &product) {
  auto plan = builder.plan<dyn::ProductPlanAttr>(product.problem());
  if (op == builder.chain()->first) {
    builder.setFirstOfChain(
        std::make_shared<AttentionBuilder>(builder, op, product, plan));
    return;
  }
  auto &attention = static_cast<AttentionBuilder &>(builder.firstOfChain());
  ProductSums sums = attention.finish(product, plan);
  builder.define(op, sums.at);
  builder.addRoot(op, sums.schedule);
}

ProductSums defineSums(KernelBuilder &builder, const Product &product) {
  if (builder.isReference())
    return product.plainSums(builder);
  auto plan = builder.plan<dyn::ProductPlanAttr>(product.problem());
  return buildProduct(builder, product, plan);
}

/// Defines the product of `a` and `b`, or of `a` and `panels`, of which groups
/// may be the elements; `halves` are those of pairs that are computed.
void defineMatrices(KernelBuilder &builder, mlir::Operation *op, Tensor a,
                    Tensor b, const std::optional<PanelTensor> &panels,
                    std::optional<LeftSide> ofGroups = std::nullopt,
                    std::optional<Tensor> halves = std::nullopt) {
  Dims out = builder.dims(op->getResult(0));
  bool rowVector = a.rank() == 1, columnVector = b.rank() == 1;
  dyn::ExprAttr depth = a.dims.back();
  if (rowVector) {
    a = withAxis(builder, a, true, one(op));
    if (halves)
      halves = withAxis(builder, *halves, true, one(op));
    out.insert(out.end() - (columnVector ? 0 : 1), one(op));
  }
  if (columnVector) {
    b = withAxis(builder, b, false, one(op));
    out.push_back(one(op));
  }
  Product matrices{{a, false, true, /*isAlongDepth=*/true, halves},
                   columnVector ? ProductSide{b, false, false}
                                : rightSide(builder, op, b),
                   panels,
                   out,
                   depth,
                   {},
                   ofGroups.has_value(),
                   ofGroups.value_or(LeftSide::Plain)};
  if (!columnVector)
    matrices.dequantized = dequantizedPanels(builder, op, 1);
  ProductSums product = defineSums(builder, matrices);
  // The loops want both matrix axes: with a vector the result goes through a
  // tensor that has them.
  Tensor matrix =
      builder.make("product", KernelBuilder::element(op->getResult(0)), out,
                   [&](const Index &i) { return product.at(i); });
  builder.define(op, [&](const Index &index) {
    Index full = index;
    if (rowVector)
      full.insert(full.end() - (columnVector ? 0 : 1), Expr(0));
    if (columnVector)
      full.emplace_back(0);
    return matrix(full);
  });
  if (!rowVector && !columnVector)
    return builder.addRoot(op, product.schedule);
  builder.addInner(matrix, product.schedule);
}

/// The pairs of bf16 of both sides of `op`, a product by a packed matrix. There
/// are whole ones: dycc-assign-layouts leaves other weights as they are.
struct Pairs {
  Tensor left, right;
  std::optional<Tensor> halves; ///< Of a left side that is computed.

  static Pairs get(KernelBuilder &builder, mlir::Operation *op) {
    Tensor a = builder.storedOperand(op, 0), b = builder.storedOperand(op, 1);
    dyn::ExprAttr depth = b.dims.front();
    Pairs pairs{grouped(builder, a, a.rank() - 1, depth, /*hasWhole=*/true),
                grouped(builder, b, 0, depth, /*hasWhole=*/true), std::nullopt};
    if (!builder.isInMemory(op, 0))
      pairs.halves = a;
    return pairs;
  }
};

void defineMatMul(KernelBuilder &builder, mlir::Operation *op) {
  Tensor a = builder.operand(op, 0), b = builder.operand(op, 1);
  if (dyn::ExprAttr columns = attentionColumns(builder, op))
    return defineInAttention(builder, op,
                             {{a, false, true},
                              rightSide(builder, op, b),
                              std::nullopt,
                              builder.dims(op->getResult(0)),
                              a.dims.back(),
                              columns});
  auto panels = builder.panels(op, 1);
  if (!multipliesPairs(builder, panels))
    return defineMatrices(builder, op, a, b, panels);
  Pairs pairs = Pairs::get(builder, op);
  defineMatrices(builder, op, pairs.left, pairs.right, panels, LeftSide::Bf16,
                 pairs.halves);
}

void defineGemm(KernelBuilder &builder, mlir::Operation *op) {
  bool transA = intAttribute(op, "transA", 0);
  bool transB = intAttribute(op, "transB", 0);
  Tensor a = builder.operand(op, 0), b = builder.operand(op, 1);
  Dims out = builder.dims(op->getResult(0));
  if (builder.panels(op, 1) && transB)
    throw KernelError("expects a packed weight that is not transposed");
  Product matrices{{a, transA, true},
                   rightSide(builder, op, b, transB),
                   builder.panels(op, 1),
                   out,
                   transA ? a.dims.front() : a.dims.back()};
  if (!transB)
    matrices.dequantized = dequantizedPanels(builder, op, 1);
  if (multipliesPairs(builder, matrices.panels)) {
    Pairs pairs = Pairs::get(builder, op);
    matrices.left = {pairs.left, false, true, /*isAlongDepth=*/true,
                     pairs.halves};
    matrices.right.tensor = pairs.right;
    matrices.depth = pairs.left.dims.back();
    matrices.inGroups = true;
    matrices.leftSide = LeftSide::Bf16;
  }
  ProductSums product = defineSums(builder, matrices);
  double alpha = floatAttribute(op, "alpha", 1);
  double beta = floatAttribute(op, "beta", 1);
  builder.define(op, [&](const Index &index) {
    Expr value = product.at(index);
    auto scaled = [&](Expr x, double factor) {
      Expr f = Halide::Internal::make_const(x.type(), factor);
      if (factor == 1)
        return x;
      return x.type().is_float() ? strict(x * f) : wrapMul(x, f);
    };
    value = scaled(value, alpha);
    if (!KernelBuilder::hasOperand(op, 2))
      return value;
    Tensor c = builder.operand(op, 2);
    Expr addend = scaled(c(builder.broadcast(c.dims, out, index)), beta);
    return value.type().is_float() ? strict(value + addend)
                                   : wrapAdd(value, addend);
  });
  builder.addRoot(op, product.schedule);
}

/// Of integers without zero points. Groups are of u8 on the left and s8 on the
/// right.
void defineMatMulInteger(KernelBuilder &builder, mlir::Operation *op) {
  if (KernelBuilder::hasOperand(op, 2) || KernelBuilder::hasOperand(op, 3))
    throw KernelError("expects operands without zero points");
  Tensor a = builder.operand(op, 0), b = builder.operand(op, 1);
  auto panels = builder.panels(op, 1);
  // The weights know the depth, whatever the left side calls it.
  dyn::ExprAttr depth = b.dims.front();
  bool isWhole = dyn::divisorOf(depth, {}) % dyn::kIntegerGroup == 0;
  if (panels && panels->isGrouped() && !builder.isReference())
    return defineMatrices(
        builder, op, grouped(builder, a, a.rank() - 1, depth, isWhole),
        grouped(builder, b, 0, depth, true), panels, leftSideOf(op));
  defineMatrices(builder, op, widened(builder, a, less128(op)),
                 widened(builder, b), std::nullopt);
}

} // namespace

void addMatrixProducts(Registry &registry) {
  registry["MatMul"] = {defineMatMul};
  registry["Gemm"] = {defineGemm};
  registry["MatMulInteger"] = {defineMatMulInteger};
}

} // namespace dycc::halide
