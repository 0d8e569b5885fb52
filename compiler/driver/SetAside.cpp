// A model that is refused goes on through the stages for what they have to say.
// They need complete shapes, and operators that they know.
#include "compiler/driver/SupportedOps.h"

#include "dialects/dyn/Values.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc {
namespace {

bool isUnfit(Value value) {
  return !dyn::isComplete(value.getType()) || !canHold(value.getType());
}

/// Whether a stage that needs complete shapes cannot have `op`.
bool isOut(Operation *op) {
  return op->hasAttr(dyn::kRefused) || dyn::isMadeOfAny(op, isUnfit) ||
         llvm::any_of(op->getResults(), isUnfit) ||
         llvm::any_of(op->getRegions(), [](Region &region) {
           return llvm::any_of(region.getArguments(), isUnfit);
         });
}

/// The outermost operators that have to go.
SmallVector<Operation *> findOut(func::FuncOp main) {
  SmallVector<Operation *> out;
  main.getBody().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op->hasTrait<OpTrait::IsTerminator>() || !isOut(op))
      return WalkResult::advance();
    out.push_back(op);
    return WalkResult::skip();
  });
  return out;
}

void dropUnfitOutputs(func::FuncOp main) {
  Operation *end = main.front().getTerminator();
  llvm::BitVector dropped(main.getNumResults());
  for (auto [index, value] : llvm::enumerate(end->getOperands()))
    dropped[index] = isUnfit(value);
  end->eraseOperands(dropped);
  (void)main.eraseResults(dropped);
}

} // namespace

void setRefusedAside(ModuleOp module) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  dropUnfitOutputs(main);
  SmallVector<Operation *> out = findOut(main);
  for (Operation *op : out)
    for (Value result : op->getResults()) {
      if (isUnfit(result))
        continue;
      unsigned index = main.getNumArguments();
      StringAttr name = StringAttr::get(module.getContext(), "refused");
      auto attributes = DictionaryAttr::get(
          module.getContext(),
          NamedAttribute(StringAttr::get(module.getContext(), "onnx.name"),
                         name));
      (void)main.insertArgument(index, result.getType(), attributes,
                                result.getLoc());
      result.replaceAllUsesWith(main.getArgument(index));
    }
  for (Operation *op : out)
    op->dropAllUses();
  for (Operation *op : out)
    op->erase();
  llvm::BitVector unused(main.getNumArguments());
  for (BlockArgument argument : main.getArguments())
    unused[argument.getArgNumber()] = isUnfit(argument);
  (void)main.eraseArguments(unused);
}

} // namespace dycc
