#include "test/unit/PlanModels.h"

namespace dycc::test {
namespace {

using proto::GraphProto;
using proto::TensorProto;

ModelMaker images() {
  ModelMaker m(17);
  m.input("x", {"N", "3", "H", "W"}).output("y").output("p");
  m.weight("w0", {16, 3, 3, 3}).weight("w1", {16, 16, 3, 3});
  m.weight("w2", {16, 16, 1, 1}).weight("bias", {16, 1, 1});
  std::string from = "x";
  for (std::string name : {"0", "1"}) {
    set(m.node("Conv", {from, "w" + name}, {"c" + name}), "pads", {1, 1, 1, 1});
    m.node("Sigmoid", {"c" + name}, {from = "s" + name});
  }
  m.node("Conv", {"s1", "w2"}, {"c2"});
  m.node("Add", {"c2", "s0"}, {"sum"});
  m.node("Add", {"sum", "bias"}, {"y"});
  set(m.node("MaxPool", {"y"}, {"pooled"}), "kernel_shape", {2, 2});
  set(m.node("Softmax", {"pooled"}, {"p"}), "axis", int64_t(2));
  return m;
}

ModelMaker tokens() {
  ModelMaker m(17);
  m.input("x", {"T", "24"}).output("y").output("z");
  m.weight("w", {24, 24}).weight("v", {24, 24});
  m.integers("sizes", {5, 3}).integers("turn", {1, 0});
  m.node("MatMul", {"x", "w"}, {"a"});
  set(m.node("Softmax", {"a"}, {"soft"}), "axis", int64_t(-1));
  set(m.node("Transpose", {"soft"}, {"turned"}), "perm", {1, 0});
  m.node("MatMul", {"soft", "v"}, {"b"});
  set(m.node("Softmax", {"b"}, {"softer"}), "axis", int64_t(-1));
  set(m.node("Concat", {"soft", "softer"}, {"joined"}), "axis", int64_t(0));
  m.node("MatMul", {"joined", "w"}, {"y"});
  m.node("MatMul", {"turned", "soft"}, {"square"}); // [24, 24]
  m.integers("parts", {8, 16});
  set(m.node("Split", {"square", "parts"}, {"top", "rest"}), "axis",
      int64_t(0));
  m.node("MatMul", {"top", "v"}, {"left"});
  m.node("MatMul", {"rest", "w"}, {"right"});
  set(m.node("Concat", {"left", "right"}, {"both"}), "axis", int64_t(0));
  m.node("MatMul", {"both", "square"}, {"z"});
  return m;
}

/// The next state of a cache, and what is computed of it.
ModelMaker cache() {
  ModelMaker m(17);
  m.input("state", {"N", "8"}).input("x", {"N", "8"}).output("next");
  m.output("y").weight("w", {8, 8}).weight("half", {1}, 0.5f);
  m.node("Mul", {"state", "half"}, {"faded"});
  m.node("Add", {"faded", "x"}, {"next"});
  m.node("MatMul", {"x", "w"}, {"product"});
  m.node("Sigmoid", {"product"}, {"curve"});
  m.node("MatMul", {"curve", "w"}, {"y"});
  return m;
}

ModelMaker branches() {
  ModelMaker m(17);
  m.input("x", {"N"}).input("flag", TensorProto::BOOL).output("y");
  m.output("count", TensorProto::INT64);
  setDims(m.graph().mutable_input(1), {});
  m.node("NonZero", {"x"}, {"rows"}); // [1, e0]: bounded by N.
  m.integers("zero", {0}).node("Squeeze", {"rows", "zero"}, {"at"});
  m.node("Gather", {"x", "at"}, {"found"});
  proto::NodeProto &choice = m.node("If", {"flag"}, {"chosen"});
  for (std::string name : {"then_branch", "else_branch"}) {
    GraphProto &branch = subgraph(choice, name);
    ModelMaker::addNode(branch, name[0] == 't' ? "Exp" : "Sigmoid", {"found"},
                        {name + "_a"});
    ModelMaker::addNode(branch, "Softmax", {name + "_a"}, {name + "_b"});
    addValue(branch.add_output(), name + "_b");
  }
  m.node("Add", {"chosen", "found"}, {"y"});
  m.node("Shape", {"y"}, {"count"});
  return m;
}

/// The parts that each Loop body begins with.
GraphProto &startBody(proto::NodeProto &loop, const Names &carried) {
  GraphProto &body = subgraph(loop, "body");
  addValue(body.add_input(), "trip", TensorProto::INT64);
  addValue(body.add_input(), "going", TensorProto::BOOL);
  for (const std::string &name : carried)
    addValue(body.add_input(), name);
  return body;
}

/// Two values that are exchanged, one that changes in place, and a scan.
ModelMaker steps() {
  ModelMaker m(17);
  m.input("x", {"N", "8"}).input("z", {"N", "8"});
  m.input("count", TensorProto::INT64).output("y").output("rows");
  setDims(m.graph().mutable_input(2), {});
  m.weight("w", {8, 8});
  m.node("Softmax", {"x"}, {"first"});
  proto::NodeProto &loop =
      m.node("Loop", {"count", "", "first", "z"}, {"a", "b", "scan"});
  GraphProto &body = startBody(loop, {"u", "v"});
  ModelMaker::addNode(body, "MatMul", {"u", "w"}, {"product"});
  ModelMaker::addNode(body, "Softmax", {"product"}, {"u2"});
  ModelMaker::addNode(body, "Add", {"v", "u2"}, {"v2"});
  ModelMaker::addNode(body, "Sigmoid", {"v2"}, {"slice"});
  ModelMaker::addNode(body, "Identity", {"going"}, {"again"});
  addValue(body.add_output(), "again", TensorProto::BOOL);
  for (const char *name : {"u2", "v2", "slice"})
    addValue(body.add_output(), name);
  m.node("MatMul", {"a", "w"}, {"last"});
  m.node("Add", {"last", "b"}, {"y"});
  m.node("Relu", {"scan"}, {"rows"});
  return m;
}

/// A value that doubles its length until it is large, with a scan: nothing
/// bounds either.
ModelMaker growth() {
  ModelMaker m(17);
  m.input("x", {"N"}).output("y").output("rows").weight("limit", {}, 100);
  TensorProto &yes = *m.graph().add_initializer();
  yes.set_name("yes");
  yes.set_data_type(TensorProto::BOOL);
  yes.add_int32_data(1);
  m.node("Softmax", {"x"}, {"first"});
  proto::NodeProto &loop =
      m.node("Loop", {"", "yes", "first"}, {"last", "sums"});
  GraphProto &body = startBody(loop, {"v"});
  ModelMaker::addNode(body, "Exp", {"v"}, {"larger"});
  ModelMaker::addNode(body, "Softmax", {"larger"}, {"even"});
  set(ModelMaker::addNode(body, "Concat", {"even", "larger"}, {"v2"}), "axis",
      int64_t(0));
  proto::NodeProto &sum = ModelMaker::addNode(body, "ReduceSum", {"v2"}, {"s"});
  set(sum, "keepdims", int64_t(0));
  ModelMaker::addNode(body, "Less", {"s", "limit"}, {"again"});
  addValue(body.add_output(), "again", TensorProto::BOOL);
  addValue(body.add_output(), "v2");
  addValue(body.add_output(), "s");
  m.node("Softmax", {"last"}, {"soft"});
  m.node("Add", {"soft", "last"}, {"added"});
  set(m.node("ReduceMax", {"added"}, {"y"}), "keepdims", int64_t(1));
  set(m.node("ReduceSum", {"sums"}, {"rows"}), "keepdims", int64_t(1));
  return m;
}

} // namespace

std::vector<std::pair<std::string, ModelMaker>> planModels() {
  return {{"images", images()},     {"tokens", tokens()}, {"cache", cache()},
          {"branches", branches()}, {"steps", steps()},   {"growth", growth()}};
}

} // namespace dycc::test
