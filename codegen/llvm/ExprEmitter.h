#ifndef DYCC_CODEGEN_LLVM_EXPREMITTER_H
#define DYCC_CODEGEN_LLVM_EXPREMITTER_H

#include "dialects/dyn/Expr.h"
#include "llvm/IR/IRBuilder.h"
#include <functional>

namespace dycc::codegen {

/// What sums and products do beyond the range of int64.
enum class Overflow {
  Wrap,    ///< As ONNX's integers.
  Saturate ///< A size never wraps to a small one.
};

/// Emits `a * b` that stops at the ends of int64.
llvm::Value *emitSaturatingMul(llvm::IRBuilder<> &builder, llvm::Value *a,
                               llvm::Value *b);

/// Emits symbolic expressions as LLVM IR on i64 (f32 for scalar float atoms).
/// Conditions are i64 0 or 1. Nothing is cached: LLVM removes what is equal.
class ExprEmitter {
public:
  /// Emits the value of a subexpression in another way (a symbol's load, a
  /// slot of the plan), or returns null. Must answer for every symbol.
  using Leaf = std::function<llvm::Value *(dyn::ExprAttr)>;

  ExprEmitter(llvm::IRBuilder<> &builder, Leaf leaf,
              Overflow overflow = Overflow::Wrap)
      : builder(builder), leaf(std::move(leaf)), overflow(overflow) {}

  llvm::Value *emit(dyn::ExprAttr expr);
  /// Emits a condition as i1.
  llvm::Value *emitCondition(dyn::ExprAttr expr);

private:
  llvm::Value *emitArithmetic(dyn::ExprAttr expr,
                              llvm::ArrayRef<llvm::Value *> operands);
  llvm::Value *emitFloat(dyn::ExprAttr expr,
                         llvm::ArrayRef<llvm::Value *> operands);
  llvm::Value *emitDivision(dyn::ExprKind kind, llvm::Value *a, llvm::Value *b);
  llvm::Value *emitSum(llvm::Value *a, llvm::Value *b);
  llvm::Value *emitProduct(llvm::Value *a, llvm::Value *b);

  llvm::IRBuilder<> &builder;
  Leaf leaf;
  Overflow overflow;
};

/// The ends of an interval as LLVM values.
struct EmittedInterval {
  llvm::Value *lower, *upper;
};

/// Emits interval arithmetic: what an expression can be where every symbol is
/// in an interval that the running program knows. Sound, not always tight.
class IntervalEmitter {
public:
  using Leaf = std::function<EmittedInterval(llvm::StringRef symbol)>;

  IntervalEmitter(llvm::IRBuilder<> &builder, Leaf leaf)
      : builder(builder), leaf(std::move(leaf)) {}

  EmittedInterval emit(dyn::ExprAttr expr);

private:
  EmittedInterval emitFold(dyn::ExprAttr expr);
  EmittedInterval emitDivision(dyn::ExprAttr expr);
  EmittedInterval combine(dyn::ExprKind kind, EmittedInterval a,
                          EmittedInterval b);
  EmittedInterval corners(
      EmittedInterval a, EmittedInterval b,
      llvm::function_ref<llvm::Value *(llvm::Value *, llvm::Value *)> combine);
  llvm::Value *quotient(dyn::ExprKind kind, llvm::Value *dividend,
                        llvm::Value *divisor, mlir::MLIRContext *context);
  llvm::Value *scalar(dyn::ExprKind kind, llvm::Value *a, llvm::Value *b);

  llvm::IRBuilder<> &builder;
  Leaf leaf;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_EXPREMITTER_H
