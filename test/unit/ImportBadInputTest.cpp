// Broken and unsupported models: a message that names the culprit, no crash.
#include "compiler/import/Skeleton.h"
#include "test/unit/ImportTestHelpers.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "gtest/gtest.h"
#include <random>
#include <unistd.h>

using namespace dycc;
using namespace dycc::test;
using proto::TensorProto;

/// A model with what a byte can break: a weight, a subgraph, attributes.
static ModelMaker makeModel() {
  ModelMaker m;
  m.input("x").input("c", TensorProto::BOOL).output("y");
  TensorProto &w = *m.graph().add_initializer();
  w.set_name("w");
  w.set_data_type(TensorProto::FLOAT);
  w.add_dims(512);
  w.set_raw_data(std::string(2048, '\0'));
  set(m.node("LeakyRelu", {"x"}, {"a"}), "alpha", 0.5f);
  proto::NodeProto &node = m.node("If", {"c"}, {"y"});
  for (const char *name : {"then_branch", "else_branch"}) {
    proto::GraphProto &graph = subgraph(node, name);
    ModelMaker::addNode(graph, "Add", {"a", "w"}, {"b"});
    addValue(graph.add_output(), "b");
  }
  return m;
}

TEST(ImportBadInput, EveryTruncationIsAnError) {
  std::string bytes = makeModel().model.SerializeAsString();
  ASSERT_TRUE(importBytes(bytes));
  for (size_t size = 0; size < bytes.size(); ++size) {
    Imported r = importBytes(bytes.substr(0, size));
    // A cut between two fields of the model may leave a smaller whole one.
    EXPECT_TRUE(r || r.numErrors) << size;
  }
  EXPECT_TRUE(importBytes(bytes.substr(0, bytes.size() / 2))
                  .failsWith("no ONNX model: truncated: a field of"));
  EXPECT_TRUE(importBytes("").failsWith("the file is empty"));
}

TEST(ImportBadInput, FlippedBytesNeverCrash) {
  const std::string bytes = makeModel().model.SerializeAsString();
  std::mt19937 random(7);
  for (int i = 0; i < 1500; ++i) {
    std::string broken = bytes;
    for (int flips = 1 + i % 4; flips > 0; --flips)
      broken[random() % broken.size()] = char(random());
    Imported r = importBytes(broken);
    EXPECT_TRUE(r || r.numErrors) << "seed 7, case " << i;
  }
}

TEST(ImportBadInput, GarbageIsNoModel) {
  std::string garbage(4096, '\xff');
  EXPECT_TRUE(importBytes(garbage).failsWith("no ONNX model: broken field"));
  EXPECT_TRUE(importBytes("\x0b").failsWith("no ONNX model: unknown wire type "
                                            "at byte 0"));
  EXPECT_TRUE(importBytes("hello world").failsWith("no ONNX model"));
  EXPECT_TRUE(importBytes("\x08\x08").failsWith("it has no graph"));
  EXPECT_TRUE(importBytes("\x3a\xff").failsWith("broken length at byte 2"));
  EXPECT_TRUE(importBytes("\x08\xff").failsWith("broken number at byte 0"));
  EXPECT_TRUE(
      importBytes("\x3a\x05")
          .failsWith(
              "truncated: a field of 5 bytes where 0 are left at byte 2"));
  // The graph is too short to be looked into, and no graph.
  EXPECT_TRUE(importBytes("\x3a\x01\xff")
                  .failsWith("no ONNX model: the protobuf is malformed"));
}

/// Field `number` with these bytes.
static std::string field(int number, const std::string &bytes) {
  std::string text(1, char(number << 3 | 2));
  size_t length = bytes.size();
  for (; length >= 128; length >>= 7)
    text += char(length | 128);
  return text + char(length) + bytes;
}

TEST(ImportBadInput, BulkyNestingIsRefused) {
  // Graph, node, attribute, graph, ...: each more than 1 KiB long.
  std::string graph(2000, '\0');
  graph = field(2, graph);
  for (int i = 0; i < 40; ++i)
    graph = field(1, field(5, field(6, graph)));
  EXPECT_TRUE(importBytes(field(7, graph))
                  .failsWith("no ONNX model: nested deeper than 96 levels at"));
}

