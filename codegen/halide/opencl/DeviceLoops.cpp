#include "codegen/halide/opencl/DeviceLoops.h"

#include "codegen/halide/opencl/DeviceReaders.h"
#include "codegen/halide/opencl/DeviceTiles.h"

#include <algorithm>
#include <optional>
#include <set>

using Halide::Func;
using Halide::TailStrategy;
using Halide::Var;
using Halide::VarOrRVar;

namespace dycc::halide {
namespace {

/// The innermost loop of each launch.
constexpr const char *threadLoop = "thread";

/// Axes of a grid of groups.
constexpr size_t gridAxes = 3;

/// The axes of a launch, in the order of its loops, and what is a thread's.
struct LaunchLoops {
  std::vector<Var> axes; ///< Innermost in memory first.
  DeviceTile tile = {};
  std::optional<Var> rowAxis = {};    ///< Along which a tile has rows.
  std::optional<int64_t> extent = {}; ///< Of the innermost axis.
};

class DeviceScheduler {
public:
  DeviceScheduler(KernelBuilder &builder, dyn::DevicePlanAttr plan)
      : builder(builder), plan(plan),
        threads(static_cast<int>(plan.getThreads())) {}

  void schedule(const ReaderGraph &graph, const std::vector<Func> &results) {
    for (const Func &result : results)
      isResult.insert(result.name());
    for (const Func &func : graph.funcs) {
      std::string home =
          isResult.contains(func.name()) || builder.isInShared(func.name())
              ? ""
              : homeOf(func, graph);
      homes[func.name()] = home;
      hasThreads[func.name()] =
          func.dimensions() > 0 && !builder.isInShared(func.name()) &&
          (isSummedUp(func) || !func.has_update_definition());
      if (!home.empty())
        inThreads[home].push_back(func);
    }
    for (const Func &func : graph.funcs)
      if (homes[func.name()].empty() && !builder.isInShared(func.name()))
        scheduleLaunch(func, inThreads[func.name()]);
  }

private:
  /// The Func in whose threads all that read `func` are computed, an element
  /// for an element; empty where there is none, or where its own elements need
  /// each other.
  std::string homeOf(const Func &func, const ReaderGraph &graph) const {
    std::string home;
    if (!sumsUp(func))
      return "";
    for (const Reader &reader : graph.readers.at(func.name())) {
      const std::string &outer = homes.at(reader.name);
      const std::string &name = outer.empty() ? reader.name : outer;
      if (!reader.isSame || (!home.empty() && home != name))
        return "";
      home = name;
    }
    return hasThreads.at(home) ? home : "";
  }

  /// Whether `func` is no result, and one launch stores what its threads have
  /// summed up.
  bool isSummedUp(const Func &func) const {
    return !isResult.contains(func.name()) && func.dimensions() > 0 &&
           sumsUp(func);
  }

  /// The elements of a thread, in registers. The axes of `func` are those of
  /// `launch`.
  static void scheduleInThread(Func func, const Func &launch,
                               const LaunchLoops &loops) {
    func.compute_at(launch, Var(threadLoop))
        .store_in(Halide::MemoryType::Register);
    std::vector<Var> axes = launch.args();
    std::optional<Var> lane, row;
    for (size_t i = 0; i < axes.size(); ++i) {
      Var own = func.args()[i];
      bool isLane = axes[i].same_as(loops.axes.front());
      bool isRow = loops.rowAxis && axes[i].same_as(*loops.rowAxis);
      int extent = isLane ? loops.tile.lanes : isRow ? loops.tile.rows : 1;
      func.bound_extent(own, extent);
      if (extent > 1)
        (isLane ? lane : row) = own;
    }
    if (lane && row) // Vectors lie together.
      func.reorder_storage(*lane, *row);
    scheduleTile(func, lane, row, {}, 1);
    for (int i = 0; i < func.num_update_definitions(); ++i)
      scheduleTile(func.update(i), lane, row,
                   func.function().update(i).schedule().rvars(),
                   loops.tile.steps);
  }

  /// A tile inside of its reductions, of whose innermost one some steps follow
  /// each other: they load neighbours.
  static void
  scheduleTile(Halide::Stage stage, const std::optional<Var> &lane,
               const std::optional<Var> &row,
               const std::vector<Halide::Internal::ReductionVariable> &inside,
               int steps) {
    std::vector<VarOrRVar> order;
    if (lane)
      order.emplace_back(*lane);
    if (row)
      order.emplace_back(*row);
    if (order.empty())
      return;
    stage.never_partition_all();
    if (!inside.empty())
      unrollSteps(stage, inside.front(), order, steps);
    for (size_t i = 1; i < inside.size(); ++i)
      order.emplace_back(inside[i].var, /*r=*/true);
    stage.reorder(order);
    if (lane)
      stage.vectorize(*lane);
    if (row)
      stage.unroll(*row);
  }

