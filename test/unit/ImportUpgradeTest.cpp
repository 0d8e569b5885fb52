// Older forms of operators become the newest.
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

TEST(ImportUpgrade, AxesBecomeAnOperand) {
  for (const char *op : {"Squeeze", "Unsqueeze", "ReduceSum"}) {
    OneNode t(11, op);
    set(t.node, "axes", {0, -1});
    EXPECT_TRUE(has(t.ops(), "onnx.Constant dense<[0, -1]>"));
    EXPECT_TRUE(has(t.ops(), std::string("onnx.") + op + " %arg0, %0"))
        << t.ops();
  }
  OneNode mean(17, "ReduceMean");
  set(mean.node, "axes", {1});
  set(mean.node, "keepdims", int64_t(0));
  EXPECT_TRUE(has(mean.ops(), "onnx.ReduceMean %arg0, %0 {keepdims = 0"))
      << mean.ops();
  EXPECT_TRUE(
      has(OneNode(11, "Unsqueeze").ops(), "expects attribute \"axes\""));
}

TEST(ImportUpgrade, OperandsBroadcastByTheirShapes) {
  OneNode last(6, "Add", {"x", "x"});
  set(last.node, "broadcast", int64_t(1));
  EXPECT_TRUE(has(last.ops(), "onnx.Add %arg0, %arg0")) << last.ops();
  EXPECT_FALSE(has(last.ops(), "Reshape"));
  for (int64_t axis : {1, -2}) {
    OneNode at(6, "Mul", {"x", "x"});
    set(at.node, "broadcast", int64_t(1));
    set(at.node, "axis", axis);
    EXPECT_TRUE(has(at.ops(), "onnx.Reshape %arg0")) << at.ops();
    EXPECT_FALSE(has(at.ops(), "axis = " + std::to_string(axis))) << at.ops();
  }
  EXPECT_TRUE(has(OneNode(6, "PRelu", {"x", "x"}).ops(), "onnx.Reshape %arg0"));
}

TEST(ImportUpgrade, WhatIsInTestWasSaid) {
  OneNode dropout(6, "Dropout");
  EXPECT_TRUE(has(dropout.ops(), "expects attribute \"is_test\" of 1, in "
                                 "training it is refused"));
  set(dropout.node, "is_test", int64_t(1));
  EXPECT_TRUE(has(dropout.ops(), "onnx.Dropout %arg0")) << dropout.ops();
  EXPECT_TRUE(has(OneNode(6, "AveragePool").ops(), "kernel_shape"));
}

TEST(ImportUpgrade, SliceTakesOperands) {
  OneNode t(9, "Slice");
  set(t.node, "starts", {1});
  set(t.node, "ends", {3});
  set(t.node, "axes", {2});
  EXPECT_TRUE(has(t.ops(),
                  "onnx.Slice %arg0, %0, %1, %2 {operandSegmentSizes = "
                  "array<i32: 1, 1, 1, 1, 0>}"))
      << t.ops();
  set(*t.m.graph().mutable_node(0), "axes", {2});
  OneNode bad(9, "Slice");
  EXPECT_TRUE(has(bad.ops(), "expects attributes \"starts\" and \"ends\""));
  set(bad.node, "starts", {1});
  set(bad.node, "ends", {3, 4});
  EXPECT_TRUE(has(bad.ops(), "expects as many \"ends\" and \"axes\" as "
                             "\"starts\", got 1, 2 and 1"));
}

TEST(ImportUpgrade, SplitCountsItsOutputs) {
  OneNode equal(13, "Split", {"x"}, {"y", "z"});
  EXPECT_TRUE(has(equal.ops(), "num_outputs = 2"));
  OneNode sizes(11, "Split", {"x"}, {"y", "z"});
  set(sizes.node, "split", {1, 2});
  EXPECT_TRUE(has(sizes.ops(), "onnx.Constant dense<[1, 2]>"));
  EXPECT_FALSE(has(sizes.ops(), "num_outputs"));
}

TEST(ImportUpgrade, PadClipAndTopKTakeOperands) {
  OneNode pad(2 + 5, "Pad");
  set(pad.node, "pads", {0, 1, 0, 1});
  set(pad.node, "value", 2.5f);
  EXPECT_TRUE(has(pad.ops(), "onnx.Constant dense<2.500000e+00>"));
  EXPECT_TRUE(has(pad.ops(), "onnx.Pad %arg0, %0, %1"));
  EXPECT_TRUE(has(OneNode(7, "Pad").ops(), "expects attribute \"pads\""));

  OneNode clip(10, "Clip");
  set(clip.node, "min", 0.0f);
  EXPECT_TRUE(has(clip.ops(), "dense<0.000000e+00>"));
  EXPECT_TRUE(has(clip.ops(), "dense<3.40282347E+38>"));
  EXPECT_TRUE(has(clip.ops(), "onnx.Clip %arg0, %0, %1"));
  EXPECT_TRUE(has(OneNode(10, "Clip", {"x"}, {"y"}, TensorProto::INT32).ops(),
                  "expects an input of a float type, got 'i32'"));

  OneNode topK(9, "TopK", {"x"}, {"y", "i"});
  set(topK.node, "k", int64_t(5));
  EXPECT_TRUE(has(topK.ops(), "onnx.Constant dense<5>"));
  EXPECT_TRUE(has(topK.ops(), "onnx.TopK %arg0, %0"));
  EXPECT_TRUE(has(OneNode(9, "TopK", {"x"}, {"y", "i"}).ops(),
                  "expects attribute \"k\""));
}

