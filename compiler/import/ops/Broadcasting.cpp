// What changed in opset 7: operands broadcast by their shapes, and being in
// test is no attribute any more.
#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// The second operand with its dims at `axis` of the first one's: it gets axes
/// of one element behind them. Ranks are the shape stage's, so it counts.
/// Null after an error.
Value alignedAt(NodeForm &form, OpEmitter &emitter, int64_t axis) {
  Value a = form.operands[0], b = form.operands[1];
  auto rankOf = [&](Value x) {
    return emitter.emit("Shape", {emitter.emit("Shape", {x})});
  };
  // An axis from the end says how many there are to it.
  Value toEnd = axis < 0
                    ? emitter.vector(-axis)
                    : emitter.emit("Sub", {rankOf(a), emitter.vector(axis)});
  Value behind = emitter.emit("Sub", {toEnd, rankOf(b)});
  auto one = DenseElementsAttr::get(
      RankedTensorType::get({1}, emitter.getBuilder().getI64Type()),
      ArrayRef<int64_t>{1});
  Value ones = emitter.emit("ConstantOfShape", {behind},
                            emitter.getBuilder().getNamedAttr("value", one));
  Value shape = emitter.emit("Concat", {emitter.emit("Shape", {b}), ones},
                             emitter.attr("axis", 0));
  return emitter.emit("Reshape", {b, shape});
}

/// By `broadcast` and `axis`; without the second one the last axes are aligned,
/// as they are now. What was equal without `broadcast` is equal now.
LogicalResult upgradeBroadcast(NodeForm &form, OpEmitter &emitter) {
  bool broadcasts = form.getInt("broadcast", 0);
  std::optional<int64_t> axis = form.findInt("axis");
  for (StringRef name : {"broadcast", "axis", "consumed_inputs"})
    form.attributes.erase(name);
  if (!broadcasts || !axis || !form.operand(1))
    return success();
  form.operands[1] = alignedAt(form, emitter, *axis);
  return success(form.operands[1] != nullptr);
}

/// A slope for each channel, or one for all.
LogicalResult upgradeSlope(NodeForm &form, OpEmitter &emitter) {
  form.attributes.erase("consumed_inputs");
  if (!form.operand(1))
    return success();
  form.operands[1] = alignedAt(form, emitter, 1);
  return success(form.operands[1] != nullptr);
}

/// Whether it trains is said by the number of outputs.
LogicalResult upgradeStatistics(NodeForm &form, OpEmitter &emitter) {
  for (StringRef name : {"is_test", "consumed_inputs"})
    form.attributes.erase(name);
  return success();
}

LogicalResult upgradeIsTest(NodeForm &form, OpEmitter &emitter) {
  if (form.getInt("is_test", 0) == 0)
    return emitter.error()
           << "expects attribute \"is_test\" of 1, in training it is refused";
  for (StringRef name : {"is_test", "consumed_inputs"})
    form.attributes.erase(name);
  return success();
}

LogicalResult upgradeGemm(NodeForm &form, OpEmitter &emitter) {
  form.attributes.erase("broadcast");
  return success();
}

/// It got an attribute whose default is how it was.
LogicalResult keep(NodeForm &form, OpEmitter &emitter) { return success(); }

constexpr Upgrade upgrades[] = {
    {"Add", 7, upgradeBroadcast},
    {"And", 7, upgradeBroadcast},
    {"AveragePool", 7, keep},
    {"BatchNormalization", 7, upgradeStatistics},
    {"Div", 7, upgradeBroadcast},
    {"Dropout", 7, upgradeIsTest},
    {"Equal", 7, upgradeBroadcast},
    {"Gemm", 7, upgradeGemm},
    {"Greater", 7, upgradeBroadcast},
    {"Less", 7, upgradeBroadcast},
    {"Mul", 7, upgradeBroadcast},
    {"Or", 7, upgradeBroadcast},
    {"PRelu", 7, upgradeSlope},
    {"Pow", 7, upgradeBroadcast},
    {"Sub", 7, upgradeBroadcast},
    {"Xor", 7, upgradeBroadcast},
};

} // namespace

ArrayRef<Upgrade> broadcastUpgrades() { return upgrades; }

} // namespace dycc::import
