// f32 scalars: the scales of Resize and Cast-Mul-Floor-Cast chains. They are
// opaque: nothing is reordered, since a reordered f32 sum rounds differently
// from the graph's. Only constants fold.
#include "dialects/dyn/ExprDetail.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace dycc::dyn;
using namespace dycc::dyn::detail;

bool dycc::dyn::detail::isF32Kind(ExprKind kind) {
  return kind >= ExprKind::F32Constant && kind < ExprKind::F32ToInt;
}

float dycc::dyn::detail::applyF32(ExprKind kind, float a, float b) {
  switch (kind) {
  case ExprKind::F32Add:
    return a + b;
  case ExprKind::F32Sub:
    return a - b;
  case ExprKind::F32Mul:
    return a * b;
  case ExprKind::F32Div:
    return a / b;
  case ExprKind::F32Floor:
    return std::floor(a);
  case ExprKind::F32Ceil:
    return std::ceil(a);
  case ExprKind::F32Round: // Half to even, whatever the rounding mode.
    return a - std::remainder(a, 1.0f);
  case ExprKind::F32Sqrt:
    return std::sqrt(a);
  case ExprKind::F32Min:
    return std::fmin(a, b);
  case ExprKind::F32Max:
    return std::fmax(a, b);
  default:
    llvm_unreachable("not an operation on f32 scalars");
  }
}

float dycc::dyn::detail::f32OfBits(int64_t bits) {
  return llvm::bit_cast<float>(uint32_t(bits));
}

int64_t dycc::dyn::detail::bitsOfF32(float value) {
  return llvm::bit_cast<int32_t>(value);
}

std::optional<int64_t> dycc::dyn::detail::truncateF32(float value) {
  constexpr float kLimit = 9223372036854775808.0f; // 2^63
  if (!(value >= -kLimit && value < kLimit))
    return std::nullopt;
  return int64_t(value);
}

static bool isF32Constant(ExprAttr expr) {
  return expr.getKind() == ExprKind::F32Constant;
}

ExprAttr dycc::dyn::detail::normalizeF32(ExprKind kind,
                                         ArrayRef<ExprAttr> operands) {
  MLIRContext *context = operands.front().getContext();
  ExprAttr first = operands.front();
  if (kind == ExprKind::IntToF32) {
    if (first.isConstant())
      return ExprAttr::constantF32(context, float(first.getValue()));
    return makeNode(context, kind, operands);
  }
  if (kind == ExprKind::F32FromBits) {
    if (first.isConstant())
      return ExprAttr::constantF32(context, f32OfBits(first.getValue()));
    if (first.getKind() == ExprKind::F32ToBits)
      return first.getOperands().front();
    return makeNode(context, kind, operands);
  }
  if (kind == ExprKind::F32ToBits)
    return isF32Constant(first)
               ? ExprAttr::constant(context, bitsOfF32(first.getFloat()))
               : makeNode(context, kind, operands);
  if (kind == ExprKind::F32ToInt) {
    if (!isF32Constant(first))
      return makeNode(context, kind, operands);
    std::optional<int64_t> value = truncateF32(first.getFloat());
    return value ? ExprAttr::constant(context, *value)
                 : ExprAttr::unknown(context);
  }
  if (llvm::all_of(operands, isF32Constant))
    return ExprAttr::constantF32(
        context, applyF32(kind, first.getFloat(), operands.back().getFloat()));
  return makeNode(context, kind, operands);
}
