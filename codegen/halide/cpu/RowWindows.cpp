#include "codegen/halide/cpu/RowWindows.h"

using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::RVar;
using Halide::TailStrategy;
using Halide::Var;

namespace dycc::halide {
namespace {

class RowWindowBuilder {
public:
  RowWindowBuilder(KernelBuilder &builder, const Tensor &image, const Dims &to,
                   const Window &window, const RowWindowParts &parts,
                   dyn::WindowPlanAttr plan)
      : builder(builder), image(image), to(to), window(window), parts(parts),
        last(image.rank() - 1) {
    windows.plan = plan;
  }

  RowWindows make() {
    windows.columnStride = window.strides.back();
    if (canCombineDown())
      defineDown();
    else
      defineTotal();
    return windows;
  }

private:
  /// Of elements that lie side by side, where code for each tap is worth it.
  bool canCombineDown() const {
    return parts.isAnyOrder && windows.plan.getUnrolled() &&
           llvm::all_of(window.dilations,
                        [](int64_t dilation) { return dilation == 1; });
  }

  /// Rows with the padding that the windows of a row of results have.
  void pad(RowSource source) {
    int reach =
        static_cast<int>((window.kernel.back() - 1) * window.dilations.back());
    Expr results = builder.expr(to[last]);
    source.before = window.begin.back();
    source.end = Halide::Internal::simplify((results - 1) * columnStride() +
                                            reach + 1 - source.before);
    windows.padded = padRows(paddedParts(source, parts.padding), image.rank(),
                             parts.padding.type());
  }

  int columnStride() const { return static_cast<int>(windows.columnStride); }

  /// The total of each window, tap by tap.
  void defineTotal() {
    size_t rows = window.kernel.size() - 2;
    windows.rowStride = window.strides[rows];
    windows.rowReach = (window.kernel[rows] - 1) * window.dilations[rows];
    // Rows of a tile that hangs over the end have windows beyond the image.
    std::vector<Expr> before(2);
    llvm::append_range(before, window.begin);
    pad(imageRows(builder, image, before, parts.element));
    Halide::Region region;
    int64_t count = 1;
    for (int64_t extent : llvm::reverse(window.kernel)) {
      region.emplace_back(0, static_cast<int>(extent));
      count = std::min<int64_t>(count * extent, mostWork);
    }
    windows.tapCount = static_cast<int>(count);
    windows.taps = RDom(region, "taps");
    Index index = axisVars(image.rank()), place = index;
    for (int axis = 0; axis < window.rank(); ++axis)
      place[axis + 2] =
          index[axis + 2] * static_cast<int>(window.strides[axis]) +
          windows.taps[window.rank() - 1 - axis] *
              static_cast<int>(window.dilations[axis]);
    place[last] -= window.begin.back();
    windows.total = Func("total");
    windows.total(reversed(index)) = parts.initial;
    windows.total(reversed(index)) =
        parts.combine(windows.total(reversed(index)),
                      windows.padded.func(reversed(place)), windows.taps);
  }

  /// The rows of a window first, column by column: what is padded is made of
  /// them. Then what lies side by side in that.
  void defineDown() {
    RowSource source{
        image.rank(), builder.expr(image.dims[last]), {}, {}, {}, {}};
    source.inside = hasRows();
    source.element = [this](const Index &index) {
      return combineDown(index, 0);
    };
    pad(source);
    windows.tapCount = 0;
    for (int64_t extent : window.kernel)
      windows.tapCount += static_cast<int>(extent);
    Index index = axisVars(image.rank()), place = index;
    place[last] = index[last] * columnStride() - window.begin.back();
    windows.total = Func("total");
    windows.total(reversed(index)) =
        combine(window.kernel.back(), [&](int tap) {
          Index at = place;
          at[last] += tap;
          return Expr(windows.padded.func(reversed(at)));
        });
  }

  /// `element(0)` to `element(count - 1)` in one.
  Expr combine(int64_t count, llvm::function_ref<Expr(int)> element) const {
    Expr total = element(0);
    for (int tap = 1; tap < static_cast<int>(count); ++tap)
      total = parts.combine(total, element(tap), {});
    return total;
  }

  /// What the rows of a window from spatial axis `axis` on have in a column.
  /// Rows outside are left out: in their place comes the nearest one inside,
  /// which the window has too.
  Expr combineDown(const Index &index, int axis) const {
    if (axis == window.rank() - 1)
      return parts.element(image(index));
    Expr extent = builder.expr(image.dims[axis + 2]);
    return combine(window.kernel[axis], [&](int tap) {
      Index at = index;
      Expr row = window.position(axis, index[axis + 2], tap);
      at[axis + 2] = Halide::max(Halide::min(row, extent - 1), 0);
      return combineDown(at, axis + 1);
    });
  }

  /// Whether a window has a row of the image; undefined where all have.
  Expr hasRows() const {
    Expr result;
    for (int axis = 0; axis < window.rank() - 1; ++axis) {
      if (window.alwaysReaches(axis))
        continue;
      int kernel = static_cast<int>(window.kernel[axis]);
      Expr first = window.position(axis, axisVar(axis + 2, image.rank()), 0);
      Expr extent = builder.expr(image.dims[axis + 2]);
      Expr here = extent > 0 && first > -kernel && first < extent;
      result = result.defined() ? result && here : here;
    }
    return result;
  }

  KernelBuilder &builder;
  const Tensor &image;
  const Dims &to;
  const Window &window;
  const RowWindowParts &parts;
  int last;
  RowWindows windows;
};

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
    if (windows.total.defined())
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
    if (!windows.taps.defined())
      return;
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
                          const Dims &to, const Window &window,
                          const RowWindowParts &parts,
                          dyn::WindowPlanAttr plan) {
  return RowWindowBuilder(builder, image, to, window, parts, plan).make();
}

void scheduleRowWindows(KernelBuilder &builder, const RowWindows &windows,
                        const Store &store) {
  RowWindowSchedule(builder, windows, store).run();
}

} // namespace dycc::halide
