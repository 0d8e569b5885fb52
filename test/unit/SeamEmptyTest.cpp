// Tensors without elements: their addresses may be any.
#include "test/unit/SeamFixture.h"

using namespace dycc::test;

namespace {

class SeamEmpty : public Seam {};

constexpr int64_t kEnd = INT64_MAX;

/// y = past and then new, along the inner and the outer axis; z = exp(past).
ModelMaker cacheModel() {
  ModelMaker m(17);
  m.input("past", Names{"2", "p", "3"}).input("new", Names{"2", "n", "3"});
  m.output("y").output("z");
  set(m.node("Concat", {"past", "new"}, {"y"}), "axis", int64_t(1));
  m.node("Exp", {"past"}, {"z"});
  return m;
}

/// y = the columns of x from the third on, beside those of `new`: a part that
/// may begin where the memory of x ends.
ModelMaker partModel() {
  ModelMaker m(17);
  m.input("x", Names{"N", "3"}).input("new", Names{"M", "3"}).output("y");
  m.integers("two", {2}).integers("end", {kEnd}).integers("zero", {0});
  m.node("Slice", {"x", "two", "end", "zero"}, {"tail"});
  m.node("Transpose", {"tail"}, {"across"});
  m.node("Transpose", {"new"}, {"more"});
  set(m.node("Concat", {"across", "more"}, {"y"}), "axis", int64_t(1));
  return m;
}

/// The addresses that a tensor without elements may have: none; an end and a
/// start of readable memory; one beside an offset.
std::vector<DLTensor> aimed(const DLTensor &view, const GuardedBytes &page) {
  DLTensor none = view, end = view, offset = view;
  none.data = nullptr;
  end.data = page.data();
  offset.data = nullptr;
  offset.byte_offset = 4096;
  return {none, end, offset};
}

TEST_F(SeamEmpty, InputsHaveAnyAddress) {
  Loaded loaded(compile(cacheModel()));
  GuardedBytes page(0, /*atEnd=*/true);
  Tensor past({2, 0, 3}), fresh({2, 2, 3});
  for (DLTensor &empty : aimed(past.view, page)) {
    Tensor y({2, 2, 3}, 100), z = Tensor::lent(3);
    ASSERT_EQ(loaded.run({&empty, &fresh.view}, {&y.view, &z.view}), DYCC_OK)
        << loaded.error();
    EXPECT_EQ(y.values, fresh.values);
    EXPECT_EQ(z.view.shape[1], 0);
  }
  Tensor two({2, 2, 3}, 5), none({2, 0, 3});
  for (DLTensor &empty : aimed(none.view, page)) {
    Tensor y({2, 2, 3}, 100), z({2, 2, 3});
    ASSERT_EQ(loaded.run({&two.view, &empty}, {&y.view, &z.view}), DYCC_OK)
        << loaded.error();
    EXPECT_EQ(y.values, two.values);
  }
}

TEST_F(SeamEmpty, OutputsHaveAnyAddress) {
  Loaded loaded(compile(cacheModel()));
  GuardedBytes page(0, /*atEnd=*/true);
  Tensor past({2, 0, 3}), fresh({2, 2, 3}), y({2, 2, 3}, 100), z({2, 0, 3});
  past.view.data = nullptr;
  for (DLTensor &empty : aimed(z.view, page))
    ASSERT_EQ(loaded.run({&past.view, &fresh.view}, {&y.view, &empty}), DYCC_OK)
        << loaded.error();
  uint8_t donated[] = {1, 1};
  dycc_run_options options = {sizeof(options), 2, donated, nullptr,
                              nullptr,         0, 0,       0};
  for (DLTensor &empty : aimed(z.view, page))
    ASSERT_EQ(
        loaded.run({&past.view, &fresh.view}, {&y.view, &empty}, &options),
        DYCC_OK)
        << loaded.error();
  EXPECT_EQ(y.values, fresh.values);
}

TEST_F(SeamEmpty, ValuesHaveAnyAddress) {
  Loaded loaded(compile(cacheModel()));
  Tensor past({2, 0, 3}), fresh({2, 2, 3}), y({2, 2, 3}, 100);
  Tensor z = Tensor::lent(3);
  past.view.data = nullptr;
  dycc_value in[2] = {}, out[2] = {};
  for (dycc_value &value : in)
    value.kind = DYCC_VALUE_TENSOR;
  for (dycc_value &value : out)
    value.kind = DYCC_VALUE_TENSOR;
  in[0].as.tensor = &past.view;
  in[1].as.tensor = &fresh.view;
  out[0].as.tensor = &y.view;
  out[1].as.tensor = &z.view;
  ASSERT_EQ(loaded.api->run_values(loaded.context, in, out, nullptr), DYCC_OK)
      << loaded.error();
  EXPECT_EQ(y.values, fresh.values);
}

/// With the last rows of x at the end of a page, a part of it without rows
/// begins on the next one.
TEST_F(SeamEmpty, PartsBeginAtTheEndOfTheirWhole) {
  Loaded loaded(compile(partModel()));
  GuardedBytes memory(2 * 3 * 4, /*atEnd=*/true);
  Tensor x({2, 3}), fresh({2, 3}, 7), y({3, 2}, 100);
  std::copy(x.values.begin(), x.values.end(),
            reinterpret_cast<float *>(memory.data()));
  x.view.data = memory.data();
  ASSERT_EQ(loaded.run({&x.view, &fresh.view}, {&y.view}), DYCC_OK)
      << loaded.error();
  for (int row = 0; row < 2; ++row)
    for (int column = 0; column < 3; ++column)
      EXPECT_EQ(y.values[column * 2 + row], fresh.values[row * 3 + column]);
}

} // namespace
