// Sequences and optionals that cross the boundary.
#include "test/unit/SeamFixture.h"

using namespace dycc::test;

namespace {

dycc_value valueOf(Tensor &tensor) {
  dycc_value value = {DYCC_VALUE_TENSOR, 0, {}};
  value.as.tensor = &tensor.view;
  return value;
}
dycc_value sequenceOf(std::vector<dycc_value> &items) {
  dycc_value value = {DYCC_VALUE_SEQUENCE, 0, {}};
  value.as.sequence.items = items.data();
  value.as.sequence.count = items.size();
  return value;
}
dycc_value optionalOf(dycc_value *held) {
  dycc_value value = {DYCC_VALUE_OPTIONAL, 0, {}};
  value.as.optional = held;
  return value;
}

class SeamValues : public Seam {
protected:
  /// y = the tensors of s, of [?, 2], and x behind them; none has a place yet
  /// that the caller has to give.
  ModelMaker grower() {
    ModelMaker m(17);
    ModelMaker::hold(m.graph().add_input(), "s", {"K", "2"}, true, false);
    m.input("x", Names{"N", "2"});
    m.graph().add_output()->set_name("y");
    m.node("SequenceInsert", {"s", "x"}, {"y"});
    return m;
  }
  /// What an optional holds, handed on: of a tensor, or of a sequence.
  ModelMaker keeper(bool isSequence) {
    ModelMaker m(18);
    ModelMaker::hold(m.graph().add_input(), "o", {"4"}, isSequence, true);
    m.graph().add_output()->set_name("same");
    m.output("has", dycc::proto::TensorProto::BOOL);
    m.node("Identity", {"o"}, {"same"});
    m.node("OptionalHasElement", {"o"}, {"has"});
    return m;
  }

