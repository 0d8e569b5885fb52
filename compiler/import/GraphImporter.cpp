#include "compiler/import/GraphImporter.h"

#include "compiler/import/NodeImporter.h"
#include "compiler/import/NodeOrder.h"
#include "compiler/import/TensorReader.h"
#include "compiler/import/Types.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {

const Binding *Scope::lookup(StringRef name) const {
  for (const Scope *scope = this; scope; scope = scope->outer) {
    auto found = scope->names.find(name);
    if (found != scope->names.end())
      return &found->second;
  }
  return nullptr;
}

const proto::NodeProto *Scope::findProducer(StringRef name) const {
  if (producers.empty())
    for (const proto::NodeProto &node : nodes)
      for (const std::string &output : node.output())
        producers.try_emplace(output, &node);
  if (const proto::NodeProto *found = producers.lookup(name))
    return found;
  return outer ? outer->findProducer(name) : nullptr;
}

Location getLocation(MLIRContext *context, const proto::NodeProto &node,
                     const Frame &frame) {
  auto named = [&](StringRef name) {
    return NameLoc::get(StringAttr::get(context, name));
  };
  SmallVector<Location> parts;
  if (!node.name().empty())
    parts.push_back(named(node.name()));
  else
    for (const std::string &output : node.output())
      if (!output.empty())
        parts.push_back(named(output));
  if (parts.empty())
    parts.push_back(named(node.op_type()));
  Location location = FusedLoc::get(context, parts);
  return frame.function ? CallSiteLoc::get(location, frame.callSite) : location;
}

std::string getLabel(const proto::NodeProto &node, size_t index) {
  std::string label = "'" + node.op_type() + "' node ";
  return node.name().empty() ? label + "#" + std::to_string(index)
                             : label + "\"" + node.name() + "\"";
}

bool takesValue(const proto::GraphProto &graph, StringRef name) {
  auto isIt = [&](const std::string &taken) { return taken == name; };
  auto nodeTakes = [&](const proto::NodeProto &node) {
    return llvm::any_of(node.input(), isIt) ||
           llvm::any_of(node.attribute(),
                        [&](const proto::AttributeProto &attribute) {
                          return takesValue(attribute.g(), name);
                        });
  };
  return llvm::any_of(graph.node(), nodeTakes) ||
         llvm::any_of(graph.output(), [&](const proto::ValueInfoProto &output) {
           return output.name() == name;
         });
}

InFlightDiagnostic GraphImporter::error(Location location) {
  state.hasError = true;
  return emitError(location);
}

void GraphImporter::importNodes() {
  for (size_t index : sortedOrder(nodes)) {
    const proto::NodeProto &node = nodes[int(index)];
    if (++state.numNodes > state.options.maxNodes) {
      // Once: the count stays above the limit, so every caller returns.
      if (state.numNodes == state.options.maxNodes + 1)
        error(getLocation(state.builder.getContext(), node, frame))
            << "the model has more than " << state.options.maxNodes
            << " nodes when its functions are inlined";
      return;
    }
    NodeImporter(*this, node, index).run();
  }
}

void GraphImporter::addConstant(StringRef name, Location location,
                                llvm::Expected<ElementsAttr> value) {
  Binding binding;
  if (!value) {
    error(location) << "initializer \"" << name
                    << "\": " << llvm::toString(value.takeError());
  } else {
    OpEmitter emitter(state.builder, location,
                      ("initializer \"" + name + "\"").str());
    Value constant = emitter.constant(*value);
    if (!emitter.isBroken())
      binding.value = constant;
  }
  if (!scope.bind(name, binding))
    error(location) << "two values have the name \"" << name << "\"";
}

void GraphImporter::importInitializers(const proto::GraphProto &graph) {
  MLIRContext *context = state.builder.getContext();
  auto locate = [&](StringRef name) {
    return NameLoc::get(StringAttr::get(context, name));
  };
  for (const proto::TensorProto &tensor : graph.initializer())
    addConstant(tensor.name(), locate(tensor.name()),
                readTensor(context, state.file, tensor));
  for (const proto::SparseTensorProto &tensor : graph.sparse_initializer())
    addConstant(tensor.values().name(), locate(tensor.values().name()),
                readSparseTensor(context, state.file, tensor));
}

Value GraphImporter::findOutput(StringRef name, Location location) {
  const Binding *binding = scope.lookup(name);
  if (!binding)
    error(location) << "output \"" << name << "\" is made by no node";
  return binding ? binding->value : Value();
}

/// A graph's names for values that it does not steer: they are not believed,
/// but a contradiction hints at a broken exporter.
void GraphImporter::checkLabels(
    const google::protobuf::RepeatedPtrField<proto::ValueInfoProto> &infos) {
  MLIRContext *context = state.builder.getContext();
  for (const proto::ValueInfoProto &info : infos) {
    const Binding *binding = scope.lookup(info.name());
    std::string problem;
    if (!binding || !binding->value || !info.has_type())
      continue;
    Type declared = readType(context, info.type(), problem);
    Type actual = binding->value.getType();
    if (!declared)
      continue;
    auto declaredShape = dyn_cast<RankedTensorType>(declared);
    auto actualShape = dyn_cast<RankedTensorType>(actual);
    bool sameRank = !declaredShape || !actualShape ||
                    declaredShape.getRank() == actualShape.getRank();
    if (withoutShape(declared) != withoutShape(actual) || !sameRank)
      emitWarning(binding->value.getLoc())
          << "value \"" << info.name() << "\" is declared as " << declared
          << ", but is " << actual;
  }
}

