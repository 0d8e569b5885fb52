// Functions of the model are inlined.
#include "test/unit/ImportTestHelpers.h"
#include "gtest/gtest.h"

using namespace dycc;
using namespace dycc::test;

namespace {

/// A model that calls `f` of domain "my" once, and that function, still empty.
struct FunctionModel {
  ModelMaker m;
  proto::FunctionProto &function;
  proto::NodeProto *call;

  FunctionModel() : function(*m.model.add_functions()) {
    m.model.add_opset_import()->set_domain("my");
    m.input("x").output("y");
    call = &m.node("f", {"x"}, {"y"});
    call->set_domain("my");
    function.set_name("f");
    function.set_domain("my");
    function.add_opset_import()->set_version(17);
    function.add_input("a");
    function.add_output("b");
  }
  proto::NodeProto &add(const std::string &op, const Names &inputs,
                        const Names &outputs) {
    proto::GraphProto graph;
    ModelMaker::addNode(graph, op, inputs, outputs);
    return *function.add_node() = graph.node(0);
  }
};

/// `name` of the node refers to `to` of the function.
void refer(proto::NodeProto &node, const std::string &name,
           const std::string &to, proto::AttributeProto::AttributeType type) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_ref_attr_name(to);
  attribute.set_type(type);
}

} // namespace

TEST(ImportFunction, BodyTakesThePlaceOfTheCall) {
  FunctionModel f;
  f.add("Neg", {"a"}, {"t"});
  f.add("Abs", {"t"}, {"b"});
  Imported r = importModel(f.m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("%0 = onnx.Neg %arg0")) << r.text;
  EXPECT_TRUE(r.has("%1 = onnx.Abs %0"));
  EXPECT_TRUE(r.has("return %1"));
  bool hasCallSite = false;
  (*r.module)->walk([&](mlir::Operation *op) {
    hasCallSite |= mlir::isa<mlir::CallSiteLoc>(op->getLoc());
  });
  EXPECT_TRUE(hasCallSite);
}

TEST(ImportFunction, HasItsOwnOpset) {
  FunctionModel f;
  f.function.mutable_opset_import(0)->set_version(11);
  set(f.add("Squeeze", {"a"}, {"b"}), "axes", {0});
  Imported r = importModel(f.m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("onnx.Squeeze %arg0, %")) << r.text;
}

TEST(ImportFunction, AttributesComeFromTheCallOrADefault) {
  FunctionModel f;
  using proto::AttributeProto;
  f.function.add_attribute("alpha");
  AttributeProto &gamma = *f.function.add_attribute_proto();
  gamma.set_name("gamma");
  gamma.set_type(AttributeProto::FLOAT);
  gamma.set_f(0.25f);
  proto::NodeProto &body = f.add("Selu", {"a"}, {"b"});
  refer(body, "alpha", "alpha", AttributeProto::FLOAT);
  refer(body, "gamma", "gamma", AttributeProto::FLOAT);
  set(*f.call, "alpha", 2.0f);
  Imported r = importModel(f.m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("alpha = 2.0")) << r.text;
  EXPECT_TRUE(r.has("gamma = 2.5"));
  f.call->clear_attribute();
  EXPECT_TRUE(importModel(f.m).failsWith("'f' node \"y\": expects attribute "
                                         "\"alpha\" of a function"));
  set(*f.call, "beta", 2.0f);
  EXPECT_TRUE(
      importModel(f.m).failsWith("unknown attribute \"beta\" of a function"));
}

TEST(ImportFunction, MissingInputIsAbsentInside) {
  FunctionModel f;
  f.function.add_input("low");
  f.add("Clip", {"a", "low"}, {"b"});
  Imported r = importModel(f.m);
  ASSERT_TRUE(r) << r.errors;
  EXPECT_TRUE(r.has("operandSegmentSizes = array<i32: 1, 0, 0>")) << r.text;
}

TEST(ImportFunction, RecursionIsRefused) {
  FunctionModel f;
  f.function.add_opset_import()->set_domain("my");
  f.add("f", {"a"}, {"b"}).set_domain("my");
  EXPECT_TRUE(
      importModel(f.m).failsWith("functions call each other in a circle"));
}

TEST(ImportFunction, DoublingCallsHitTheNodeLimit) {
  // Each of 40 functions calls the next twice: 2^40 nodes.
  FunctionModel f;
  f.add("f1", {"a"}, {"t"}).set_domain("my");
  f.add("f1", {"t"}, {"b"}).set_domain("my");
  for (int i = 1; i < 40; ++i) {
    proto::FunctionProto &next = *f.m.model.add_functions();
    next = f.m.model.functions(0);
    next.set_name("f" + std::to_string(i));
    for (proto::NodeProto &node : *next.mutable_node()) {
      node.set_op_type(i < 39 ? "f" + std::to_string(i + 1) : "Neg");
      node.set_domain(i < 39 ? "my" : "");
    }
  }
  ImportOptions options;
  options.maxNodes = 10000;
  EXPECT_TRUE(importModel(f.m, options)
                  .failsWith("the model has more than 10000 nodes when its "
                             "functions are inlined"));
}

TEST(ImportFunction, TooManyArgumentsAreRefused) {
  FunctionModel f;
  f.add("Neg", {"a"}, {"b"});
  f.call->add_input("x");
  EXPECT_TRUE(
      importModel(f.m).failsWith("expects at most 1 inputs and 1 outputs of "
                                 "a function, got 2 and 1"));
}

TEST(ImportFunction, InputsHaveNamesOfTheirOwn) {
  FunctionModel f;
  f.function.add_input("a");
  f.add("Neg", {"a"}, {"b"});
  f.call->add_input("x");
  EXPECT_TRUE(
      importModel(f.m).failsWith("function \"f\" has two inputs named \"a\""));
}

TEST(ImportFunction, SubgraphArgumentsAreRefused) {
  FunctionModel f;
  f.function.add_attribute("g");
  f.add("Neg", {"a"}, {"b"});
  subgraph(*f.call, "g");
  EXPECT_TRUE(importModel(f.m).failsWith(
      "subgraphs are not supported as arguments of functions"));
}

TEST(ImportFunction, TwoOfOneNameAreRefused) {
  FunctionModel f;
  f.add("Neg", {"a"}, {"b"});
  *f.m.model.add_functions() = f.m.model.functions(0);
  EXPECT_TRUE(importModel(f.m).failsWith("two functions have the name \"f\""));
}
