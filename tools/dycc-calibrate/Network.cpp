#include "tools/dycc-calibrate/Network.h"

#include <cmath>

namespace dycc::calibrate {

static proto::AttributeProto &addAttribute(proto::NodeProto &node,
                                           const std::string &name) {
  proto::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name);
  return attribute;
}

void setInt(proto::NodeProto &node, const std::string &name, int64_t value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::INT);
  attribute.set_i(value);
}

void setInts(proto::NodeProto &node, const std::string &name,
             const std::vector<int64_t> &values) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
}

void setText(proto::NodeProto &node, const std::string &name,
             const std::string &value) {
  proto::AttributeProto &attribute = addAttribute(node, name);
  attribute.set_type(proto::AttributeProto::STRING);
  attribute.set_s(value);
}

Network::Network(const std::vector<std::string> &dims) : value("x") {
  constexpr int64_t kVersion = 8, kOpset = 17;
  model.set_ir_version(kVersion);
  model.add_opset_import()->set_version(kOpset);
  proto::GraphProto &graph = *model.mutable_graph();
  graph.set_name("network");
  proto::ValueInfoProto &input = *graph.add_input();
  input.set_name(value);
  auto *type = input.mutable_type()->mutable_tensor_type();
  type->set_elem_type(proto::TensorProto::FLOAT);
  for (const std::string &dim : dims)
    if (dim.find_first_not_of("0123456789") == dim.npos)
      type->mutable_shape()->add_dim()->set_dim_value(std::stoll(dim));
    else
      type->mutable_shape()->add_dim()->set_dim_param(dim);
}

proto::TensorProto &Network::initializer() {
  proto::TensorProto &tensor = *model.mutable_graph()->add_initializer();
  tensor.set_name("w" + std::to_string(names++));
  tensor.set_data_type(proto::TensorProto::FLOAT);
  return tensor;
}

/// Numbers around 0 that keep what passes a layer about as large as it was.
std::string Network::weight(const std::vector<int64_t> &dims) {
  proto::TensorProto &tensor = initializer();
  int64_t count = 1;
  for (int64_t dim : dims) {
    tensor.add_dims(dim);
    count *= dim;
  }
  double inputs = dims.size() > 1 ? double(count) / double(dims[0]) : 1;
  for (int64_t i = 0; i < count; ++i) {
    // The constants of Numerical Recipes' generator.
    state = state * 1664525U + 1013904223U;
    constexpr double kHalf = 2147483648.0;
    tensor.add_float_data(float((state / kHalf - 1) / std::sqrt(inputs)));
  }
  return tensor.name();
}

std::string Network::integers(const std::vector<int64_t> &values) {
  proto::TensorProto &tensor = initializer();
  tensor.set_data_type(proto::TensorProto::INT64);
  tensor.add_dims(int64_t(values.size()));
  for (int64_t one : values)
    tensor.add_int64_data(one);
  return tensor.name();
}

std::string Network::floats(const std::vector<float> &values) {
  proto::TensorProto &tensor = initializer();
  tensor.add_dims(int64_t(values.size()));
  for (float one : values)
    tensor.add_float_data(one);
  return tensor.name();
}

std::string Network::scalar(float number) {
  proto::TensorProto &tensor = initializer();
  tensor.add_float_data(number);
  return tensor.name();
}

proto::NodeProto &Network::apply(const std::string &op,
                                 const std::vector<std::string> &others) {
  proto::NodeProto &node = *model.mutable_graph()->add_node();
  node.set_op_type(op);
  node.add_input(value);
  for (const std::string &other : others)
    node.add_input(other);
  value = "v" + std::to_string(names++);
  node.set_name(value);
  node.add_output(value);
  return node;
}

void Network::convolve(int64_t inputs, int64_t outputs, int64_t size,
                       int64_t stride, int64_t groups) {
  std::string filter = weight({outputs, inputs / groups, size, size});
  proto::NodeProto &node = apply("Conv", {filter, weight({outputs})});
  int64_t pad = size / 2;
  setInts(node, "kernel_shape", {size, size});
  setInts(node, "pads", {pad, pad, pad, pad});
  setInts(node, "strides", {stride, stride});
  setInt(node, "group", groups);
}

void Network::multiply(int64_t inputs, int64_t outputs) {
  apply("MatMul", {weight({inputs, outputs})});
  apply("Add", {weight({outputs})});
}

void Network::pool(const std::string &op, int64_t size, int64_t stride) {
  proto::NodeProto &node = apply(op);
  int64_t pad = size / 2;
  setInts(node, "kernel_shape", {size, size});
  setInts(node, "pads", {pad, pad, pad, pad});
  setInts(node, "strides", {stride, stride});
}

void Network::enlarge(float factor) {
  setText(apply("Resize", {"", floats({1, 1, factor, factor})}), "mode",
          "linear");
}

void Network::normalize(int64_t width) {
  setInt(apply("LayerNormalization", {weight({width}), weight({width})}),
         "axis", -1);
}

void Network::matrices(const std::string &a, const std::string &b,
                       bool isTransposed) {
  std::string right = b;
  if (isTransposed) {
    value = b;
    setInts(apply("Transpose"), "perm", {0, 2, 1});
    right = value;
  }
  value = a;
  apply("MatMul", {right});
}

std::string Network::text() {
  proto::ValueInfoProto &output = *model.mutable_graph()->add_output();
  output.set_name(value);
  output.mutable_type()->mutable_tensor_type()->set_elem_type(
      proto::TensorProto::FLOAT);
  return model.SerializeAsString();
}

} // namespace dycc::calibrate
