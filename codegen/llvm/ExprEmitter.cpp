#include "codegen/llvm/ExprEmitter.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {

Value *emitSaturatingMul(IRBuilder<> &builder, Value *a, Value *b) {
  Value *product =
      builder.CreateBinaryIntrinsic(Intrinsic::smul_with_overflow, a, b);
  Value *limit = builder.CreateSelect(
      builder.CreateICmpSLT(builder.CreateXor(a, b), builder.getInt64(0)),
      builder.getInt64(INT64_MIN), builder.getInt64(INT64_MAX));
  return builder.CreateSelect(builder.CreateExtractValue(product, 1), limit,
                              builder.CreateExtractValue(product, 0));
}

Value *ExprEmitter::emitSum(Value *a, Value *b) {
  return overflow == Overflow::Saturate
             ? builder.CreateBinaryIntrinsic(Intrinsic::sadd_sat, a, b)
             : builder.CreateAdd(a, b);
}

Value *ExprEmitter::emitProduct(Value *a, Value *b) {
  return overflow == Overflow::Saturate ? emitSaturatingMul(builder, a, b)
                                        : builder.CreateMul(a, b);
}

Value *ExprEmitter::emitCondition(ExprAttr expr) {
  return builder.CreateICmpNE(emit(expr), builder.getInt64(0));
}

Value *ExprEmitter::emit(ExprAttr expr) {
  if (Value *value = leaf(expr))
    return value;
  switch (expr.getKind()) {
  case ExprKind::Constant:
    return builder.getInt64(expr.getValue());
  case ExprKind::F32Constant:
    return ConstantFP::get(builder.getFloatTy(), expr.getFloat());
  case ExprKind::Symbol:
  case ExprKind::Unknown:
    llvm_unreachable("every symbol has a value and no dim is left unknown");
  default:
    break;
  }
  SmallVector<Value *> operands;
  for (ExprAttr operand : expr.getOperands())
    operands.push_back(emit(operand));
  return emitArithmetic(expr, operands);
}

/// Floor and ceil are built on the truncating division of the machine: the
/// quotient is off by one where there is a remainder of the "wrong" sign.
Value *ExprEmitter::emitDivision(ExprKind kind, Value *a, Value *b) {
  // A divisor of 0 only occurs where a check fails at the same time; 1 keeps
  // the division itself defined.
  Value *zero = builder.getInt64(0);
  b = builder.CreateSelect(builder.CreateICmpEQ(b, zero), builder.getInt64(1),
                           b);
  Value *quotient = builder.CreateSDiv(a, b);
  Value *remainder = builder.CreateSub(a, builder.CreateMul(quotient, b));
  if (kind == ExprKind::TruncDiv)
    return quotient;
  if (kind == ExprKind::TruncMod)
    return remainder;
  Value *inexact = builder.CreateICmpNE(remainder, zero);
  Value *opposite =
      builder.CreateICmpSLT(builder.CreateXor(remainder, b), zero);
  if (kind == ExprKind::CeilDiv) {
    Value *up = builder.CreateAnd(inexact, builder.CreateNot(opposite));
    return builder.CreateAdd(quotient,
                             builder.CreateZExt(up, quotient->getType()));
  }
  Value *down = builder.CreateAnd(inexact, opposite);
  if (kind == ExprKind::FloorDiv)
    return builder.CreateSub(quotient,
                             builder.CreateZExt(down, quotient->getType()));
  return builder.CreateSelect(down, builder.CreateAdd(remainder, b), remainder);
}

