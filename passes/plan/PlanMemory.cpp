// Slots are shared like registers: in the order of definitions each buffer
// takes a free slot of the most similar size, or opens a new one. So offsets
// are prefix sums of formulas, the same for every shape, and the peak is one.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Plan.h"
#include "dialects/dyn/Rows.h"
#include "passes/plan/InPlace.h"
#include "passes/plan/PlacementRemarks.h"
#include "passes/plan/SlotTable.h"
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
    plan::SlotTable slots(bounds.getFacts(), reuse);
    state = State();
    explain.emplace(&getContext(), reuse, inPlace);
    if (failed(assignSlots(liveness, slots)))
      return signalPassFailure();
    placeWeights();
    getOperation().walk([&](Operation *op) { placeResults(op); });
    dyn::setMemory(getOperation(),
                   dyn::MemoryAttr::get(&getContext(), slots.sizes(),
                                        outputSlots(), outputInputs(liveness),
                                        state.pointers, state.unbounded,
                                        state.weightBytes));
    for (auto &[op, entries] : state.releases)
      cast<dyn::ReleasingOp>(op).setReleasesAttr(
          DenseI64ArrayAttr::get(&getContext(), entries));
  }

  PlaceAttr place(PlaceKind kind, int64_t index) {
    return PlaceAttr::get(&getContext(), kind, index);
  }

  LogicalResult assignSlots(plan::Liveness &liveness, plan::SlotTable &slots) {
    MutableArrayRef<plan::Buffer> buffers = liveness.buffers();
    auto order = llvm::to_vector(llvm::seq<unsigned>(0, buffers.size()));
    llvm::stable_sort(order, [&](unsigned a, unsigned b) {
      return buffers[a].begin < buffers[b].begin;
    });
    for (unsigned index : order) {
      plan::Buffer &buffer = buffers[index];
      if (!buffer.size) {
        if (failed(assignHeap(liveness, index)))
          return failure();
        continue;
      }
      slots.release(buffer.begin);
      if (!buffer.value) {
        // The halves of a pair follow each other in `order` and in the arena.
        unsigned slot = slots.open(buffer.size, buffer.end);
        explain->liesIn(slot, buffer);
        int64_t &first = state.pairs[{buffer.definition, buffer.carried}];
        if (!state.pairSeen.insert({buffer.definition, buffer.carried}).second)
          assert(slot == first + 1 && "halves are opened together");
        else
          first = slot;
        continue;
      }
      // What is lent to the caller outlives the run.
      if (isOutput(buffer.value))
        buffer.end = INT64_MAX;
      state.slotOf[buffer.value] = assignSlot(liveness, slots, buffer);
    }
    return success();
  }

  /// The slot of an operand that ends here, where the kernel may write over it;
  /// another one else.
  unsigned assignSlot(plan::Liveness &liveness, plan::SlotTable &slots,
                      const plan::Buffer &buffer) {
    auto launch = dyn_cast<dyn::LaunchOp>(buffer.definition);
    if (reuse && inPlace && launch)
      if (auto over = plan::buffersToOverwrite(launch, liveness);
          !over.empty()) {
        const plan::Buffer &operand = liveness.buffers()[over.front()];
        unsigned slot = state.slotOf.lookup(operand.value);
        slots.prolong(slot, operand.end, buffer.end);
        explain->liesOver(buffer, operand, slot);
        return slot;
      }
    unsigned slot = slots.take(buffer.size, buffer.end);
    explain->liesOverNone(buffer, liveness);
    explain->liesIn(slot, buffer);
    return slot;
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
    SmallVector<int64_t> slots;
    Operation *terminator = getOperation().front().getTerminator();
    for (OpOperand &output : terminator->getOpOperands()) {
      auto it = state.slotOf.find(output.get());
      slots.push_back(it == state.slotOf.end() ? -1 : it->second);
      explain->isLent(output, slots.back());
    }
    return slots;
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

  static bool isOutput(Value value) {
    return llvm::any_of(value.getUsers(), [](Operation *user) {
      return isa<func::ReturnOp>(user);
    });
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
    return place(PlaceKind::Arena, state.slotOf.lookup(result));
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
      auto it = state.pairs.find(pair);
      first.push_back(it == state.pairs.end() ? -1 : it->second);
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
    DenseMap<Value, int64_t> slotOf;
    llvm::DenseMap<std::pair<Operation *, int>, int64_t> pairs;
    llvm::DenseSet<std::pair<Operation *, int>> pairSeen;
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
};

} // namespace
} // namespace dycc
