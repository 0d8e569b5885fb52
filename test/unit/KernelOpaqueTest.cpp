// Conditions that guard, and from which no bounds follow.
#include "codegen/halide/lowering/Opaque.h"

#include <gtest/gtest.h>

using Halide::Expr;

namespace {

/// The sum of the first five of 16 elements; `condition` wraps what says so.
Halide::Pipeline firstFive(const Halide::ImageParam &in,
                           Expr (*condition)(Expr)) {
  Halide::Func sum("sum");
  Halide::RDom r(0, 16, "r");
  r.where(condition(r.x < 5));
  sum() = 0;
  sum() += in(r.x);
  return sum;
}

TEST(KernelOpaque, ConditionsNarrowNoBounds) {
  for (bool hidden : {false, true}) {
    Halide::ImageParam in(Halide::Int(32), 1, "in");
    Halide::Pipeline pipeline = firstFive(
        in, hidden ? dycc::halide::opaque : +[](Expr e) { return e; });
    dycc::halide::addOpaques(pipeline);
    pipeline.infer_input_bounds({});
    EXPECT_EQ(in.get().dim(0).extent(), hidden ? 16 : 5);
  }
}

TEST(KernelOpaque, ConditionsStillGuard) {
  Halide::ImageParam in(Halide::Int(32), 1, "in");
  Halide::Pipeline pipeline = firstFive(in, dycc::halide::opaque);
  dycc::halide::addOpaques(pipeline);
  Halide::Buffer<int> values(16);
  values.for_each_element([&](int i) { values(i) = i + 1; });
  in.set(values);
  Halide::Buffer<int> sum = pipeline.realize();
  EXPECT_EQ(sum(), 15);
}

} // namespace
