// Writes down where each value lies. Slots come from SlotAssignment.h; here are
// the other kinds of places: outputs, weights, memory beyond the arena, and
// what a branch or a loop decides.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Plan.h"
#include "dialects/dyn/Rows.h"
#include "passes/plan/InPlace.h"
#include "passes/plan/SlotAssignment.h"
#include "passes/plan/StoredConstant.h"
#include "runtime/abi/Memory.h"
#include "runtime/abi/Operators.h"

#include "llvm/ADT/MapVector.h"

#define DEBUG_TYPE "dycc-plan-memory"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "passes/plan/Passes.h.inc"
namespace {

class PlanMemory final : public impl::PlanMemoryPassBase<PlanMemory> {
  using PlanMemoryPassBase::PlanMemoryPassBase;

  void runOnOperation() override {
    dyn::ExecutionBounds bounds(getOperation()->getParentOfType<ModuleOp>());
    plan::Liveness liveness(getOperation(), bounds);
    state = State();
    explain.emplace(&getContext(), reuse, inPlace);
    if (failed(assignHeap(liveness)))
      return signalPassFailure();
    slots.emplace(liveness, bounds.getFacts(),
                  plan::Sharing{reuse, inPlace, placeSlots});
    if (remarks::areWanted(&getContext()))
      slots->explain(*explain);
    placeWeights();
    getOperation().walk([&](Operation *op) { placeResults(op); });
    dyn::setMemory(getOperation(),
                   dyn::MemoryAttr::get(&getContext(), slots->sizes(),
                                        outputSlots(), outputInputs(liveness),
                                        state.pointers, state.unbounded,
                                        state.weightBytes));
    dyn::setPlacements(getOperation(), slots->placements());
    for (auto &[op, entries] : state.releases)
      cast<dyn::ReleasingOp>(op).setReleasesAttr(
          DenseI64ArrayAttr::get(&getContext(), entries));
  }

  PlaceAttr place(PlaceKind kind, int64_t index) {
    return PlaceAttr::get(&getContext(), kind, index);
  }

  LogicalResult assignHeap(plan::Liveness &liveness) {
    for (unsigned index : liveness.inOrder())
      if (!liveness.buffers()[index].size &&
          failed(assignHeap(liveness, index)))
        return failure();
    return success();
  }

  /// Gives a buffer without a bound an entry of the pointer table, which says
  /// where it is while it has memory, and null else.
  LogicalResult assignHeap(plan::Liveness &liveness, unsigned index) {
    plan::Buffer &buffer = liveness.buffers()[index];
    auto runtime = dyn_cast<dyn::RuntimeOp>(buffer.definition);
    if (runtime && decidesExtent(runtime, buffer.value) &&
        !allocatesResults(runtime.getCallee()))
      return runtime.emitError("operator '")
             << runtime.getCallee()
             << "' decides the size of a result, which nothing bounds; expects "
                "a bound on each extent of its inputs, declare one with --dim "
                "or a trip count";
    // Of a pair one entry is the loop's, the other `next`.
    std::pair<Operation *, int> pair = {buffer.definition, buffer.carried};
    if (!buffer.value && state.owners.contains(pair))
      return success();
    int64_t entry = state.pointers++;
    (buffer.value ? state.heapOf[buffer.value] : state.owners[pair]) = entry;
    ++state.unbounded;
    explain->liesBeyondArena(buffer);
    if (Operation *last = liveness.lastUser(index))
      state.releases[last].push_back(entry);
    return success();
  }

  /// Whether `op` sets a symbol that is an extent of `result`.
  static bool decidesExtent(dyn::RuntimeOp op, Value result) {
    return llvm::any_of(dyn::getDims(result.getType()), [&](ExprAttr dim) {
      return dim.getKind() == dyn::ExprKind::Symbol &&
             llvm::is_contained(
                 op.getDefines(),
                 FlatSymbolRefAttr::get(op.getContext(), dim.getSymbol()));
    });
  }

