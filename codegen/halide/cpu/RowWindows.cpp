#include "codegen/halide/cpu/RowWindows.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

void defineTotal(RowWindows &windows, int rank, const Window &window,
                 const RowWindowParts &parts) {
  Halide::Region region;
  int64_t count = 1;
  for (int64_t extent : llvm::reverse(window.kernel)) {
    region.emplace_back(0, static_cast<int>(extent));
    count = std::min<int64_t>(count * extent, mostWork);
  }
  windows.tapCount = static_cast<int>(count);
  windows.taps = RDom(region, "taps");
  Index index = axisVars(rank), place = index;
  for (int axis = 0; axis < window.rank(); ++axis)
    place[axis + 2] = index[axis + 2] * static_cast<int>(window.strides[axis]) +
                      windows.taps[window.rank() - 1 - axis] *
                          static_cast<int>(window.dilations[axis]);
  windows.total = Func("total");
  windows.total(reversed(index)) = parts.initial;
  windows.total(reversed(index)) =
      parts.combine(windows.total(reversed(index)),
                    windows.padded.func(reversed(place)), windows.taps);
}

/// All of `count` neighbours along `axis`, the first of them at `place`.
Expr combineAlong(const RowWindowParts &parts, const Func &from, Index place,
                  int axis, int64_t count) {
  Expr total;
  for (int64_t tap = 0; tap < count; ++tap) {
    Expr element = from(reversed(place));
    total = total.defined() ? parts.combine(total, element, {}) : element;
    place[axis] = place[axis] + 1;
  }
  return total;
}

/// Each row of a window first, then these.
void defineAcross(RowWindows &windows, int rank, const Window &window,
                  const RowWindowParts &parts) {
  Index index = axisVars(rank), place = index;
  int last = rank - 1;
  place[last] = index[last] * static_cast<int>(windows.columnStride);
  windows.across = Func("across");
  windows.across(reversed(index)) =
      combineAlong(parts, windows.padded.func, place, last, window.kernel[1]);
  place = index;
  place[last - 1] = index[last - 1] * static_cast<int>(windows.rowStride);
  windows.total = Func("total");
  windows.total(reversed(index)) =
      combineAlong(parts, windows.across, place, last - 1, window.kernel[0]);
  windows.tapCount = static_cast<int>(window.kernel[0] + window.kernel[1]);
}

/// Of images of two axes, where the elements of a window lie side by side.
bool canCombineAcross(const Window &window, const RowWindowParts &parts,
                      dyn::WindowPlanAttr plan) {
  return parts.isAnyOrder && plan.getUnrolled() && window.rank() == 2 &&
         llvm::all_of(window.dilations,
                      [](int64_t dilation) { return dilation == 1; });
}

class RowWindowSchedule {
public:
  RowWindowSchedule(KernelBuilder &builder, const RowWindows &windows,
                    const Store &store)
      : builder(builder), windows(windows), store(store), func(store.func),
        last(store.rank() - 1), lanes(builder.lanes(store.elementBytes)),
        rows(static_cast<int>(windows.plan.getRows())) {}

  void run() {
    Expr perStrip = tilesPerStrip();
    func.split(store.axis(last), xo, xi, lanes, TailStrategy::GuardWithIf)
        .split(store.axis(last - 1), yo, yi, rows, TailStrategy::GuardWithIf)
        .split(yo, strip, yo, perStrip, TailStrategy::GuardWithIf);
    std::vector<OuterLoop> outer{
        {strip, (tiles() + (perStrip - 1)) / perStrip}};
    for (int axis = last - 2; axis >= 0; --axis)
      outer.push_back(outerLoop(builder, store, axis));
    std::vector<Halide::VarOrRVar> order{xi, yi, xo, yo};
    for (const OuterLoop &loop : outer) {
      order.push_back(loop.var);
      func.never_partition(loop.var);
    }
    // The last vector of a row is masked, no other one.
    func.reorder(order).never_partition(yi, yo);
    Expr work =
        moreWork(moreWork(perStrip * rows, columns()), windows.tapCount);
    Var item = parallelizeOuter(builder, func, outer, work, yo);
    func.vectorize(xi, lanes, TailStrategy::GuardWithIf).unroll(yi);
    placePadded(item, perStrip);
    if (windows.across.defined())
      placeAcross();
    else if (windows.total.defined())
      placeTotal();
  }

private:
  Expr columns() const { return builder.expr(store.dims[last]); }
  /// Tiles one above the other.
  Expr tiles() const {
    return (builder.expr(store.dims[last - 1]) + (rows - 1)) / rows;
  }