TEST(ImportBadInput, FilesBeyondProtobufAreNamed) {
  llvm::SmallString<128> path;
  int descriptor;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("dycc-import", "onnx",
                                                  descriptor, path));
  llvm::FileRemover remover(path);
  ASSERT_EQ(::ftruncate(descriptor, int64_t(1) << 31), 0); // All of it a hole.
  ::close(descriptor);
  Imported r = catchImport(
      [&](mlir::MLIRContext &context) { return importOnnx(path, context); });
  EXPECT_TRUE(r.failsWith(
      "the file has 2147483648 bytes, an ONNX model has at most 2 GiB: save it "
      "with its weights as external data"))
      << r.errors;
}

TEST(ImportBadInput, MissingFileIsNamed) {
  Imported r = catchImport([](mlir::MLIRContext &context) {
    return importOnnx("no/such/model.onnx", context);
  });
  EXPECT_TRUE(r.failsWith("cannot be read: No such file or directory"));
}

TEST(ImportBadInput, DeepNestingIsRefused) {
  auto nested = [](int depth) {
    ModelMaker m;
    m.input("x").input("c", TensorProto::BOOL).output("y");
    proto::GraphProto *graph = &m.graph();
    for (int i = 0; i < depth; ++i) {
      proto::NodeProto &node =
          ModelMaker::addNode(*graph, "If", {"c"}, {i ? "o" : "y"});
      proto::GraphProto &otherwise = subgraph(node, "else_branch");
      ModelMaker::addNode(otherwise, "Neg", {"x"}, {"o"});
      otherwise.add_output()->set_name("o");
      graph = &subgraph(node, "then_branch");
      graph->add_output()->set_name("o");
    }
    ModelMaker::addNode(*graph, "Abs", {"x"}, {"o"});
    return importModel(m);
  };
  EXPECT_TRUE(nested(10)) << nested(10).errors;
  EXPECT_TRUE(nested(60).failsWith("no ONNX model: nested deeper than 96"));
  EXPECT_TRUE(nested(24)) << nested(24).errors;
  EXPECT_TRUE(nested(25).failsWith("subgraphs nest deeper than 24 levels"))
      << nested(25).errors;
}

TEST(ImportBadInput, AllUnsupportedNodesAreListedAtOnce) {
  ModelMaker m(17);
  m.input("x").output("y");
  m.node("Foo", {"x"}, {"a"});
  m.node("Relu", {"a"}, {"b"});
  m.node("Scaler", {"x"}, {"c"}).set_domain("com.example");
  m.node("Gelu", {"x"}, {"d"});
  m.node("Bar", {"x"}, {"e"}).set_name("");
  set(m.node("Relu", {"x"}, {"f"}), "slope", 1.0f);
  set(m.node("Transpose", {"x"}, {"g"}), "perm", 1.0f);
  m.node("Relu", {"x", "x"}, {"h"});
  m.node("Add", {"x"}, {"i"});
  m.node("Relu", {"x"}, {"y"});
  Imported r = importModel(m);
  EXPECT_EQ(r.numErrors, 8u) << r.errors;
  for (const char *text :
       {"'Foo' node \"a\": unknown operator",
        ("'Scaler' node \"c\": operators of domain \"com.example\" are not "
         "supported"),
        "'Gelu' node \"d\": is new in opset 20, the model imports opset 17",
        "'Bar' node #4: unknown operator",
        "'Relu' node \"f\": unknown attribute \"slope\"",
        "'Transpose' node \"g\": expects attribute \"perm\" of kind INTS, got ",
        "'Relu' node \"h\": expects at most 1 inputs, got 2",
        "'Add' node \"i\": expects input 'B'"})
    EXPECT_TRUE(r.failsWith(text)) << text << "\n" << r.errors;
}

TEST(ImportBadInput, TypesAreChecked) {
  ModelMaker m;
  m.input("x").input("i", TensorProto::INT64).output("y");
  m.node("Add", {"x", "i"}, {"a"});
  m.node("Gather", {"x", "x"}, {"b"});
  m.node("Reshape", {"x", "x"}, {"c"});
  set(m.node("Cast", {"x"}, {"d"}), "to", int64_t(77));
  m.node("Relu", {"x"}, {"y"});
  Imported r = importModel(m);
  EXPECT_EQ(r.numErrors, 4u) << r.errors;
  EXPECT_TRUE(r.failsWith("'Add' node \"a\": expects inputs 'A' and 'B' of one "
                          "type, got 'f32' and 'i64'"));
  EXPECT_TRUE(r.failsWith("'Reshape' node \"c\": expects input 'shape' of type "
                          "'i64', got 'f32'"));
  EXPECT_TRUE(r.failsWith("attribute \"to\" names no supported type: 77"));
}