  /// Adds the loops over `reduction` to `order`.
  static void unrollSteps(Halide::Stage stage,
                          const Halide::Internal::ReductionVariable &reduction,
                          std::vector<VarOrRVar> &order, int64_t most) {
    std::optional<int64_t> extent =
        Halide::Internal::as_const_int(reduction.extent);
    int64_t steps = std::clamp<int64_t>(extent.value_or(most), 1, most);
    VarOrRVar all(reduction.var, /*r=*/true);
    VarOrRVar chunk(reduction.var + "_chunk", /*r=*/true);
    VarOrRVar step(reduction.var + "_step", /*r=*/true);
    stage.split(all, chunk, step, static_cast<int>(steps),
                TailStrategy::GuardWithIf);
    stage.unroll(step);
    if (!extent || *extent % steps != 0) // What is left has loops of its own.
      stage.partition(chunk, Halide::Partition::Auto);
    order.push_back(step);
    order.push_back(chunk);
  }

  /// Gives `func` launches of its own, with what its threads compute.
  void scheduleLaunch(Func func, std::vector<Func> inThread) {
    if (isResult.contains(func.name())) {
      LaunchLoops loops{memoryOrder(func)};
      if (!func.has_update_definition())
        findTile(func, loops, inThread);
      return scheduleStages(func, loops, inThread);
    }
    if (isSummedUp(func)) {
      Func stored = func.in();
      stored.compute_root();
      LaunchLoops loops{stored.args()};
      inThread.push_back(func);
      findTile(func, loops, inThread);
      return scheduleStages(stored, loops, inThread);
    }
    func.compute_root();
    scheduleStages(func, {func.args()}, inThread);
  }

  /// Chooses what a thread computes of the launch for `func`.
  void findTile(const Func &func, LaunchLoops &loops,
                const std::vector<Func> &inThread) const {
    auto isStored = [this](const std::string &name) {
      return builder.isInShared(name);
    };
    DeviceLaunch launch{builder.extentsOf(func), {}, inThread, isStored};
    std::vector<Var> axes = func.args();
    for (const Var &axis : loops.axes)
      launch.order.push_back(
          static_cast<size_t>(find(axes, axis) - axes.begin()));
    loops.tile = chooseTile(launch, plan);
    if (loops.tile.isOne())
      return;
    prepareSums(launch, loops.tile);
    loops.rowAxis = axes[loops.tile.rowAxis];
    loops.extent = Halide::Internal::as_const_int(
        Halide::Internal::simplify(launch.extents[launch.order.front()]));
  }

  /// Whether all updates of an element read no other one.
  static bool sumsUp(const Func &func) {
    for (int i = 0; i < func.num_update_definitions(); ++i)
      if (pureAxes(func, i, func.args()).size() != func.args().size())
        return false;
    return true;
  }

  void scheduleStages(Func func, const LaunchLoops &loops,
                      const std::vector<Func> &inThread) {
    scheduleStage(func, loops, {});
    for (int i = 0; i < func.num_update_definitions(); ++i)
      scheduleStage(func.update(i), {pureAxes(func, i, loops.axes)},
                    func.function().update(i).schedule().rvars());
    for (const Func &inner : inThread)
      scheduleInThread(inner, func, loops);
  }

