#include "codegen/halide/Float.h"
#include "codegen/halide/Limits.h"
#include "codegen/halide/operators/Pointwise.h"

using Halide::Expr;
using Site = dycc::halide::PointwiseSite;

namespace dycc::halide {
namespace {

Expr exp(const Site &s) { return math::exp(s.x()); }
Expr log(const Site &s) { return math::log(s.x()); }
Expr tanh(const Site &s) { return math::tanh(s.x()); }
Expr erf(const Site &s) { return math::erf(s.x()); }
Expr sqrt(const Site &s) { return Halide::sqrt(s.x()); }
Expr ceil(const Site &s) { return Halide::ceil(s.x()); }
Expr floor(const Site &s) { return Halide::floor(s.x()); }
Expr round(const Site &s) {
  return roundEven(s.x(), limitOf(s.op->getOperand(0)));
}
Expr sin(const Site &s) { return libm("sin", {s.x()}); }
Expr cos(const Site &s) { return libm("cos", {s.x()}); }
Expr tan(const Site &s) { return libm("tan", {s.x()}); }
Expr asin(const Site &s) { return libm("asin", {s.x()}); }
Expr acos(const Site &s) { return libm("acos", {s.x()}); }
Expr atan(const Site &s) { return libm("atan", {s.x()}); }
Expr sinh(const Site &s) { return libm("sinh", {s.x()}); }
Expr cosh(const Site &s) { return libm("cosh", {s.x()}); }
Expr asinh(const Site &s) { return libm("asinh", {s.x()}); }
Expr acosh(const Site &s) { return libm("acosh", {s.x()}); }
Expr atanh(const Site &s) { return libm("atanh", {s.x()}); }
Expr testNaN(const Site &s) { return isNaN(s.x()); }
Expr testInf(const Site &s) {
  return isInf(s.x(), intAttribute(s.op, "detect_positive", 1),
               intAttribute(s.op, "detect_negative", 1));
}

} // namespace

void addMathFunctions(Registry &registry) {
  addPointwise<exp>(registry, "Exp");
  addPointwise<log>(registry, "Log");
  addPointwise<tanh>(registry, "Tanh");
  addPointwise<erf>(registry, "Erf");
  addPointwise<sqrt>(registry, "Sqrt");
  addPointwise<ceil>(registry, "Ceil");
  addPointwise<floor>(registry, "Floor");
  addPointwise<round>(registry, "Round");
  addPointwise<sin>(registry, "Sin");
  addPointwise<cos>(registry, "Cos");
  addPointwise<tan>(registry, "Tan");
  addPointwise<asin>(registry, "Asin");
  addPointwise<acos>(registry, "Acos");
  addPointwise<atan>(registry, "Atan");
  addPointwise<sinh>(registry, "Sinh");
  addPointwise<cosh>(registry, "Cosh");
  addPointwise<asinh>(registry, "Asinh");
  addPointwise<acosh>(registry, "Acosh");
  addPointwise<atanh>(registry, "Atanh");
  addPointwise<testNaN>(registry, "IsNaN");
  addPointwise<testInf>(registry, "IsInf");
}

} // namespace dycc::halide
