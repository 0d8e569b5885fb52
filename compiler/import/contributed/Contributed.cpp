#include "compiler/import/contributed/Contributed.h"

#include "compiler/import/Types.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {

static const Contribution *findContribution(StringRef op) {
  for (ArrayRef<Contribution> family :
       {contributedActivations(), contributedAttentions(),
        contributedFlexAttention(), contributedGroupQueries(),
        contributedNormalizations(), contributedOptimizers(),
        contributedProducts(), contributedQuantizations(),
        contributedQuantizedGathers(), contributedQuantizedProducts(),
        contributedQuantizedRecurrences(), learnedEncoders(), learnedFeatures(),
        learnedLinear(), learnedMappings(), learnedSupportVectors(),
        learnedTrees()})
    for (const Contribution &contribution : family)
      if (contribution.op == op)
        return &contribution;
  return nullptr;
}

/// Of outputs of any number there are as many as results.
static LogicalResult checkCount(const NodeForm &form, OpEmitter &emitter) {
  if (form.wanted.size() > form.results.size())
    return emitter.error() << "expects at most " << form.results.size()
                           << " outputs, got " << form.wanted.size();
  return success();
}

bool isExpandable(const onnx::OperatorSchema &schema) {
  return findContribution(schema.name) != nullptr;
}

std::optional<Type> contributedRegionInput(const onnx::OperatorSchema &schema,
                                           const NodeForm &form) {
  const Contribution *contribution = findContribution(schema.name);
  if (!contribution || !contribution->regionInput)
    return std::nullopt;
  return contribution->regionInput(form);
}

LogicalResult expandContributed(const onnx::OperatorSchema &schema,
                                NodeForm &form, OpEmitter &emitter) {
  if (failed(emitter.check(schema, form)))
    return failure();
  const Contribution *contribution = findContribution(schema.name);
  assert(contribution && "each row of the table has an expansion");
  if (failed(contribution->apply(form, emitter)))
    return failure();
  if (form.results.empty()) {
    auto results = emitter.create(form);
    if (failed(results))
      return failure();
    form.results = std::move(*results);
  }
  // Where something of it failed, an error was given.
  if (!form.results.front())
    return failure();
  if (schema.outputs.back().arity == onnx::Arity::Variadic)
    return checkCount(form, emitter);
  form.results.resize(schema.outputs.size());
  for (auto [i, result] : llvm::enumerate(form.results))
    if (form.wants(i) && !result)
      return emitter.error()
             << "output '" << schema.outputs[i].name << "' is not supported";
  return success();
}

Value asScalar(OpEmitter &emitter, Value one) {
  return one ? emitter.emit("Reshape", {one, emitter.vector({})}) : Value();
}

Value extentOf(OpEmitter &emitter, Value x, int64_t axis) {
  SmallVector<NamedAttribute> range = {emitter.attr("start", axis)};
  if (axis != -1)
    range.push_back(emitter.attr("end", axis + 1));
  return emitter.emit("Shape", x, range);
}

Value castTo(OpEmitter &emitter, Value x, Type to) {
  return emitter.emit("Cast", x, emitter.attr("to", getDataType(to)));
}

SmallVector<Value> splitEvenly(OpEmitter &emitter, Value x, int64_t axis,
                               int64_t count) {
  return emitter.emitAll(
      "Split", x, count,
      {emitter.attr("axis", axis), emitter.attr("num_outputs", count)});
}

static Value transposed(OpEmitter &emitter, Value x,
                        ArrayRef<int64_t> permutation) {
  Builder &builder = emitter.getBuilder();
  return emitter.emit(
      "Transpose", x,
      builder.getNamedAttr("perm", builder.getDenseI64ArrayAttr(permutation)));
}

Value channelsFirst(OpEmitter &emitter, Value x, int64_t rank) {
  SmallVector<int64_t> permutation = {0, rank - 1};
  for (int64_t axis = 1; axis < rank - 1; ++axis)
    permutation.push_back(axis);
  return transposed(emitter, x, permutation);
}

Value channelsLast(OpEmitter &emitter, Value x, int64_t rank) {
  SmallVector<int64_t> permutation = {0};
  for (int64_t axis = 2; axis < rank; ++axis)
    permutation.push_back(axis);
  permutation.push_back(1);
  return transposed(emitter, x, permutation);
}

NamedAttribute floatAttr(OpEmitter &emitter, StringRef name, double value) {
  Builder &builder = emitter.getBuilder();
  return builder.getNamedAttr(
      name, builder.getF32FloatAttr(static_cast<float>(value)));
}

double getFloat(const NodeForm &form, StringRef name, double fallback) {
  auto attribute = dyn_cast_or_null<FloatAttr>(form.attributes.get(name));
  return attribute ? attribute.getValueAsDouble() : fallback;
}

} // namespace dycc::import
