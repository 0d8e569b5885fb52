#include "compiler/import/NodeForm.h"

#include "compiler/import/ElementTypes.h"
#include "compiler/import/Types.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpDefinition.h"

using namespace mlir;
using dycc::onnx::Arity;
using dycc::onnx::AttributeKind;

namespace dycc::import {

std::optional<int64_t> NodeForm::findInt(StringRef name) const {
  auto attribute = dyn_cast_or_null<IntegerAttr>(attributes.get(name));
  return attribute ? std::optional(attribute.getValue().getSExtValue())
                   : std::nullopt;
}

int64_t NodeForm::getInt(StringRef name, int64_t fallback) const {
  return findInt(name).value_or(fallback);
}

StringRef NodeForm::getString(StringRef name, StringRef fallback) const {
  auto attribute = dyn_cast_or_null<StringAttr>(attributes.get(name));
  return attribute ? attribute.getValue() : fallback;
}

ElementsAttr getConstant(Value value) {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  if (!op || op->getName().getStringRef() != "onnx.Constant")
    return {};
  return op->getAttrOfType<ElementsAttr>("value");
}

Type elementTypeOf(Value value) {
  auto tensor = value ? dyn_cast<TensorType>(value.getType()) : TensorType();
  return tensor ? tensor.getElementType() : Type();
}

InFlightDiagnostic OpEmitter::error() const {
  InFlightDiagnostic diagnostic = emitError(location);
  diagnostic << label << ": ";
  if (broken) // What follows of the first error.
    diagnostic.abandon();
  return diagnostic;
}

/// How the protobuf calls the kind of an attribute.
static StringRef kindName(AttributeKind kind) {
  static constexpr llvm::StringLiteral names[] = {
      "INT",        "FLOAT", "STRING", "TENSOR",  "GRAPH",   "SPARSE_TENSOR",
      "TYPE_PROTO", "INTS",  "FLOATS", "STRINGS", "TENSORS", "GRAPHS"};
  return names[size_t(kind)];
}

static bool isOfKind(Attribute attribute, AttributeKind kind) {
  switch (kind) {
  case AttributeKind::Int:
    return isa<IntegerAttr>(attribute);
  case AttributeKind::Float:
    return isa<FloatAttr>(attribute);
  case AttributeKind::String:
    return isa<StringAttr>(attribute);
  case AttributeKind::Tensor:
  case AttributeKind::SparseTensor:
    return isa<ElementsAttr>(attribute);
  case AttributeKind::TypeProto:
    return isa<TypeAttr>(attribute);
  case AttributeKind::Ints:
    return isa<DenseI64ArrayAttr>(attribute);
  case AttributeKind::Floats:
    return isa<DenseF32ArrayAttr>(attribute);
  case AttributeKind::Strings:
  case AttributeKind::Tensors:
    return isa<ArrayAttr>(attribute);
  case AttributeKind::Graph:
  case AttributeKind::Graphs:
    return false;
  }
  llvm_unreachable("not an attribute kind");
}

LogicalResult OpEmitter::checkAttributes(const onnx::OperatorSchema &schema,
                                         const NodeForm &form) {
  LogicalResult result = success();
  for (NamedAttribute attribute : form.attributes) {
    auto *found =
        llvm::find_if(schema.attributes, [&](const onnx::AttributeSchema &a) {
          return a.name == attribute.getName().getValue();
        });
    if (found == schema.attributes.end())
      result = error() << "unknown attribute \""
                       << attribute.getName().getValue() << "\"";
    else if (!isOfKind(attribute.getValue(), found->kind))
      result = error() << "expects attribute \"" << found->name << "\" of kind "
                       << kindName(found->kind) << ", got "
                       << attribute.getValue();
  }
  unsigned graphs = 0;
  bool needsGraphs = false;
  for (const onnx::AttributeSchema &attribute : schema.attributes) {
    bool isGraph = attribute.kind == AttributeKind::Graph;
    graphs += isGraph;
    needsGraphs |= isGraph && attribute.required;
    if (attribute.required && !isGraph && !form.attributes.get(attribute.name))
      result = error() << "expects attribute \"" << attribute.name << "\"";
  }
  if (graphs != form.regions.size() && (needsGraphs || !form.regions.empty()))
    result = error() << "expects " << graphs << " subgraphs, got "
                     << form.regions.size();
  return result;
}

LogicalResult OpEmitter::addOperands(const onnx::OperatorSchema &schema,
                                     const NodeForm &form,
                                     OperationState &state) {
  SmallVector<int32_t> segments;
  size_t next = 0;
  for (const onnx::OperandSchema &input : schema.inputs) {
    size_t count =
        input.arity == Arity::Variadic
            ? form.operands.size() - std::min(next, form.operands.size())
            : 1;
    int32_t present = 0;
    for (size_t i = 0; i < count; ++i, ++next) {
      if (Value operand = form.operand(next)) {
        state.operands.push_back(operand);
        ++present;
      } else if (input.arity != Arity::Optional) {
        return error() << "expects input '" << input.name << "'";
      }
    }
    segments.push_back(present);
  }
  for (; next < form.operands.size(); ++next)
    if (form.operands[next])
      return error() << "expects at most " << schema.inputs.size()
                     << " inputs, got " << form.operands.size();
  if (state.name.hasTrait<OpTrait::AttrSizedOperandSegments>())
    state.addAttribute("operandSegmentSizes",
                       builder.getDenseI32ArrayAttr(segments));
  return success();
}

LogicalResult OpEmitter::addResults(const onnx::OperatorSchema &schema,
                                    const NodeForm &form, OperationState &state,
                                    SmallVectorImpl<bool> &present) {
  SmallVector<int32_t> segments;
  for (const onnx::OperandSchema &output : schema.outputs) {
    size_t first = present.size();
    if (output.arity == Arity::Variadic)
      present.append(std::max(form.wanted.size(), first) - first, true);
    else
      present.push_back(output.arity == Arity::Single || form.wants(first));
    segments.push_back(llvm::count(ArrayRef(present).drop_front(first), true));
  }
  for (size_t i = present.size(); i < form.wanted.size(); ++i)
    if (form.wanted[i])
      return error() << "expects at most " << present.size() << " outputs, got "
                     << form.wanted.size();
  SmallVector<Type> types;
  auto emitError = [&] { return error(); };
  if (failed(inferResultTypes(builder.getContext(), schema, form, present,
                              types, emitError)))
    return failure();
  for (auto [type, isPresent] : llvm::zip_equal(types, present))
    if (isPresent)
      state.types.push_back(type);
  if (state.name.hasTrait<OpTrait::AttrSizedResultSegments>())
    state.addAttribute("resultSegmentSizes",
                       builder.getDenseI32ArrayAttr(segments));
  return success();
}

LogicalResult OpEmitter::check(const onnx::OperatorSchema &schema,
                               const NodeForm &form) {
  OperationState unused(location, "onnx.Constant");
  if (failed(checkAttributes(schema, form)) ||
      failed(addOperands(schema, form, unused)))
    return failure();
  bool isVariadic = schema.outputs.back().arity == Arity::Variadic;
  for (size_t i = schema.outputs.size(); i < form.wanted.size(); ++i)
    if (form.wanted[i] && !isVariadic)
      return error() << "expects at most " << schema.outputs.size()
                     << " outputs, got " << form.wanted.size();
  SmallVector<Type> types;
  return inferResultTypes(builder.getContext(), schema, form, {}, types,
                          [&] { return error(); });
}

FailureOr<SmallVector<Value>> OpEmitter::create(NodeForm &form) {
  const onnx::OperatorSchema *schema = onnx::findOperator("", form.op);
  assert(schema && "the importer has looked the operator up");
  OperationState state(location, "onnx." + form.op);
  SmallVector<bool> present;
  if (failed(checkAttributes(*schema, form)) ||
      failed(addOperands(*schema, form, state)) ||
      failed(addResults(*schema, form, state, present)))
    return failure();
  for (NamedAttribute attribute : form.attributes)
    state.attributes.append(attribute);
  for (auto &region : form.regions)
    state.addRegion(std::move(region));
  Operation *op = builder.create(state);
  // Each op is verified at once: one run lists all nodes that are wrong.
  if (failed(op->getName().verifyInvariants(op))) {
    op->erase();
    return failure();
  }
  SmallVector<Value> results;
  unsigned next = 0;
  for (bool isPresent : present)
    results.push_back(isPresent ? op->getResult(next++) : Value());
  return results;
}

Value OpEmitter::emit(StringRef op, ArrayRef<Value> operands,
                      ArrayRef<NamedAttribute> attributes) {
  return emitAll(op, operands, 1, attributes).front();
}

SmallVector<Value> OpEmitter::emitAll(StringRef op, ArrayRef<Value> operands,
                                      size_t count,
                                      ArrayRef<NamedAttribute> attributes) {
  if (!broken) {
    NodeForm form;
    form.op = op.str();
    form.operands.assign(operands.begin(), operands.end());
    form.attributes.assign(attributes);
    form.wanted.assign(count, true);
    if (auto results = create(form); succeeded(results))
      return *results;
    broken = true;
  }
  Type type = UnrankedTensorType::get(builder.getF32Type());
  auto standIn =
      UnrealizedConversionCastOp::create(builder, location, type, ValueRange());
  return SmallVector<Value>(count, standIn.getResult(0));
}

Value OpEmitter::constant(ElementsAttr value) {
  return emit("Constant", {}, builder.getNamedAttr("value", value));
}

Value OpEmitter::vector(ArrayRef<int64_t> values) {
  return constant(builder.getI64TensorAttr(values));
}

Value OpEmitter::scalar(int64_t value) {
  return scalar(builder.getI64Type(), double(value));
}

Value OpEmitter::scalar(Type elementType, double value) {
  auto type = RankedTensorType::get({}, elementType);
  Attribute element;
  if (auto integer = dyn_cast<IntegerType>(elementType))
    element = IntegerAttr::get(
        integer, APInt(integer.getWidth(), uint64_t(int64_t(value)),
                       /*isSigned=*/false, /*implicitTrunc=*/true));
  else
    element = FloatAttr::get(elementType, value);
  return constant(DenseElementsAttr::get(type, element));
}

NamedAttribute OpEmitter::attr(StringRef name, int64_t value) {
  return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
}

NamedAttribute OpEmitter::attr(StringRef name, StringRef value) {
  return builder.getNamedAttr(name, builder.getStringAttr(value));
}

} // namespace dycc::import