TEST(ImportBadInput, OpsetsOutOfRangeAreNamed) {
  ModelMaker old(4);
  old.input("x").output("y");
  old.node("Transpose", {"x"}, {"h"});
  old.node("Reshape", {"h"}, {"y"});
  Imported r = importModel(old);
  EXPECT_EQ(r.numErrors, 1u) << r.errors;
  EXPECT_TRUE(
      r.failsWith("'Reshape' node \"y\": its form in opset 4 is not known, the "
                  "oldest known opset is 7"));
  ModelMaker young(29);
  young.input("x").output("y");
  young.node("Relu", {"x"}, {"y"});
  EXPECT_TRUE(importModel(young).failsWith(
      "'Relu' node \"y\": its form in opset 29 is not known, the newest known "
      "opset is 28"));
  ModelMaker none;
  none.input("x").output("y");
  none.node("Relu", {"x"}, {"y"});
  none.model.mutable_opset_import(0)->set_domain("other");
  EXPECT_TRUE(
      importModel(none).failsWith("'Relu' node \"y\": the model imports no "
                                  "opset of the default domain"));
  none.model.clear_opset_import();
  EXPECT_TRUE(importModel(none).failsWith("it imports no opset"));
}

TEST(ImportBadInput, AnOlderOpsetIsReadWhereItsOperatorsAreStillTheSame) {
  ModelMaker m(6);
  m.input("x").output("y");
  m.node("Relu", {"x"}, {"y"});
  Imported r = importModel(m);
  EXPECT_EQ(r.numErrors, 0u) << r.errors;
}

TEST(ImportBadInput, CyclesAreRefused) {
  ModelMaker m;
  m.input("x").output("y");
  m.node("Add", {"x", "b"}, {"a"});
  m.node("Neg", {"a"}, {"b"});
  m.node("Relu", {"nowhere"}, {"y"});
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("'Neg' node \"b\": uses \"a\" before 'Add' node \"a\""
                          " makes it: expects nodes without a cycle"));
  EXPECT_TRUE(
      r.failsWith("'Relu' node \"y\": uses \"nowhere\", which nothing makes"));
  EXPECT_EQ(r.numErrors, 2u) << r.errors;
}

TEST(ImportBadInput, NamesAreUnique) {
  ModelMaker m;
  m.input("x").output("x").input("x");
  m.node("Relu", {"x"}, {"x"});
  EXPECT_TRUE(importModel(m).failsWith("two inputs have the name \"x\""));
  EXPECT_TRUE(importModel(m).failsWith(
      "'Relu' node \"x\": two values have the name \"x\""));
  ModelMaker outputs;
  outputs.input("x").output("x").output("x").output("z");
  EXPECT_TRUE(importModel(outputs).failsWith("two outputs have the name"));
  EXPECT_TRUE(
      importModel(outputs).failsWith("output \"z\" is made by no node"));
  ModelMaker empty;
  EXPECT_TRUE(importModel(empty).failsWith("the graph has no output"));
}

TEST(ImportBadInput, InputsNeedATypeThatExists) {
  ModelMaker m;
  m.input("x", 99).output("x");
  m.graph().add_input()->set_name("untyped");
  m.graph().add_input()->set_name("map");
  m.graph().mutable_input(2)->mutable_type()->mutable_map_type();
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("input \"x\": element type 99 is not supported"));
  EXPECT_TRUE(r.failsWith("input \"untyped\": has no type"));
  EXPECT_TRUE(r.failsWith("input \"map\": maps are not supported"));
  ModelMaker nested;
  nested.input("x").output("x");
  proto::TypeProto *types[3];
  for (int i = 0; i < 3; ++i) {
    proto::ValueInfoProto *info = nested.graph().add_input();
    info->set_name("nested" + std::to_string(i));
    types[i] = info->mutable_type();
  }
  auto sequence = [](proto::TypeProto *type) {
    return type->mutable_sequence_type()->mutable_elem_type();
  };
  auto optional = [](proto::TypeProto *type) {
    return type->mutable_optional_type()->mutable_elem_type();
  };
  sequence(sequence(types[0]))->mutable_tensor_type()->set_elem_type(1);
  optional(optional(types[1]))->mutable_tensor_type()->set_elem_type(1);
  types[2]->mutable_sparse_tensor_type()->set_elem_type(1);
  r = importModel(nested);
  EXPECT_TRUE(r.failsWith("input \"nested0\": expects a sequence of tensors"));
  EXPECT_TRUE(
      r.failsWith("input \"nested1\": expects an optional tensor or sequence"));
  EXPECT_TRUE(
      r.failsWith("input \"nested2\": sparse tensors are not supported"));
}

