// Functions of the model take the place of the nodes that call them.
#include "compiler/import/NodeImporter.h"

using namespace mlir;
using dycc::proto::AttributeProto;
using dycc::proto::FunctionProto;

namespace dycc::import {

std::string getFunctionKey(StringRef domain, StringRef name,
                           StringRef overload) {
  // Names hold no NUL: keys of different functions differ.
  return (domain + Twine('\0') + name + Twine('\0') + overload).str();
}

void readOpsets(
    const google::protobuf::RepeatedPtrField<proto::OperatorSetIdProto>
        &imports,
    llvm::StringMap<int64_t> &opsets) {
  for (const proto::OperatorSetIdProto &import : imports)
    opsets[import.domain() == "ai.onnx" ? "" : import.domain()] =
        import.version();
}

const FunctionProto *NodeImporter::findFunction() const {
  if (state.functions.empty())
    return nullptr;
  return state.functions.lookup(
      getFunctionKey(domain, node.op_type(), node.overload()));
}

/// What attribute references in the body stand for: the call's attributes, or
/// the function's defaults.
bool NodeImporter::bindFunctionAttributes(
    const FunctionProto &function,
    llvm::StringMap<const AttributeProto *> &bound) {
  llvm::StringSet<> declared;
  for (const AttributeProto &attribute : function.attribute_proto()) {
    declared.insert(attribute.name());
    bound[attribute.name()] = &attribute;
  }
  for (const std::string &name : function.attribute())
    declared.insert(name);
  for (auto [attribute, name] : llvm::zip_equal(attributes, attributeNames)) {
    if (!declared.contains(name)) {
      error() << "unknown attribute \"" << name << "\" of a function";
      return false;
    }
    // It would see the names around the call, from inside the function.
    if (attribute->type() == AttributeProto::GRAPH) {
      error() << "attribute \"" << name
              << "\": subgraphs are not supported as arguments of functions";
      return false;
    }
    bound[name] = attribute;
  }
  for (const std::string &name : function.attribute())
    if (!bound.contains(name)) {
      error() << "expects attribute \"" << name << "\" of a function";
      return false;
    }
  return true;
}

SmallVector<Binding>
NodeImporter::inlineFunction(const FunctionProto &function) {
  unsigned depth = 0;
  for (const Frame *frame = &graph.frame; frame; frame = frame->caller) {
    if (frame->function == &function || ++depth > 64) {
      error() << "functions call each other in a circle, or too deep";
      return {};
    }
  }
  llvm::StringMap<const AttributeProto *> bound;
  if (!bindFunctionAttributes(function, bound))
    return {};
  if (operands.size() > size_t(function.input_size()) ||
      node.output_size() > function.output_size()) {
    error() << "expects at most " << function.input_size() << " inputs and "
            << function.output_size() << " outputs of a function, got "
            << operands.size() << " and " << node.output_size();
    return {};
  }
  SmallVector<Binding> inputs = operands;
  inputs.resize(function.input_size(), Binding{{}, /*isAbsent=*/true});
  Frame frame{{}, &bound, &function, &graph.frame, location};
  readOpsets(function.opset_import(), frame.opsets);
  return GraphImporter(state, frame, function.node(), nullptr)
      .importBody(function, inputs);
}

} // namespace dycc::import
