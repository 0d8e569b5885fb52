// Groups of integers are single elements for all loops: register tiles, panels
// and windows are those of floats.
#include "codegen/halide/Groups.h"

#include "codegen/halide/lowering/Opaque.h"
#include "codegen/halide/lowering/Pairs.h"
#include "dialects/dyn/Layout.h"
#include "dialects/onnx/IntegerProducts.h"

using Halide::Expr;

namespace dycc::halide {

const ElementType &sumsOfIntegers() {
  static const ElementType i32{Halide::Int(32), Halide::Int(32)};
  return i32;
}

LeftSide leftSideOf(mlir::Operation *op) {
  return op->hasAttr(onnx::kLeftLess128) ? LeftSide::Less128 : LeftSide::Plain;
}

int less128(mlir::Operation *op) {
  return leftSideOf(op) == LeftSide::Less128 ? 128 : 0;
}

Tensor widened(KernelBuilder &builder, const Tensor &t, int less) {
  return builder.make("widened", sumsOfIntegers(), t.dims,
                      [&](const Index &index) {
                        Expr wide = Halide::cast<int32_t>(t(index));
                        return less == 0 ? wide : wide - less;
                      });
}

/// Elements of 8 or 16 bits in one i32, the first in the lowest bits.
static Expr joined(const std::vector<Expr> &elements) {
  if (elements.size() == dyn::kBf16Group)
    return pairOf(elements[0], elements[1]);
  Expr group = Halide::cast<uint32_t>(0);
  for (auto [place, element] : llvm::enumerate(elements)) {
    Expr bits = Halide::cast<uint8_t>(element);
    group = group | Halide::cast<uint32_t>(bits) << static_cast<int>(8 * place);
  }
  return Halide::reinterpret(Halide::Int(32), group);
}

Expr placeInGroup(const Expr &group, int extent, int place, const Expr &last) {
  Expr first = group * opaque(extent);
  return Halide::unsafe_promise_clamped(first + place, 0, last);
}

Tensor grouped(KernelBuilder &builder, const Tensor &t, int axis,
               dyn::ExprAttr depth, bool hasWhole) {
  Dims dims = t.dims;
  int extent = 32 / t.element.computed.bits();
  dims[axis] = dyn::ExprAttr::ceilDiv(
      depth, dyn::ExprAttr::constant(depth.getContext(), extent));
  Expr last = builder.expr(depth) - 1;
  return builder.make("groups", sumsOfIntegers(), dims, [&](Index index) {
    Expr group = index[axis];
    std::vector<Expr> elements;
    for (int i = 0; i < extent; ++i) {
      index[axis] = hasWhole ? placeInGroup(group, extent, i, last)
                             : Halide::min(group * extent + i, last);
      elements.push_back(t(index));
    }
    return joined(elements);
  });
}

Expr repeated(const Expr &integer) {
  return joined(std::vector<Expr>(dyn::kIntegerGroup, integer));
}

bool multipliesPairs(const KernelBuilder &builder,
                     const std::optional<PanelTensor> &weights) {
  return weights && weights->layout.getGroup() == dyn::kBf16Group &&
         weights->element.isFloat() && !builder.isReference();
}

} // namespace dycc::halide
