// A convolution of 3 x 3 taps, one apart, by Winograd's minimal filtering.
#include "codegen/halide/cpu/Choose.h"
#include "codegen/halide/cpu/Convolution.h"
#include "codegen/halide/cpu/ConvolutionInput.h"
#include "codegen/halide/cpu/PackedWeight.h"
#include "codegen/halide/cpu/WinogradLoops.h"

using dycc::dyn::Winograd;
using Halide::Expr;
using Halide::Func;
using Halide::RDom;
using Halide::Var;

namespace dycc::halide {
namespace {

using Values = std::vector<Expr>;

/// `sum` + `factor` * `value`, where undefined is zero.
void accumulate(Expr &sum, double factor, const Expr &value) {
  if (factor == 0)
    return;
  Expr term = value;
  if (std::abs(factor) != 1)
    term = Halide::Internal::make_const(value.type(), std::abs(factor)) * value;
  if (!sum.defined())
    sum = factor < 0 ? -term : term;
  else
    sum = factor < 0 ? sum - term : sum + term;
}

/// One application of Bᵀ to the places of a tile. Rows of points p and -p share
/// what is equal in both, and what differs in sign.
Values imagePlaces(const Winograd &transform, const Values &d) {
  size_t n = d.size();
  auto factor = [&](size_t row, size_t i) {
    return transform.image[row * n + i];
  };
  Values result;
  auto single = [&](size_t row) {
    Expr sum;
    for (size_t i = 0; i < n; ++i)
      accumulate(sum, factor(row, i), d[i]);
    result.push_back(sum);
  };
  single(0);
  for (size_t row = 1; row + 1 < n; row += 2) {
    Expr same, other;
    for (size_t i = 0; i < n; ++i)
      accumulate(factor(row, i) == factor(row + 1, i) ? same : other,
                 factor(row, i), d[i]);
    result.push_back(same + other);
    result.push_back(same - other);
  }
  single(n - 1);
  return result;
}

/// One application of Aᵀ: places of points p and -p are added and subtracted
/// once for all results.
Values resultsOf(const Winograd &transform, const Values &v) {
  size_t n = v.size();
  Values result;
  for (size_t row = 0; row < static_cast<size_t>(transform.outputs); ++row) {
    llvm::ArrayRef<double> factors = transform.result.slice(row * n, n);
    Expr sum;
    accumulate(sum, factors[0], v[0]);
    for (size_t i = 1; i + 1 < n; i += 2)
      accumulate(sum, factors[i],
                 factors[i] == factors[i + 1] ? v[i] + v[i + 1]
                                              : v[i] - v[i + 1]);
    accumulate(sum, factors[n - 1], v[n - 1]);
    result.push_back(sum);
  }
  return result;
}

class WinogradBuilder {
public:
  WinogradBuilder(KernelBuilder &builder, mlir::Operation *op,
                  const ConvolutionOperands &operands, const Window &window,
                  const ConvolutionProblem &problem, dyn::WinogradPlanAttr plan)
      : builder(builder), op(op), operands(operands), window(window),
        problem(problem), weight(*operands.panels),
        transform(*Winograd::find(*problem.winograd)),
        outputs(static_cast<int>(transform.outputs)),
        places(static_cast<int>(transform.places())),
        width(static_cast<int>(plan.getTile().getWidth())) {
    stages.transform = &transform;
    stages.plan = plan;
    stages.grid = WinogradGrid::get(problem, plan.getStrip(), plan.getWhole());
    stages.inputs = problem.inputsPerGroup;
    stages.outChannels = problem.output[1];
    stages.columns =
        builder.hoist("strip_columns", builder.expr(stages.grid.columns));
    stages.rows = builder.hoist("strip_rows", builder.expr(stages.grid.rows));
    stages.images =
        builder.hoist("strip_images", builder.expr(stages.grid.images));
    stages.count =
        builder.hoist("strip_tiles", builder.expr(stages.grid.tiles));
  }

  void define() {
    defineImage();
    defineSums();
    defineResult();
    KernelBuilder &b = builder;
    builder.define(op, [&](const Index &index) {
      const Expr &n = index[0], &c = index[1], &y = index[2], &x = index[3];
      Expr sum = stages.result(c % width, x % outputs, y % outputs, x / outputs,
                               y / outputs, c / width, n);
      return operands.withBias(sum, index);
    });
    builder.addRoot(op, [&b, stages = stages](const Store &store) {
      scheduleWinograd(b, stages, store);
    });
  }

private:
  /// `index` within strips of `extent`: bounds inference would take it to have
  /// any sign.
  static Expr within(const Expr &index, const Expr &extent) {
    return promisedWithin(index % extent, 0, extent - 1);
  }

  /// The elements `element(i)` at all places of a tile.
  template <typename Element>
  static Values all(int count, Element element) {
    Values result;
    for (int i = 0; i < count; ++i)
      result.push_back(element(i));
    return result;
  }