  /// A launch: threads along two of the axes, groups along three; the host goes
  /// over what is outside of these, a thread over its tile and `reductions`.
  void scheduleStage(
      Halide::Stage stage, const LaunchLoops &launch,
      const std::vector<Halide::Internal::ReductionVariable> &reductions) {
    const DeviceTile &tile = launch.tile;
    std::vector<Var> axes = launch.axes;
    if (axes.empty()) {
      stage.gpu_single_thread();
      return;
    }
    if (launch.rowAxis) // Threads along it, too.
      std::rotate(axes.begin() + 1, find(axes, *launch.rowAxis),
                  find(axes, *launch.rowAxis) + 1);
    std::vector<VarOrRVar> loops;
    for (const auto &reduction : reductions)
      loops.emplace_back(reduction.var, /*r=*/true);
    Var thread(threadLoop), row("row"), group("group"), rows("rows");
    Var lane("lane"), rowInTile("rowInTile");
    int width = axes.size() > 1 ? threadsAlong(launch) : threads;
    int height = threads / width;
    stage.split(axes[0], group, thread, width * tile.lanes,
                TailStrategy::GuardWithIf);
    if (tile.lanes > 1) {
      stage.split(thread, thread, lane, tile.lanes).unroll(lane);
      loops.emplace_back(lane);
    }
    std::vector<VarOrRVar> grid{group};
    if (axes.size() > 1) {
      stage.split(axes[1], rows, row, height * tile.rows,
                  TailStrategy::GuardWithIf);
      if (tile.rows > 1) {
        stage.split(row, row, rowInTile, tile.rows).unroll(rowInTile);
        loops.emplace_back(rowInTile);
      }
      grid.emplace_back(rows);
    }
    loops.emplace_back(thread);
    if (axes.size() > 1)
      loops.emplace_back(row);
    for (size_t i = 2; i < axes.size(); ++i)
      grid.emplace_back(axes[i]);
    loops.insert(loops.end(), grid.begin(), grid.end());
    stage.reorder(loops);
    grid.resize(std::min(grid.size(), gridAxes), grid.front());
    for (const VarOrRVar &axis : grid)
      stage.gpu_blocks(axis);
    stage.gpu_threads(thread);
    if (axes.size() > 1)
      stage.gpu_threads(row);
    stage.never_partition_all();
  }

  static std::vector<Var>::iterator find(std::vector<Var> &axes,
                                         const Var &axis) {
    return std::find_if(axes.begin(), axes.end(),
                        [&](const Var &v) { return v.same_as(axis); });
  }

  /// Threads of a group along the innermost axis: as many as share it evenly,
  /// where its extent is known.
  int threadsAlong(const LaunchLoops &launch) const {
    int most = threads / rowThreads;
    if (!launch.extent || launch.tile.isOne())
      return most;
    auto tiles = static_cast<int>((*launch.extent - 1) / launch.tile.lanes) + 1;
    for (int count = std::min(most, tiles); count >= rowThreads; --count)
      if (tiles % count == 0)
        return count;
    return std::min(most, std::max(tiles, 1));
  }

  /// The axes of a result, innermost in memory first.
  std::vector<Var> memoryOrder(const Func &func) const {
    std::vector<Var> axes = func.args();
    const std::vector<Halide::Expr> &strides =
        builder.bufferShapes().at(func.name()).strides;
    auto inner =
        std::find_if(strides.begin(), strides.end(), [](const Halide::Expr &e) {
          return Halide::Internal::is_const_one(e);
        });
    if (inner != strides.end())
      std::rotate(axes.begin(), axes.begin() + (inner - strides.begin()),
                  axes.begin() + (inner - strides.begin()) + 1);
    return axes;
  }

  /// Those of `axes` along which update `number` of `func` computes each
  /// element by itself.
  static std::vector<Var> pureAxes(const Func &func, int number,
                                   const std::vector<Var> &axes) {
    std::vector<Halide::Expr> arguments = func.function().update(number).args();
    auto isPure = [&](const Var &axis) {
      return std::any_of(
          arguments.begin(), arguments.end(), [&](const Halide::Expr &e) {
            const auto *variable = e.as<Halide::Internal::Variable>();
            return variable && !variable->reduction_domain.defined() &&
                   variable->name == axis.name();
          });
    };
    std::vector<Var> pure;
    std::copy_if(axes.begin(), axes.end(), std::back_inserter(pure), isPure);
    return pure;
  }

  /// Threads of a group along the second axis.
  static constexpr int rowThreads = 4;

  KernelBuilder &builder;
  dyn::DevicePlanAttr plan;
  int threads;
  std::set<std::string> isResult;
  /// Whether the loops of a Func's launch have place for others.
  std::map<std::string, bool> hasThreads;
  /// Of each Func the one whose threads compute it; empty: its own.
  std::map<std::string, std::string> homes;
  std::map<std::string, std::vector<Func>> inThreads;
};

} // namespace

void scheduleOnDevice(KernelBuilder &builder, const Halide::Pipeline &pipeline,
                      dyn::DevicePlanAttr plan) {
  DeviceScheduler(builder, plan)
      .schedule(findReaders(pipeline), pipeline.outputs());
}

} // namespace dycc::halide
