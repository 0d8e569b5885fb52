// Interval arithmetic as LLVM IR, for bounds over ranges of symbols.
#include "codegen/llvm/ExprEmitter.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {

Value *IntervalEmitter::scalar(ExprKind kind, Value *a, Value *b) {
  auto binary = [&](Intrinsic::ID id) {
    return builder.CreateBinaryIntrinsic(id, a, b);
  };
  switch (kind) {
  case ExprKind::Add: // Saturates: a bound must never wrap to a small one.
    return binary(Intrinsic::sadd_sat);
  case ExprKind::Mul:
    return emitSaturatingMul(builder, a, b);
  case ExprKind::Min:
    return binary(Intrinsic::smin);
  case ExprKind::Max:
    return binary(Intrinsic::smax);
  default:
    llvm_unreachable("division is emitted by emitDivision");
  }
}

/// The least and greatest of the four corners: exact for what is monotone in
/// each operand while the other one keeps its sign.
EmittedInterval
IntervalEmitter::corners(EmittedInterval a, EmittedInterval b,
                         function_ref<Value *(Value *, Value *)> combine) {
  EmittedInterval result{nullptr, nullptr};
  for (Value *x : {a.lower, a.upper})
    for (Value *y : {b.lower, b.upper}) {
      Value *value = combine(x, y);
      result = result.lower
                   ? EmittedInterval{scalar(ExprKind::Min, result.lower, value),
                                     scalar(ExprKind::Max, result.upper, value)}
                   : EmittedInterval{value, value};
    }
  return result;
}

EmittedInterval IntervalEmitter::combine(ExprKind kind, EmittedInterval a,
                                         EmittedInterval b) {
  if (kind == ExprKind::Mul)
    return corners(a, b,
                   [&](Value *x, Value *y) { return scalar(kind, x, y); });
  return {scalar(kind, a.lower, b.lower), scalar(kind, a.upper, b.upper)};
}

EmittedInterval IntervalEmitter::emitFold(ExprAttr expr) {
  EmittedInterval result = emit(expr.getOperands().front());
  for (ExprAttr operand : expr.getOperands().drop_front())
    result = combine(expr.getKind(), result, emit(operand));
  return result;
}

Value *IntervalEmitter::quotient(ExprKind kind, Value *dividend, Value *divisor,
                                 mlir::MLIRContext *context) {
  ExprAttr x = ExprAttr::symbol(context, "x"),
           y = ExprAttr::symbol(context, "y");
  ExprEmitter emitter(builder, [&](ExprAttr leaf) -> Value * {
    return leaf == x ? dividend : leaf == y ? divisor : nullptr;
  });
  return emitter.emit(ExprAttr::get(kind, {x, y}));
}

/// A division by a positive constant is monotone; a remainder is below its
/// divisor. Anything else is bounded by the dividend's magnitude, and by its
/// ends where the divisor turns out to be positive.
EmittedInterval IntervalEmitter::emitDivision(ExprAttr expr) {
  ExprKind kind = expr.getKind();
  EmittedInterval dividend = emit(expr.getOperands()[0]);
  std::optional<int64_t> divisor = expr.getOperands()[1].asConstant();
  bool remainder = kind == ExprKind::Mod || kind == ExprKind::TruncMod;
  if (divisor && *divisor > 0 && remainder)
    return {builder.getInt64(kind == ExprKind::Mod ? 0 : 1 - *divisor),
            builder.getInt64(*divisor - 1)};
  if (divisor && *divisor > 0) {
    Value *by = builder.getInt64(*divisor);
    mlir::MLIRContext *context = expr.getContext();
    return {quotient(kind, dividend.lower, by, context),
            quotient(kind, dividend.upper, by, context)};
  }
  Value *zero = builder.getInt64(0);
  Value *magnitude = builder.CreateBinaryIntrinsic(
      Intrinsic::smax, dividend.upper,
      builder.CreateBinaryIntrinsic(Intrinsic::ssub_sat, zero, dividend.lower));
  EmittedInterval any{
      builder.CreateBinaryIntrinsic(Intrinsic::ssub_sat, zero, magnitude),
      magnitude};
  if (remainder)
    return any;
  EmittedInterval by = emit(expr.getOperands()[1]);
  Value *isPositive = builder.CreateICmpSGT(by.lower, zero);
  EmittedInterval tight = corners(dividend, by, [&](Value *x, Value *y) {
    y = scalar(ExprKind::Max, y, builder.getInt64(1));
    return quotient(kind, x, y, expr.getContext());
  });
  return {builder.CreateSelect(isPositive, tight.lower, any.lower),
          builder.CreateSelect(isPositive, tight.upper, any.upper)};
}

EmittedInterval IntervalEmitter::emit(ExprAttr expr) {
  switch (expr.getKind()) {
  case ExprKind::Constant: {
    Value *value = builder.getInt64(expr.getValue());
    return {value, value};
  }
  case ExprKind::Symbol:
    return leaf(expr.getSymbol());
  case ExprKind::Add:
  case ExprKind::Mul:
  case ExprKind::Min:
  case ExprKind::Max:
    return emitFold(expr);
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
  case ExprKind::Mod:
  case ExprKind::TruncMod:
    return emitDivision(expr);
  case ExprKind::Ite: {
    EmittedInterval a = emit(expr.getOperands()[1]);
    EmittedInterval b = emit(expr.getOperands()[2]);
    return {scalar(ExprKind::Min, a.lower, b.lower),
            scalar(ExprKind::Max, a.upper, b.upper)};
  }
  case ExprKind::Eq:
  case ExprKind::Lt:
  case ExprKind::Le:
  case ExprKind::Not:
  case ExprKind::And:
  case ExprKind::Or:
    return {builder.getInt64(0), builder.getInt64(1)};
  default:
    // An f32 scalar's interval would need directed rounding; an extent that
    // comes out of one is only known to be an int64.
    return {builder.getInt64(INT64_MIN), builder.getInt64(INT64_MAX)};
  }
}

} // namespace dycc::codegen