  void defineImage() {
    WinogradStages &s = stages;
    // Vectors of any machine are whole where there are so many channels.
    constexpr int64_t wholeVectors = 16;
    bool isWhole = dyn::divisorOf(s.inputs, {}) % wholeVectors == 0;
    ConvolutionInput input(builder, op, operands, /*transposed=*/false, window,
                           /*allLanes=*/!isWhole, /*leavesTapsOut=*/false);
    s.padded = input.padded({s.channel, s.x, s.y, s.n});
    s.transformedRows = Func("transformed_rows");
    s.image = Func("transformed");
    Expr left = (s.stripColumn * s.columns + within(s.t, s.columns)) * outputs;
    Expr row = s.t / s.columns, n = s.batch;
    if (s.grid.hasBatches()) {
      // The last batch may have fewer: sums of its last image again.
      n = Halide::min(s.batch * s.images + within(row / s.rows, s.images),
                      builder.expr(problem.output[0]) - 1);
      row = within(row, s.rows);
    }
    Expr top = (s.stripRow * s.rows + row) * outputs;
    Values d = all(places, [&](int q) {
      return s.padded(s.channel, left + s.placeX, top + q, n);
    });
    s.transformedRows(s.channel, s.placeX, s.placeY, s.t, s.stripColumn,
                      s.stripRow, s.batch) =
        Halide::mux(s.placeY, imagePlaces(transform, d));
    d = all(places, [&](int q) {
      return s.transformedRows(s.channel, q, s.placeY, s.t, s.stripColumn,
                               s.stripRow, s.batch);
    });
    s.image(s.channel, s.t, s.placeX, s.placeY, s.stripColumn, s.stripRow,
            s.batch) = Halide::mux(s.placeX, imagePlaces(transform, d));
  }

  void defineSums() {
    WinogradStages &s = stages;
    RegisterTiles &tiles = s.tiles;
    tiles.setPlan(s.plan.getTile());
    tiles.taps = RDom(0, builder.expr(s.inputs), "inputs");
    tiles.others = {s.placeX,   s.placeY, s.stripColumn,
                    s.stripRow, s.block,  s.batch};
    tiles.define(s.count, problem.element.computed,
                 [&](const Expr &sum, size_t) {
                   Expr tap = tiles.taps.x;
                   Expr t = tiles.tile * tiles.height + tiles.row;
                   return sum + filter(tap) * s.image(tap, t, s.placeX,
                                                      s.placeY, s.stripColumn,
                                                      s.stripRow, s.batch);
                 });
    s.sums = Func("sums");
    s.sums(s.lane, s.t, s.placeX, s.placeY, s.stripColumn, s.stripRow, s.block,
           s.batch) = tiles.at(s.lane, s.t,
                               {s.placeX, s.placeY, s.stripColumn, s.stripRow,
                                s.block, s.batch});
  }

  /// The transformed filter at a channel. A place's panel serves few tiles, and
  /// would come from memory while these wait.
  Expr filter(const Expr &channel) const {
    const WinogradStages &s = stages;
    const RegisterTiles &tiles = s.tiles;
    Expr element =
        weight.memory(tiles.lane, channel, s.placeX, s.placeY, s.block);
    if (hasRoomBeside(s.plan.getTile(),
                      builder.lanes(problem.element.computed.bytes()))) {
      Expr panel = (s.block * places + s.placeY) * places + s.placeX;
      Expr panels = (builder.expr(s.outChannels) - 1) / width + 1;
      Expr last = (s.count - 1) / tiles.height;
      element = prefetching(element, nextPanel(weight, tiles, panel,
                                               {panels * (places * places),
                                                last - tiles.tile, last + 1}));
    }
    return weight.element.load(element);
  }

  void defineResult() {
    WinogradStages &s = stages;
    Expr row = within(s.tileRow, s.rows), batch = s.n;
    if (s.grid.hasBatches()) {
      row += within(s.n, s.images) * s.rows;
      batch = s.n / s.images;
    }
    Expr t = row * s.columns + within(s.tileColumn, s.columns);
    Expr stripColumn = s.tileColumn / s.columns, stripRow = s.tileRow / s.rows;
    s.resultRows = Func("result_rows");
    s.result = Func("winograd");
    Values v = all(places, [&](int q) {
      return s.sums(s.lane, t, s.placeX, q, stripColumn, stripRow, s.block,
                    batch);
    });
    s.resultRows(s.lane, s.y, s.placeX, s.tileColumn, s.tileRow, s.block, s.n) =
        Halide::mux(s.y, resultsOf(transform, v));
    v = all(places, [&](int q) {
      return s.resultRows(s.lane, s.y, q, s.tileColumn, s.tileRow, s.block,
                          s.n);
    });
    s.result(s.lane, s.x, s.y, s.tileColumn, s.tileRow, s.block, s.n) =
        Halide::mux(s.x, resultsOf(transform, v));
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  const ConvolutionOperands operands;
  const Window &window;
  const ConvolutionProblem &problem;
  PanelTensor weight;
  const Winograd &transform;
  int outputs, places, width;
  WinogradStages stages;
};

} // namespace

void buildWinograd(KernelBuilder &builder, mlir::Operation *op,
                   const ConvolutionOperands &operands, const Window &window,
                   const ConvolutionProblem &problem,
                   dyn::WinogradPlanAttr plan) {
  WinogradBuilder(builder, op, operands, window, problem, plan).define();
}

} // namespace dycc::halide
