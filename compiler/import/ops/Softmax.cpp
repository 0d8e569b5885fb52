// Before opset 13 Softmax, LogSoftmax and Hardmax saw a tensor as a matrix: the
// axes from `axis` on were its rows together.
#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;

namespace dycc::import {
namespace {

LogicalResult upgradeSoftmax(NodeForm &form, OpEmitter &emitter) {
  int64_t axis = form.getInt("axis", 1);
  Value input = form.operand(0);
  if (!input)
    return emitter.error() << "expects input 'input'";
  auto ranked = dyn_cast<RankedTensorType>(input.getType());
  if (axis == -1 || (ranked && axis == ranked.getRank() - 1)) {
    form.attributes.set("axis", emitter.attr("axis", -1).getValue());
    return success();
  }
  Value shape = emitter.emit("Shape", input);
  Value matrix = emitter.emit("Flatten", input, emitter.attr("axis", axis));
  Value rows = emitter.emit(form.op, matrix, emitter.attr("axis", -1));
  // An extent of 0 is meant, not "as in the input".
  form.results = {
      emitter.emit("Reshape", {rows, shape}, emitter.attr("allowzero", 1))};
  return success(form.results[0] != nullptr);
}

constexpr Upgrade upgrades[] = {
    {"Softmax", 13, upgradeSoftmax},
    {"LogSoftmax", 13, upgradeSoftmax},
    {"Hardmax", 13, upgradeSoftmax},
};

} // namespace

ArrayRef<Upgrade> softmaxUpgrades() { return upgrades; }

} // namespace dycc::import
