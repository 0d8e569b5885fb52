// RoiAlign: each cell of a region of interest is the mean, or the maximum, of
// samples of the image that are interpolated between four pixels.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Reductions.h"

using Halide::cast;
using Halide::Expr;
using Halide::RDom;
using Halide::select;

namespace dycc::halide {
namespace {

/// Samples of one cell along an axis are never more than this: a region that
/// asks for more is thousands of images long.
constexpr int mostSamples = 1 << 14;

class RegionPool {
public:
  RegionPool(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        regions(builder.operand(op, 1)), images(builder.operand(op, 2)),
        type(x.element.computed),
        ratio(static_cast<int>(intAttribute(op, "sampling_ratio", 0))),
        isMax(stringAttribute(op, "mode", "avg") == "max"),
        isHalfPixel(stringAttribute(op, "coordinate_transformation_mode",
                                    "half_pixel") == "half_pixel") {}

  void define() {
    Reducer reducer = isMax ? Reducer::max(type) : Reducer::sum(type);
    Index at = axisVars(x.rank());
    RDom samples = sampleDomain(at[0]);
    Reduction cells;
    cells.overLanes = false;
    cells.total = Halide::Func("cells");
    cells.total(reversed(at)) = reducer.initial;
    cells.total(reversed(at)) = reducer.combine(cells.total(reversed(at)),
                                                sample(at, samples, reducer));
    builder.define(op, [&](const Index &index) {
      return finish(index, cells.total(reversed(index)));
    });
    int rank = x.rank();
    int inner =
        innermostAxis(builder, KernelBuilder::operandValue(op, 0), rank);
    addReduction(builder, op,
                 ReductionStages{{cells},
                                 {},
                                 {},
                                 inner,
                                 rank - 1 - inner,
                                 workOfCell(),
                                 columnsPlan(builder)});
  }

private:
  Expr number(double value) const {
    return Halide::Internal::make_const(type, value);
  }

  /// Where region `n` begins along an axis of the image, 2 (y) or 3 (x), and
  /// the extent of a cell.
  std::pair<Expr, Expr> cellOf(const Expr &n, int axis) const {
    double scale = floatAttribute(op, "spatial_scale", 1);
    auto edge = [&](int column) {
      Expr scaled = strict(regions({n, column}) * number(scale));
      return isHalfPixel ? strict(scaled - number(0.5)) : scaled;
    };
    int column = axis == 3 ? 0 : 1; // x1, y1, x2, y2
    Expr begin = edge(column);
    Expr length = strict(edge(column + 2) - begin);
    if (!isHalfPixel)
      length = maxNaN(length, number(1));
    Expr cells = cast(type, builder.expr(builder.dims(op->getResult(0))[axis]));
    return {begin, strict(length / cells)};
  }

  Expr samplesOf(const Expr &n, int axis) const {
    if (ratio > 0)
      return std::min(ratio, mostSamples);
    Expr asked =
        toInteger(Halide::ceil(cellOf(n, axis).second), Halide::Int(32));
    return Halide::clamp(asked, 0, mostSamples);
  }

  /// Samples along x and y of a cell of region `n`.
  RDom sampleDomain(const Expr &n) const {
    Expr most = ratio > 0 ? samplesOf(n, 3) : Expr(mostSamples);
    RDom samples({{0, most}, {0, most}}, "samples");
    if (ratio <= 0) {
      samples.where(samples.x < samplesOf(n, 3));
      samples.where(samples.y < samplesOf(n, 2));
    }
    return samples;
  }

  /// The two pixels beside a position, with their weights.
  struct Neighbours {
    Expr pixels[2], weights[2], isOutside;
  };

  Neighbours neighbours(const Index &at, int axis, const Expr &sample) const {
    auto [begin, cell] = cellOf(at[0], axis);
    Expr within = strict((cast(type, sample) + number(0.5)) * cell /
                         cast(type, Halide::max(samplesOf(at[0], axis), 1)));
    Expr place = strict(strict(begin + cast(type, at[axis]) * cell) + within);
    Expr last = builder.expr(x.dims[axis]) - 1;
    Expr isOutside = isLess(place, number(-1)) ||
                     isLess(cast(type, last + 1), place) || isNaN(place);
    place = maxNaN(minNaN(place, cast(type, last)), number(0));
    Expr low = Halide::clamp(toInteger(place, Halide::Int(32)), 0,
                             Halide::max(last, 0));
    Expr weight = strict(place - cast(type, low));
    return {{low, Halide::min(low + 1, Halide::max(last, 0))},
            {strict(number(1) - weight), weight},
            isOutside};
  }

  /// One sample; its maximum is that of the weighted pixels.
  Expr sample(const Index &at, const RDom &samples,
              const Reducer &reducer) const {
    Neighbours rows = neighbours(at, 2, samples.y),
               columns = neighbours(at, 3, samples.x);
    Expr image = Halide::clamp(cast<int>(images({at[0]})), 0,
                               builder.expr(x.dims[0]) - 1);
    Expr total;
    for (int row : {0, 1})
      for (int column : {0, 1}) {
        Index pixel{image, at[1], rows.pixels[row], columns.pixels[column]};
        Expr weight = strict(rows.weights[row] * columns.weights[column]);
        Expr value =
            strict(weight * x(guardEmpty(builder, x, pixel, {0, 2, 3})));
        total = total.defined() ? reducer.combine(total, value) : value;
      }
    return select(rows.isOutside || columns.isOutside, number(0), total);
  }

  Expr finish(const Index &index, const Expr &total) const {
    Expr count = samplesOf(index[0], 2) * samplesOf(index[0], 3);
    if (isMax)
      return select(count > 0, total, number(0));
    return strict(total / cast(type, Halide::max(count, 1)));
  }

  Expr workOfCell() const {
    constexpr int perSample = 8, guess = 4;
    int samples = ratio > 0 ? std::min(ratio * ratio, 1 << 10) : guess;
    return samples * perSample;
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x, regions, images;
  Halide::Type type;
  int ratio;
  bool isMax, isHalfPixel;
};

void defineRoiAlign(KernelBuilder &builder, mlir::Operation *op) {
  RegionPool(builder, op).define();
}

} // namespace

void addRoiAlign(Registry &registry) {
  registry["RoiAlign"] = {defineRoiAlign};
}

} // namespace dycc::halide
