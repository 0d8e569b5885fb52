#include "passes/normalize/OnnxBuilder.h"

#include "dialects/onnx/OnnxSchema.h"
#include "dialects/onnx/OnnxTypes.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpDefinition.h"

using namespace mlir;
using dycc::onnx::Arity;

namespace dycc {

Type atLeastF32(Type type) {
  return type.getIntOrFloatBitWidth() < 32 ? Float32Type::get(type.getContext())
                                           : type;
}

Type elementTypeOf(Value value) {
  return cast<TensorType>(value.getType()).getElementType();
}

std::optional<int64_t> rankOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? std::optional(type.getRank()) : std::nullopt;
}

void replaceValue(Value old, Value value) {
  if (isa<UnrankedTensorType>(value.getType()))
    value.setType(old.getType());
  old.replaceAllUsesWith(value);
}

ElementsAttr constantOf(Value value) {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  if (!op || op->getName().getStringRef() != "onnx.Constant")
    return {};
  return op->getAttrOfType<ElementsAttr>("value");
}

std::optional<SmallVector<int64_t>> intsOf(Value value) {
  ElementsAttr constant = constantOf(value);
  if (!constant || !constant.getElementType().isInteger(64))
    return std::nullopt;
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(constant);
  if (!bytes)
    return std::nullopt;
  SmallVector<int64_t> values;
  for (int64_t i = 0, n = constant.getNumElements(); i < n; ++i)
    values.push_back(bytes->at<int64_t>(i));
  return values;
}

/// How many operands each formal operand has.
static SmallVector<int32_t> segmentsOf(const onnx::OperatorSchema &schema,
                                       ArrayRef<Value> operands) {
  SmallVector<int32_t> segments;
  for (auto [i, input] : llvm::enumerate(schema.inputs)) {
    bool isVariadic = input.arity == Arity::Variadic;
    size_t last = isVariadic ? operands.size() : i + 1;
    int32_t count = 0;
    for (size_t k = i; k < std::min(last, operands.size()); ++k)
      count += operands[k] != nullptr;
    segments.push_back(count);
  }
  return segments;
}

Value OnnxBuilder::create(StringRef op, ArrayRef<Value> operands,
                          Type elementType,
                          ArrayRef<NamedAttribute> attributes) {
  const onnx::OperatorSchema *schema = onnx::findOperator("", op);
  assert(schema && "passes know their operators");
  OperationState state(location, ("onnx." + op).str());
  for (Value operand : operands)
    if (operand)
      state.operands.push_back(operand);
  if (state.name.hasTrait<OpTrait::AttrSizedOperandSegments>())
    state.addAttribute(
        "operandSegmentSizes",
        builder.getDenseI32ArrayAttr(segmentsOf(*schema, operands)));
  state.addAttributes(attributes);
  state.addTypes(UnrankedTensorType::get(elementType));
  return builder.create(state)->getResult(0);
}

Value OnnxBuilder::create(StringRef op, ArrayRef<Value> operands,
                          ArrayRef<NamedAttribute> attributes) {
  return create(op, operands, elementTypeOf(operands[0]), attributes);
}

Value OnnxBuilder::constant(ElementsAttr value) {
  OperationState state(location, "onnx.Constant");
  state.addAttribute("value", value);
  state.addTypes(value.getType());
  return builder.create(state)->getResult(0);
}

Value OnnxBuilder::ints(ArrayRef<int64_t> values) {
  return constant(builder.getI64TensorAttr(values));
}

Value OnnxBuilder::scalar(Type elementType, double value) {
  Attribute element;
  if (auto integer = dyn_cast<IntegerType>(elementType))
    element = IntegerAttr::get(
        integer, APInt(integer.getWidth(), uint64_t(int64_t(value)),
                       /*isSigned=*/false, /*implicitTrunc=*/true));
  else
    element = FloatAttr::get(elementType, value);
  return constant(
      DenseElementsAttr::get(RankedTensorType::get({}, elementType), element));
}

NamedAttribute OnnxBuilder::attr(StringRef name, int64_t value) {
  return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
}

