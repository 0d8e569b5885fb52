// Masked stores to buffers on the stack become whole ones.
#include "codegen/halide/lowering/StackStores.h"

#include <gtest/gtest.h>

namespace {

/// Counts the masked stores that are left to each kind of buffer.
class MaskedStores final : public Halide::Internal::IRMutator {
public:
  int inParts = 0, elsewhere = 0;

private:
  using IRMutator::visit;

  Halide::Internal::Stmt visit(const Halide::Internal::Store *op) override {
    if (!Halide::Internal::is_const_one(op->predicate))
      ++(op->name == "parts" ? inParts : elsewhere);
    return IRMutator::visit(op);
  }
};

/// Lane-wise sums of `in`, the last of them masked, in `parts`.
Halide::Pipeline laneSums(const Halide::ImageParam &in,
                          const Halide::Expr &width) {
  Halide::Func parts("parts"), out("out");
  Halide::Var lane("lane"), i("i");
  Halide::RDom tail(0, 2, "tail");
  tail.where(tail * 8 + lane < width);
  parts(lane) = 0;
  parts(lane) += in(tail * 8 + lane);
  out(i) = parts(i);
  out.bound(i, 0, 8).vectorize(i, 8);
  parts.compute_root().bound_extent(lane, 8).vectorize(lane, 8);
  parts.update().vectorize(lane, 8);
  return out;
}

TEST(KernelStackStores, MaskedSumsAreBlended) {
  Halide::ImageParam in(Halide::Int(32), 1, "in");
  Halide::Param<int> width("width");
  for (bool whole : {false, true}) {
    Halide::Pipeline pipeline = laneSums(in, width);
    MaskedStores found;
    if (whole)
      dycc::halide::addStackStores(pipeline);
    pipeline.add_custom_lowering_pass(&found, nullptr);
    Halide::Buffer<int> values(16);
    values.for_each_element([&](int i) { values(i) = i + 1; });
    in.set(values);
    width.set(11);
    Halide::Buffer<int> sums = pipeline.realize({8});
    EXPECT_EQ(found.inParts > 0, !whole);
    for (int lane = 0; lane < 8; ++lane)
      EXPECT_EQ(sums(lane), lane + 1 + (lane < 3 ? lane + 9 : 0)) << lane;
  }
}

/// Realizes 0, 1, 2... and expects masked stores to be left.
void expectMasked(const Halide::Func &numbers, int extent) {
  Halide::Pipeline pipeline(numbers);
  MaskedStores found;
  dycc::halide::addStackStores(pipeline);
  pipeline.add_custom_lowering_pass(&found, nullptr);
  Halide::Buffer<int> result = pipeline.realize({extent});
  EXPECT_GT(found.elsewhere, 0);
  EXPECT_EQ(result(extent - 1), extent - 1);
}

// Its masked lanes lie beyond the buffer.
TEST(KernelStackStores, StoresThatHangOverStayMasked) {
  Halide::Func parts("few"), out("out");
  Halide::Var i("i");
  parts(i) = i;
  out(i) = parts(i);
  out.bound(i, 0, 5);
  parts.compute_root().bound_extent(i, 5).vectorize(
      i, 8, Halide::TailStrategy::GuardWithIf);
  expectMasked(out, 5);
}

TEST(KernelStackStores, StoresToTheResultStayMasked) {
  Halide::Func out("out");
  Halide::Var i("i");
  out(i) = i;
  out.vectorize(i, 8, Halide::TailStrategy::GuardWithIf);
  expectMasked(out, 11);
}

} // namespace
