#include "compiler/import/NodeImporter.h"

#include "compiler/import/TensorReader.h"
#include "compiler/import/Types.h"
#include "compiler/import/Upgrades.h"
#include "compiler/import/contributed/Contributed.h"
#include "dialects/onnx/OnnxTypes.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using dycc::proto::AttributeProto;

namespace dycc::import {

/// A level of subgraphs is a level of recursion here and in later passes.
static constexpr unsigned maxSubgraphDepth = 24;

/// Of older opsets what is the same in this one, or has an upgrade to it.
static constexpr int64_t oldestOpset = 7;

/// The version of an operator that an opset means, of all versions in order; 0
/// where the operator is newer.
static int findVersionIn(ArrayRef<int> versions, int64_t opset) {
  int found = 0;
  for (int since : versions)
    if (since <= opset)
      found = since;
  return found;
}

static StringRef normalizeDomain(StringRef domain) {
  return domain == "ai.onnx" ? "" : domain;
}

NodeImporter::NodeImporter(GraphImporter &graph, const proto::NodeProto &node,
                           size_t index)
    : graph(graph), state(graph.state), node(node),
      label(getLabel(node, index)),
      location(getLocation(state.builder.getContext(), node, graph.frame)),
      domain(normalizeDomain(node.domain())),
      contributed(onnx::findContributed(domain, node.op_type())) {
  form.op = node.op_type();
  for (const std::string &output : node.output())
    form.wanted.push_back(!output.empty());
}

InFlightDiagnostic NodeImporter::error() {
  return graph.error(location) << label << ": ";
}

/// Whether operators of the domain have a table.
static bool isKnownDomain(StringRef domain) {
  return domain.empty() ||
         llvm::any_of(onnx::allContributed(),
                      [&](const onnx::OperatorSchema &schema) {
                        return schema.domain == domain;
                      });
}

std::optional<int64_t> NodeImporter::findOpset() {
  if (!isKnownDomain(domain)) {
    error() << "operators of domain \"" << domain << "\" are not supported";
    return std::nullopt;
  }
  if (!domain.empty() && !contributed) {
    error() << "this operator of domain \"" << domain << "\" is not supported";
    return std::nullopt;
  }
  auto opset = graph.frame.opsets.find(domain);
  if (opset != graph.frame.opsets.end())
    return opset->second;
  if (domain.empty())
    error() << "the model imports no opset of the default domain";
  else
    error() << "the model imports no opset of domain \"" << domain << "\"";
  return std::nullopt;
}

int NodeImporter::findContributedVersion(int64_t opset) {
  int version = findVersionIn(contributed->versions, opset);
  if (!version)
    error() << "is new in opset " << contributed->versions.front()
            << " of domain \"" << domain << "\", the model imports opset "
            << opset;
  return version;
}

int NodeImporter::findVersion() {
  std::optional<int64_t> opset = findOpset();
  if (!opset)
    return 0;
  if (contributed)
    return findContributedVersion(*opset);
  const onnx::OperatorSchema *schema = onnx::findOperator("", form.op);
  const RetiredOperator *retired = findRetiredOperator(form.op);
  if (!schema && !retired) {
    error() << "unknown operator";
    return 0;
  }
  if (*opset > onnx::newestOpset()) {
    error() << "its form in opset " << *opset
            << " is not known, the newest known opset is "
            << onnx::newestOpset();
    return 0;
  }
  if (retired && *opset >= retired->removed) {
    error() << "was removed in opset " << retired->removed
            << ", the model imports opset " << *opset;
    return 0;
  }
  ArrayRef<int> versions = retired ? retired->versions : schema->versions;
  int version = findVersionIn(versions, *opset);
  if (!version) {
    error() << "is new in opset " << versions.front()
            << ", the model imports opset " << *opset;
  } else if (*opset < oldestOpset &&
             version != findVersionIn(versions, oldestOpset) &&
             !hasUpgradeTo(form.op, oldestOpset)) {
    error() << "its form in opset " << *opset
            << " is not known, the oldest known opset is " << oldestOpset;
    return 0;
  }
  return version;
}

bool NodeImporter::resolveOperands() {
  bool allKnown = true;
  for (const std::string &name : node.input()) {
    Binding operand;
    operand.isAbsent = name.empty();
    if (const Binding *binding = graph.scope.lookup(name);
        binding && !name.empty()) {
      operand = *binding;
    } else if (!name.empty()) {
      if (const proto::NodeProto *later = graph.scope.findProducer(name))
        error() << "uses \"" << name << "\" before " << getLabel(*later, 0)
                << " makes it: expects nodes without a cycle";
      else
        error() << "uses \"" << name << "\", which nothing makes";
    }
    allKnown &= operand.value || operand.isAbsent;
    operands.push_back(operand);
    form.operands.push_back(operand.value);
  }
  // Trailing empty names say as little as no name.
  while (!form.operands.empty() && !form.operands.back() &&
         operands[form.operands.size() - 1].isAbsent)
    form.operands.pop_back();
  return allKnown;
}

bool NodeImporter::resolveAttributes() {
  bool allGood = true;
  llvm::StringSet<> names;
  for (const AttributeProto &attribute : node.attribute()) {
    const AttributeProto *resolved = &attribute;
    if (!names.insert(attribute.name()).second) {
      error() << "has attribute \"" << attribute.name() << "\" twice";
      allGood = false;
    }
    if (!attribute.ref_attr_name().empty()) {
      if (!graph.frame.attributes) {
        error() << "attribute \"" << attribute.name()
                << "\" refers to another outside of a function";
        allGood = false;
        continue;
      }
      resolved = graph.frame.attributes->lookup(attribute.ref_attr_name());
      // The call does not set it, and it has no default.
      if (!resolved)
        continue;
    }
    attributes.push_back(resolved);
    attributeNames.push_back(attribute.name());
  }
  return allGood;
}

Attribute NodeImporter::readAttribute(const AttributeProto &attribute,
                                      std::string &problem) {
  Builder &b = state.builder;
  auto tensor = [&](llvm::Expected<ElementsAttr> value) -> Attribute {
    if (value)
      return *value;
    problem = llvm::toString(value.takeError());
    return {};
  };
  switch (attribute.type()) {
  case AttributeProto::INT:
    return b.getI64IntegerAttr(attribute.i());
  case AttributeProto::FLOAT:
    return b.getF32FloatAttr(attribute.f());
  case AttributeProto::STRING:
    return b.getStringAttr(attribute.s());
  case AttributeProto::INTS:
    return b.getDenseI64ArrayAttr(
        SmallVector<int64_t>(attribute.ints().begin(), attribute.ints().end()));
  case AttributeProto::FLOATS:
    return b.getDenseF32ArrayAttr(SmallVector<float>(attribute.floats().begin(),
                                                     attribute.floats().end()));
  case AttributeProto::STRINGS: {
    SmallVector<StringRef> strings(attribute.strings().begin(),
                                   attribute.strings().end());
    return b.getStrArrayAttr(strings);
  }
  case AttributeProto::TENSOR:
    return tensor(readTensor(b.getContext(), state.file, attribute.t()));
  case AttributeProto::SPARSE_TENSOR:
    return tensor(readSparseTensor(b.getContext(), state.file,
                                   attribute.sparse_tensor()));
  case AttributeProto::TYPE_PROTO:
    if (Type type = readType(b.getContext(), attribute.tp(), problem))
      return TypeAttr::get(type);
    return {};
  default:
    problem = "kind " + AttributeProto::AttributeType_Name(attribute.type()) +
              " is not supported";
    return {};
  }
}

bool NodeImporter::readAttributes() {
  bool allGood = true;
  for (auto [attribute, name] : llvm::zip_equal(attributes, attributeNames)) {
    if (attribute->type() == AttributeProto::GRAPH)
      continue;
    std::string problem;
    if (Attribute value = readAttribute(*attribute, problem)) {
      form.attributes.append(name, value);
    } else {
      error() << "attribute \"" << name << "\": " << problem;
      allGood = false;
    }
  }
  return allGood;
}

/// The types that the node gives its subgraph: null where it is not known,
/// nothing where the operator has no subgraph.
std::optional<SmallVector<Type>> NodeImporter::regionInputs() const {
  Builder b(state.builder.getContext());
  SmallVector<Type> types;
  if (contributed) {
    std::optional<Type> type = contributedRegionInput(*contributed, form);
    return type ? std::optional(SmallVector<Type>{*type}) : std::nullopt;
  }
  if (form.op == "If")
    return types;
  bool isMap = form.op == "SequenceMap";
  // Loop's body has a trip number and a condition, its operands are a trip
  // count and a condition; opset 8's Scan has the sequence lengths first.
  size_t first = form.op == "Loop" ? 2 : form.op == "Scan" && version == 8;
  if (!isMap && form.op != "Loop" && form.op != "Scan")
    return std::nullopt;
  if (form.op == "Loop")
    types = {RankedTensorType::get({}, b.getI64Type()),
             RankedTensorType::get({}, b.getI1Type())};
  for (size_t i = first; i < form.operands.size(); ++i) {
    Value operand = form.operands[i];
    types.push_back(operand ? withoutShape(operand.getType()) : Type());
    if (auto sequence = dyn_cast_or_null<onnx::SeqType>(types.back());
        sequence && isMap)
      types.back() = sequence.getElementType();
  }
  return types;
}

SmallVector<StringRef> NodeImporter::regionNames() const {
  if (!contributed)
    return form.op == "If"
               ? SmallVector<StringRef>{"then_branch", "else_branch"}
               : SmallVector<StringRef>{"body"};
  SmallVector<StringRef> names;
  for (const onnx::AttributeSchema &attribute : contributed->attributes)
    if (attribute.kind == onnx::AttributeKind::Graph)
      names.push_back(attribute.name);
  return names;
}

bool NodeImporter::importRegions() {
  bool allGood = true;
  llvm::StringMap<const AttributeProto *> graphs;
  for (auto [attribute, name] : llvm::zip_equal(attributes, attributeNames))
    if (attribute->type() == AttributeProto::GRAPH)
      graphs[name] = attribute;
  if (graphs.empty())
    return true;
  auto inputs = regionInputs();
  if (inputs && llvm::is_contained(*inputs, Type())) {
    // What has an error has one already; an absent value needs one.
    if (llvm::none_of(operands, [](const Binding &operand) {
          return !operand.value && !operand.isAbsent;
        }))
      error() << "expects a value for each input of its subgraph";
    return false;
  }
  if (!inputs || graph.scope.depth() >= maxSubgraphDepth) {
    if (inputs)
      error() << "subgraphs nest deeper than " << maxSubgraphDepth << " levels";
    else
      error() << "has a subgraph, which the operator does not know";
    return false;
  }
  for (StringRef name : regionNames()) {
    const AttributeProto *attribute = graphs.lookup(name);
    if (!attribute) {
      if (contributed)
        form.regions.push_back(nullptr);
      continue;
    }
    graphs.erase(name);
    GraphImporter subgraph(state, graph.frame, attribute->g().node(),
                           &graph.scope);
    form.regions.push_back(
        subgraph.importSubgraph(attribute->g(), *inputs, location, label));
    allGood &= form.regions.back() != nullptr;
  }
  for (auto &unknown : graphs) {
    error() << "unknown attribute \"" << unknown.getKey() << "\"";
    allGood = false;
  }
  return allGood;
}

LogicalResult NodeImporter::emitOperator() {
  OpEmitter emitter(state.builder, location, label);
  return success(succeeded(emitOperator(emitter)) && !emitter.isBroken());
}

LogicalResult NodeImporter::emitOperator(OpEmitter &emitter) {
  if (contributed)
    return expandContributed(*contributed, form, emitter);
  if (failed(upgradeToNewest(form, version, emitter)))
    return failure();
  if (!form.results.empty())
    return success();
  auto created = emitter.create(form);
  if (failed(created))
    return failure();
  form.results = std::move(*created);
  return success();
}

SmallVector<Binding> NodeImporter::importOperator() {
  bool known = resolveOperands();
  version = findVersion();
  bool read = resolveAttributes() && readAttributes();
  bool isWhole = version && importRegions() && read;
  if (isWhole && !known && !contributed)
    state.skipped.push_back({location, form.op});
  if (!isWhole || !known)
    return {};
  if (failed(emitOperator())) {
    state.hasError = true;
    return {};
  }
  SmallVector<Binding> results;
  for (Value value : form.results)
    results.push_back({value});
  return results;
}

void NodeImporter::bindOutputs(ArrayRef<Binding> results) {
  for (const auto &[i, name] : llvm::enumerate(node.output())) {
    if (name.empty())
      continue;
    Binding result = i < results.size() ? results[i] : Binding();
    if (!graph.scope.bind(name, result))
      error() << "two values have the name \"" << name << "\"";
  }
}

bool NodeImporter::isIdleMap() const {
  return contributed && form.op == "ZipMap" && !graph.frame.function &&
         llvm::none_of(node.output(), [&](const std::string &name) {
           return takesValue(state.file.model().graph(), name);
         });
}

void NodeImporter::run() {
  if (isIdleMap())
    return bindOutputs({});
  if (const proto::FunctionProto *function = findFunction()) {
    bool known = resolveOperands() && resolveAttributes();
    bindOutputs(known ? inlineFunction(*function) : SmallVector<Binding>());
    return;
  }
  bindOutputs(importOperator());
}

} // namespace dycc::import