NamedAttribute OnnxBuilder::attr(StringRef name, ArrayRef<int64_t> values) {
  return builder.getNamedAttr(name, builder.getDenseI64ArrayAttr(values));
}

Value OnnxBuilder::square(Value x) { return create("Mul", {x, x}); }

Value OnnxBuilder::slice(Value x, int64_t axis, int64_t begin, int64_t end,
                         int64_t step) {
  return create("Slice", {x, ints(begin), ints(end), ints(axis), ints(step)});
}

SmallVector<Value> OnnxBuilder::split(Value x, int64_t axis,
                                      ArrayRef<int64_t> extents) {
  OperationState state(location, "onnx.Split");
  state.addOperands({x, ints(extents)});
  state.addAttributes(attr("axis", axis));
  state.addTypes(SmallVector<Type>(extents.size(),
                                   UnrankedTensorType::get(elementTypeOf(x))));
  return llvm::to_vector_of<Value>(builder.create(state)->getResults());
}

/// TensorProto.DataType of the types that kernels have.
static std::optional<int64_t> dataTypeOf(Type type) {
  using onnx::ElementSet;
  static constexpr std::pair<ElementSet, int64_t> codes[] = {
      {ElementSet::F32, 1},         {ElementSet::UI8, 2},
      {ElementSet::I8, 3},          {ElementSet::UI16, 4},
      {ElementSet::I16, 5},         {ElementSet::I32, 6},
      {ElementSet::I64, 7},         {ElementSet::Bool, 9},
      {ElementSet::F16, 10},        {ElementSet::F64, 11},
      {ElementSet::UI32, 12},       {ElementSet::UI64, 13},
      {ElementSet::BF16, 16},       {ElementSet::F8E4M3FN, 17},
      {ElementSet::F8E4M3FNUZ, 18}, {ElementSet::F8E5M2, 19},
      {ElementSet::F8E5M2FNUZ, 20}, {ElementSet::UI4, 21},
      {ElementSet::I4, 22},         {ElementSet::F4E2M1FN, 23},
      {ElementSet::F8E8M0FNU, 24},  {ElementSet::UI2, 25},
      {ElementSet::I2, 26},         {ElementSet::F6E2M3FN, 27},
      {ElementSet::F6E3M2FN, 28}};
  ElementSet own = onnx::elementSetOf(type);
  for (auto [set, code] : codes)
    if (set == own)
      return code;
  return std::nullopt;
}

SmallVector<NamedAttribute> attributesOf(Operation *op) {
  SmallVector<NamedAttribute> attributes(op->getAttrs());
  llvm::erase_if(attributes, [](NamedAttribute attribute) {
    return attribute.getName() == "operandSegmentSizes";
  });
  return attributes;
}

SmallVector<NamedAttribute> roundingOf(Operation *op) {
  Builder builder(op->getContext());
  SmallVector<NamedAttribute> attributes;
  for (StringRef name : {"round_mode", "saturate"})
    if (Attribute value = op->getAttr(name))
      attributes.push_back(builder.getNamedAttr(name, value));
  return attributes;
}

Value OnnxBuilder::cast(Value x, Type to, ArrayRef<NamedAttribute> rounding) {
  if (elementTypeOf(x) == to)
    return x;
  std::optional<int64_t> code = dataTypeOf(to);
  if (!code)
    return {};
  SmallVector<NamedAttribute> attributes(rounding);
  attributes.push_back(attr("to", *code));
  return create("Cast", x, to, attributes);
}

Value OnnxBuilder::concat(ArrayRef<Value> values, int64_t axis) {
  return values.size() == 1 ? values[0]
                            : create("Concat", values, attr("axis", axis));
}

Value OnnxBuilder::squeeze(Value x, int64_t axis) {
  return create("Squeeze", {x, ints(axis)});
}

Value OnnxBuilder::unsqueeze(Value x, int64_t axis) {
  return create("Unsqueeze", {x, ints(axis)});
}

