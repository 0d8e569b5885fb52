#include "compiler/import/Types.h"
#include "compiler/import/Upgrades.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// A Scan over axis 0 of all its inputs, without state.
NodeForm makeBatchScan(const NodeForm &inner, OpEmitter &emitter) {
  NodeForm outer;
  outer.op = "Scan";
  outer.operands = inner.operands;
  outer.wanted.assign(inner.wanted.size(), true);
  outer.attributes.append(
      emitter.attr("num_scan_inputs", int64_t(inner.operands.size())));
  return outer;
}

/// Opset 8's Scan has a batch axis in front of every tensor: each element of
/// the batch is a scan of its own. That is a Scan over the batch whose body is
/// the scan over the sequence.
LogicalResult upgradeBatchedScan(NodeForm &form, OpEmitter &emitter) {
  if (form.operand(0))
    return emitter.error()
           << "input 'sequence_lens' of opset 8 is not supported";
  if (form.operands.size() < 2 ||
      !llvm::all_of(llvm::drop_begin(form.operands),
                    [](Value v) { return bool(v); }))
    return emitter.error() << "expects an input for each state and scan";
  form.operands.erase(form.operands.begin());
  if (Attribute directions = form.attributes.get("directions")) {
    form.attributes.erase("directions");
    form.attributes.set("scan_input_directions", directions);
  }
  NodeForm outer = makeBatchScan(form, emitter);
  auto region = std::make_unique<Region>();
  OpBuilder &builder = emitter.getBuilder();
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(region.get());
  for (Value &operand : form.operands)
    operand =
        block->addArgument(withoutShape(operand.getType()), emitter.getLoc());
  auto results = emitter.create(form);
  if (failed(results))
    return failure();
  OperationState yield(emitter.getLoc(), "onnx.Yield");
  yield.addOperands(*results);
  builder.create(yield);
  outer.regions.push_back(std::move(region));
  form = std::move(outer);
  return success();
}

constexpr Upgrade upgrades[] = {
    {"Scan", 9, upgradeBatchedScan},
};

} // namespace

ArrayRef<Upgrade> loopUpgrades() { return upgrades; }

} // namespace dycc::import
