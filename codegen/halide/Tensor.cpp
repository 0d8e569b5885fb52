#include "codegen/halide/Tensor.h"

#include "codegen/halide/KernelError.h"
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
  auto integer = mlir::dyn_cast<mlir::IntegerType>(type);
  unsigned bits = integer ? integer.getWidth() : 0;
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    throw KernelError("expects elements of 8 to 64 bits in a kernel, got " +
                      text);
  }
  Halide::Type same =
      integer.isUnsigned() ? Halide::UInt(bits) : Halide::Int(bits);
  return {same, same};
}

Expr ElementType::load(Expr value) const {
  if (isBool())
    return value != cast<uint8_t>(0);
  if (stored == computed)
    return value;
  return stored.is_float() ? cast(computed, value) : loadBf16(value);
}

Expr ElementType::store(Expr value) const {
  if (isBool())
    return cast<uint8_t>(value);
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
  return func(reversed(index));
}

} // namespace dycc::halide