  static dycc_status run(Loaded &loaded, const dycc_value *in,
                         dycc_value *out) {
    return loaded.api->run_values(loaded.context, in, out, nullptr);
  }
};

TEST_F(SeamValues, ASequenceOfAnyTensors) {
  Loaded loaded(compile(grower()));
  const dycc_model_info &info = *loaded.api->model_describe(loaded.model);
  ASSERT_EQ(info.num_input_values, 2u);
  ASSERT_EQ(info.num_output_values, 1u);
  EXPECT_EQ(info.num_inputs, 3u);
  EXPECT_EQ(info.input_values[0].kind, uint32_t(DYCC_VALUE_SEQUENCE));
  EXPECT_STREQ(info.input_values[0].name, "s");
  EXPECT_EQ(info.input_values[0].rank, 2);
  EXPECT_STREQ(info.input_values[0].dims[0].text, "?");
  EXPECT_EQ(info.input_values[0].dims[1].value, 2);
  EXPECT_EQ(info.input_values[1].kind, uint32_t(DYCC_VALUE_TENSOR));
  EXPECT_STREQ(info.output_values[0].name, "y");
  Tensor a({1, 2}, 1), none({0, 2}), b({3, 2}, 5), x({2, 2}, 9);
  for (std::vector<Tensor *> tensors :
       {std::vector<Tensor *>{&a, &none, &b}, {}, {&b, &a}}) {
    std::vector<dycc_value> items;
    for (Tensor *tensor : tensors)
      items.push_back(valueOf(*tensor));
    dycc_value in[] = {sequenceOf(items), valueOf(x)}, out = {};
    ASSERT_EQ(run(loaded, in, &out), DYCC_OK) << loaded.error();
    ASSERT_EQ(out.kind, uint32_t(DYCC_VALUE_SEQUENCE));
    tensors.push_back(&x);
    ASSERT_EQ(out.as.sequence.count, tensors.size());
    for (size_t i = 0; i < tensors.size(); ++i) {
      const dycc_value &item = out.as.sequence.items[i];
      ASSERT_EQ(item.kind, uint32_t(DYCC_VALUE_TENSOR));
      const DLTensor &tensor = *item.as.tensor;
      EXPECT_EQ(std::vector<int64_t>(tensor.shape, tensor.shape + tensor.ndim),
                tensors[i]->shape);
      const auto *data = static_cast<const float *>(tensor.data);
      EXPECT_EQ(std::vector<float>(data, data + tensors[i]->values.size()),
                tensors[i]->values);
    }
  }
}

TEST_F(SeamValues, WhatIsNoSequenceOfSuchTensorsIsRefused) {
  Loaded loaded(compile(grower()));
  Tensor a({1, 2}), flat({2}), wide({1, 3}), x({1, 2});
  std::vector<dycc_value> items = {valueOf(a), valueOf(a)};
  dycc_value in[] = {valueOf(a), valueOf(x)}, out = {};
  auto refuses = [&](const char *text) {
    EXPECT_EQ(run(loaded, in, &out), DYCC_INVALID_ARGUMENT);
    EXPECT_EQ(loaded.error(), text);
  };
  refuses("input \"s\": is a tensor, expects a sequence");
  in[0] = {DYCC_VALUE_SEQUENCE, 0, {}};
  in[0].as.sequence.count = 2;
  refuses("input \"s\": has 2 tensors, expects at most 2147483647 and their "
          "address");
  in[0] = sequenceOf(items);
  items[1] = sequenceOf(items);
  refuses("tensor 1 of input \"s\": is a sequence, expects a tensor");
  items[1] = valueOf(flat);
  refuses("tensor 1 of input \"s\": rank is 1, expects 2");
  items[1] = valueOf(wide);
  refuses("tensor 1 of input \"s\": dim 1 is 3, expects 2");
  items[1] = valueOf(a);
  items[1].as.tensor = nullptr;
  refuses("tensor 1 of input \"s\": is null");
  int64_t many[] = {1 << 30, 2};
  DLTensor huge = a.view;
  huge.shape = many;
  items[1] = {DYCC_VALUE_TENSOR, 0, {&huge}};
  refuses("input \"s\": its tensors have more than 2147483647 elements");
  items[1] = valueOf(a);
  EXPECT_EQ(run(loaded, in, &out), DYCC_OK) << loaded.error();
}

TEST_F(SeamValues, AnOptionalHoldsATensorOrNothing) {
  Loaded loaded(compile(keeper(/*isSequence=*/false)));
  const dycc_model_info &info = *loaded.api->model_describe(loaded.model);
  EXPECT_EQ(info.input_values[0].kind, uint32_t(DYCC_VALUE_OPTIONAL));
  Tensor x({4}, 3);
  bool has = false;
  DLTensor flag = {&has,    {kDLCPU, 0}, 0, {DYCC_DTYPE_BOOL, 8, 1},
                   nullptr, nullptr,     0};
  dycc_value held = valueOf(x), out[2] = {};
  out[1].kind = DYCC_VALUE_TENSOR;
  out[1].as.tensor = &flag;
  for (dycc_value in : {optionalOf(&held), held}) {
    ASSERT_EQ(run(loaded, &in, out), DYCC_OK) << loaded.error();
    EXPECT_TRUE(has);
    ASSERT_EQ(out[0].kind, uint32_t(DYCC_VALUE_OPTIONAL));
    ASSERT_NE(out[0].as.optional, nullptr);
    const DLTensor &tensor = *out[0].as.optional->as.tensor;
    EXPECT_EQ(static_cast<const float *>(tensor.data)[3], x.values[3]);
  }
  for (dycc_value in : {optionalOf(nullptr), dycc_value{}}) {
    ASSERT_EQ(run(loaded, &in, out), DYCC_OK) << loaded.error();
    EXPECT_FALSE(has);
    EXPECT_EQ(out[0].as.optional, nullptr);
  }
}

TEST_F(SeamValues, AnEmptySequenceIsNotNothing) {
  Loaded loaded(compile(keeper(/*isSequence=*/true)));
  const dycc_model_info &info = *loaded.api->model_describe(loaded.model);
  EXPECT_EQ(info.input_values[0].kind, uint32_t(DYCC_VALUE_OPTIONAL_SEQUENCE));
  EXPECT_EQ(info.num_inputs, 3u);
  bool has = false;
  DLTensor flag = {&has,    {kDLCPU, 0}, 0, {DYCC_DTYPE_BOOL, 8, 1},
                   nullptr, nullptr,     0};
  std::vector<dycc_value> items;
  dycc_value held = sequenceOf(items), out[2] = {};
  out[1].kind = DYCC_VALUE_TENSOR;
  out[1].as.tensor = &flag;
  dycc_value in = optionalOf(&held);
  ASSERT_EQ(run(loaded, &in, out), DYCC_OK) << loaded.error();
  EXPECT_TRUE(has);
  ASSERT_NE(out[0].as.optional, nullptr);
  EXPECT_EQ(out[0].as.optional->as.sequence.count, 0u);
  in = optionalOf(nullptr);
  ASSERT_EQ(run(loaded, &in, out), DYCC_OK) << loaded.error();
  EXPECT_FALSE(has);
  EXPECT_EQ(out[0].as.optional, nullptr);
}

TEST_F(SeamValues, TensorsHaveTheHeapsLimit) {
  dycc_context_options options = {};
  options.size = sizeof(options);
  options.heap_limit = 8;
  Tensor x({1, 2});
  std::vector<dycc_value> items = {valueOf(x)};
  dycc_value in[] = {sequenceOf(items), valueOf(x)}, out = {};
  Loaded taking(compile(grower()), 1, options);
  EXPECT_EQ(run(taking, in, &out), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(taking.error(), "input \"s\": no memory for its tensors");
  ModelMaker m(17);
  m.input("x", Names{"N", "2"});
  m.graph().add_output()->set_name("y");
  m.node("SplitToSequence", {"x"}, {"y"});
  Loaded giving(compile(m, {}, "giving"), 1, options);
  EXPECT_EQ(run(giving, in + 1, &out), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(giving.error(), "output \"y\": no memory for its tensors");
}

TEST_F(SeamValues, ExtentsThatCannotBeAreNotLent) {
  ModelMaker m(17);
  m.input("x", Names{"N"}).input("parts", dycc::proto::TensorProto::INT64);
  setDims(m.graph().mutable_input(1), {"P"});
  m.graph().add_output()->set_name("y");
  m.node("SplitToSequence", {"x", "parts"}, {"y"});
  Loaded loaded(compile(m));
  Tensor x({3});
  int64_t sizes[] = {4, -1}, two = 2;
  DLTensor parts = {sizes, {kDLCPU, 0}, 1, {kDLInt, 64, 1}, &two, nullptr, 0};
  dycc_value in[] = {valueOf(x), {DYCC_VALUE_TENSOR, 0, {&parts}}}, out = {};
  EXPECT_EQ(run(loaded, in, &out), DYCC_MODEL_ERROR);
  EXPECT_EQ(loaded.error(), "output \"y\": extents of tensor 0 are negative or "
                            "of more elements than there are");
  sizes[0] = 1, sizes[1] = 2;
  ASSERT_EQ(run(loaded, in, &out), DYCC_OK) << loaded.error();
  EXPECT_EQ(out.as.sequence.items[1].as.tensor->shape[0], 2);
  sizes[1] = 1;
  EXPECT_EQ(run(loaded, in, &out), DYCC_MODEL_ERROR);
  EXPECT_NE(loaded.error().find("'y'"), std::string::npos) << loaded.error();
}

} // namespace
