// Groups of integers are single elements for all loops: register tiles, panels
// and windows are those of floats.
#include "codegen/halide/Groups.h"

#include "codegen/halide/lowering/Opaque.h"
#include "dialects/dyn/Layout.h"
#include "dialects/onnx/IntegerProducts.h"

using Halide::Expr;

namespace dycc::halide {

static constexpr int extent = dyn::kIntegerGroup;

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

/// The integer at place `place` of a group.
static Expr atPlace(const Expr &integer, int place) {
  Expr bits = Halide::cast<uint8_t>(integer);
  return Halide::cast<uint32_t>(bits) << (8 * place);
}

Tensor grouped(KernelBuilder &builder, const Tensor &t, int axis,
               dyn::ExprAttr depth, bool hasWhole) {
  Dims dims = t.dims;
  dims[axis] = dyn::ExprAttr::ceilDiv(
      depth, dyn::ExprAttr::constant(depth.getContext(), extent));
  Expr last = builder.expr(depth) - 1;
  return builder.make("groups", sumsOfIntegers(), dims, [&](Index index) {
    // Halide would multiply the sum of this and a multiple of rows: an address
    // for each row and group in the place of one that goes on.
    Expr first = index[axis] * (hasWhole ? opaque(extent) : extent);
    Expr group = Halide::cast<uint32_t>(0);
    for (int i = 0; i < extent; ++i) {
      index[axis] = hasWhole ? promisedWithin(first + i, 0, last)
                             : Halide::min(first + i, last);
      group = group | atPlace(t(index), i);
    }
    return Halide::reinterpret(Halide::Int(32), group);
  });
}

Expr repeated(const Expr &integer) {
  Expr group = Halide::cast<uint32_t>(0);
  for (int i = 0; i < extent; ++i)
    group = group | atPlace(integer, i);
  return Halide::reinterpret(Halide::Int(32), group);
}

} // namespace dycc::halide
