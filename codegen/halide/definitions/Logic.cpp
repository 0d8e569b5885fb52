// Comparisons, boolean and bit operators, and Where.
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/definitions/Pointwise.h"

using Halide::Expr;
using Halide::select;
using Site = dycc::halide::PointwiseSite;

namespace dycc::halide {
namespace {

Expr isEqual(const Site &s) {
  return s.isFloat() ? equal(s.x(), s.y()) : s.x() == s.y();
}
Expr isLess(const Site &s) {
  return s.isFloat() ? less(s.x(), s.y()) : s.x() < s.y();
}
Expr isLessOrEqual(const Site &s) {
  return s.isFloat() ? lessEqual(s.x(), s.y()) : s.x() <= s.y();
}
Expr isGreater(const Site &s) {
  return s.isFloat() ? less(s.y(), s.x()) : s.x() > s.y();
}
Expr isGreaterOrEqual(const Site &s) {
  return s.isFloat() ? lessEqual(s.y(), s.x()) : s.x() >= s.y();
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
  addPointwise<isEqual>(registry, "Equal");
  addPointwise<isLess>(registry, "Less");
  addPointwise<isLessOrEqual>(registry, "LessOrEqual");
  addPointwise<isGreater>(registry, "Greater");
  addPointwise<isGreaterOrEqual>(registry, "GreaterOrEqual");
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
