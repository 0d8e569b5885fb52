// Slots are shared like registers: in the order of definitions each buffer
// takes a free slot of the most similar size, or opens a new one. So offsets
// are prefix sums of formulas, the same for every shape, and the peak is one.
#include "passes/plan/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/plan/Liveness.h"
#include "passes/plan/SlotTable.h"

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
    if (failed(assignSlots(liveness, slots)))
      return signalPassFailure();
    placeWeights();
    getOperation().walk([&](Operation *op) { placeResults(op); });
    Builder builder(&getContext());
    getOperation()->setAttr("dyn.arena", slots.sizes(&getContext()));
    getOperation()->setAttr("dyn.pointers",
                            builder.getI64IntegerAttr(pointers));
    getOperation()->setAttr("dyn.output_slots", outputSlots());
    getOperation()->setAttr("dyn.weight_bytes",
                            builder.getI64IntegerAttr(weightBytes));
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
      if (!buffer.size)
        return buffer.definition->emitError(
            "nothing bounds the size of a result; expects a bound on each "
            "extent, declare one with --dim or a trip count");
      slots.release(buffer.begin);
      if (!buffer.value) {
        // The halves of a pair follow each other in `order` and in the arena.
        unsigned slot = slots.open(buffer.size, buffer.end);
        int64_t &first = pairs[{buffer.definition, buffer.carried}];
        if (!pairSeen.insert({buffer.definition, buffer.carried}).second)
          assert(slot == first + 1 && "halves are opened together");
        else
          first = slot;
        continue;
      }
      // What is lent to the caller outlives the run.
      bool lent = isOutput(buffer.value);
      slotOf[buffer.value] =
          slots.take(buffer.size, lent ? INT64_MAX : buffer.end);
    }
    return success();
  }

  /// The slot of each output, for a caller who brings no memory.
  DenseI64ArrayAttr outputSlots() {
    SmallVector<int64_t> slots;
    for (Value output : getOperation().front().getTerminator()->getOperands())
      slots.push_back(slotOf.lookup(output));
    return DenseI64ArrayAttr::get(&getContext(), slots);
  }

  static bool isOutput(Value value) {
    return llvm::any_of(value.getUsers(), [](Operation *user) {
      return isa<func::ReturnOp>(user);
    });
  }

  PlaceAttr placeOf(OpResult result) {
    for (OpOperand &use : result.getUses()) {
      if (isa<func::ReturnOp>(use.getOwner()))
        return place(PlaceKind::Output, use.getOperandNumber());
      auto loop = dyn_cast<dyn::LoopOp>(use.getOwner()->getParentOp());
      unsigned operand = use.getOperandNumber();
      if (loop && isa<dyn::YieldOp>(use.getOwner()) && operand >= 1 &&
          operand <= loop.getInitial().size() &&
          plan::Liveness::isComputedInPlace(loop, operand - 1))
        return nextPlaces(loop)[operand - 1];
    }
    return place(PlaceKind::Arena, slotOf.lookup(result));
  }

  void placeResults(Operation *op) {
    if (op->getNumResults() == 0 || isa<onnx::OnnxDialect>(op->getDialect()) ||
        op->hasAttr("places"))
      return;
    SmallVector<Attribute> places;
    auto loop = dyn_cast<dyn::LoopOp>(op);
    unsigned carried = loop ? loop.getInitial().size() : 0;
    for (OpResult result : op->getResults()) {
      if (isa<dyn::ViewOp>(op))
        places.push_back(place(PlaceKind::Alias, 0));
      else if (isa<dyn::IfOp>(op) || result.getResultNumber() < carried)
        places.push_back(place(PlaceKind::Dynamic, pointers++));
      else
        places.push_back(placeOf(result));
    }
    op->setAttr("places", ArrayAttr::get(&getContext(), places));
    if (loop)
      placeLoop(loop);
  }

  /// Where the body's new carried values go; entries of the pointer table.
  SmallVector<PlaceAttr> &nextPlaces(dyn::LoopOp loop) {
    SmallVector<PlaceAttr> &places = next[loop];
    while (places.size() < loop.getInitial().size())
      places.push_back(place(PlaceKind::Dynamic, pointers++));
    return places;
  }

  void placeLoop(dyn::LoopOp loop) {
    SmallVector<Attribute> arguments;
    SmallVector<int64_t> first;
    unsigned carried = loop.getInitial().size();
    for (unsigned index = 0; index < carried + 2; ++index)
      arguments.push_back(place(PlaceKind::Dynamic, pointers++));
    for (unsigned index = 0; index < carried; ++index) {
      auto it = pairs.find({loop.getOperation(), static_cast<int>(index)});
      first.push_back(it == pairs.end() ? -1 : it->second);
    }
    ArrayRef<PlaceAttr> places = nextPlaces(loop);
    SmallVector<Attribute> nextAttributes(places.begin(), places.end());
    loop->setAttr("arguments", ArrayAttr::get(&getContext(), arguments));
    loop->setAttr("next", ArrayAttr::get(&getContext(), nextAttributes));
    loop->setAttr("pairs", DenseI64ArrayAttr::get(&getContext(), first));
  }

  /// Constants that run-time code reads, each content and layout once.
  void placeWeights() {
    DenseMap<std::pair<Attribute, Type>, int64_t> offsets;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<dyn::GroupOp>(op))
        return WalkResult::skip();
      auto convert = dyn_cast<dyn::ConvertLayoutOp>(op);
      auto constant = convert
                          ? convert.getInput().getDefiningOp<onnx::ConstantOp>()
                          : dyn_cast<onnx::ConstantOp>(op);
      bool isRead = llvm::any_of(op->getUsers(), [](Operation *user) {
        return !isa<dyn::ConvertLayoutOp>(user);
      });
      if (!constant || !isRead)
        return WalkResult::advance();
      Type type = op->getResult(0).getType();
      auto [it, isNew] =
          offsets.insert({{constant.getValue(), type}, weightBytes});
      if (isNew) {
        int64_t bytes = *dyn::getSizeInBytes(type).asConstant();
        weightBytes = llvm::alignTo(weightBytes + bytes, 64);
      }
      Attribute where = place(PlaceKind::Weights, it->second);
      op->setAttr("places", ArrayAttr::get(&getContext(), where));
      return WalkResult::advance();
    });
  }

  DenseMap<Value, unsigned> slotOf;
  llvm::DenseMap<std::pair<Operation *, int>, int64_t> pairs;
  llvm::DenseSet<std::pair<Operation *, int>> pairSeen;
  DenseMap<Operation *, SmallVector<PlaceAttr>> next;
  int64_t pointers = 0, weightBytes = 0;
};

} // namespace
} // namespace dycc