std::unique_ptr<Region>
GraphImporter::importSubgraph(const proto::GraphProto &graph,
                              ArrayRef<Type> inputTypes, Location location,
                              const std::string &label) {
  auto region = std::make_unique<Region>();
  OpBuilder::InsertionGuard guard(state.builder);
  Block *block = state.builder.createBlock(region.get());
  if (size_t(graph.input_size()) != inputTypes.size())
    error(location) << label << ": expects a subgraph of " << inputTypes.size()
                    << " inputs, got " << graph.input_size();
  for (auto [info, type] : llvm::zip(graph.input(), inputTypes)) {
    Location name = NameLoc::get(state.builder.getStringAttr(info.name()));
    Value argument = type ? block->addArgument(type, name) : Value();
    if (!scope.bind(info.name(), {argument}))
      error(location) << label << ": two inputs of a subgraph have the name \""
                      << info.name() << "\"";
  }
  importInitializers(graph);
  importNodes();
  OperationState yield(location, "onnx.Yield");
  for (const proto::ValueInfoProto &info : graph.output()) {
    Value value = findOutput(info.name(), location);
    if (!value)
      return nullptr;
    yield.operands.push_back(value);
  }
  checkLabels(graph.value_info());
  state.builder.create(yield);
  return region;
}

SmallVector<Binding>
GraphImporter::importBody(const proto::FunctionProto &function,
                          ArrayRef<Binding> inputs) {
  for (auto [name, binding] : llvm::zip(function.input(), inputs))
    if (!scope.bind(name, binding))
      error(frame.callSite) << "function \"" << function.name()
                            << "\" has two inputs named \"" << name << "\"";
  importNodes();
  SmallVector<Binding> outputs;
  for (const std::string &name : function.output())
    outputs.push_back({findOutput(name, frame.callSite)});
  return outputs;
}

SmallVector<NamedAttribute>
GraphImporter::nameInput(const proto::ValueInfoProto &info) {
  Builder &b = state.builder;
  SmallVector<NamedAttribute> names = {
      b.getNamedAttr("onnx.name", b.getStringAttr(info.name()))};
  if (ArrayAttr dims = readDims(b.getContext(), info.type()))
    names.push_back(b.getNamedAttr("dyn.dims", dims));
  return names;
}

void GraphImporter::bindMainInputs(
    const proto::GraphProto &graph, Block *block,
    SmallVectorImpl<DictionaryAttr> &attributes) {
  Builder &b = state.builder;
  for (const proto::ValueInfoProto &info : graph.input()) {
    // Maybe a default, which is looked at once all its uses are known.
    if (const Binding *initializer = scope.lookup(info.name());
        initializer &&
        (!initializer->value || initializer->value.getDefiningOp()))
      continue;
    Location location = NameLoc::get(b.getStringAttr(info.name()));
    std::string problem;
    Type type = readType(b.getContext(), info.type(), problem);
    if (!type)
      error(location) << "input \"" << info.name() << "\": " << problem;
    attributes.push_back(b.getDictionaryAttr(nameInput(info)));
    Value argument = type ? block->addArgument(type, location) : Value();
    if (!scope.bind(info.name(), {argument}))
      error(location) << "two inputs have the name \"" << info.name() << "\"";
  }
}

void GraphImporter::importMain(const proto::GraphProto &graph) {
  OpBuilder &b = state.builder;
  Location location = NameLoc::get(b.getStringAttr(graph.name()));
  auto function =
      func::FuncOp::create(b, location, "main", b.getFunctionType({}, {}));
  Block *block = function.addEntryBlock();
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(block);
  SmallVector<DictionaryAttr> inputAttributes, outputAttributes;
  importInitializers(graph);
  bindMainInputs(graph, block, inputAttributes);
  importNodes();

  SmallVector<Value> outputs;
  llvm::StringSet<> outputNames;
  for (const proto::ValueInfoProto &info : graph.output()) {
    Location named = NameLoc::get(b.getStringAttr(info.name()));
    if (Value value = findOutput(info.name(), named))
      outputs.push_back(value);
    if (!outputNames.insert(info.name()).second)
      error(named) << "two outputs have the name \"" << info.name() << "\"";
    outputAttributes.push_back(b.getDictionaryAttr(
        b.getNamedAttr("onnx.name", b.getStringAttr(info.name()))));
  }
  if (graph.output().empty())
    error(location) << "the graph has no output";
  checkLabels(graph.output());
  checkLabels(graph.value_info());
  func::ReturnOp::create(b, location, outputs);
  makeDefaultInputs(graph, block, inputAttributes);
  if (state.hasError)
    return;
  function.setFunctionType(b.getFunctionType(
      block->getArgumentTypes(), block->getTerminator()->getOperandTypes()));
  function.setAllArgAttrs(inputAttributes);
  function.setAllResultAttrs(outputAttributes);
}

} // namespace dycc::import
