#include "passes/plan/InPlace.h"
#include "passes/plan/PlanChecks.h"

#include "llvm/Support/xxhash.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {
namespace {

constexpr int kPoints = 8;
/// Small: products of many extents must not wrap.
constexpr int64_t kLargestOffset = 64;

/// A value of an input symbol at one of the points that refute. At the first
/// one all have the least, at the second a large one, then any.
int64_t valueAt(StringRef name, const dyn::SymbolFact &fact, int point) {
  auto [lower, upper] = fact.range;
  int64_t most = upper - std::max<int64_t>(lower, 0) > kLargestOffset
                     ? kLargestOffset
                     : upper - lower;
  uint64_t any = llvm::xxh3_64bits((name + Twine(point)).str());
  int64_t offset = point == 0 ? 0 : point == 1 ? most : any % (most + 1);
  int64_t value = lower + offset;
  int64_t rounded = value - value % fact.multiple;
  return rounded < lower ? rounded + fact.multiple : rounded;
}

std::optional<int64_t> evaluateAt(ExprAttr expr, const dyn::SymbolFacts &facts,
                                  int point) {
  return expr.evaluate([&](StringRef name) -> std::optional<int64_t> {
    auto fact = facts.find(name);
    if (fact == facts.end())
      return 1 + llvm::xxh3_64bits((name + Twine(point)).str()) % 64;
    if (mlir::Attribute definition = fact->second.definition)
      return evaluateAt(cast<ExprAttr>(definition), facts, point);
    return valueAt(name, fact->second, point);
  });
}

/// Checks who lies in each slot, and when.
class SlotChecker {
public:
  SlotChecker(PlanView plan, Liveness &liveness)
      : plan(plan), liveness(liveness), tenants(plan.memory.getSlots().size()) {
    plan.function.walk(
        [&](dyn::RequireOp op) { required.push_back(op.getCondition()); });
  }

  LogicalResult check() {
    MutableArrayRef<Buffer> buffers = liveness.buffers();
    for (unsigned index = 0; index < buffers.size(); ++index)
      if (buffers[index].size && failed(moveIn(index, buffers[index])))
        return failure();
    for (auto [slot, list] : llvm::enumerate(tenants))
      if (failed(checkApart(slot, list)))
        return failure();
    return failure(failed(checkPlacements(plan, liveness, tenants)) ||
                   failed(checkDonations()) || failed(checkOverwriters()));
  }

private:
  LogicalResult moveIn(unsigned index, Buffer &buffer) {
    int64_t slot = slotOf(buffer, plan.memory);
    ExprAttr size = plan.memory.getSlots()[slot];
    if (!fits(buffer.size, size))
      return buffer.definition->emitError("takes ")
             << buffer.size.str() << " bytes in slot " << slot << ", which has "
             << size.str();
    // What is lent to the caller outlives the run.
    if (buffer.value && llvm::any_of(buffer.value.getUsers(), [](auto *user) {
          return isa<func::ReturnOp>(user);
        }))
      buffer.end = INT64_MAX;
    tenants[slot].push_back(index);
    return success();
  }

  /// A slot's size is the largest of its values'. What is not among them the
  /// plan stage has proved to be less, in steps that no single proof repeats:
  /// points refute it where that is wrong.
  bool fits(ExprAttr size, ExprAttr slot) const {
    if (size == slot || (slot.getKind() == dyn::ExprKind::Max &&
                         llvm::is_contained(slot.getOperands(), size)))
      return true;
    const dyn::SymbolFacts &facts = plan.bounds.getFacts();
    for (int point = 0; point < kPoints; ++point) {
      if (!isReached(point))
        continue;
      std::optional<int64_t> needed = evaluateAt(size, facts, point);
      std::optional<int64_t> given = evaluateAt(slot, facts, point);
      if (needed && given && *needed > *given)
        return false;
    }
    return true;
  }

  /// Whether no check stops a run at this point before it needs memory.
  bool isReached(int point) const {
    return llvm::all_of(required, [&](ExprAttr condition) {
      return evaluateAt(condition, plan.bounds.getFacts(), point).value_or(0);
    });
  }

  LogicalResult checkApart(int64_t slot, SmallVector<unsigned> &list) {
    ArrayRef<Buffer> buffers = liveness.buffers();
    llvm::stable_sort(list, [&](unsigned a, unsigned b) {
      return buffers[a].begin < buffers[b].begin;
    });
    SmallVector<unsigned> live;
    for (unsigned index : list) {
      llvm::erase_if(live, [&](unsigned other) {
        return buffers[other].end < buffers[index].begin ||
               isOverwritten(other, buffers[index]);
      });
      Operation *here = buffers[index].definition;
      auto needed = llvm::find_if(live, [&](unsigned other) {
        return !isInOtherBranch(buffers[other].definition, here);
      });
      if (needed != live.end()) {
        InFlightDiagnostic error = here->emitError("takes slot ")
                                   << slot
                                   << ", where another value is still needed";
        error.attachNote(buffers[*needed].definition->getLoc()) << "this one";
        return error;
      }
      live.push_back(index);
    }
    return success();
  }

  bool isOverwritten(unsigned operand, const Buffer &by) {
    auto launch = dyn_cast<dyn::LaunchOp>(by.definition);
    return launch && by.value.getDefiningOp() == launch &&
           by.begin == liveness.positionOf(launch) &&
           llvm::is_contained(buffersToOverwrite(launch, liveness), operand);
  }

  /// An output is computed in an input only where that is read for it alone.
  LogicalResult checkDonations() {
    Operation *terminator = plan.function.front().getTerminator();
    for (OpOperand &output : terminator->getOpOperands()) {
      int64_t input = plan.memory.getOutputInputs()[output.getOperandNumber()];
      if (input >= 0 && inputToOverwrite(output, liveness) != input)
        return plan.function.emitError("output ")
               << output.getOperandNumber()
               << " cannot be computed in the memory of input " << input;
    }
    return success();
  }

  /// A result lies in an operand's memory only where nothing reads that later.
  LogicalResult checkOverwriters() {
    return checkEach(plan.function, [&](Operation *op) -> LogicalResult {
      auto launch = dyn_cast<dyn::LaunchOp>(op);
      if (!launch || !dyn::overwriterOf(launch->getResult(0)))
        return success();
      int64_t number = dyn::getPlace(launch->getResult(0)).getIndex();
      if (!whyNotOverwriteOnPath(launch, number, liveness))
        return success();
      return launch.emitError("cannot be computed in the memory of operand ")
             << number << ", which is needed behind it or not for it alone";
    });
  }

  PlanView plan;
  Liveness &liveness;
  SmallVector<ExprAttr> required;             ///< What checks let through.
  SmallVector<SmallVector<unsigned>> tenants; ///< Buffers, by slot.
};

} // namespace

LogicalResult checkSlots(PlanView plan, Liveness &liveness) {
  return SlotChecker(plan, liveness).check();
}

} // namespace dycc::plan
