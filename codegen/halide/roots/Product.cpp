#include "codegen/halide/roots/Product.h"

#include "codegen/halide/Integer.h"

using Halide::Expr;

namespace dycc::halide {

ProductProblem Product::problem() const {
  ElementType element = left.tensor.element;
  if (inGroups)
    element = {sums(), sums()};
  ProductProblem problem{element,
                         out[out.size() - 2],
                         out.back(),
                         depth,
                         {},
                         right.tensor.element.bytes(),
                         right.isInput && !right.transposed};
  if (panels)
    problem.panelWidth = panels->width();
  if (dequantized) {
    problem.panelWidth = dequantized->steps.width();
    problem.rightBytes = dequantized->steps.element.bytes();
    problem.isDequantized = true;
  }
  problem.attentionColumns = attentionColumns;
  return problem;
}

Expr Product::element(KernelBuilder &builder, bool isLeft, Index index, Expr k,
                      Expr other) const {
  const ProductSide &side = isLeft ? left : right;
  bool kLast = isLeft != side.transposed;
  index.push_back(kLast ? other : k);
  index.push_back(kLast ? k : other);
  Dims to(out.begin(), out.end() - 2), from = side.tensor.dims;
  to.push_back(from[from.size() - 2]);
  to.push_back(from.back());
  return side.tensor(builder.broadcast(from, to, index));
}

Expr Product::add(Expr sum, Expr a, Expr b) const {
  if (inGroups)
    return dotProduct(sum, a, b, leftSide);
  return a.type().is_float() ? sum + a * b : wrapAdd(sum, wrapMul(a, b));
}

ProductSums Product::plainSums(KernelBuilder &builder) const {
  int rank = static_cast<int>(out.size());
  Halide::Func sums("sums");
  Halide::RDom k(0, builder.expr(depth), "k");
  Index at = axisVars(rank), batch(at.begin(), at.end() - 2);
  Expr a = element(builder, true, batch, k.x, at[rank - 2]);
  Expr b = element(builder, false, batch, k.x, at[rank - 1]);
  sums(reversed(at)) = Halide::Internal::make_zero(a.type());
  sums(reversed(at)) = add(sums(reversed(at)), a, b);
  builder.setExtents(sums, out);
  return {[sums](const Index &index) { return Expr(sums(reversed(index))); },
          [](const Store &) {}};
}

} // namespace dycc::halide
