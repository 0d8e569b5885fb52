// MaxRoiPool: each cell of a region of interest is the largest of the pixels
// that it covers, and zero where it covers none.
#include "codegen/halide/Attributes.h"
#include "codegen/halide/Float.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/cpu/Loops.h"
#include "codegen/halide/operators/IndexMap.h"
#include "codegen/halide/roots/Reductions.h"

using Halide::cast;
using Halide::Expr;
using Halide::RDom;
using Halide::select;

namespace dycc::halide {
namespace {

/// Corners are limited to this many pixels, so that their sums are integers.
constexpr double farthest = 1 << 28;

class RegionMaximum {
public:
  RegionMaximum(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        regions(builder.operand(op, 1)), type(x.element.computed) {}

  void define() {
    rows = edges("rows", 2);
    columns = edges("columns", 3);
    Reducer reducer = Reducer::max(type);
    Index at = axisVars(x.rank());
    RDom pixels = pixelDomain(at);
    Reduction cells;
    cells.overLanes = false;
    cells.total = Halide::Func("cells");
    cells.total(reversed(at)) = reducer.initial;
    cells.total(reversed(at)) = reducer.combine(cells.total(reversed(at)),
                                                pixel(at, pixels.y, pixels.x));
    builder.define(op, [&](const Index &index) {
      return select(isEmptyCell(index), number(0),
                    cells.total(reversed(index)));
    });
    int rank = x.rank();
    int inner =
        innermostAxis(builder, KernelBuilder::operandValue(op, 0), rank);
    constexpr int guess = 16; // Pixels of a cell.
    addReduction(builder, op,
                 ReductionStages{{cells},
                                 {},
                                 {},
                                 inner,
                                 rank - 1 - inner,
                                 guess,
                                 columnsPlan(builder)});
  }

private:
  Expr number(double value) const {
    return Halide::Internal::make_const(type, value);
  }

  /// Number `column` of region `n` in pixels, halves rounded away from zero.
  Expr corner(const Expr &n, int column) const {
    double scale = floatAttribute(op, "spatial_scale", 1);
    Expr place = strict(regions({n, column}) * number(scale));
    place = maxNaN(minNaN(place, number(farthest)), number(-farthest));
    Expr magnitude = Halide::abs(place), whole = Halide::floor(magnitude);
    Expr isUp = isLessEqual(number(0.5), strict(magnitude - whole));
    Expr pixels =
        toInteger(whole, Halide::Int(32)) + select(isUp, Expr(1), Expr(0));
    return select(isLess(place, number(0)), -pixels, pixels);
  }

  /// For each region and each of its cells along an axis of the image, 2 (y) or
  /// 3 (x): the first pixel and the one behind the last. In memory: as a part
  /// of each pixel's conditions it would be many times the rest of the kernel.
  Tensor edges(const char *name, int axis) {
    Dims dims = {regions.dims[0], builder.dims(op->getResult(0))[axis],
                 dyn::ExprAttr::constant(op->getContext(), 2)};
    ElementType pixels{Halide::Int(32), Halide::Int(32)};
    Tensor result = builder.make(name, pixels, dims, [&](const Index &index) {
      return edge(index, axis, builder.expr(dims[1]));
    });
    builder.addInner(result, [&builder = builder](const Store &store) {
      scheduleElements(builder, {}, store);
    });
    return result;
  }

  Expr edge(const Index &index, int axis, const Expr &count) const {
    int column = axis == 3 ? 1 : 2; // number of the image, x1, y1, x2, y2
    Expr first = corner(index[0], column), last = corner(index[0], column + 2);
    Expr length = cast(type, Halide::max(last - first + 1, 1));
    Expr cell = strict(length / cast(type, count));
    Expr begin = Halide::floor(strict(cast(type, index[1]) * cell));
    Expr end = Halide::ceil(strict(cast(type, index[1] + 1) * cell));
    Expr offset = toInteger(select(index[2] == 0, begin, end), Halide::Int(32));
    return Halide::clamp(first + offset, 0, builder.expr(x.dims[axis]));
  }

  RDom pixelDomain(const Index &at) const {
    RDom pixels({{0, builder.expr(x.dims[3])}, {0, builder.expr(x.dims[2])}},
                "pixels");
    pixels.where(pixels.x >= columns({at[0], at[3], 0}));
    pixels.where(pixels.x < columns({at[0], at[3], 1}));
    pixels.where(pixels.y >= rows({at[0], at[2], 0}));
    pixels.where(pixels.y < rows({at[0], at[2], 1}));
    return pixels;
  }

  Expr isEmptyCell(const Index &index) const {
    return columns({index[0], index[3], 1}) <=
               columns({index[0], index[3], 0}) ||
           rows({index[0], index[2], 1}) <= rows({index[0], index[2], 0});
  }

  Expr pixel(const Index &at, const Expr &y, const Expr &column) const {
    Expr image = Halide::clamp(toInteger(regions({at[0], 0}), Halide::Int(32)),
                               0, Halide::max(builder.expr(x.dims[0]) - 1, 0));
    return x(guardEmpty(builder, x, {image, at[1], y, column}, {0}));
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x, regions, rows, columns;
  Halide::Type type;
};

void defineMaxRoiPool(KernelBuilder &builder, mlir::Operation *op) {
  RegionMaximum(builder, op).define();
}

} // namespace

void addMaxRoiPool(Registry &registry) {
  registry["MaxRoiPool"] = {defineMaxRoiPool};
}

} // namespace dycc::halide
