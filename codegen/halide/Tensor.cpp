#include "codegen/halide/Tensor.h"

#include "codegen/halide/KernelError.h"
#include "dialects/dyn/Handles.h"
#include "mlir/IR/Diagnostics.h"

using Halide::cast;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// The upper half of an f32 is a bf16.
Expr loadBf16(Expr stored) {
  return Halide::reinterpret(Halide::Float(32), cast(Halide::UInt(32), stored)
                                                    << 16);
}

/// Rounds to nearest, halves to even; a NaN keeps a bit of its payload.
Expr storeBf16(Expr value) {
  Expr bits = Halide::reinterpret(Halide::UInt(32), value);
  Expr rounded = bits + Expr(0x7fffu) + ((bits >> 16) & Expr(1u));
  Expr isNaN = (bits & Expr(0x7fffffffu)) > Expr(0x7f800000u);
  Expr upper = Halide::select(isNaN, bits | Expr(0x00400000u), rounded) >> 16;
  return cast(Halide::UInt(16), upper);
}

} // namespace

ElementType ElementType::get(mlir::Type type) {
  if (type.isF16())
    return {Halide::Float(16), Halide::Float(32)};
  if (type.isBF16())
    return {Halide::UInt(16), Halide::Float(32)};
  if (type.isF32() || type.isF64()) {
    Halide::Type same = Halide::Float(type.getIntOrFloatBitWidth());
    return {same, same};
  }
  if (type.isInteger(1))
    return {Halide::UInt(8), Halide::Bool()};
  if (auto narrow = NarrowFloat::get(type))
    return {Halide::UInt(8), Halide::Float(32), narrow};
  if (dyn::isHandle(type))
    return {Halide::UInt(64), Halide::UInt(64)};
  auto integer = mlir::dyn_cast<mlir::IntegerType>(type);
  int bits = integer ? static_cast<int>(integer.getWidth()) : 0;
  if (!llvm::is_contained({2, 4, 8, 16, 32, 64}, bits)) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    throw KernelError("expects bool, integers or floats of at most 64 bits in "
                      "a kernel, got " +
                      text);
  }
  int stored = std::max(bits, 8);
  Halide::Type same =
      integer.isUnsigned() ? Halide::UInt(stored) : Halide::Int(stored);
  return {same, same, std::nullopt, stored - bits};
}

Expr ElementType::wrapped(Expr value) const {
  if (unusedBits == 0)
    return value;
  Expr unused = cast(Halide::UInt(computed.bits()), unusedBits);
  return (value << unused) >> unused;
}

Expr ElementType::load(Expr value) const {
  if (isBool())
    return value != cast<uint8_t>(0);
  if (narrow)
    return narrow->decode(value);
  if (unusedBits > 0) // Whoever made the memory may have left others there.
    return wrapped(value);
  if (stored == computed)
    return value;
  return stored.is_float() ? cast(computed, value) : loadBf16(value);
}

Expr ElementType::store(Expr value) const {
  if (isBool())
    return cast<uint8_t>(value);
  if (narrow)
    return narrow->encode(value, /*saturates=*/false);
  if (stored == computed)
    return value;
  return stored.is_float() ? cast(stored, value) : storeBf16(value);
}

std::optional<int64_t> rowExtent(const Dims &dims, int axis) {
  for (auto [i, dim] : llvm::enumerate(dims))
    if (static_cast<int>(i) != axis && !dim.isConstant(1))
      return std::nullopt;
  return dims[axis].asConstant();
}

Expr promisedWithin(const Expr &index, const Expr &least, const Expr &most) {
  return Halide::Internal::promise_clamped(index, least, most);
}

Index axisVars(int rank) {
  Index index;
  for (int axis = 0; axis < rank; ++axis)
    index.push_back(axisVar(axis, rank));
  return index;
}

std::vector<Expr> reversed(const Index &index) {
  return {index.rbegin(), index.rend()};
}

Expr Tensor::operator()(const Index &index) const {
  if (index.size() != dims.size())
    throw KernelError("expects an operand of rank " +
                      std::to_string(index.size()) + ", got rank " +
                      std::to_string(dims.size()));
  return func(reversed(index));
}

} // namespace dycc::halide