TEST(ImportBadInput, ResultsNeedAType) {
  ModelMaker m;
  m.input("x").output("y");
  m.node("Optional", {}, {"o"});
  m.node("SequenceAt", {"x", "x"}, {"s"});
  m.node("Relu", {"x"}, {"y"});
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("'Optional' node \"o\": expects an input or "
                          "attribute \"type\""))
      << r.errors;
}

TEST(ImportBadInput, SubgraphsMustFit) {
  ModelMaker m;
  m.input("x").input("c", TensorProto::BOOL).output("y");
  proto::NodeProto &node = m.node("If", {"c"}, {"y"});
  addValue(subgraph(node, "then_branch").add_output(), "x");
  EXPECT_TRUE(importModel(m).failsWith("expects 2 subgraphs, got 1"));
  addValue(subgraph(node, "else_branch").add_output(), "c");
  EXPECT_TRUE(importModel(m).failsWith("expects branches to give one type, got "
                                       "tensor<*xf32> and tensor<*xi1>"));
  subgraph(node, "other");
  EXPECT_TRUE(importModel(m).failsWith("unknown attribute \"other\""));
  addValue(node.mutable_attribute(1)->mutable_g()->add_input(), "z");
  EXPECT_TRUE(
      importModel(m).failsWith("expects a subgraph of 0 inputs, got 1"));
  ModelMaker two;
  two.input("x").input("c", TensorProto::BOOL).output("y");
  proto::NodeProto &both = two.node("If", {"c"}, {"y", "z"});
  for (const char *name : {"then_branch", "else_branch"})
    addValue(subgraph(both, name).add_output(), "x");
  EXPECT_TRUE(importModel(two).failsWith("has no value for output 1"))
      << importModel(two).errors;
  ModelMaker loop;
  loop.input("n", TensorProto::INT64).output("y");
  proto::GraphProto &body = subgraph(loop.node("Loop", {"n"}, {"y"}), "body");
  addValue(body.add_input(), "i", TensorProto::INT64);
  addValue(body.add_input(), "i", TensorProto::BOOL);
  addValue(body.add_output(), "i", TensorProto::BOOL);
  EXPECT_TRUE(importModel(loop).failsWith(
      "two inputs of a subgraph have the name \"i\""));
  ModelMaker relu;
  relu.input("x").output("y");
  subgraph(relu.node("Relu", {"x"}, {"y"}), "body");
  EXPECT_TRUE(importModel(relu).failsWith(
      "has a subgraph, which the operator does not know"));
}

TEST(ImportBadInput, AttributesMustMakeSense) {
  ModelMaker m;
  m.input("x").output("y");
  proto::NodeProto &twice = m.node("Elu", {"x"}, {"a"});
  set(twice, "alpha", 1.0f);
  set(twice, "alpha", 2.0f);
  addAttribute(m.node("Elu", {"x"}, {"b"}), "alpha").set_ref_attr_name("z");
  addAttribute(m.node("Elu", {"x"}, {"c"}), "alpha")
      .set_type(proto::AttributeProto::TENSORS);
  m.node("Flatten", {"x"}, {"y"});
  m.node("DepthToSpace", {"x"}, {"d"});
  Imported r = importModel(m);
  EXPECT_TRUE(r.failsWith("has attribute \"alpha\" twice"));
  EXPECT_TRUE(r.failsWith(
      "attribute \"alpha\" refers to another outside of a function"));
  EXPECT_TRUE(
      r.failsWith("attribute \"alpha\": kind TENSORS is not supported"));
  EXPECT_TRUE(r.failsWith("expects attribute \"blocksize\""));
}
