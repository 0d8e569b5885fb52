#include "codegen/halide/opencl/DeviceLoops.h"

#include "codegen/halide/opencl/DeviceReaders.h"

#include <algorithm>

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

class DeviceScheduler {
public:
  DeviceScheduler(KernelBuilder &builder, int threads)
      : builder(builder), threads(threads) {}

  void schedule(const ReaderGraph &graph, const std::vector<Func> &results) {
    for (const Func &result : results)
      isResult[result.name()] = true;
    for (const Func &func : graph.funcs) {
      std::string name = func.name();
      std::string home = isResult[name] ? "" : homeOf(func, graph);
      homes[name] = home;
      if (home.empty())
        launches.emplace(name, scheduleLaunch(func));
      else
        scheduleInThread(func, launches.at(home));
    }
  }

private:
  /// The Func in whose threads all that read `func` are computed, an element
  /// for an element; empty where there is none, or where its own elements need
  /// each other.
  std::string homeOf(const Func &func, const ReaderGraph &graph) {
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
    const Func &launch = launches.at(home);
    bool hasThreads =
        launch.dimensions() > 0 && !launch.has_update_definition();
    return hasThreads ? home : "";
  }

  /// One element, in registers.
  static void scheduleInThread(Func func, const Func &launch) {
    func.compute_at(launch, Var(threadLoop))
        .store_in(Halide::MemoryType::Register);
    for (const Var &axis : func.args())
      func.bound_extent(axis, 1);
  }

  /// Gives `func` launches of its own. Returns what has their loops.
  Func scheduleLaunch(Func func) {
    if (isResult[func.name()]) {
      scheduleStages(func, memoryOrder(func));
      return func;
    }
    if (func.dimensions() > 0 && sumsUp(func)) {
      // One launch that stores what a thread has summed up.
      Func stored = func.in();
      stored.compute_root();
      scheduleStages(stored, stored.args());
      scheduleInThread(func, stored);
      return stored;
    }
    func.compute_root();
    scheduleStages(func, func.args());
    return func;
  }

  /// Whether all updates of an element read no other one.
  static bool sumsUp(const Func &func) {
    for (int i = 0; i < func.num_update_definitions(); ++i)
      if (pureAxes(func, i, func.args()).size() != func.args().size())
        return false;
    return true;
  }

  void scheduleStages(Func func, const std::vector<Var> &axes) {
    scheduleStage(func, axes, {});
    for (int i = 0; i < func.num_update_definitions(); ++i)
      scheduleStage(func.update(i), pureAxes(func, i, axes),
                    func.function().update(i).schedule().rvars());
  }

  /// A launch: threads along the two innermost of `axes`, groups along three;
  /// the host goes over what is outside of these, a thread over `reductions`.
  void scheduleStage(
      Halide::Stage stage, const std::vector<Var> &axes,
      const std::vector<Halide::Internal::ReductionVariable> &reductions) {
    if (axes.empty()) {
      stage.gpu_single_thread();
      return;
    }
    std::vector<VarOrRVar> loops;
    for (const auto &reduction : reductions)
      loops.emplace_back(reduction.var, /*r=*/true);
    Var thread(threadLoop), row("row"), group("group"), rows("rows");
    int width = axes.size() > 1 ? threads / rowThreads : threads;
    stage.split(axes[0], group, thread, width, TailStrategy::GuardWithIf);
    std::vector<VarOrRVar> grid{group};
    loops.emplace_back(thread);
    if (axes.size() > 1) {
      stage.split(axes[1], rows, row, rowThreads, TailStrategy::GuardWithIf);
      loops.emplace_back(row);
      grid.emplace_back(rows);
    }
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
  int threads;
  std::map<std::string, bool> isResult;
  /// Of each Func the one whose threads compute it; empty: its own.
  std::map<std::string, std::string> homes;
  std::map<std::string, Func> launches; ///< What has the loops of each.
};

} // namespace

void scheduleOnDevice(KernelBuilder &builder, const Halide::Pipeline &pipeline,
                      int threads) {
  DeviceScheduler(builder, threads)
      .schedule(findReaders(pipeline), pipeline.outputs());
}

} // namespace dycc::halide
