// Halide tells LLVM of each conversion between floats that it gives no infinity
// and no NaN, and has no strict form of one. LLVM then knows the outcome of a
// comparison with an infinity. It knows nothing of one with the largest number.
#include "codegen/halide/lowering/InfinityTests.h"

#include "codegen/halide/Float.h"

#include <limits>

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

Expr scalarOf(const Expr &e) {
  const auto *broadcast = e.as<Broadcast>();
  return broadcast ? broadcast->value : e;
}

/// 1 or -1 for an infinity, 0 for all else.
int infinitySign(const Expr &e) {
  const auto *value = scalarOf(e).as<FloatImm>();
  if (!value || !std::isinf(value->value))
    return 0;
  return value->value > 0 ? 1 : -1;
}

/// The largest number of a type, or its negative.
Expr largest(Halide::Type type, int sign) {
  double value = type.bits() == 64   ? std::numeric_limits<double>::max()
                 : type.bits() == 32 ? std::numeric_limits<float>::max()
                                     : 65504;
  return make_const(type, sign * value);
}

/// Whether two comparisons have the same operands.
bool haveEqualOperands(const Call *a, const Call *b) {
  return equal(a->args[0], b->args[0]) && equal(a->args[1], b->args[1]);
}

class InfinityTestWriter final : public IRMutator {
  using IRMutator::visit;

  static Expr compare(Call::IntrinsicOp kind, const Expr &a, const Expr &b) {
    Halide::Type type = Halide::Bool(a.type().lanes());
    return Call::make(type, kind, {a, b}, Call::PureIntrinsic);
  }

  Expr visit(const Call *op) override {
    bool isEqual = op->is_intrinsic(Call::strict_eq);
    if (!isEqual && !op->is_intrinsic(Call::strict_lt))
      return IRMutator::visit(op);
    int left = infinitySign(op->args[0]), right = infinitySign(op->args[1]);
    if ((left == 0) == (right == 0)) // None of the operands, or both are known.
      return IRMutator::visit(op);
    Expr a = mutate(op->args[0]), b = mutate(op->args[1]);
    Expr end = largest(a.type(), left + right);
    if (isEqual) {
      Expr x = left ? b : a;
      return left + right > 0 ? compare(Call::strict_lt, end, x)
                              : compare(Call::strict_lt, x, end);
    }
    if (left < 0)
      return lessOrSame(end, b);
    if (right > 0)
      return lessOrSame(a, end);
    return IRMutator::visit(op);
  }

  /// Not as `strict_le`, which Halide writes as one that is true for NaN.
  static Expr lessOrSame(const Expr &a, const Expr &b) {
    return compare(Call::strict_lt, a, b) || compare(Call::strict_eq, a, b);
  }

  /// Less than an infinity or equal to it is all but NaN: LLVM would conclude
  /// that of the two tests, and then that there is none.
  Expr visit(const Or *op) override {
    const auto *less = op->a.as<Call>(), *same = op->b.as<Call>();
    if (!less || !same || !less->is_intrinsic(Call::strict_lt) ||
        !same->is_intrinsic(Call::strict_eq))
      return IRMutator::visit(op);
    const Expr &a = less->args[0], &b = less->args[1];
    int left = infinitySign(a), right = infinitySign(b);
    bool isAllNumbers = (left < 0 && !right) || (right > 0 && !left);
    if (!isAllNumbers || !haveEqualOperands(less, same))
      return IRMutator::visit(op);
    return !isNaN(mutate(left ? b : a));
  }
};

} // namespace

void addInfinityTests(Halide::Pipeline &pipeline) {
  pipeline.add_custom_lowering_pass(new InfinityTestWriter);
}

} // namespace dycc::halide
