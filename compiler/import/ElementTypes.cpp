// The schema's type parameters say which results share a type with an operand.
// Types that are fixed, or that come from an attribute or a subgraph, are here.
#include "compiler/import/ElementTypes.h"

#include "compiler/import/Types.h"
#include "dialects/onnx/OnnxTypes.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using dycc::proto::TensorProto;

namespace dycc::import {
namespace {

/// Results whose type parameter allows one type only.
struct FixedResult {
  llvm::StringLiteral op;
  size_t result;
  TensorProto::DataType type;
};
constexpr FixedResult fixedResults[] = {
    {"And", 0, TensorProto::BOOL},
    {"ConvInteger", 0, TensorProto::INT32},
    {"Dropout", 1, TensorProto::BOOL},
    {"DynamicQuantizeLinear", 0, TensorProto::UINT8},
    {"DynamicQuantizeLinear", 2, TensorProto::UINT8},
    {"Equal", 0, TensorProto::BOOL},
    {"Greater", 0, TensorProto::BOOL},
    {"GreaterOrEqual", 0, TensorProto::BOOL},
    {"ImageDecoder", 0, TensorProto::UINT8},
    {"IsInf", 0, TensorProto::BOOL},
    {"IsNaN", 0, TensorProto::BOOL},
    {"Less", 0, TensorProto::BOOL},
    {"LessOrEqual", 0, TensorProto::BOOL},
    {"MatMulInteger", 0, TensorProto::INT32},
    {"MaxPool", 1, TensorProto::INT64},
    {"OptionalHasElement", 0, TensorProto::BOOL},
    {"Or", 0, TensorProto::BOOL},
    {"RegexFullMatch", 0, TensorProto::BOOL},
    {"SequenceLength", 0, TensorProto::INT64},
    {"Shape", 0, TensorProto::INT64},
    {"Size", 0, TensorProto::INT64},
    {"StringSplit", 0, TensorProto::STRING},
    {"StringSplit", 1, TensorProto::INT64},
    {"TfIdfVectorizer", 0, TensorProto::FLOAT},
    {"TopK", 1, TensorProto::INT64},
    {"Xor", 0, TensorProto::BOOL},
};

/// The element type of "tensor(int64)"; null for a type parameter.
Type readTypeText(MLIRContext *context, StringRef text) {
  if (!text.consume_front("tensor(") || !text.consume_back(")"))
    return {};
  TensorProto::DataType type;
  std::string name = text == "float"    ? "FLOAT"
                     : text == "double" ? "DOUBLE"
                                        : text.upper();
  return TensorProto::DataType_Parse(name, &type)
             ? getElementType(context, type)
             : Type();
}

/// What type parameters stand for: an element type, or a whole container.
Type keyOf(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor ? tensor.getElementType() : withoutShape(type);
}

/// Infers the results of one node.
class ElementInference {
public:
  ElementInference(MLIRContext *context, const onnx::OperatorSchema &schema,
                   const NodeForm &form,
                   llvm::function_ref<InFlightDiagnostic()> emitError)
      : context(context), schema(schema), form(form), emitError(emitError) {}

  LogicalResult bindParameters();
  LogicalResult infer(ArrayRef<bool> present, SmallVectorImpl<Type> &types);

private:
  /// The last one may be variadic.
  const onnx::OperandSchema &
  parameter(size_t i, ArrayRef<onnx::OperandSchema> parameters) const {
    return parameters[std::min(i, parameters.size() - 1)];
  }
  Type inferResult(size_t i, std::string &problem);
  Type inferFromRegions(size_t i, std::string &problem);
  Type inferContainer(std::string &problem);
  Type inferFromAttributes(std::string &problem);
  Type tensorOf(StringRef attribute, Type fallback, std::string &problem);
  Type yielded(size_t region, size_t i) const;
  Type loopResult(size_t i, size_t numState, size_t firstState,
                  std::string &problem);

