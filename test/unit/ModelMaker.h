// ONNX models made in memory, node by node.
#ifndef DYCC_TEST_UNIT_MODELMAKER_H
#define DYCC_TEST_UNIT_MODELMAKER_H

#include "compiler/import/Proto.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace dycc::test {

using Names = std::vector<std::string>;

inline void addValue(proto::ValueInfoProto *info, const std::string &name,
                     int type = proto::TensorProto::FLOAT) {
  info->set_name(name);
  info->mutable_type()->mutable_tensor_type()->set_elem_type(type);
}

/// Gives a value its dims: numbers, or names of symbols.
inline void setDims(proto::ValueInfoProto *info, const Names &dims) {
  auto *shape = info->mutable_type()->mutable_tensor_type()->mutable_shape();
  for (const std::string &dim : dims)
    if (dim.find_first_not_of("0123456789") == dim.npos)
      shape->add_dim()->set_dim_value(std::stoll(dim));
    else
      shape->add_dim()->set_dim_param(dim);
}

/// Makes a model node by node.
class ModelMaker {
public:
  explicit ModelMaker(int64_t opset = 28) {
    model.set_ir_version(8);
    model.add_opset_import()->set_version(opset);
    graph().set_name("test");
  }

  proto::ModelProto model;
  proto::GraphProto &graph() { return *model.mutable_graph(); }

  ModelMaker &input(const std::string &name,
                    int type = proto::TensorProto::FLOAT) {
    addValue(graph().add_input(), name, type);
    return *this;
  }
  ModelMaker &output(const std::string &name,
                     int type = proto::TensorProto::FLOAT) {
    addValue(graph().add_output(), name, type);
    return *this;
  }
  /// An input of floats with these dims.
  ModelMaker &input(const std::string &name, const Names &dims) {
    input(name);
    setDims(graph().mutable_input(graph().input_size() - 1), dims);
    return *this;
  }
  /// A value that holds tensors of floats with these dims: a sequence, an
  /// optional, or an optional sequence.
  static void hold(proto::ValueInfoProto *info, const std::string &name,
                   const Names &dims, bool isSequence, bool isOptional) {
    info->set_name(name);
    proto::TypeProto *type = info->mutable_type();
    if (isOptional)
      type = type->mutable_optional_type()->mutable_elem_type();
    if (isSequence)
      type = type->mutable_sequence_type()->mutable_elem_type();
    proto::ValueInfoProto held;
    addValue(&held, name);
    setDims(&held, dims);
    *type = held.type();
  }
  /// A weight of floats: `first`, and steps of 1/8 in [-1, 1] after it.
  ModelMaker &weight(const std::string &name, const std::vector<int64_t> &dims,
                     float first = 0) {
    proto::TensorProto &tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(proto::TensorProto::FLOAT);
    int64_t count = 1;
    for (int64_t dim : dims) {
      tensor.add_dims(dim);
      count *= dim;
    }
    for (int64_t i = 0; i < count; ++i)
      tensor.add_float_data(i ? float(i * 5 % 17) / 8 - 1 : first);
    return *this;
  }
  /// A weight of int64.
  ModelMaker &integers(const std::string &name,
                       const std::vector<int64_t> &values) {
    proto::TensorProto &tensor = *graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(proto::TensorProto::INT64);
    tensor.add_dims(int64_t(values.size()));
    for (int64_t value : values)
      tensor.add_int64_data(value);
    return *this;
  }
  /// Adds a node named like its first output.
  proto::NodeProto &node(const std::string &op, const Names &inputs,
                         const Names &outputs) {
    return addNode(graph(), op, inputs, outputs);
  }
  static proto::NodeProto &addNode(proto::GraphProto &graph,
                                   const std::string &op, const Names &inputs,
                                   const Names &outputs) {
    proto::NodeProto &node = *graph.add_node();
    node.set_op_type(op);
    node.set_name(outputs.empty() ? op : outputs[0]);
    for (const std::string &name : inputs)
      node.add_input(name);
    for (const std::string &name : outputs)
      node.add_output(name);
    return node;
  }
};

inline proto::AttributeProto &addAttribute(proto::NodeProto &node,
                                           const std::string &name) {
  proto::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  return attribute;
}
inline void set(proto::NodeProto &node, const std::string &name,
                int64_t value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::INT);
  attribute.set_i(value);
}
inline void set(proto::NodeProto &node, const std::string &name, float value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::FLOAT);
  attribute.set_f(value);
}
inline void set(proto::NodeProto &node, const std::string &name,
                const char *value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::STRING);
  attribute.set_s(value);
}
inline void set(proto::NodeProto &node, const std::string &name,
                std::initializer_list<int64_t> values) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
}
inline void setFloats(proto::NodeProto &node, const std::string &name,
                      std::initializer_list<float> values) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::FLOATS);
  for (float value : values)
    attribute.add_floats(value);
}
inline proto::GraphProto &subgraph(proto::NodeProto &node,
                                   const std::string &name) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::GRAPH);
  return *attribute.mutable_g();
}

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_MODELMAKER_H