Value OnnxBuilder::transpose(Value x, ArrayRef<int64_t> permutation) {
  return create("Transpose", x, attr("perm", permutation));
}

Value OnnxBuilder::shape(Value x) {
  return create("Shape", x, builder.getI64Type());
}

Value OnnxBuilder::extent(Value x, int64_t axis) {
  return create("Shape", x, builder.getI64Type(),
                {attr("start", axis), attr("end", axis + 1)});
}

Value OnnxBuilder::asScalar(Value x) {
  return create("Reshape", {x, ints({})});
}

Value OnnxBuilder::range(Value count) {
  Type i64 = builder.getI64Type();
  return create("Range", {scalar(i64, 0), count, scalar(i64, 1)});
}

Value OnnxBuilder::filled(Type elementType, double value, Value extents) {
  return create("Expand", {scalar(elementType, value), extents});
}

/// Tensors of these values' element types.
static SmallVector<Type> unrankedTypes(ArrayRef<Value> values) {
  SmallVector<Type> types;
  for (Value value : values)
    types.push_back(UnrankedTensorType::get(elementTypeOf(value)));
  return types;
}

SmallVector<Value> OnnxBuilder::loop(Value steps, ArrayRef<Value> initial,
                                     LoopBody body) {
  auto region = std::make_unique<Region>();
  SmallVector<Value> made;
  {
    OpBuilder::InsertionGuard guard(builder);
    Block *block = builder.createBlock(region.get());
    auto scalar = [](Type type) { return RankedTensorType::get({}, type); };
    Value trip = block->addArgument(scalar(builder.getI64Type()), location);
    block->addArgument(scalar(builder.getI1Type()), location);
    SmallVector<Value> carried;
    for (Type type : unrankedTypes(initial))
      carried.push_back(block->addArgument(type, location));
    made = body(trip, carried);
    OperationState yield(location, "onnx.Yield");
    yield.operands.push_back(this->scalar(builder.getI1Type(), 1));
    llvm::append_range(yield.operands, made);
    builder.create(yield);
  }
  OperationState state(location, "onnx.Loop");
  state.operands.push_back(steps);
  llvm::append_range(state.operands, initial);
  state.addAttribute("operandSegmentSizes",
                     builder.getDenseI32ArrayAttr(
                         {1, 0, static_cast<int32_t>(initial.size())}));
  state.addTypes(unrankedTypes(made));
  state.addRegion(std::move(region));
  return llvm::to_vector_of<Value>(builder.create(state)->getResults());
}

std::unique_ptr<Region> OnnxBuilder::branch(Branch value) {
  auto region = std::make_unique<Region>();
  OpBuilder::InsertionGuard guard(builder);
  builder.createBlock(region.get());
  OperationState yield(location, "onnx.Yield");
  yield.operands.push_back(value());
  builder.create(yield);
  return region;
}

Value OnnxBuilder::choose(Value condition, Type elementType, Branch then,
                          Branch otherwise) {
  OperationState state(location, "onnx.If");
  state.operands.push_back(condition);
  state.addTypes(UnrankedTensorType::get(elementType));
  state.addRegion(branch(then));
  state.addRegion(branch(otherwise));
  return builder.create(state)->getResult(0);
}

SmallVector<Value> operandsByPosition(Operation *op) {
  auto segments = dyn_cast_or_null<DenseI32ArrayAttr>(
      op->getInherentAttr("operandSegmentSizes").value_or(Attribute()));
  if (!segments)
    return llvm::to_vector(op->getOperands());
  SmallVector<Value> operands;
  unsigned next = 0;
  for (int32_t count : segments.asArrayRef()) {
    if (count == 0)
      operands.push_back(Value());
    for (int32_t i = 0; i < count; ++i)
      operands.push_back(op->getOperand(next++));
  }
  return operands;
}

void refreshResultTypes(func::FuncOp function) {
  if (function.isExternal())
    return;
  Operation *terminator = function.getBody().back().getTerminator();
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             function.getArgumentTypes(),
                                             terminator->getOperandTypes()));
}

} // namespace dycc