  /// Whether the operator takes memory once it knows an extent.
  static bool allocatesResults(StringRef callee) {
#define DYCC_ALLOCATES(name, allocates, arrays, per)                           \
  if (callee == #name)                                                         \
    return allocates;
    DYCC_OPERATORS(DYCC_ALLOCATES)
#undef DYCC_ALLOCATES
    return false;
  }

  /// The slot of each output, for a caller who brings no memory; -1 for one
  /// without a bound.
  SmallVector<int64_t> outputSlots() {
    SmallVector<int64_t> numbers;
    Operation *terminator = getOperation().front().getTerminator();
    for (OpOperand &output : terminator->getOpOperands()) {
      numbers.push_back(slots->slotOf(output.get()).value_or(-1));
      explain->isLent(output, numbers.back());
    }
    return numbers;
  }

  /// The input in whose memory each output is computed once the caller donates
  /// it; -1 for none.
  SmallVector<int64_t> outputInputs(const plan::Liveness &liveness) {
    SmallVector<int64_t> inputs;
    Operation *terminator = getOperation().front().getTerminator();
    for (OpOperand &output : terminator->getOpOperands()) {
      std::optional<unsigned> input;
      remarks::Reason why;
      if (inPlace && !state.heapOf.contains(output.get()))
        input = plan::inputToOverwrite(output, liveness, &why);
      explain->isDonated(output, input, why);
      inputs.push_back(input ? static_cast<int64_t>(*input) : -1);
    }
    return inputs;
  }

  PlaceAttr placeOf(OpResult result) {
    if (auto join = dyn::JoinOp::of(result))
      return place(PlaceKind::Joined,
                   llvm::find(join.getInputs(), result).getIndex());
    if (OpResult whole = dyn::rowsOf(result))
      return place(PlaceKind::Joined, whole.getResultNumber());
    if (auto it = state.heapOf.find(result); it != state.heapOf.end())
      return place(PlaceKind::Heap, it->second);
    for (OpOperand &use : result.getUses())
      if (isa<func::ReturnOp>(use.getOwner()))
        return place(PlaceKind::Output, use.getOperandNumber());
    if (auto carry = plan::Liveness::carryOf(result))
      return nextPlaces(carry->first)[carry->second];
    return place(PlaceKind::Arena, slots->slotOf(result).value_or(0));
  }

  void placeResults(Operation *op) {
    if (op->getNumResults() == 0 || !isa<dyn::PlacedOp>(op) ||
        dyn::getPlace(op->getResult(0)))
      return;
    SmallVector<PlaceAttr> places;
    auto loop = dyn_cast<dyn::LoopOp>(op);
    unsigned carried = loop ? loop.getInitial().size() : 0;
    for (OpResult result : op->getResults()) {
      if (isa<dyn::ViewOp, dyn::PartOp>(op))
        places.push_back(place(PlaceKind::Alias, 0));
      else if (isa<dyn::IfOp>(op) || result.getResultNumber() < carried)
        places.push_back(place(PlaceKind::Dynamic, state.pointers++));
      else
        places.push_back(placeOf(result));
    }
    dyn::setPlaces(op, places);
    if (auto branch = dyn_cast<dyn::IfOp>(op))
      explain->isChosenByBranch(branch);
    if (loop)
      placeLoop(loop);
  }

  /// Where the body's new carried values go; entries of the pointer table.
  SmallVector<PlaceAttr> &nextPlaces(dyn::LoopOp loop) {
    SmallVector<PlaceAttr> &places = state.next[loop];
    while (places.size() < loop.getInitial().size()) {
      int index = places.size();
      bool isHeap = state.owners.contains({loop.getOperation(), index});
      places.push_back(place(isHeap ? PlaceKind::Heap : PlaceKind::Dynamic,
                             state.pointers++));
    }
    return places;
  }

  void placeLoop(dyn::LoopOp loop) {
    SmallVector<Attribute> arguments;
    SmallVector<int64_t> first, owned;
    unsigned carried = loop.getInitial().size();
    for (unsigned index = 0; index < carried + 2; ++index)
      arguments.push_back(place(PlaceKind::Dynamic, state.pointers++));
    for (unsigned index = 0; index < carried; ++index) {
      explain->isCarried(loop, index);
      std::pair<Operation *, int> pair = {loop.getOperation(), index};
      first.push_back(slots->pairOf(loop, index).value_or(-1));
      auto owner = state.owners.find(pair);
      owned.push_back(owner == state.owners.end() ? -1 : owner->second);
    }
    ArrayRef<PlaceAttr> places = nextPlaces(loop);
    SmallVector<Attribute> nextAttributes(places.begin(), places.end());
    loop.setArgumentsAttr(ArrayAttr::get(&getContext(), arguments));
    loop.setNextAttr(ArrayAttr::get(&getContext(), nextAttributes));
    loop.setPairsAttr(DenseI64ArrayAttr::get(&getContext(), first));
    loop.setOwnersAttr(DenseI64ArrayAttr::get(&getContext(), owned));
  }

  /// Constants that run-time code reads, each content and layout once.
  void placeWeights() {
    DenseMap<std::pair<Attribute, Type>, int64_t> offsets;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      onnx::ConstantOp constant = plan::storedConstant(op);
      if (!constant)
        return;
      Type type = op->getResult(0).getType();
      auto [it, isNew] =
          offsets.insert({{constant.getValue(), type}, state.weightBytes});
      if (isNew) {
        int64_t bytes = *dyn::getSizeInBytes(type).asConstant();
        state.weightBytes =
            llvm::alignTo(state.weightBytes + bytes, DYCC_WEIGHT_ALIGNMENT);
      } else {
        explain->isStoredAlready(op);
      }
      dyn::setPlaces(op, place(PlaceKind::Weights, it->second));
    });
  }

  /// What is known of one function.
  struct State {
    DenseMap<Operation *, SmallVector<PlaceAttr>> next;
    /// Entries of the pointer table that own memory beyond the arena: of
    /// values, and of what loops carry.
    DenseMap<Value, int64_t> heapOf;
    llvm::DenseMap<std::pair<Operation *, int>, int64_t> owners;
    /// Entries that are given back behind an operation.
    llvm::MapVector<Operation *, SmallVector<int64_t>> releases;
    int64_t pointers = 0, weightBytes = 0, unbounded = 0;
  } state;
  std::optional<plan::PlacementRemarks> explain;
  std::optional<plan::SlotAssignment> slots;
};

} // namespace
} // namespace dycc
