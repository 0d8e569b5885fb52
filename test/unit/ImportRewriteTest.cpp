// Older forms of operators that become other operators, or several.
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

/// An Upsample or Resize of opset 10 or before with these scales.
static OneNode makeResize(int64_t opset, const std::string &op,
                          const char *mode,
                          std::initializer_list<float> scales) {
  OneNode t(opset, op, {"x", "s"});
  set(t.node, "mode", mode);
  TensorProto &tensor = *t.m.graph().add_initializer();
  tensor.set_name("s");
  tensor.set_data_type(TensorProto::FLOAT);
  tensor.add_dims(scales.size());
  for (float scale : scales)
    tensor.add_float_data(scale);
  return t;
}

TEST(ImportRewrite, OldResizeHasNoHalfPixels) {
  std::string linear = makeResize(10, "Resize", "linear", {1, 2}).ops();
  EXPECT_TRUE(has(linear, "onnx.Resize %arg0, %0 {coordinate_transformation_"
                          "mode = \"asymmetric\", mode = \"linear\""))
      << linear;
  std::string down = makeResize(10, "Resize", "nearest", {1, 0.5f}).ops();
  EXPECT_TRUE(has(down, "nearest_mode = \"ceil\"")) << down;
  std::string up = makeResize(9, "Upsample", "nearest", {1, 2}).ops();
  EXPECT_TRUE(has(up, "nearest_mode = \"floor\"")) << up;
  EXPECT_FALSE(has(up, "ceil"));
  std::string both = makeResize(10, "Resize", "nearest", {0.5f, 2}).ops();
  EXPECT_TRUE(has(both, "onnx.Max") && has(both, "onnx.Min") &&
              has(both, "floor") && has(both, "ceil"))
      << both;
  EXPECT_TRUE(has(makeResize(10, "Resize", "cubic", {2}).ops(),
                  "expects mode nearest or linear, got \"cubic\""));
}

TEST(ImportRewrite, UpsampleHadItsScalesInAnAttribute) {
  OneNode t(7, "Upsample");
  setFloats(t.node, "scales", {1, 3});
  set(t.node, "mode", "bilinear");
  EXPECT_TRUE(
      has(t.ops(), "onnx.Constant dense<[1.000000e+00, 3.000000e+00]>"));
  EXPECT_TRUE(has(t.ops(), "mode = \"linear\"")) << t.ops();
  EXPECT_TRUE(has(OneNode(7, "Upsample").ops(), "expects 2 inputs, got 1"));
  EXPECT_TRUE(has(OneNode(11, "Upsample").ops(),
                  "was removed in opset 10, the model imports opset 11"));
  set(t.node, "what", int64_t(1));
  EXPECT_TRUE(has(t.ops(), "unknown attribute \"what\""));
}

TEST(ImportRewrite, EmptyScalesAreAbsentOnes) {
  OneNode t(11, "Resize", {"x", "e", "e", "n"});
  TensorProto &empty = *t.m.graph().add_initializer();
  empty.set_name("e");
  empty.set_data_type(TensorProto::FLOAT);
  empty.add_dims(0);
  t.m.input("n", TensorProto::INT64);
  EXPECT_TRUE(has(t.ops(), "operandSegmentSizes = array<i32: 1, 0, 0, 1>"))
      << t.ops();
  set(t.node, "coordinate_transformation_mode", "tf_half_pixel_for_nn");
  EXPECT_TRUE(has(t.ops(), "\"tf_half_pixel_for_nn\" of opset 11 is not "
                           "supported"));
}

TEST(ImportRewrite, BatchedScanBecomesTwo) {
  ModelMaker m(8);
  m.input("s").input("x").output("t").output("o");
  proto::NodeProto &node = m.node("Scan", {"", "s", "x"}, {"t", "o"});
  set(node, "num_scan_inputs", int64_t(1));
  set(node, "directions", {1});
  proto::GraphProto &body = subgraph(node, "body");
  for (const char *name : {"a", "b"})
    body.add_input()->set_name(name);
  ModelMaker::addNode(body, "Add", {"a", "b"}, {"c"});
  ModelMaker::addNode(body, "Neg", {"c"}, {"d"});
  for (const char *name : {"c", "d"})
    body.add_output()->set_name(name);
  std::string ops = opsOf(importModel(m));
  EXPECT_TRUE(has(ops, "onnx.Scan %arg0, %arg1 {num_scan_inputs = 2")) << ops;
  EXPECT_TRUE(has(ops, "onnx.Scan %arg2, %arg3 {num_scan_inputs = 1 : i64, "
                       "scan_input_directions = array<i64: 1>}"))
      << ops;
  node.set_input(0, "x");
  EXPECT_TRUE(has(opsOf(importModel(m)),
                  "input 'sequence_lens' of opset 8 is not supported"));
}

TEST(ImportRewrite, ConstantsHaveOneForm) {
  auto opsWith = [](auto fill) {
    ModelMaker m;
    m.graph().add_output()->set_name("y");
    fill(m.node("Constant", {}, {"y"}));
    return opsOf(importModel(m));
  };
  auto make = [&](const char *name, auto value) {
    return opsWith([&](proto::NodeProto &node) { set(node, name, value); });
  };
  EXPECT_EQ(make("value_int", int64_t(3)), "%0 = onnx.Constant dense<3>\n");
  EXPECT_EQ(make("value_float", 0.5f),
            "%0 = onnx.Constant dense<5.000000e-01>\n");
  EXPECT_EQ(make("value_ints", std::initializer_list<int64_t>{1, 2}),
            "%0 = onnx.Constant dense<[1, 2]>\n");
  EXPECT_TRUE(has(make("value_string", "abc"), "dense<\"abc\">"));
  EXPECT_TRUE(has(make("other", int64_t(3)), "unknown attribute \"other\""));
  EXPECT_TRUE(
      has(opsWith([](proto::NodeProto &) {}), "expects one attribute, got 0"));
  EXPECT_TRUE(has(opsWith([](proto::NodeProto &node) {
                    proto::AttributeProto &strings =
                        addAttribute(node, "value_strings");
                    strings.set_type(proto::AttributeProto::STRINGS);
                    strings.add_strings("a");
                    strings.add_strings("b");
                  }),
                  "dense<[\"a\", \"b\"]>"));
  EXPECT_TRUE(has(opsWith([](proto::NodeProto &node) {
                    setFloats(node, "value_floats", {1, 2});
                  }),
                  "dense<[1.000000e+00, 2.000000e+00]>"));
}

TEST(ImportRewrite, RenamesWhatHadAnotherName) {
  OneNode grid(16, "GridSample", {"x", "x"});
  set(grid.node, "mode", "bicubic");
  EXPECT_TRUE(has(grid.ops(), "mode = \"cubic\"")) << grid.ops();
  OneNode roi(10, "RoiAlign", {"x", "x", "i"});
  roi.m.input("i", TensorProto::INT64);
  EXPECT_TRUE(has(roi.ops(), "\"output_half_pixel\"")) << roi.ops();
  OneNode scatter(9, "Scatter", {"x", "i", "x"});
  scatter.m.input("i", TensorProto::INT64);
  EXPECT_TRUE(has(scatter.ops(), "onnx.ScatterElements")) << scatter.ops();
}
