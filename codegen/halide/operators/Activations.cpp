#include "codegen/halide/Float.h"
#include "codegen/halide/operators/Pointwise.h"

#include <numbers>

using Halide::Expr;
using Halide::select;
using Site = dycc::halide::PointwiseSite;

namespace dycc::halide {
namespace {

/// `below` where x < 0, else x: NaN stays NaN.
Expr negativePart(const Site &s, Expr below) {
  Expr negative =
      s.isFloat() ? isLess(s.x(), s.constant(0)) : s.x() < s.constant(0);
  return select(negative, below, s.x());
}

Expr relu(const Site &s) { return negativePart(s, s.constant(0)); }

Expr leakyRelu(const Site &s) {
  return negativePart(s, strict(s.x() * s.attribute("alpha", 0.01)));
}

Expr pRelu(const Site &s) {
  Expr product = s.isFloat() ? strict(s.x() * s.y()) : s.x() * s.y();
  return negativePart(s, product);
}

Expr thresholdedRelu(const Site &s) {
  Expr kept = isLess(s.attribute("alpha", 1), s.x()) || isNaN(s.x());
  return select(kept, s.x(), s.constant(0));
}

Expr elu(const Site &s) {
  return negativePart(s, strict(s.attribute("alpha", 1) * math::expm1(s.x())));
}

Expr celu(const Site &s) {
  Expr alpha = s.attribute("alpha", 1);
  return negativePart(s, strict(alpha * math::expm1(strict(s.x() / alpha))));
}

Expr selu(const Site &s) {
  Expr alpha = s.attribute("alpha", 1.67326319217681884765625);
  Expr gamma = s.attribute("gamma", 1.05070102214813232421875);
  return strict(gamma * negativePart(s, strict(alpha * math::expm1(s.x()))));
}

Expr sigmoid(const Site &s) { return math::sigmoid(s.x()); }
Expr softplus(const Site &s) { return math::softplus(s.x()); }

Expr softsign(const Site &s) {
  return strict(s.x() / (s.constant(1) + Halide::abs(s.x())));
}

Expr hardSigmoid(const Site &s) {
  Expr line =
      strict(s.attribute("alpha", 0.2) * s.x() + s.attribute("beta", 0.5));
  Expr low = select(isLess(line, s.constant(0)), s.constant(0), line);
  return select(isLess(s.constant(1), low), s.constant(1), low);
}

Expr hardSwish(const Site &s) {
  Expr line = strict(s.x() * s.constant(1.0 / 6) + s.constant(0.5));
  Expr low = select(isLess(line, s.constant(0)), s.constant(0), line);
  return strict(s.x() * select(isLess(s.constant(1), low), s.constant(1), low));
}

/// x * math::sigmoid(alpha x); x = -inf would be -inf * 0.
Expr swish(const Site &s) {
  Expr gate = math::sigmoid(strict(s.x() * s.attribute("alpha", 1)));
  return strict(s.x() * gate);
}

Expr mish(const Site &s) {
  return strict(s.x() * math::tanh(math::softplus(s.x())));
}

Expr gelu(const Site &s) {
  Expr x = s.x(), half = s.constant(0.5), one = s.constant(1);
  if (stringAttribute(s.op, "approximate", "none") == "tanh") {
    Expr cubic = strict(x + s.constant(0.044715) * (x * x * x));
    Expr scale = s.constant(std::sqrt(2 / std::numbers::pi));
    return strict(half * x * (one + math::tanh(strict(scale * cubic))));
  }
  return strict(half * x *
                (one + math::erf(strict(x * s.constant(std::sqrt(0.5))))));
}

Expr shrink(const Site &s) {
  // Integers have no fractional bias: the formula runs in double.
  Halide::Type type = s.isFloat() ? s.x().type() : Halide::Float(64);
  Expr x = Halide::cast(type, s.x());
  auto attribute = [&](llvm::StringRef name, double absent) {
    return Halide::Internal::make_const(type,
                                        floatAttribute(s.op, name, absent));
  };
  Expr lambd = attribute("lambd", 0.5), bias = attribute("bias", 0);
  Expr zero = Halide::Internal::make_zero(type);
  Expr value = select(isLess(x, strict(-lambd)), strict(x + bias),
                      isLess(lambd, x), strict(x - bias), zero);
  return s.isFloat() ? value : toInteger(value, s.x().type());
}

} // namespace

void addActivations(Registry &registry) {
  addPointwise<relu>(registry, "Relu");
  addPointwise<leakyRelu>(registry, "LeakyRelu");
  addPointwise<pRelu>(registry, "PRelu");
  addPointwise<thresholdedRelu>(registry, "ThresholdedRelu");
  addPointwise<elu>(registry, "Elu");
  addPointwise<celu>(registry, "Celu");
  addPointwise<selu>(registry, "Selu");
  addPointwise<sigmoid>(registry, "Sigmoid");
  addPointwise<softplus>(registry, "Softplus");
  addPointwise<softsign>(registry, "Softsign");
  addPointwise<hardSigmoid>(registry, "HardSigmoid");
  addPointwise<hardSwish>(registry, "HardSwish");
  addPointwise<swish>(registry, "Swish");
  addPointwise<mish>(registry, "Mish");
  addPointwise<gelu>(registry, "Gelu");
  addPointwise<shrink>(registry, "Shrink");
}

} // namespace dycc::halide