Value *ExprEmitter::emitArithmetic(ExprAttr expr, ArrayRef<Value *> operands) {
  auto fold = [&](auto combine) {
    Value *result = operands.front();
    for (Value *operand : operands.drop_front())
      result = combine(result, operand);
    return result;
  };
  auto boolean = [&](Value *bit) {
    return builder.CreateZExt(bit, builder.getInt64Ty());
  };
  auto intrinsic = [&](Intrinsic::ID id) {
    return fold([&](Value *a, Value *b) {
      return builder.CreateBinaryIntrinsic(id, a, b);
    });
  };
  switch (expr.getKind()) {
  case ExprKind::Add:
    return fold([&](Value *a, Value *b) { return emitSum(a, b); });
  case ExprKind::Mul:
    return fold([&](Value *a, Value *b) { return emitProduct(a, b); });
  case ExprKind::FloorDiv:
  case ExprKind::CeilDiv:
  case ExprKind::TruncDiv:
  case ExprKind::Mod:
  case ExprKind::TruncMod:
    return emitDivision(expr.getKind(), operands[0], operands[1]);
  case ExprKind::Min:
    return intrinsic(Intrinsic::smin);
  case ExprKind::Max:
    return intrinsic(Intrinsic::smax);
  case ExprKind::And:
    return intrinsic(Intrinsic::smin);
  case ExprKind::Or:
    return intrinsic(Intrinsic::smax);
  case ExprKind::Ite:
    return builder.CreateSelect(
        builder.CreateICmpNE(operands[0], builder.getInt64(0)), operands[1],
        operands[2]);
  case ExprKind::Eq:
    return boolean(operands[0]->getType()->isFloatTy()
                       ? builder.CreateFCmpOEQ(operands[0], operands[1])
                       : builder.CreateICmpEQ(operands[0], operands[1]));
  case ExprKind::Lt:
    return boolean(operands[0]->getType()->isFloatTy()
                       ? builder.CreateFCmpOLT(operands[0], operands[1])
                       : builder.CreateICmpSLT(operands[0], operands[1]));
  case ExprKind::Le:
    return boolean(operands[0]->getType()->isFloatTy()
                       ? builder.CreateFCmpOLE(operands[0], operands[1])
                       : builder.CreateICmpSLE(operands[0], operands[1]));
  case ExprKind::Not:
    return boolean(builder.CreateICmpEQ(operands[0], builder.getInt64(0)));
  default:
    return emitFloat(expr, operands);
  }
}

/// In f32 and without contraction, as the graph computes it.
Value *ExprEmitter::emitFloat(ExprAttr expr, ArrayRef<Value *> operands) {
  auto unary = [&](Intrinsic::ID id) {
    return builder.CreateUnaryIntrinsic(id, operands[0]);
  };
  switch (expr.getKind()) {
  case ExprKind::IntToF32:
    return builder.CreateSIToFP(operands[0], builder.getFloatTy());
  case ExprKind::F32FromBits:
    return builder.CreateBitCast(
        builder.CreateTrunc(operands[0], builder.getInt32Ty()),
        builder.getFloatTy());
  case ExprKind::F32ToInt:
    return builder.CreateIntrinsic(Intrinsic::fptosi_sat,
                                   {builder.getInt64Ty(), builder.getFloatTy()},
                                   {operands[0]});
  case ExprKind::F32ToBits:
    return builder.CreateSExt(
        builder.CreateBitCast(operands[0], builder.getInt32Ty()),
        builder.getInt64Ty());
  case ExprKind::F32Add:
    return builder.CreateFAdd(operands[0], operands[1]);
  case ExprKind::F32Sub:
    return builder.CreateFSub(operands[0], operands[1]);
  case ExprKind::F32Mul:
    return builder.CreateFMul(operands[0], operands[1]);
  case ExprKind::F32Div:
    return builder.CreateFDiv(operands[0], operands[1]);
  case ExprKind::F32Floor:
    return unary(Intrinsic::floor);
  case ExprKind::F32Ceil:
    return unary(Intrinsic::ceil);
  case ExprKind::F32Round:
    return unary(Intrinsic::roundeven);
  case ExprKind::F32Sqrt:
    return unary(Intrinsic::sqrt);
  case ExprKind::F32Min:
    return builder.CreateBinaryIntrinsic(Intrinsic::minimum, operands[0],
                                         operands[1]);
  case ExprKind::F32Max:
    return builder.CreateBinaryIntrinsic(Intrinsic::maximum, operands[0],
                                         operands[1]);
  default:
    llvm_unreachable("not a float expression");
  }
}

} // namespace dycc::codegen
