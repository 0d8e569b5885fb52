// The import of whole graphs: names, types, regions, functions.
#include "compiler/import/contributed/Contributed.h"
#include "test/unit/ImportTestHelpers.h"
#include "test/unit/Patience.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

/// Conv, Add and Relu with a weight.
static ModelMaker makeSmallNet() {
  ModelMaker m;
  m.input("x").output("y");
  auto *shape = m.graph()
                    .mutable_input(0)
                    ->mutable_type()
                    ->mutable_tensor_type()
                    ->mutable_shape();
  shape->add_dim()->set_dim_param("N");
  shape->add_dim()->set_dim_value(3);
  shape->add_dim()->set_dim_param("H");
  shape->add_dim();
  TensorProto &w = *m.graph().add_initializer();
  w.set_name("w");
  w.set_data_type(TensorProto::FLOAT);
  for (int64_t dim : {1, 3, 1, 1})
    w.add_dims(dim);
  for (float f : {1.f, 2.f, 3.f})
    w.add_float_data(f);
  set(m.node("Conv", {"x", "w"}, {"c"}), "pads", {0, 0, 0, 0});
  m.node("Add", {"c", "c"}, {"a"});
  m.node("Relu", {"a"}, {"y"});
  return m;
}

TEST(Import, KeepsNamesAndDims) {
  Imported r = importModel(makeSmallNet());
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("func.func @main(%arg0: tensor<?x3x?x?xf32> {dyn.dims = "
                    "[\"N\", 3, \"H\", unit], onnx.name = \"x\"}) -> "
                    "(tensor<*xf32> {onnx.name = \"y\"})"))
      << r.text;
  EXPECT_TRUE(r.has("onnx.Conv")) << r.text;
  EXPECT_TRUE(r.has("onnx.Relu"));
  EXPECT_TRUE(r.has("onnx.model = "));
}

TEST(Import, InputsWithInitializersAreConstants) {
  ModelMaker m = makeSmallNet();
  m.model.set_ir_version(3);
  m.input("w");
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_FALSE(r.has("%arg1"));
  EXPECT_TRUE(r.has("onnx.Constant dense<")) << r.text;
}

/// The dims of an input whose dim has this name.
static std::string dimsOf(const std::string &name) {
  ModelMaker m(17);
  m.input("x", Names{name, "3"}).output("y");
  m.node("Relu", {"x"}, {"y"});
  Imported r = importModel(m);
  llvm::StringRef text = llvm::StringRef(r.text).split("dyn.dims = ").second;
  return text.split(", onnx.name").first.str();
}

TEST(Import, NamesThatAreNoneAreUnnamedDims) {
  for (const char *name : {"?", "*", "-1", " ", "-", "None", "none", "unk",
                           "Unknown", "null", "nan", "??", "_"})
    EXPECT_EQ(dimsOf(name), "[unit, 3]") << name;
  for (const char *name : {"unk__12", "dynamic", "p2o.DynamicDimension.0", "N",
                           "n - 1", "-n", "?1", "none_2"})
    EXPECT_EQ(dimsOf(name), "[\"" + std::string(name) + "\", 3]");
}

TEST(Import, ModelDescribesItself) {
  ModelMaker m = makeSmallNet();
  m.model.set_producer_name("maker");
  auto *entry = m.model.add_metadata_props();
  entry->set_key("rate");
  entry->set_value("16000");
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("ir_version = 8")) << r.text;
  EXPECT_TRUE(r.has("opset = 28"));
  EXPECT_TRUE(r.has("producer = \"maker\""));
  EXPECT_TRUE(r.has("metadata = {rate = \"16000\"}"));
}

TEST(Import, LocationsAreNames) {
  ModelMaker m;
  m.input("x").output("y").output("i", TensorProto::INT64);
  m.node("Relu", {"x"}, {"r"}).set_name("my_relu");
  m.node("MaxPool", {"r"}, {"y", "i"}).set_name("");
  set(*m.graph().mutable_node(1), "kernel_shape", {2, 2});
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  std::string locations;
  (*r.module)->walk([&](mlir::Operation *op) {
    llvm::raw_string_ostream(locations) << op->getLoc() << "\n";
  });
  EXPECT_NE(locations.find("loc(\"my_relu\")"), std::string::npos) << locations;
  EXPECT_NE(locations.find("loc(fused[\"y\", \"i\"])"), std::string::npos);
}

TEST(Import, AbsentOperandsAndResultsLeaveGaps) {
  ModelMaker m;
  m.input("x").output("h");
  m.input("w").input("r");
  set(m.node("LSTM", {"x", "w", "r", "", "", "x"}, {"", "h"}), "hidden_size",
      int64_t(4));
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("operandSegmentSizes = array<i32: 1, 1, 1, 0, 0, 1, 0, 0>"))
      << r.text;
  EXPECT_TRUE(r.has("resultSegmentSizes = array<i32: 0, 1, 0>"));
}

TEST(Import, IfBranchesSeeOuterValues) {
  ModelMaker m;
  m.input("x").input("c", TensorProto::BOOL).output("y");
  proto::NodeProto &node = m.node("If", {"c"}, {"y"});
  proto::GraphProto &otherwise = subgraph(node, "else_branch");
  ModelMaker::addNode(otherwise, "Neg", {"x"}, {"b"});
  addValue(otherwise.add_output(), "b");
  proto::GraphProto &then = subgraph(node, "then_branch");
  ModelMaker::addNode(then, "Abs", {"x"}, {"b"});
  addValue(then.add_output(), "b");
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  size_t then0 = r.text.find("onnx.Abs %arg0");
  EXPECT_NE(then0, std::string::npos) << r.text;
  EXPECT_LT(then0, r.text.find("onnx.Neg %arg0"));
}

