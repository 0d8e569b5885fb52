// Valid files whose graphs no exporter writes: operands of other kinds than an
// operator takes, counts that do not fit, absent values.
#include "dialects/onnx/OnnxSchema.h"
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

TEST(ImportHostile, OperandOfAnotherType) {
  ModelMaker m;
  m.input("i", TensorProto::INT64).output("y").output("z");
  m.node("Floor", {"i"}, {"y"});
  m.node("SequenceAt", {"i", "i"}, {"z"});
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("'Floor' node \"y\": expects input 'X' of float, got "
                          "'tensor<*xi64>'"));
  EXPECT_TRUE(r.failsWith("expects input 'input_sequence' of sequence, got "
                          "'tensor<*xi64>'"));
  EXPECT_EQ(r.numErrors, 2u);
}

TEST(ImportHostile, WordsForSetsOfElementTypes) {
  ModelMaker m;
  m.input("b", TensorProto::BOOL).output("y").output("z");
  m.node("CumSum", {"b", "b"}, {"y"});
  m.node("Neg", {"b"}, {"z"});
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("'x' of float, i32, i64, ui32 or ui64, got"));
  EXPECT_TRUE(r.failsWith("'X' of float or signed integer, got"));
}

TEST(ImportHostile, NarrowTypesHaveWords) {
  using onnx::ElementSet;
  EXPECT_EQ(onnx::describeElements(ElementSet::Packed | ElementSet::F16),
            "8-bit float or less than 8 bits or f16");
  EXPECT_EQ(onnx::describeElements(ElementSet::Float8 | ElementSet::F4E2M1FN |
                                   ElementSet::Float6),
            "8-bit float, 6-bit float or 4-bit float");
}

TEST(ImportHostile, ResultOfAnotherType) {
  ModelMaker m;
  m.input("x").output("y");
  set(m.node("Multinomial", {"x"}, {"y"}), "dtype",
      int64_t(TensorProto::FLOAT));
  EXPECT_TRUE(importModel(m).failsWith(
      "expects output 'output' of i32 or i64, got 'tensor<*xf32>'"));
}

TEST(ImportHostile, NoContainerInAContainer) {
  ModelMaker m;
  m.input("x").output("y");
  m.node("Optional", {"x"}, {"o"});
  m.node("SequenceConstruct", {"x"}, {"s"});
  m.node("Optional", {"o"}, {"p"});
  m.node("SequenceConstruct", {"s"}, {"y"});
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("'Optional' node \"p\": expects input 'input' of"));
  EXPECT_TRUE(r.failsWith("node \"y\": expects input 'inputs' of"));
}

/// A Scan whose body copies its only input.
static proto::NodeProto &scan(ModelMaker &m, const Names &inputs) {
  proto::NodeProto &node = m.node("Scan", inputs, {"y"});
  proto::GraphProto &body = subgraph(node, "body");
  addValue(body.add_input(), "a");
  ModelMaker::addNode(body, "Relu", {"a"}, {"b"});
  addValue(body.add_output(), "b");
  return node;
}

TEST(ImportHostile, ScanInputsThatAreNotThere) {
  for (int64_t count : {int64_t(0), int64_t(2), int64_t(-9), INT64_MAX}) {
    ModelMaker m;
    set(scan(m.input("x").output("y"), {"x"}), "num_scan_inputs", count);
    EXPECT_TRUE(importModel(m).failsWith(
        "expects num_scan_inputs in [1, 1], got " + std::to_string(count)));
  }
}

TEST(ImportHostile, AbsentInputsOfSubgraphs) {
  ModelMaker m;
  set(scan(m.input("x").output("y"), {"x", "", "x"}), "num_scan_inputs",
      int64_t(1));
  EXPECT_TRUE(importModel(m).failsWith(
      "'Scan' node \"y\": expects a value for each input of its subgraph"));
}

TEST(ImportHostile, ScanOfOpset8WithoutInputs) {
  ModelMaker m(8);
  proto::NodeProto &node = m.output("y").node("Scan", {}, {"y"});
  set(node, "num_scan_inputs", int64_t(1));
  proto::GraphProto &body = subgraph(node, "body");
  proto::TensorProto &constant = *body.add_initializer();
  constant.set_name("k");
  constant.set_data_type(TensorProto::FLOAT);
  constant.add_float_data(1);
  addValue(body.add_output(), "k");
  EXPECT_TRUE(
      importModel(m).failsWith("expects an input for each state and scan"));
}

TEST(ImportHostile, ResizeWithoutInputs) {
  ModelMaker m;
  m.output("y").node("Resize", {}, {"y"});
  EXPECT_TRUE(importModel(m).failsWith("expects input 'X'"));
}

TEST(ImportHostile, ScalesOfAnotherType) {
  for (int type : {int(TensorProto::DOUBLE), int(TensorProto::STRING)}) {
    ModelMaker m(9);
    m.input("x").input("s", type).output("y");
    m.node("Upsample", {"x", "s"}, {"y"});
    EXPECT_TRUE(importModel(m).failsWith("expects scales of type f32, got"));
  }
}

TEST(ImportHostile, SumsOfSequences) {
  ModelMaker m(17);
  m.input("x", TensorProto::INT64).output("y");
  m.node("SequenceConstruct", {"x"}, {"s"});
  m.node("ReduceLogSumExp", {"s"}, {"y"});
  EXPECT_TRUE(importModel(m).failsWith("expects input 'data' of"));
}

TEST(ImportHostile, StatisticsPerElementOfIntegers) {
  ModelMaker m(8);
  m.input("x", TensorProto::INT64).output("y");
  set(m.node("BatchNormalization", {"x", "x", "x", "x", "x"}, {"y"}), "spatial",
      int64_t(0));
  EXPECT_TRUE(
      importModel(m).failsWith("expects inputs of a float type, got 'tensor"));
}
