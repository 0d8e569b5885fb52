// Initializers that are inputs too: which stay inputs, with a default.
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

namespace {

/// y = x * scale, with the default and the type of `scale` as they are given.
ModelMaker makeScale(const std::vector<int64_t> &extents, const Names &dims) {
  ModelMaker m(17);
  m.input("x", Names{"N", "4"}).output("y");
  m.input("scale", dims).weight("scale", extents, 2);
  m.node("Mul", {"x", "scale"}, {"y"});
  return m;
}

bool isInput(const Imported &r) {
  EXPECT_TRUE(r) << r.errors;
  return r.has("onnx.default = dense<") && r.has("onnx.name = \"scale\"");
}

} // namespace

TEST(ImportDefault, FewElementsThatAreReadOneByOneStayInputs) {
  EXPECT_TRUE(isInput(importModel(makeScale({}, {}))));
  EXPECT_TRUE(isInput(importModel(makeScale({4}, {"4"}))));
  EXPECT_TRUE(isInput(importModel(makeScale({4}, {"C"}))));
  ModelMaker boxes(17);
  boxes.input("b", Names{"1", "N", "4"}).input("s", Names{"1", "1", "N"});
  boxes.output("y", TensorProto::INT64).integers("most", {3});
  boxes.input("scale", Names{"1"}).weight("scale", {1}, 0.5);
  boxes.node("NonMaxSuppression", {"b", "s", "most", "scale"}, {"y"});
  EXPECT_TRUE(isInput(importModel(boxes)));
}

TEST(ImportDefault, LieBehindTheInputsThatHaveNone) {
  ModelMaker m(17);
  m.input("scale", Names{}).weight("scale", {}, 2);
  m.input("x", Names{"N"}).output("y");
  m.node("Mul", {"x", "scale"}, {"y"});
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  size_t x = r.text.find("onnx.name = \"x\""),
         scale = r.text.find("onnx.default = dense<2.0");
  EXPECT_LT(x, scale) << r.text;
}

TEST(ImportDefault, WeightsAreConstants) {
  EXPECT_FALSE(isInput(importModel(makeScale({2, 4}, {"2", "4"}))));
  ModelMaker conv(17);
  conv.input("x", Names{"N", "1", "H", "W"}).output("y");
  conv.input("scale", Names{"1", "1", "1", "1"}).weight("scale", {1, 1, 1, 1});
  conv.node("Conv", {"x", "scale"}, {"y"});
  EXPECT_FALSE(isInput(importModel(conv)));
  // Unused, or the graph's own result.
  ModelMaker unused(17);
  unused.input("x", Names{"N"}).output("y");
  unused.input("scale", Names{}).weight("scale", {}, 2);
  unused.node("Relu", {"x"}, {"y"});
  EXPECT_FALSE(isInput(importModel(unused)));
}

/// Two times the rows: a product with a constant, which steers a shape.
TEST(ImportDefault, WhatSteersAShapeIsAConstant) {
  ModelMaker m(17);
  m.input("x", Names{"N", "4"}).output("y");
  m.graph().add_initializer()->CopyFrom([] {
    TensorProto two;
    two.set_name("scale");
    two.set_data_type(TensorProto::INT64);
    two.add_dims(1);
    two.add_int64_data(2);
    return two;
  }());
  m.input("scale", TensorProto::INT64);
  setDims(m.graph().mutable_input(1), {"1"});
  m.integers("columns", {2});
  proto::NodeProto &shape = m.node("Shape", {"x"}, {"rows"});
  set(shape, "end", int64_t(1));
  m.node("Mul", {"rows", "scale"}, {"doubled"});
  set(m.node("Concat", {"doubled", "columns"}, {"to"}), "axis", int64_t(0));
  m.node("Reshape", {"x", "to"}, {"y"});
  EXPECT_FALSE(isInput(importModel(m)));
}

TEST(ImportDefault, TypesThatContradictEachOtherMakeAConstant) {
  EXPECT_FALSE(isInput(importModel(makeScale({4}, {"3"}))));
  EXPECT_FALSE(isInput(importModel(makeScale({4}, {"4", "4"}))));
}

TEST(ImportDefault, OneThatIsListedTwiceIsOne) {
  ModelMaker m = makeScale({}, {});
  m.input("scale", Names{});
  EXPECT_TRUE(isInput(importModel(m)));
}

TEST(ImportDefault, OlderModelsListConstants) {
  ModelMaker m = makeScale({}, {});
  m.model.set_ir_version(3);
  EXPECT_FALSE(isInput(importModel(m)));
  ImportOptions options;
  options.overridable = {"scale"};
  EXPECT_TRUE(isInput(importModel(m, options)));
}

TEST(ImportDefault, TheUserDecides) {
  ImportOptions fixed, asked, wrong;
  fixed.fixedDefaults = true;
  EXPECT_FALSE(isInput(importModel(makeScale({}, {}), fixed)));
  asked.overridable = {"scale"};
  asked.fixedDefaults = true;
  EXPECT_TRUE(isInput(importModel(makeScale({}, {}), asked)));
  EXPECT_TRUE(isInput(importModel(makeScale({8, 4}, {"8", "4"}), asked)));
  wrong.overridable = {"x"};
  EXPECT_TRUE(importModel(makeScale({}, {}), wrong)
                  .failsWith("--overridable \"x\": no initializer of that name "
                             "is an input, too"));
}