  MLIRContext *context;
  const onnx::OperatorSchema &schema;
  const NodeForm &form;
  llvm::function_ref<InFlightDiagnostic()> emitError;
  /// A type parameter, once an operand has shown what it stands for.
  struct Bound {
    const onnx::OperandSchema *input;
    Type key;
  };
  SmallVector<Bound> bound;
};

LogicalResult ElementInference::bindParameters() {
  for (auto [i, operand] : llvm::enumerate(form.operands)) {
    if (!operand)
      continue;
    const onnx::OperandSchema &input = parameter(i, schema.inputs);
    Type key = keyOf(operand.getType());
    Type fixed = readTypeText(context, input.type);
    if (fixed && fixed != key)
      return emitError() << "expects input '" << input.name << "' of type "
                         << fixed << ", got " << key;
    if (!onnx::isValueOf(operand.getType(), input.elements))
      return emitError() << "expects input '" << input.name << "' of "
                         << onnx::describeElements(input.elements) << ", got "
                         << operand.getType();
    if (fixed || input.type.empty())
      continue;
    auto *found = llvm::find_if(
        bound, [&](const Bound &b) { return b.input->type == input.type; });
    if (found == bound.end())
      bound.push_back({&input, key});
    else if (found->key != key)
      return emitError() << "expects inputs '" << found->input->name
                         << "' and '" << input.name << "' of one type, got "
                         << found->key << " and " << key;
  }
  return success();
}

/// Null where a sequence cannot hold the type.
Type sequenceOf(Type type) {
  return isa_and_nonnull<TensorType>(type)
             ? onnx::SeqType::get(type.getContext(), type)
             : Type();
}

/// The type of the `i`-th value that a subgraph ends with.
Type ElementInference::yielded(size_t region, size_t i) const {
  Operation *yield = form.regions[region]->front().getTerminator();
  return i < yield->getNumOperands()
             ? withoutShape(yield->getOperand(i).getType())
             : Type();
}

/// Of Loop and Scan: state comes first and keeps its type, then what the steps
/// gave. `firstState` is the operand that holds the first state.
Type ElementInference::loopResult(size_t i, size_t numState, size_t firstState,
                                  std::string &problem) {
  bool isLoop = schema.name == "Loop";
  Type type =
      yielded(0, i + isLoop); // A Loop's body gives the condition first.
  if (!type || i >= numState)
    return type;
  Type initial = withoutShape(form.operand(firstState + i).getType());
  if (type != initial) {
    llvm::raw_string_ostream(problem)
        << "expects state " << i << " to keep its type " << initial << ", got "
        << type;
    return {};
  }
  return type;
}

/// Of operators with subgraphs: what those end with.
Type ElementInference::inferFromRegions(size_t i, std::string &problem) {
  size_t numOperands = form.operands.size();
  if (schema.name == "Loop")
    // Trailing absent operands are left out: of a count alone there is one.
    return loopResult(i, std::max<size_t>(numOperands, 2) - 2, 2, problem);
  if (schema.name == "Scan") {
    int64_t numScanned = form.getInt("num_scan_inputs", 0);
    if (numScanned >= 1 && uint64_t(numScanned) <= numOperands)
      return loopResult(i, numOperands - numScanned, 0, problem);
    problem = "expects num_scan_inputs in [1, " + std::to_string(numOperands) +
              "], got " + std::to_string(numScanned);
    return {};
  }
  Type type = yielded(0, i);
  if (schema.name == "SequenceMap")
    return sequenceOf(type);
  Type otherwise = yielded(1, i); // Of an If.
  if (type && otherwise && type != otherwise)
    llvm::raw_string_ostream(problem)
        << "expects branches to give one type, got " << type << " and "
        << otherwise;
  return type == otherwise ? type : Type();
}

/// The tensor of the type that an attribute names.
Type ElementInference::tensorOf(StringRef name, Type fallback,
                                std::string &problem) {
  int64_t dataType = form.getInt(name, TensorProto::UNDEFINED);
  Type element = dataType == TensorProto::UNDEFINED
                     ? fallback
                     : getElementType(context, dataType);
  if (element)
    return unranked(element);
  problem = ("attribute \"" + name +
             "\" names no supported type: " + getDataTypeName(dataType))
                .str();
  return {};
}

/// Of sequences and optionals. Null for other operators.
Type ElementInference::inferContainer(std::string &problem) {
  Value operand = form.operand(0);
  Type type = operand ? withoutShape(operand.getType()) : Type();
  if (schema.name == "SequenceAt" || schema.name == "ConcatFromSequence")
    return cast<onnx::SeqType>(type).getElementType();
  if (schema.name == "SequenceConstruct" || schema.name == "SplitToSequence")
    return sequenceOf(type);
  if (schema.name == "SequenceEmpty")
    return sequenceOf(tensorOf("dtype", Float32Type::get(context), problem));
  if (schema.name == "OptionalGetElement") {
    auto optional = dyn_cast<onnx::OptType>(type);
    return optional ? optional.getElementType() : type;
  }
  if (schema.name != "Optional")
    return {};
  if (auto declared = dyn_cast_or_null<TypeAttr>(form.attributes.get("type")))
    type = withoutShape(declared.getValue());
  if (isa_and_nonnull<TensorType, onnx::SeqType>(type))
    return onnx::OptType::get(context, type);
  problem = "expects an input or attribute \"type\", a tensor or a sequence";
  return {};
}

/// Of the rest: mostly an attribute names the type.
Type ElementInference::inferFromAttributes(std::string &problem) {
  Type f32 = Float32Type::get(context);
  Type first = elementTypeOf(form.operand(0));
  auto value = dyn_cast_or_null<ElementsAttr>(form.attributes.get("value"));
  if (schema.name == "Constant")
    return value ? value.getType() : Type();
  if (schema.name == "ConstantOfShape")
    return unranked(value ? value.getElementType() : f32);
  if (schema.name == "QuantizeLinear") {
    Type zeroPoint = elementTypeOf(form.operand(2));
    return tensorOf("output_dtype",
                    zeroPoint ? zeroPoint
                              : getElementType(context, TensorProto::UINT8),
                    problem);
  }
  if (schema.name == "DequantizeLinear")
    return tensorOf("output_dtype", elementTypeOf(form.operand(1)), problem);
  if (schema.name == "LayerNormalization")
    return tensorOf("stash_type", f32, problem);
  if (schema.name == "LinearAttention")
    return unranked(first);
  if (schema.name == "Multinomial")
    return tensorOf("dtype", IntegerType::get(context, 32), problem);
  if (schema.name == "Cast" || schema.name == "BitCast")
    return tensorOf("to", {}, problem);
  if (schema.name.ends_with("Window") || schema.name == "MelWeightMatrix")
    return tensorOf("output_datatype", f32, problem);
  // RandomNormal, RandomUniform, their Like forms, EyeLike and Bernoulli.
  return tensorOf("dtype", first ? first : f32, problem);
}

Type ElementInference::inferResult(size_t i, std::string &problem) {
  if (!form.regions.empty())
    return inferFromRegions(i, problem);
  StringRef text = parameter(i, schema.outputs).type;
  if (Type fixed = readTypeText(context, text))
    return unranked(fixed);
  for (const Bound &b : bound)
    if (b.input->type == text)
      return isa<onnx::SeqType, onnx::OptType>(b.key) ? b.key : unranked(b.key);
  for (const FixedResult &fixed : fixedResults)
    if (fixed.op == schema.name && fixed.result == i)
      return unranked(getElementType(context, fixed.type));
  if (Type container = inferContainer(problem))
    return container;
  return problem.empty() ? inferFromAttributes(problem) : Type();
}

LogicalResult ElementInference::infer(ArrayRef<bool> present,
                                      SmallVectorImpl<Type> &types) {
  for (auto [i, isPresent] : llvm::enumerate(present)) {
    std::string problem;
    types.push_back(isPresent ? inferResult(i, problem) : Type());
    if (isPresent && !types.back())
      return emitError() << (problem.empty() ? "has no value for output " +
                                                   std::to_string(i)
                                             : problem);
    const onnx::OperandSchema &output = parameter(i, schema.outputs);
    if (isPresent && !onnx::isValueOf(types.back(), output.elements))
      return emitError() << "expects output '" << output.name << "' of "
                         << onnx::describeElements(output.elements) << ", got "
                         << types.back();
  }
  return success();
}

} // namespace

LogicalResult
inferResultTypes(MLIRContext *context, const onnx::OperatorSchema &schema,
                 const NodeForm &form, ArrayRef<bool> present,
                 SmallVectorImpl<Type> &types,
                 llvm::function_ref<InFlightDiagnostic()> emitError) {
  ElementInference inference(context, schema, form, emitError);
  if (failed(inference.bindParameters()))
    return failure();
  return inference.infer(present, types);
}

} // namespace dycc::import
