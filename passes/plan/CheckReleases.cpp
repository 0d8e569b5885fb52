#include "passes/plan/PlanChecks.h"

using namespace mlir;

namespace dycc::plan {
namespace {

/// Checks when the memory of each entry is given back.
class ReleaseChecker {
public:
  ReleaseChecker(PlanView plan, Liveness &liveness)
      : plan(plan), liveness(liveness) {}

  LogicalResult check() {
    (void)checkEach(plan.function, [&](Operation *op) {
      for (int64_t entry : dyn::getReleases(op))
        releases[entry].push_back(op);
      return success();
    });
    ArrayRef<Buffer> buffers = liveness.buffers();
    for (unsigned index = 0; index < buffers.size(); ++index)
      if (!buffers[index].size && failed(checkBuffer(index, buffers[index])))
        return failure();
    for (auto &[entry, ops] : releases)
      if (!owned.contains(entry))
        return ops[0]->emitError("gives entry ")
               << entry << " back, which owns nothing";
    if (plan.memory.getUnbounded() != static_cast<int64_t>(owned.size()))
      return plan.function.emitError("has ")
             << owned.size() << " results that nothing bounds, dyn.memory says "
             << plan.memory.getUnbounded();
    return success();
  }

private:
  /// The entry that owns a buffer.
  static int64_t entryOf(const Buffer &buffer) {
    if (buffer.value)
      return dyn::getPlace(cast<OpResult>(buffer.value)).getIndex();
    return cast<dyn::LoopOp>(buffer.definition).getOwners()[buffer.carried];
  }

  LogicalResult checkBuffer(unsigned index, const Buffer &buffer) {
    int64_t entry = entryOf(buffer);
    // Both halves of a pair have one owner.
    if (!owned.insert(entry).second)
      return success();
    ArrayRef<Operation *> ops = releases[entry];
    Operation *last = liveness.lastUser(index);
    if (!last && ops.empty())
      return success();
    if (!last)
      return ops[0]->emitError("gives entry ")
             << entry << " back, which the caller gets";
    if (ops.empty())
      return buffer.definition->emitError("takes memory for entry ")
             << entry << ", which is never given back";
    if (ops.size() > 1)
      return ops[1]->emitError("gives entry ") << entry << " back once more";
    bool isBehind = ops[0]->getBlock() == last->getBlock() &&
                    !ops[0]->isBeforeInBlock(last);
    if (isBehind)
      return success();
    InFlightDiagnostic error = ops[0]->emitError("gives entry ")
                               << entry << " back elsewhere than behind its "
                               << "last use";
    error.attachNote(last->getLoc()) << "here";
    return error;
  }

  PlanView plan;
  Liveness &liveness;
  /// Who gives each entry back.
  llvm::MapVector<int64_t, SmallVector<Operation *>> releases;
  llvm::DenseSet<int64_t> owned;
};

} // namespace

LogicalResult checkReleases(PlanView plan, Liveness &liveness) {
  return ReleaseChecker(plan, liveness).check();
}

} // namespace dycc::plan
