// A tensor is made on one side, the host's or the device's, and has the same
// place in the memory of both. Who reads it on the other side, under whatever
// name, is found by following its names; it is transferred once, before the
// first of these: until then the queue goes on.
#include "dialects/dyn/DynDevice.h"
#include "passes/Remarks.h"
#include "passes/plan/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "dycc-place-transfers"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_PLACETRANSFERSPASS
#include "passes/plan/Passes.h.inc"
namespace {

using dyn::Side;

/// Follows one tensor through its names.
class ReaderFinder {
public:
  explicit ReaderFinder(llvm::function_ref<Side(dyn::LaunchOp)> sideOf)
      : sideOf(sideOf) {}

  /// The operations that read `value` on a side.
  SmallVector<Operation *> find(Value value, Side side) {
    names.insert(value);
    for (size_t next = 0; next < names.size(); ++next) {
      Value name = names[next];
      for (OpOperand &use : name.getUses())
        visit(use);
    }
    SmallVector<Operation *> found;
    for (auto [reader, its] : readers)
      if (its == side)
        found.push_back(reader);
    return found;
  }

private:
  void visit(OpOperand &use) {
    llvm::TypeSwitch<Operation *>(use.getOwner())
        .Case([&](dyn::LaunchOp op) { readers.push_back({op, sideOf(op)}); })
        .Case<dyn::ViewOp, dyn::PartOp, dyn::JoinOp, dyn::ConvertLayoutOp>(
            [&](Operation *op) { names.insert(op->getResult(0)); })
        .Case([&](dyn::LoopOp op) { visitLoop(op, use); })
        .Case([&](dyn::YieldOp op) { visitYield(op, use.getOperandNumber()); })
        .Case([](dyn::TransferOp) {})
        .Default([&](Operation *op) { readers.push_back({op, Side::Host}); });
  }

  void visitLoop(dyn::LoopOp op, OpOperand &use) {
    unsigned first = op.getInitial().getBeginOperandIndex();
    if (use.getOperandNumber() < first)
      readers.push_back({op, Side::Host}); // The condition.
    else
      carry(op, use.getOperandNumber() - first);
  }

  void visitYield(dyn::YieldOp op, unsigned number) {
    if (auto branch = dyn_cast<dyn::IfOp>(op->getParentOp())) {
      names.insert(branch.getResult(number));
      return;
    }
    auto loop = cast<dyn::LoopOp>(op->getParentOp());
    if (number == 0)
      readers.push_back({op, Side::Host}); // The condition.
    else
      carry(loop, number - 1);
  }

  /// A value that the next trip has, or a slice of a result.
  void carry(dyn::LoopOp loop, unsigned number) {
    if (number < loop.getInitial().size())
      names.insert(loop.getBody().getArgument(number + 2));
    names.insert(loop.getResult(number));
  }

  llvm::function_ref<Side(dyn::LaunchOp)> sideOf;
  llvm::SetVector<Value> names;
  SmallVector<std::pair<Operation *, Side>> readers;
};

class PlaceTransfers final
    : public impl::PlaceTransfersPassBase<PlaceTransfers> {
  void runOnOperation() override {
    auto module = getOperation()->getParentOfType<ModuleOp>();
    kernels.emplace(module);
    bool hasDevice =
        llvm::any_of(module.getOps<dyn::KernelOp>(), [](dyn::KernelOp op) {
          return dyn::hasDeviceVersion(op);
        });
    if (!hasDevice)
      return;
    for (BlockArgument input : getOperation().getArguments())
      transfer(input, Side::Host);
    SmallVector<Operation *> operations;
    getOperation().walk<WalkOrder::PreOrder>(
        [&](Operation *op) { operations.push_back(op); });
    for (Operation *op : operations)
      visit(op);
  }

  void visit(Operation *op) {
    if (auto loop = dyn_cast<dyn::LoopOp>(op)) // Its counter and condition.
      for (BlockArgument own : loop.getBody().getArguments().take_front(2))
        transfer(own, Side::Host);
    auto launch = dyn_cast<dyn::LaunchOp>(op);
    if (!launch && !isa<dyn::RuntimeOp, dyn::SymbolicOp>(op))
      return;
    for (Value result : op->getResults())
      transfer(result, launch ? sideOf(launch) : Side::Host);
  }

  Side sideOf(dyn::LaunchOp launch) {
    bool isOnDevice = dyn::hasDeviceVersion(launch.getKernelIn(*kernels));
    return isOnDevice ? Side::Device : Side::Host;
  }

  /// Where a value that was made on one side is read on the other.
  void transfer(Value value, Side made) {
    Side other = made == Side::Host ? Side::Device : Side::Host;
    auto side = [this](dyn::LaunchOp launch) { return sideOf(launch); };
    SmallVector<Operation *> readers = ReaderFinder(side).find(value, other);
    if (readers.empty())
      return;
    Block *block = value.getParentBlock();
    Operation *first = block->getTerminator();
    for (Operation *reader : readers) {
      Operation *here = block->findAncestorOpInBlock(*reader);
      // One that comes before it is of the next trip.
      bool isBehind = here && (!value.getDefiningOp() ||
                               value.getDefiningOp()->isBeforeInBlock(here));
      if (isBehind && here->isBeforeInBlock(first))
        first = here;
    }
    OpBuilder builder(first);
    dyn::TransferOp::create(builder, value.getLoc(), value, other);
    remarks::taken(remarks::kCopy, value.getLoc(), DEBUG_TYPE)
        << (other == Side::Device ? "is sent to the device"
                                  : "is brought to the host");
  }

  std::optional<SymbolTable> kernels;
};

} // namespace
} // namespace dycc
