// A branch that passes a value through keeps its memory for as long as the
// result is needed, whichever branch runs. What the other branch computes can
// lie there too, where the path through it reads the value no more. Behind
// dycc-order-launches: it depends on who reads last. That pass still counts a
// buffer for each, so an order is never chosen for this one's sake.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Plan.h"
#include "passes/plan/InPlace.h"

#define DEBUG_TYPE "dycc-elide-branch-buffers"

using namespace mlir;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc {
#define GEN_PASS_DEF_ELIDEBRANCHBUFFERSPASS
#include "passes/plan/Passes.h.inc"
namespace {

class ElideBranchBuffers final
    : public impl::ElideBranchBuffersPassBase<ElideBranchBuffers> {
  void runOnOperation() override {
    SmallVector<dyn::LaunchOp> launches;
    bool hasBranches = false;
    getOperation().walk([&](Operation *op) {
      hasBranches |= isa<dyn::IfOp>(op);
      if (auto launch = dyn_cast<dyn::LaunchOp>(op))
        launches.push_back(launch);
    });
    if (!hasBranches)
      return;
    overwriters.clear();
    bounds.emplace(getOperation()->getParentOfType<ModuleOp>());
    liveness.emplace(getOperation(), *bounds);
    for (dyn::LaunchOp launch : launches)
      if (mayGain(launch))
        elide(launch);
  }

  /// Whether a branch runs the launch or decides where an operand lies.
  static bool mayGain(dyn::LaunchOp launch) {
    return launch->getParentOfType<dyn::IfOp>() ||
           llvm::any_of(launch.getInputs(), [](Value input) -> bool {
             Value value = plan::underViews(input);
             return value.getDefiningOp<dyn::IfOp>() ||
                    dyn::overwriterOf(value);
           });
  }

  void elide(dyn::LaunchOp launch) {
    if (!isOwn(launch))
      return;
    auto numbers = llvm::seq<unsigned>(0, launch.getInputs().size());
    for (unsigned number : numbers)
      if (isKeptAnyway(launch, number) && overwrite(launch, number))
        return;
    if (!plan::buffersToOverwrite(launch, *liveness).empty())
      return; // Its slot will be that operand's.
    for (unsigned number : numbers)
      if (buffersOf(launch, number).size() == 1 && overwrite(launch, number))
        return;
  }

  /// Whether `launch` now overwrites the operand: what its result is named
  /// behind it must not keep any other from what that overwrites.
  bool overwrite(dyn::LaunchOp launch, unsigned number) {
    if (!mayOverwrite(launch, number))
      return false;
    dyn::setPlaces(launch, PlaceAttr::get(&getContext(), PlaceKind::Alias,
                                          static_cast<int64_t>(number)));
    overwriters.push_back({launch, number});
    liveness.emplace(getOperation(), *bounds);
    bool holds = llvm::all_of(overwriters, [&](auto other) {
      return mayOverwrite(other.first, other.second);
    });
    if (!holds) {
      launch.removePlacesAttr();
      overwriters.pop_back();
      liveness.emplace(getOperation(), *bounds);
      return false;
    }
    remarks::taken(remarks::kInPlace, launch.getLoc(), DEBUG_TYPE)
        << "is written over operand " << int64_t(number)
        << ", whose memory is kept for what a branch passes through";
    return true;
  }

  bool mayOverwrite(dyn::LaunchOp launch, unsigned number) const {
    return !plan::whyNotOverwriteOnPath(launch, number, *liveness);
  }

  /// Whether the result has memory for itself, not a carried value's, an
  /// output's or a part of a whole.
  bool isOwn(dyn::LaunchOp launch) const {
    if (launch->getNumResults() != 1)
      return false;
    Value result = launch.getResult(0);
    return bufferOf(launch).value == result &&
           llvm::none_of(result.getUsers(), llvm::IsaPred<func::ReturnOp>);
  }

  /// Whether the memory of the operand is needed for as long as the result's.
  bool isKeptAnyway(dyn::LaunchOp launch, unsigned number) const {
    int64_t end = bufferOf(launch).end;
    ArrayRef<unsigned> under = buffersOf(launch, number);
    return !under.empty() && llvm::all_of(under, [&](unsigned buffer) {
      return liveness->buffers()[buffer].end >= end;
    });
  }

  ArrayRef<unsigned> buffersOf(dyn::LaunchOp launch, unsigned number) const {
    return liveness->buffersOf(launch.getInputs()[number]);
  }

  const plan::Buffer &bufferOf(dyn::LaunchOp launch) const {
    return liveness
        ->buffers()[liveness->buffersOf(launch.getResult(0)).front()];
  }

  SmallVector<std::pair<dyn::LaunchOp, unsigned>> overwriters;
  std::optional<dyn::ExecutionBounds> bounds;
  std::optional<plan::Liveness> liveness;
};

} // namespace
} // namespace dycc