TEST(ImportUpgrade, DftAxisHadAnotherDefault) {
  EXPECT_TRUE(has(OneNode(17, "DFT").ops(), "dense<1>"));
  EXPECT_FALSE(has(OneNode(20, "DFT").ops(), "Constant"));
}

TEST(ImportUpgrade, SoftmaxSawAMatrix) {
  for (const char *op : {"Softmax", "LogSoftmax", "Hardmax"}) {
    OneNode t(11, op);
    std::string expected = "%0 = onnx.Shape %arg0\n%1 = onnx.Flatten %arg0"
                           "\n%2 = onnx." +
                           std::string(op) +
                           " %1\n%3 = onnx.Reshape %2, %0 "
                           "{allowzero = 1 : i64}\n";
    EXPECT_EQ(t.ops(), expected);
    set(t.node, "axis", int64_t(-1));
    EXPECT_EQ(t.ops(), "%0 = onnx." + std::string(op) + " %arg0\n");
    EXPECT_EQ(OneNode(13, op).ops(),
              "%0 = onnx." + std::string(op) + " %arg0\n");
    EXPECT_TRUE(has(OneNode(11, op, {""}).ops(), "expects input 'input'"));
  }
}

TEST(ImportUpgrade, DropoutMaskHadTheDatasType) {
  OneNode t(7, "Dropout", {"x"}, {"y", "mask"});
  set(t.node, "ratio", 0.25f);
  EXPECT_TRUE(has(t.ops(), "onnx.Cast %mask {to = 1 : i64}")) << t.ops();
  OneNode plain(11, "Dropout");
  set(plain.node, "ratio", 0.25f);
  EXPECT_TRUE(has(plain.ops(), "dense<2.500000e-01>"));
}

TEST(ImportUpgrade, BatchNormalizationPerElement) {
  Names inputs = {"x", "x", "x", "x", "x"};
  OneNode t(7, "BatchNormalization", inputs);
  set(t.node, "spatial", int64_t(0));
  for (const char *op : {"onnx.Sqrt", "onnx.Sub", "onnx.Div", "onnx.Mul"})
    EXPECT_TRUE(has(t.ops(), op)) << t.ops();
  EXPECT_FALSE(has(t.ops(), "BatchNormalization"));
  OneNode plain(7, "BatchNormalization", inputs, {"y", "", ""});
  set(plain.node, "spatial", int64_t(1));
  plain.m.graph().clear_output();
  plain.m.output("y");
  EXPECT_TRUE(has(plain.ops(), "onnx.BatchNormalization"));
  t.node.add_output("mean");
  EXPECT_TRUE(has(t.ops(), "expects one output where statistics are per "
                           "element, got 2"));
}

TEST(ImportUpgrade, BatchNormalizationWithMoreOutputsTrains) {
  Names inputs = {"x", "x", "x", "x", "x"};
  OneNode running(9, "BatchNormalization", inputs, {"y", "mean"});
  EXPECT_TRUE(has(running.ops(), "training_mode = 1")) << running.ops();
  EXPECT_TRUE(has(running.ops(), "resultSegmentSizes = array<i32: 1, 1, 0>"));
  OneNode own(13, "BatchNormalization", inputs, {"y", "a", "b", "own"});
  EXPECT_TRUE(has(own.ops(), "momentum = 0.0")) << own.ops();
  EXPECT_TRUE(has(own.ops(), "resultSegmentSizes = array<i32: 1, 1, 1>"));
  Names many = {"y", "a", "b", "c", "d", "e"};
  EXPECT_TRUE(has(OneNode(13, "BatchNormalization", inputs, many).ops(),
                  "expects at most 5 outputs, got 6"));
}

TEST(ImportUpgrade, GroupNormalizationScaledGroups) {
  OneNode t(18, "GroupNormalization", {"x", "x", "x"});
  set(t.node, "num_groups", int64_t(4));
  for (const char *op : {"onnx.Shape", "onnx.Div", "onnx.Expand",
                         "onnx.Reshape", "onnx.GroupNormalization %arg0"})
    EXPECT_TRUE(has(t.ops(), op)) << t.ops();
  OneNode newest(21, "GroupNormalization", {"x", "x", "x"});
  set(newest.node, "num_groups", int64_t(4));
  EXPECT_FALSE(has(newest.ops(), "onnx.Expand"));
  EXPECT_TRUE(has(OneNode(18, "GroupNormalization", {"x", "x", "x"}).ops(),
                  "expects attribute \"num_groups\" of 1 or more"));
}

TEST(ImportUpgrade, FunctionsOfIntegersAreComputedInDouble) {
  for (auto [op, opset] :
       {std::pair{"ReduceLogSum", 17}, {"ReduceLogSumExp", 27}, {"Erf", 12}}) {
    OneNode t(opset, op, {"x"}, {"y"}, TensorProto::INT32);
    EXPECT_TRUE(has(t.ops(), "onnx.Cast %arg0 {to = 11")) << t.ops();
    EXPECT_TRUE(has(t.ops(), std::string("onnx.") + op + " %0")) << t.ops();
    EXPECT_TRUE(has(t.ops(), "{to = 6")) << t.ops();
    EXPECT_FALSE(has(OneNode(opset, op).ops(), "Cast"));
  }
}