  /// As many as the plan's bytes of the image are for.
  Expr tilesPerStrip() const {
    constexpr int64_t most = 1 << 14, mostBytes = 1 << 24; // None overflows.
    int64_t perColumn = rows * windows.padded.elementBytes;
    for (int64_t stride : {windows.rowStride, windows.columnStride})
      perColumn = std::min(perColumn * std::min(stride, most), most);
    Expr bytes = Halide::clamp(columns(), 1, static_cast<int>(most)) *
                 static_cast<int>(perColumn);
    auto strip = static_cast<int>(std::min(windows.plan.getStrip(), mostBytes));
    return Halide::Internal::simplify(Halide::max(strip / bytes, 1));
  }

  void placePadded(const Var &item, const Expr &perStrip) {
    // The last strip is lower, which shall not matter to what memory it takes.
    Expr windowsPerStrip = perStrip * rows;
    Expr height = (windowsPerStrip - 1) * static_cast<int>(windows.rowStride) +
                  static_cast<int>(windows.rowReach + 1);
    Func padded = windows.padded.func;
    padded.bound_storage(padded.args()[1], Halide::Internal::simplify(height));
    placePaddedRows(windows.padded, func, item, lanes);
  }

  /// Of all rows that the windows of a tile have.
  void placeAcross() {
    Func across = windows.across;
    std::vector<Var> axes = across.args();
    auto height =
        static_cast<int>((rows - 1) * windows.rowStride + windows.rowReach + 1);
    across.compute_at(func, xo)
        .store_in(Halide::MemoryType::Stack)
        .bound_extent(axes[0], lanes)
        .bound_extent(axes[1], height)
        .vectorize(axes[0])
        .unroll(axes[1]);
    for (const Var &axis : llvm::drop_begin(axes, 2))
      across.bound_extent(axis, 1);
  }

  void placeTotal() {
    Func total = windows.total;
    std::vector<Var> axes = total.args();
    Var x = axes[0], y = axes[1];
    total.compute_at(func, xo)
        .store_in(Halide::MemoryType::Stack)
        .bound_extent(x, lanes)
        .bound_extent(y, rows)
        .vectorize(x)
        .unroll(y);
    for (const Var &axis : llvm::drop_begin(axes, 2))
      total.bound_extent(axis, 1);
    std::vector<Halide::VarOrRVar> order{x, y};
    for (int i = 0; i < windows.taps.dimensions(); ++i)
      order.push_back(RVar(windows.taps[i]));
    Halide::Stage update = total.update();
    update.reorder(order).vectorize(x).unroll(y);
    if (windows.plan.getUnrolled())
      for (int i = 0; i < windows.taps.dimensions(); ++i)
        update.unroll(RVar(windows.taps[i]));
  }

  KernelBuilder &builder;
  const RowWindows &windows;
  const Store &store;
  Func func;
  int last, lanes, rows;
  Var xo{"xo"}, xi{"xi"}, yo{"yo"}, yi{"yi"}, strip{"strip"};
};

} // namespace

RowWindows makeRowWindows(KernelBuilder &builder, const Tensor &image,
                          const Window &window, const RowWindowParts &parts,
                          dyn::WindowPlanAttr plan) {
  RowWindows windows;
  windows.plan = plan;
  windows.columnStride = window.strides.back();
  windows.rowStride = window.strides[window.rank() - 2];
  windows.rowReach = (window.kernel[window.rank() - 2] - 1) *
                     window.dilations[window.rank() - 2];
  // Rows of a tile that hangs over the end have windows beyond the image.
  std::vector<Expr> before(2);
  llvm::append_range(before, window.begin);
  windows.padded =
      padRows(builder, image, before, parts.initial, parts.element);
  if (canCombineAcross(window, parts, plan))
    defineAcross(windows, image.rank(), window, parts);
  else
    defineTotal(windows, image.rank(), window, parts);
  return windows;
}

void scheduleRowWindows(KernelBuilder &builder, const RowWindows &windows,
                        const Store &store) {
  RowWindowSchedule(builder, windows, store).run();
}

} // namespace dycc::halide
