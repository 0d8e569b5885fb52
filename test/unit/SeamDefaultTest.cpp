// Inputs that have a default.
#include "test/unit/SeamFixture.h"

using namespace dycc::test;

namespace {

class SeamDefault : public Seam {
protected:
  /// y = x + shift, where the shift of C elements is 2, -0.375 and 0.25.
  ModelMaker model() {
    ModelMaker m(17);
    m.input("shift", Names{"C"}).weight("shift", {3}, 2);
    m.input("x", Names{"N", "1"}).output("y");
    m.node("Add", {"x", "shift"}, {"y"});
    return m;
  }
};

TEST_F(SeamDefault, NullIsTheDefaultAndAnyOtherIsTaken) {
  Loaded loaded(compile(model()));
  const dycc_model_info &info = *loaded.api->model_describe(loaded.model);
  ASSERT_EQ(info.num_inputs, 2u);
  EXPECT_STREQ(info.inputs[0].name, "x");
  EXPECT_EQ(info.inputs[0].has_default, 0u);
  EXPECT_EQ(info.inputs[1].has_default, 1u);
  Tensor x({1, 1}, 10), three({1, 3}), shift({2}, 7), two({1, 2});
  ASSERT_EQ(loaded.run({&x.view, nullptr}, {&three.view}), DYCC_OK)
      << loaded.error();
  float first = x.values[0];
  EXPECT_EQ(three.values,
            (std::vector<float>{first + 2, first - 0.375f, first + 0.25f}));
  ASSERT_EQ(loaded.run({&x.view, &shift.view}, {&two.view}), DYCC_OK)
      << loaded.error();
  EXPECT_EQ(two.values, (std::vector<float>{first + shift.values[0],
                                            first + shift.values[1]}));
  EXPECT_EQ(loaded.run({nullptr, &shift.view}, {&two.view}),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(loaded.error(), "input \"x\": is null");
}

TEST_F(SeamDefault, ValuesAndExtentsMayBeLeftOut) {
  Loaded loaded(compile(model()));
  Tensor x({2, 1}, 10), y({2, 3});
  dycc_value in[2] = {}, out = {};
  in[0].kind = out.kind = DYCC_VALUE_TENSOR;
  in[0].as.tensor = &x.view;
  in[1].kind = DYCC_VALUE_NONE;
  out.as.tensor = &y.view;
  ASSERT_EQ(loaded.api->run_values(loaded.context, in, &out, nullptr), DYCC_OK)
      << loaded.error();
  EXPECT_EQ(y.values[0], x.values[0] + 2);
  const int64_t *dims[] = {x.shape.data(), nullptr};
  int64_t symbols[2] = {}, result[2] = {}, *results[] = {result};
  dycc_message message = {};
  ASSERT_EQ(loaded.api->bind_symbols(loaded.model, dims, symbols, &message),
            DYCC_OK)
      << message.text;
  ASSERT_EQ(
      loaded.api->infer_shapes(loaded.model, dims, results, nullptr, &message),
      DYCC_OK)
      << message.text;
  EXPECT_EQ(result[1], 3);
}

TEST_F(SeamDefault, WhatIsLeftOutCannotBeOverwritten) {
  Loaded loaded(compile(model()));
  Tensor x({1, 1}), y({1, 3});
  uint8_t donated[] = {1, 1};
  dycc_run_options options = {sizeof(options), 2, donated, nullptr,
                              nullptr,         0, 0,       0};
  EXPECT_EQ(loaded.run({&x.view, nullptr}, {&y.view}, &options),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(loaded.error(), "input \"shift\": is donated, but left out");
  donated[1] = 0;
  EXPECT_EQ(loaded.run({&x.view, nullptr}, {&y.view}, &options), DYCC_OK)
      << loaded.error();
}

} // namespace
