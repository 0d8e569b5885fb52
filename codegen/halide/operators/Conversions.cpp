#include "codegen/halide/Float.h"
#include "codegen/halide/Handles.h"
#include "codegen/halide/Limits.h"
#include "codegen/halide/QuantizedSteps.h"
#include "codegen/halide/operators/Pointwise.h"

using Halide::cast;
using Halide::Expr;
using Site = dycc::halide::PointwiseSite;

namespace dycc::halide {
namespace {

Expr identity(const Site &s) { return s.x(); }

/// The f32 that rounds to the 16 bits which the f64 `x` rounds to: of the two
/// around `x` the one with an odd last bit. LLVM would call a function of
/// compiler-rt for the direct way.
Expr roundToOdd(Expr x) {
  Expr near = cast<float>(x), back = cast<double>(near);
  Expr bits = Halide::reinterpret<uint32_t>(near);
  Expr isAbove = isLess(Halide::abs(x), Halide::abs(back));
  Expr below = Halide::select(isAbove, bits - Expr(1u), bits);
  Expr isExact = isEqual(x, back) || isNaN(x);
  return Halide::reinterpret<float>(
      Halide::select(isExact, bits, below | Expr(1u)));
}

ScaleRounding scaleRounding(mlir::Operation *op) {
  llvm::StringRef mode = stringAttribute(op, "round_mode", "up");
  if (mode == "up")
    return ScaleRounding::Up;
  if (mode == "down")
    return ScaleRounding::Down;
  if (mode == "nearest")
    return ScaleRounding::Nearest;
  throw KernelError("expects round_mode up, down or nearest, got '" +
                    mode.str() + "'");
}

/// An f32 to a float of at most 8 bits.
Expr toNarrow(Expr x, const NarrowFloat &to, mlir::Operation *op) {
  bool saturates = intAttribute(op, "saturate", 1) != 0;
  return to.isScale() ? to.encodeScale(x, scaleRounding(op), saturates)
                      : to.encode(x, saturates);
}

/// To 16 bits and fewer rounds here: a chain of casts must lose what ONNX
/// loses.
Expr toFloat(Expr x, const ElementType &to, mlir::Operation *op) {
  bool narrows = to.stored != to.computed && x.type() == Halide::Float(64);
  Expr wide = narrows ? roundToOdd(x) : cast(to.computed, x);
  if (to.narrow)
    return to.load(toNarrow(wide, *to.narrow, op));
  return to.stored == to.computed ? wide : to.load(to.store(wide));
}

/// What the runtime does not convert of strings is refused.
Expr convert(const Site &s) {
  expectNumbers(s.op->getOperand(0));
  expectNumbers(s.op->getResult(0));
  Expr x = s.x();
  const ElementType &to = s.result;
  if (to.isBool())
    return s.isFloat() ? !isEqual(x, s.constant(0))
                       : x != Halide::Internal::make_zero(x.type());
  if (to.isFloat())
    return toFloat(x, to, s.op);
  if (!s.isFloat())
    return to.wrapped(cast(to.computed, x));
  return to.wrapped(toInteger(x, to.computed, limitOf(s.op->getOperand(0))));
}

/// Numbers that are quantised are rounded and converted in one.
bool defineSteps(KernelBuilder &builder, mlir::Operation *op) {
  const ElementType to = KernelBuilder::element(op->getResult(0));
  auto steps = QuantizedSteps::of(op->getOperand(0));
  bool isInteger = !to.isFloat() && !to.isBool() && to.computed.bits() <= 32;
  if (!steps || !isInteger || builder.isReference())
    return false;
  Tensor real = builder.tensor(steps->real);
  Dims dims = builder.dims(op->getResult(0));
  builder.define(op, [&](const Index &index) {
    Expr step = steps->at(real(builder.broadcast(real.dims, dims, index)));
    return to.wrapped(cast(to.computed, step));
  });
  return true;
}

/// The stored bits under another type of the same width. All but 0 are true.
Expr bitCast(const Site &s) {
  ElementType from = ElementType::get(s.elementTypes[0]);
  if (from.bits() != s.result.bits())
    throw KernelError("expects types of one width, got " +
                      std::to_string(from.bits()) + " and " +
                      std::to_string(s.result.bits()) + " bits");
  return s.result.load(Halide::reinterpret(s.result.stored, from.store(s.x())));
}

} // namespace

void addConversions(Registry &registry) {
  addPointwise<identity>(registry, "Identity");
  addPointwise<convert, defineSteps>(registry, "Cast");
  addPointwise<convert>(registry, "CastLike");
  addPointwise<bitCast>(registry, "BitCast");
}

} // namespace dycc::halide
