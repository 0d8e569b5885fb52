#include "codegen/halide/opencl/GroupLoops.h"

#include "llvm/ADT/STLExtras.h"

using Halide::Func;
using Halide::LoopLevel;
using Halide::TailStrategy;
using Halide::Var;
using Halide::VarOrRVar;

namespace dycc::halide {
namespace {

/// Axes of a grid of groups.
constexpr size_t gridAxes = 3;

class GroupScheduler {
public:
  GroupScheduler(const Store &store, const ReductionStages &stages)
      : store(store), stages(stages), group(stages.group), func(store.func) {}

  void run() {
    for (int axis : store.memoryOrder())
      splitAxis(axis);
    std::vector<VarOrRVar> order = inner;
    llvm::append_range(order, threadsOf(lane, total));
    llvm::append_range(order, blocks);
    func.reorder(order);
    addOutermost();
    for (const VarOrRVar &block :
         llvm::ArrayRef(blocks).take_front(std::min(blocks.size(), gridAxes)))
      func.gpu_blocks(block);
    for (const VarOrRVar &thread : threadsOf(lane, total))
      func.gpu_threads(thread);
    func.never_partition_all();
    LoopLevel level(func, blocks.front());
    for (const Reduction &reduction : stages.reductions)
      placeReduction(reduction, level);
  }

private:
  void splitAxis(int axis) {
    Var all = store.axis(axis);
    if (axis == stages.groupTotalAxis) {
      Var groups("groups");
      total = Var("total");
      func.split(all, groups, *total, group.totals, TailStrategy::GuardWithIf);
      blocks.emplace_back(groups);
    } else if (axis == stages.groupLaneAxis) {
      Var chunk("chunk");
      lane = Var("lane");
      func.split(all, chunk, *lane, group.lanes, TailStrategy::GuardWithIf);
      inner.emplace_back(chunk);
    } else if (llvm::is_contained(stages.rowAxes, axis) ||
               store.dims[static_cast<size_t>(axis)].isConstant(1)) {
      inner.emplace_back(all);
    } else {
      blocks.emplace_back(all);
    }
  }

  /// A launch has a thread and a group at least, if nothing is kept, too.
  void addOutermost() {
    if (!lane && !total)
      total = addLoop(func, "single");
    if (blocks.empty())
      blocks.emplace_back(addLoop(func, "all"));
  }

  /// Adds a loop of one iteration around all others.
  static Var addLoop(Func step, const char *name) {
    Var var(name);
    step.split(Var::outermost(), Var::outermost(), var, 1);
    return var;
  }

  /// The axes of threads, those of neighbours in memory first.
  std::vector<VarOrRVar> threadsOf(const std::optional<Var> &lane,
                                   const std::optional<Var> &total) const {
    std::vector<VarOrRVar> threads;
    for (const auto &var : {group.lanesAlongMemory ? lane : total,
                            group.lanesAlongMemory ? total : lane})
      if (var)
        threads.emplace_back(*var);
    return threads;
  }

  void placeReduction(const Reduction &reduction,
                      const LoopLevel &level) const {
    Func parts = reduction.parts, stored = parts.in();
    Var thread = place(stored, group.lanes, level);
    parts.compute_at(stored, thread).store_in(Halide::MemoryType::Register);
    for (const Var &axis : parts.args())
      parts.bound_extent(axis, 1);
    if (reduction.sums.defined())
      place(reduction.sums, group.lanes / group.perThread(), level);
    place(reduction.total, 0, level);
  }

  /// Keeps what a step of a reduction has for a group, its first axis of
  /// `count` elements, or none where that is 0. The innermost axis of threads.
  Var place(Func step, int count, const LoopLevel &level) const {
    step.compute_at(level).store_in(Halide::MemoryType::GPUShared);
    std::vector<Var> axes = step.args();
    std::optional<Var> laneVar, totalVar;
    if (count) {
      laneVar = axes.front();
      step.bound_extent(*laneVar, count);
      axes.erase(axes.begin());
    }
    for (auto [i, axis] : llvm::enumerate(axes)) {
      bool isTotal = static_cast<int>(i) == stages.groupTotalArgument;
      step.bound_extent(axis, isTotal ? group.totals : 1);
      if (isTotal)
        totalVar = axis;
    }
    std::vector<VarOrRVar> threads = threadsOf(laneVar, totalVar);
    std::vector<VarOrRVar> order = threads;
    for (const Var &axis : axes)
      if (!totalVar || !axis.same_as(*totalVar))
        order.emplace_back(axis);
    if (order.size() > 1)
      step.reorder(order);
    if (threads.empty()) // Nothing is kept: one total.
      threads.emplace_back(addLoop(step, "single"));
    for (const VarOrRVar &thread : threads)
      step.gpu_threads(thread);
    return threads.front().var;
  }

  const Store &store;
  const ReductionStages &stages;
  const GroupShape &group;
  Func func;
  std::optional<Var> lane, total;       ///< Of the result: what is a thread's.
  std::vector<VarOrRVar> inner, blocks; ///< Innermost first.
};

} // namespace

void scheduleGroups(const Store &store, const ReductionStages &stages) {
  GroupScheduler(store, stages).run();
}

} // namespace dycc::halide
