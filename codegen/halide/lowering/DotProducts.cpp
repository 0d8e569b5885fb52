// Groups of four are single elements up to here: register tiles, vectors and
// panels are those of any other product. Halide finds instructions for sums of
// neighbouring lanes, which groups become at the end.
#include "codegen/halide/lowering/DotProducts.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {
namespace {

/// Of u8 by s8, and of s8 by s8.
constexpr const char *unsignedName = "dycc_dot_product",
                     *signedName = "dycc_signed_dot_product",
                     *bf16Name = "dycc_bf16_dot_product";

/// For each lane of groups the sum of its products of bytes. The left side
/// comes last: there AArch64's instructions take a lane.
Expr sumOfFour(const Expr &a, const Expr &b, bool isSigned) {
  int lanes = a.type().lanes(), bytes = 4 * lanes;
  auto type = isSigned ? Halide::Int(8, bytes) : Halide::UInt(8, bytes);
  Expr products = isSigned
                      ? widening_mul(reinterpret(type, b), reinterpret(type, a))
                      : widening_mul(reinterpret(type, a),
                                     reinterpret(Halide::Int(8, bytes), b));
  return VectorReduce::make(
      VectorReduce::Add, Halide::cast(Halide::Int(32, bytes), products), lanes);
}

/// What integers of a byte are where their highest bit is another one: a u8 is
/// 128 more than the s8 of such bits.
Expr otherSign(const Expr &bytes) {
  return bytes ^ make_const(bytes.type(), static_cast<int32_t>(0x80808080));
}

/// Sums of u8 by s8 from those of s8 by s8. What 128 times the weights are is
/// the same for all rows of a tile, whose code has it once.
Expr unsignedFromSigned(const Expr &a, const Expr &b) {
  Expr half = sumOfFour(make_const(a.type(), 0x40404040), b, true);
  return sumOfFour(otherSign(a), b, true) + (half + half);
}

/// The other way round.
Expr signedFromUnsigned(const Expr &a, const Expr &b) {
  Expr half = sumOfFour(make_const(a.type(), 0x40404040), b, false);
  return sumOfFour(otherSign(a), b, false) - (half + half);
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
Expr sumOfTwo(const Expr &a, const Expr &b, bool isSigned, bool isOdd) {
  Expr products = widening_mul(everyOther(a, isSigned, isOdd),
                               everyOther(b, /*isSigned=*/true, isOdd));
  return VectorReduce::make(VectorReduce::Add, products, a.type().lanes());
}

/// For each lane of pairs the sum of its two products, as an instruction has
/// it: denormals count as zero.
Expr sumOfPairs(const Expr &a, const Expr &b) {
  auto halves = Halide::BFloat(16, 2 * a.type().lanes());
  auto wide = Halide::Float(32, halves.lanes());
  Expr products = Halide::cast(wide, reinterpret(halves, a)) *
                  Halide::cast(wide, reinterpret(halves, b));
  return VectorReduce::make(VectorReduce::Add, products, a.type().lanes());
}

/// The bf16 at odd places of pairs as f32, which has the same bits in front, or
/// those at even places.
Expr asFloat(const Expr &pairs, bool isOdd) {
  Expr bits = reinterpret(Halide::UInt(32, pairs.type().lanes()), pairs);
  bits = isOdd ? bits & make_const(bits.type(), int64_t(0xffff0000))
               : bits << make_const(bits.type(), 16);
  return reinterpret(Halide::Float(32, bits.type().lanes()), bits);
}

class DotProductWriter final : public IRMutator {
public:
  DotProductWriter(DotProducts kind, bool hasBf16)
      : kind(kind), hasBf16(hasBf16) {}

private:
  using IRMutator::visit;

  Expr visit(const Call *op) override {
    if (op->name == bf16Name)
      return pairs(mutate(op->args[0]), mutate(op->args[1]),
                   mutate(op->args[2]));
    std::optional<DotProduct> product = asDotProduct(op);
    if (!product)
      return IRMutator::visit(op);
    bool isSigned = product->isSigned;
    Expr sum = mutate(product->sum), a = mutate(product->a),
         b = mutate(product->b);
    if (kind == DotProducts::Pairs)
      return sum + sumOfTwo(a, b, isSigned, false) +
             sumOfTwo(a, b, isSigned, true);
    if ((kind == DotProducts::Signed) == isSigned)
      return sum + sumOfFour(a, b, isSigned);
    return sum +
           (isSigned ? signedFromUnsigned(a, b) : unsignedFromSigned(a, b));
  }

  Expr pairs(const Expr &sum, const Expr &a, const Expr &b) const {
    if (hasBf16 && sum.type().is_vector())
      return sum + sumOfPairs(a, b);
    return (sum + asFloat(b, true) * asFloat(a, true)) +
           asFloat(b, false) * asFloat(a, false);
  }

  DotProducts kind;
  bool hasBf16;
};

} // namespace

Halide::Type sumsOf(LeftSide left) {
  return left == LeftSide::Bf16 ? Halide::Float(32) : Halide::Int(32);
}

Expr dotProduct(Expr sum, Expr a, Expr b, LeftSide left) {
  Halide::Type type = sum.type();
  if (left == LeftSide::Less128)
    a = otherSign(a);
  const char *name = left == LeftSide::Bf16    ? bf16Name
                     : left == LeftSide::Plain ? unsignedName
                                               : signedName;
  return Call::make(type, name, {std::move(sum), std::move(a), std::move(b)},
                    Call::PureExtern);
}

std::optional<DotProduct> asDotProduct(const Expr &e) {
  const auto *call = e.as<Call>();
  if (!call || (call->name != signedName && call->name != unsignedName))
    return std::nullopt;
  return DotProduct{call->args[0], call->args[1], call->args[2],
                    call->name == signedName};
}

void addDotProducts(Halide::Pipeline &pipeline, DotProducts kind,
                    bool hasBf16) {
  pipeline.add_custom_lowering_pass(new DotProductWriter(kind, hasBf16));
}

} // namespace dycc::halide
