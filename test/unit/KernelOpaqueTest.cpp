// Conditions that guard, and from which no bounds follow.
#include "codegen/halide/lowering/Alternatives.h"
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

/// Sums of a row of another Func, which has memory of its own: of all elements
/// where `n` is large, of the first ones where not.
TEST(KernelOpaque, AlternativesStartFromZerosOfTheirOwn) {
  Halide::Var x("x"), y("y");
  Halide::Param<int> n("n");
  Halide::Func row("row"), sums("sums"), result("result");
  row(x, y) = x + y;
  Halide::RDom all(0, 8, "all"), some(0, 3, "some");
  all.where(dycc::halide::alternative(n > y));
  some.where(dycc::halide::alternative(n <= y));
  sums(x, y) = 0;
  sums(x, y) += row(all, y) + x;
  sums(x, y) += row(some, y);
  result(x, y) = sums(x, y);
  sums.compute_at(result, y).bound_extent(x, 4);
  row.compute_at(result, y).store_in(Halide::MemoryType::Heap);
  Halide::Pipeline pipeline(result);
  dycc::halide::addAlternatives(pipeline);
  dycc::halide::addOpaques(pipeline);
  for (int limit : {0, 1, 5}) {
    n.set(limit);
    Halide::Buffer<int> found = pipeline.realize({4, 3});
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 4; ++i)
        EXPECT_EQ(found(i, j), limit > j ? 28 + 8 * (i + j) : 3 + 3 * j);
  }
}

} // namespace
