// Which element types an operator takes and gives is a table printed from
// ONNX's schemas (ElementRules.inc). Results whose type no operand shares are
// made by the functions here.
#include "compiler/import/ElementTypes.h"

#include "compiler/import/Types.h"
#include "dialects/onnx/OnnxOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using onnx::Arity;
using proto::TensorProto;

namespace dycc::import {
namespace {

/// An operator's row. A letter names a type variable: equal letters are equal
/// types, except in capitals, where each value of a variadic may differ.
/// `variables` are indices of `elementSets`, a set per letter.
struct ElementRule {
  llvm::StringLiteral op, inputs, outputs;
  std::array<int8_t, 6> variables;
};

/// A bit per TensorProto.DataType, and those for containers.
constexpr unsigned sequenceBit = 40, optionalBit = 41;
constexpr uint64_t elementSets[] = {
#define DYCC_ELEMENT_SETS
#include "compiler/import/ElementRules.inc"
};
constexpr ElementRule elementRules[] = {
#define DYCC_ELEMENT_RULES
#include "compiler/import/ElementRules.inc"
};

const ElementRule &findRule(StringRef op) {
  const ElementRule *found = llvm::lower_bound(
      elementRules, op,
      [](const ElementRule &rule, StringRef name) { return rule.op < name; });
  assert(found != std::end(elementRules) && found->op == op &&
         "every operator of the schema table has a row");
  return *found;
}

unsigned variableOf(char letter) { return llvm::toLower(letter) - 'a'; }

uint64_t setOf(const ElementRule &rule, char letter) {
  return elementSets[size_t(rule.variables[variableOf(letter)])];
}

/// What the rules compare: an element type, or a whole container.
Type keyOf(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor ? tensor.getElementType() : withoutShape(type);
}

unsigned bitOf(Type key) {
  return isa<onnx::SeqType>(key)   ? sequenceBit
         : isa<onnx::OptType>(key) ? optionalBit
                                   : getDataType(key);
}

/// Prints a set as "f32, f16 or f64".
std::string describe(MLIRContext *context, uint64_t set) {
  SmallVector<std::string> names;
  for (unsigned i = 1; i <= optionalBit; ++i) {
    if (!(set >> i & 1))
      continue;
    std::string name;
    llvm::raw_string_ostream os(name);
    if (i >= sequenceBit)
      os << (i == sequenceBit ? "a sequence" : "an optional");
    else
      os << getElementType(context, i);
    names.push_back(name);
  }
  if (names.size() == 1)
    return names[0];
  std::string last = names.pop_back_val();
  return llvm::join(names, ", ") + " or " + last;
}

/// Infers the results of one node.
class ElementInference {
public:
  ElementInference(MLIRContext *context, const onnx::OperatorSchema &schema,
                   const NodeForm &form,
                   llvm::function_ref<InFlightDiagnostic()> emitError)
      : context(context), schema(schema), form(form), emitError(emitError),
        rule(findRule(schema.name)) {}

  LogicalResult checkOperands();
  LogicalResult infer(ArrayRef<bool> present, SmallVectorImpl<Type> &types);

private:
  size_t parameterOf(size_t i, ArrayRef<onnx::OperandSchema> parameters) const {
    return std::min(i, parameters.size() - 1);
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
  const ElementRule &rule;
  std::array<Type, 6> bound; ///< Per variable, once an operand has shown it.
};

LogicalResult ElementInference::checkOperands() {
  std::array<size_t, 6> boundBy{};
  for (auto [i, operand] : llvm::enumerate(form.operands)) {
    if (!operand)
      continue;
    size_t parameter = parameterOf(i, schema.inputs);
    char letter = rule.inputs[parameter];
    Type key = keyOf(operand.getType());
    StringRef name = schema.inputs[parameter].name;
    if (!(setOf(rule, letter) >> bitOf(key) & 1))
      return emitError() << "expects input '" << name << "' of type "
                         << describe(context, setOf(rule, letter))
                         << ", got " << key;
    if (letter < 'a')
      continue;
    unsigned variable = variableOf(letter);
    if (bound[variable] && bound[variable] != key)
      return emitError() << "expects inputs '"
                         << schema.inputs[boundBy[variable]].name << "' and '"
                         << name << "' of one type, got " << bound[variable]
                         << " and " << key;
    bound[variable] = key;
    boundBy[variable] = parameter;
  }
  return success();
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
  Type type = yielded(0, i + isLoop); // A Loop's body gives the condition first.
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
    return loopResult(i, numOperands - 2, 2, problem);
  if (schema.name == "Scan")
    return loopResult(i, numOperands - form.getInt("num_scan_inputs", 0), 0,
                      problem);
  Type type = yielded(0, i);
  if (schema.name == "SequenceMap")
    return type ? onnx::SeqType::get(context, type) : Type();
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
  problem = ("attribute \"" + name + "\" names no supported type: " +
             getDataTypeName(dataType))
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
    return onnx::SeqType::get(context, type);
  if (schema.name == "SequenceEmpty") {
    Type tensor = tensorOf("dtype", Float32Type::get(context), problem);
    return tensor ? onnx::SeqType::get(context, tensor) : Type();
  }
  if (schema.name == "OptionalGetElement") {
    auto optional = dyn_cast<onnx::OptType>(type);
    return optional ? optional.getElementType() : type;
  }
  if (schema.name != "Optional")
    return {};
  if (auto declared = dyn_cast_or_null<TypeAttr>(form.attributes.get("type")))
    type = withoutShape(declared.getValue());
  if (!type)
    problem = "expects an input or attribute \"type\"";
  return type ? onnx::OptType::get(context, type) : Type();
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
  char letter = rule.outputs[parameterOf(i, schema.outputs)];
  if (!form.regions.empty())
    return inferFromRegions(i, problem);
  if (Type key = letter >= 'a' ? bound[variableOf(letter)] : Type())
    return isa<onnx::SeqType, onnx::OptType>(key) ? key : unranked(key);
  uint64_t set = setOf(rule, letter);
  if (llvm::isPowerOf2_64(set) && set < uint64_t(1) << sequenceBit)
    return unranked(getElementType(context, llvm::Log2_64(set)));
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
      return emitError() << (problem.empty()
                                 ? "has no value for output " + std::to_string(i)
                                 : problem);
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
  if (failed(inference.checkOperands()))
    return failure();
  return inference.infer(present, types);
}

} // namespace dycc::import
