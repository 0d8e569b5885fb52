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
  ReaderFinder(Value value, llvm::function_ref<Side(dyn::LaunchOp)> sideOf)
      : sideOf(sideOf) {
    names.insert(value);
    for (size_t next = 0; next < names.size(); ++next) {
      Value name = names[next];
      for (OpOperand &use : name.getUses())
        visit(use);
    }
  }

  /// The operations that read it on a side.
  SmallVector<Operation *> find(Side side) const {
    SmallVector<Operation *> found;
    for (auto [reader, its] : readers)
      if (its == side)
        found.push_back(reader);
    return found;
  }
  bool isCalled(Value name) const { return names.contains(name); }

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

  llvm::function_ref<Side(dyn::LaunchOp)> sideOf; ///< While it follows.
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
    made.clear();
    madeOnHost.clear();
    for (BlockArgument input : getOperation().getArguments())
      made.push_back({input, Side::Host});
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) { visit(op); });
    end = getOperation().getBody().front().getTerminator();
    findResults();
    for (auto [value, side] : made)
      if (isInput(value))
        transferInput(value);
      else
        transfer(value, side);
    for (Value result : madeOnHost)
      place(result, Side::Device, end, Side::Device);
  }

  void visit(Operation *op) {
    if (auto loop = dyn_cast<dyn::LoopOp>(op)) // Its counter and condition.
      for (BlockArgument own : loop.getBody().getArguments().take_front(2))
        made.push_back({own, Side::Host});
    auto launch = dyn_cast<dyn::LaunchOp>(op);
    if (!launch && !isa<dyn::RuntimeOp, dyn::SymbolicOp>(op))
      return;
    for (Value result : op->getResults())
      made.push_back({result, launch ? sideOf(launch) : Side::Host});
  }

  bool isInput(Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == &getOperation().getBody().front();
  }

  /// The results that the host has made some of: it has all of them, then.
  void findResults() {
    for (auto [value, side] : made) {
      ReaderFinder names = follow(value);
      for (Value result : end->getOperands())
        if (side == Side::Host && names.isCalled(result))
          madeOnHost.insert(result);
    }
  }

  Side sideOf(dyn::LaunchOp launch) {
    bool isOnDevice = dyn::hasDeviceVersion(launch.getKernelIn(*kernels));
    return isOnDevice ? Side::Device : Side::Host;
  }

  ReaderFinder follow(Value value) {
    return {value, [this](dyn::LaunchOp launch) { return sideOf(launch); }};
  }

  /// The caller has it on the one side or the other.
  void transferInput(Value input) {
    ReaderFinder finder = follow(input);
    transfer(input, Side::Device, finder.find(Side::Device), Side::Host);
    transfer(input, Side::Host, finder.find(Side::Host), Side::Device);
  }

  /// Where a value that was made on one side is read on the other. What only
  /// the caller reads may be the caller's on the device.
  void transfer(Value value, Side made) {
    Side other = made == Side::Host ? Side::Device : Side::Host;
    ReaderFinder finder = follow(value);
    SmallVector<Operation *> readers = finder.find(other);
    auto isCallers = [&](Operation *reader) { return reader == end; };
    bool isDevices = llvm::all_of(readers, isCallers) &&
                     llvm::none_of(madeOnHost, [&](Value result) {
                       return finder.isCalled(result);
                     });
    std::optional<Side> where;
    if (made == Side::Device && isDevices)
      where = Side::Host;
    transfer(value, other, readers, where);
  }

  void transfer(Value value, Side other, ArrayRef<Operation *> readers,
                std::optional<Side> where) {
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
    place(value, other, first, where);
    remarks::taken(remarks::kCopy, value.getLoc(), DEBUG_TYPE)
        << (other == Side::Device ? "is sent to the device"
                                  : "is brought to the host");
  }

  static void place(Value value, Side to, Operation *before,
                    std::optional<Side> where) {
    OpBuilder builder(before);
    auto op = dyn::TransferOp::create(builder, value.getLoc(), value, to,
                                      dyn::SideAttr());
    if (where)
      op.setWhere(*where);
  }

  std::optional<SymbolTable> kernels;
  SmallVector<std::pair<Value, Side>> made; ///< Each value, and where.
  llvm::SmallSetVector<Value, 4> madeOnHost;
  Operation *end; ///< Where the caller reads.
};

} // namespace
} // namespace dycc
