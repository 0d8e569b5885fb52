// Groups of four are single elements up to here: register tiles, vectors and
// panels are those of any other product. Halide finds instructions for sums of
// neighbouring lanes, which groups become at the end.
#include "codegen/halide/lowering/DotProducts.h"

#include "llvm/Support/ErrorHandling.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

constexpr const char *dotProductName = "dycc_dot_product";

/// For each lane of groups the sum of its products of bytes.
Expr sumOfFour(const Expr &a, const Expr &b, bool isSigned) {
  int lanes = a.type().lanes(), bytes = 4 * lanes;
  auto type = isSigned ? Halide::Int(8, bytes) : Halide::UInt(8, bytes);
  Expr products =
      widening_mul(reinterpret(type, a), reinterpret(Halide::Int(8, bytes), b));
  return VectorReduce::make(
      VectorReduce::Add, Halide::cast(Halide::Int(32, bytes), products), lanes);
}

/// The same of u8 by s8 from products of s8 by s8: u8 is 128 more than the s8
/// of its other bits. What 128 times the weights are is the same for all rows
/// of a tile, whose code has it once.
Expr sumOfSigned(const Expr &a, const Expr &b) {
  Halide::Type type = a.type();
  Expr shifted = a ^ make_const(type, static_cast<int32_t>(0x80808080));
  Expr half = sumOfFour(make_const(type, 0x40404040), b, true);
  return sumOfFour(shifted, b, true) + (half + half);
}

/// The bytes of `x` at even or at odd places as integers of 16 bits.
Expr everyOther(const Expr &x, bool isSigned, bool isOdd) {
  int lanes = 2 * x.type().lanes();
  auto type = isSigned ? Halide::Int(16, lanes) : Halide::UInt(16, lanes);
  Expr pairs = reinterpret(type, x), eight = make_const(type, 8);
  if (!isOdd)
    pairs = pairs << eight;
  return reinterpret(Halide::Int(16, lanes), pairs >> eight);
}

/// For each lane of groups the sum of two of its four products.
Expr sumOfTwo(const Expr &a, const Expr &b, bool isOdd) {
  Expr products = widening_mul(everyOther(a, /*isSigned=*/false, isOdd),
                               everyOther(b, /*isSigned=*/true, isOdd));
  return VectorReduce::make(VectorReduce::Add, products, a.type().lanes());
}

class DotProductWriter final : public IRMutator {
public:
  explicit DotProductWriter(DotProducts kind) : kind(kind) {}

private:
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    if (op->name != dotProductName)
      return IRMutator::visit(op);
    Expr sum = mutate(op->args[0]), a = mutate(op->args[1]),
         b = mutate(op->args[2]);
    switch (kind) {
    case DotProducts::Mixed:
      return sum + sumOfFour(a, b, false);
    case DotProducts::Signed:
      return sum + sumOfSigned(a, b);
    case DotProducts::Pairs:
      return sum + sumOfTwo(a, b, false) + sumOfTwo(a, b, true);
    }
    llvm_unreachable("all kinds are there");
  }

  DotProducts kind;
};

} // namespace

Expr dotProduct(Expr sum, Expr a, Expr b) {
  Halide::Type type = sum.type();
  return Call::make(type, dotProductName,
                    {std::move(sum), std::move(a), std::move(b)},
                    Call::PureExtern);
}

void addDotProducts(Halide::Pipeline &pipeline, DotProducts kind) {
  pipeline.add_custom_lowering_pass(new DotProductWriter(kind));
}

} // namespace dycc::halide
