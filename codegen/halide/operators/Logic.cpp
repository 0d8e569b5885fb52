// Comparisons, boolean and bit operators, and Where.
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/operators/Pointwise.h"

using Halide::Expr;
using Halide::select;
using Site = dycc::halide::PointwiseSite;

namespace dycc::halide {
namespace {

Expr testEqual(const Site &s) {
  return s.isFloat() ? isEqual(s.x(), s.y()) : s.x() == s.y();
}
Expr testLess(const Site &s) {
  return s.isFloat() ? isLess(s.x(), s.y()) : s.x() < s.y();
}
Expr testLessOrEqual(const Site &s) {
  return s.isFloat() ? isLessEqual(s.x(), s.y()) : s.x() <= s.y();
}
Expr testGreater(const Site &s) {
  return s.isFloat() ? isLess(s.y(), s.x()) : s.x() > s.y();
}
Expr testGreaterOrEqual(const Site &s) {
  return s.isFloat() ? isLessEqual(s.y(), s.x()) : s.x() >= s.y();
}

Expr logicalAnd(const Site &s) { return s.x() && s.y(); }
Expr logicalOr(const Site &s) { return s.x() || s.y(); }
Expr logicalXor(const Site &s) { return s.x() != s.y(); }
Expr logicalNot(const Site &s) { return !s.x(); }

Expr bitwiseAnd(const Site &s) { return s.x() & s.y(); }
Expr bitwiseOr(const Site &s) { return s.x() | s.y(); }
Expr bitwiseXor(const Site &s) { return s.x() ^ s.y(); }
Expr bitwiseNot(const Site &s) { return ~s.x(); }

Expr bitShift(const Site &s) {
  return stringAttribute(s.op, "direction", "LEFT") == "LEFT"
             ? shiftLeft(s.x(), s.y())
             : shiftRight(s.x(), s.y());
}

Expr where(const Site &s) {
  return select(s.x(), s.operands[1], s.operands[2]);
}

} // namespace

void addLogic(Registry &registry) {
  addPointwise<testEqual>(registry, "Equal");
  addPointwise<testLess>(registry, "Less");
  addPointwise<testLessOrEqual>(registry, "LessOrEqual");
  addPointwise<testGreater>(registry, "Greater");
  addPointwise<testGreaterOrEqual>(registry, "GreaterOrEqual");
  addPointwise<logicalAnd>(registry, "And");
  addPointwise<logicalOr>(registry, "Or");
  addPointwise<logicalXor>(registry, "Xor");
  addPointwise<logicalNot>(registry, "Not");
  addPointwise<bitwiseAnd>(registry, "BitwiseAnd");
  addPointwise<bitwiseOr>(registry, "BitwiseOr");
  addPointwise<bitwiseXor>(registry, "BitwiseXor");
  addPointwise<bitwiseNot>(registry, "BitwiseNot");
  addPointwise<bitShift>(registry, "BitShift");
  addPointwise<where>(registry, "Where");
}

} // namespace dycc::halide
