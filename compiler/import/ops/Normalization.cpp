#include "compiler/import/Types.h"
#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

bool wantsMoreThanOne(const NodeForm &form) {
  return llvm::count(form.wanted, true) > int64_t(form.wants(0));
}

/// `spatial` = 0: statistics per element of an instance, not per channel. They
/// have the shape of an instance, so plain broadcasting does it.
LogicalResult upgradeSpatial(NodeForm &form, OpEmitter &emitter) {
  int64_t spatial = form.getInt("spatial", 1);
  form.attributes.erase("spatial");
  if (spatial)
    return success();
  if (wantsMoreThanOne(form))
    return emitter.error() << "expects one output where statistics are per "
                              "element, got "
                           << form.wanted.size();
  Type element = elementTypeOf(form.operand(0));
  for (unsigned i = 0; i < 5; ++i)
    if (!form.operand(i))
      return emitter.error() << "expects 5 inputs";
  if (!isa_and_nonnull<FloatType>(element))
    return emitter.error() << "expects inputs of a float type, got "
                           << form.operands[0].getType();
  auto epsilon = dyn_cast_or_null<FloatAttr>(form.attributes.get("epsilon"));
  Value eps =
      emitter.scalar(element, epsilon ? epsilon.getValueAsDouble() : 1e-5);
  Value deviation =
      emitter.emit("Sqrt", emitter.emit("Add", {form.operands[4], eps}));
  Value centred = emitter.emit("Sub", {form.operands[0], form.operands[3]});
  Value scaled = emitter.emit(
      "Mul", {emitter.emit("Div", {centred, deviation}), form.operands[1]});
  form.results = {emitter.emit("Add", {scaled, form.operands[2]})};
  return success(form.results[0] != nullptr);
}

/// The statistics that `training` normalises with: with no momentum the running
/// ones are the batch's own.
FailureOr<SmallVector<Value>> emitBatchStatistics(const NodeForm &training,
                                                  OpEmitter &emitter) {
  NodeForm own;
  own.op = training.op;
  own.operands = training.operands;
  own.attributes = training.attributes;
  own.attributes.set("momentum", emitter.getBuilder().getF32FloatAttr(0));
  own.wanted = {true, true, true};
  return emitter.create(own);
}

/// Four more outputs meant training: the running statistics and the batch's.
LogicalResult upgradeTrainingOutputs(NodeForm &form, OpEmitter &emitter) {
  SmallVector<bool> wanted = form.wanted;
  if (!wantsMoreThanOne(form))
    return success();
  if (wanted.size() > 5)
    return emitter.error() << "expects at most 5 outputs, got "
                           << wanted.size();
  wanted.resize(5);
  form.attributes.set("training_mode",
                      emitter.getBuilder().getI64IntegerAttr(1));
  form.wanted.resize(3);
  if (!wanted[3] && !wanted[4])
    return success();
  auto own = emitBatchStatistics(form, emitter);
  auto results = emitter.create(form);
  if (failed(own) || failed(results))
    return failure();
  form.results = std::move(*results);
  form.results.append({(*own)[1], (*own)[2]});
  return success();
}

/// From a scale per group to one per channel: [G] -> [G, C / G] -> [C].
LogicalResult upgradeGroups(NodeForm &form, OpEmitter &emitter) {
  int64_t groups = form.getInt("num_groups", 0);
  if (groups < 1 || !form.operand(0))
    return emitter.error() << "expects attribute \"num_groups\" of 1 or more";
  Value channels =
      emitter.emit("Shape", form.operands[0],
                   {emitter.attr("start", 1), emitter.attr("end", 2)});
  Value perGroup = emitter.emit("Div", {channels, emitter.vector(groups)});
  Value shape = emitter.emit("Concat", {emitter.vector(groups), perGroup},
                             emitter.attr("axis", 0));
  for (unsigned i : {1, 2}) {
    if (!form.operand(i))
      return emitter.error() << "expects 3 inputs";
    Value column =
        emitter.emit("Unsqueeze", {form.operands[i], emitter.vector(1)});
    Value expanded = emitter.emit("Expand", {column, shape});
    form.operands[i] = emitter.emit("Reshape", {expanded, emitter.vector(-1)});
  }
  return success();
}

/// The ratio became an operand; no training, so its value is not looked at.
/// Before opset 10 the mask had the type of the data.
LogicalResult upgradeDropout(NodeForm &form, OpEmitter &emitter) {
  if (auto ratio = dyn_cast_or_null<FloatAttr>(form.attributes.get("ratio"))) {
    form.attributes.erase("ratio");
    form.operands.resize(2);
    form.operands[1] =
        emitter.scalar(ratio.getType(), ratio.getValueAsDouble());
  }
  return success();
}

LogicalResult upgradeDropoutMask(NodeForm &form, OpEmitter &emitter) {
  if (!form.wants(1))
    return success();
  if (failed(upgradeDropout(form, emitter)))
    return failure();
  auto results = emitter.create(form);
  if (failed(results))
    return failure();
  int type = getDataType(elementTypeOf(form.operand(0)));
  Value mask = emitter.emit("Cast", (*results)[1], emitter.attr("to", type));
  form.results = {(*results)[0], mask};
  return success(mask != nullptr);
}

constexpr Upgrade upgrades[] = {
    {"BatchNormalization", 9, upgradeSpatial},
    {"BatchNormalization", 14, upgradeTrainingOutputs},
    {"GroupNormalization", 21, upgradeGroups},
    {"Dropout", 10, upgradeDropoutMask},
    {"Dropout", 12, upgradeDropout},
};

} // namespace

ArrayRef<Upgrade> normalizationUpgrades() { return upgrades; }

} // namespace dycc::import