TEST(Import, NodesNeedNotBeSorted) {
  ModelMaker m;
  m.input("x").output("y").output("z");
  m.node("Neg", {"b"}, {"y"});
  m.node("Abs", {"x"}, {"z"});
  m.node("Relu", {"a"}, {"b"});
  m.node("Exp", {"x"}, {"a"});
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("%0 = onnx.Exp %arg0")) << r.text;
  EXPECT_TRUE(r.has("%1 = onnx.Relu %0"));
  EXPECT_TRUE(r.has("%2 = onnx.Neg %1"));
  EXPECT_TRUE(r.has("%3 = onnx.Abs %arg0"));
}

TEST(Import, WhatABranchReadsIsMadeBefore) {
  ModelMaker m;
  m.input("x").input("c", TensorProto::BOOL).output("y");
  proto::NodeProto &node = m.node("If", {"c"}, {"y"});
  proto::GraphProto &otherwise = subgraph(node, "else_branch");
  ModelMaker::addNode(otherwise, "Neg", {"a"}, {"b"});
  addValue(otherwise.add_output(), "b");
  addValue(subgraph(node, "then_branch").add_output(), "a");
  m.node("Exp", {"x"}, {"a"});
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_LT(r.text.find("onnx.Exp"), r.text.find("onnx.If")) << r.text;
}

/// A Loop that carries `x` and scans `v` of the body.
static ModelMaker makeLoop(int carriedType) {
  ModelMaker m;
  m.input("x").input("n", TensorProto::INT64).output("y").output("s");
  proto::GraphProto &body =
      subgraph(m.node("Loop", {"n", "", "x"}, {"y", "s"}), "body");
  addValue(body.add_input(), "i", TensorProto::INT64);
  addValue(body.add_input(), "go", TensorProto::BOOL);
  body.add_input()->set_name("v");
  ModelMaker::addNode(body, "Identity", {"go"}, {"go2"});
  set(ModelMaker::addNode(body, "Cast", {"v"}, {"v2"}), "to",
      int64_t(carriedType));
  ModelMaker::addNode(body, "Neg", {"v"}, {"scan"});
  for (const char *name : {"go2", "v2", "scan"})
    body.add_output()->set_name(name);
  return m;
}

TEST(Import, LoopGivesStateAndScanOutputs) {
  Imported r = importModel(makeLoop(TensorProto::FLOAT));
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("tensor<i64>")) << r.text;
  EXPECT_TRUE(r.has("onnx.Yield"));
  EXPECT_TRUE(r.has("-> (tensor<*xf32>, tensor<*xf32>)"));
}

TEST(Import, LoopStateKeepsItsType) {
  EXPECT_TRUE(importModel(makeLoop(TensorProto::DOUBLE))
                  .failsWith("'Loop' node \"y\": expects state 0 to keep its "
                             "type tensor<*xf32>, got tensor<*xf64>"));
}

TEST(Import, ScanPassesElements) {
  ModelMaker m;
  m.input("s")
      .input("x", TensorProto::INT32)
      .output("t")
      .output("o", TensorProto::INT32);
  proto::NodeProto &node = m.node("Scan", {"s", "x"}, {"t", "o"});
  set(node, "num_scan_inputs", int64_t(1));
  proto::GraphProto &body = subgraph(node, "body");
  for (const char *name : {"a", "b"})
    body.add_input()->set_name(name);
  ModelMaker::addNode(body, "Relu", {"a"}, {"a2"});
  ModelMaker::addNode(body, "Neg", {"b"}, {"b2"});
  for (const char *name : {"a2", "b2"})
    body.add_output()->set_name(name);
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("-> (tensor<*xf32>, tensor<*xi32>)")) << r.text;
}

TEST(Import, ContradictingLabelIsAWarning) {
  ModelMaker m;
  m.input("x").output("y", TensorProto::INT64);
  m.node("Relu", {"x"}, {"y"});
  Imported r = importModel(m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_EQ(r.warnings, "value \"y\" is declared as 'tensor<*xi64>', but is "
                        "'tensor<*xf32>'\n");
}

TEST(Import, ManyNodesTakeNoQuadraticTime) {
  ModelMaker m;
  m.input("t0").output("t100000");
  for (int i = 0; i < 100000; ++i)
    m.node("Relu", {"t" + std::to_string(i)}, {"t" + std::to_string(i + 1)});
  auto start = std::chrono::steady_clock::now();
  auto bytes = m.model.SerializeAsString();
  Imported r = catchImport([&](mlir::MLIRContext &context) {
    return importOnnx(llvm::MemoryBuffer::getMemBufferCopy(bytes), "big",
                      context);
  });
  EXPECT_TRUE(r) << r.errors;
  // It takes a second; one lookup that walks all nodes would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, timeLimit(60));
}

TEST(Import, EveryContributedOperatorHasAnExpansion) {
  EXPECT_GT(onnx::allContributed().size(), 20u);
  for (const onnx::OperatorSchema &schema : onnx::allContributed()) {
    EXPECT_TRUE(import::isExpandable(schema)) << schema.name.str();
    EXPECT_EQ(onnx::findContributed(schema.domain, schema.name), &schema);
    EXPECT_FALSE(onnx::findOperator(schema.domain, schema.name));
  }
  EXPECT_FALSE(onnx::findContributed("com.microsoft", "Relu"));
}
