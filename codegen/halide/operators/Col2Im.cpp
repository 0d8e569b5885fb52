#include "codegen/halide/Attributes.h"
#include "codegen/halide/Handles.h"
#include "codegen/halide/Registry.h"
#include "codegen/halide/roots/Reductions.h"

using Halide::Expr;
using Halide::RDom;
using Halide::select;

namespace dycc::halide {
namespace {

/// The blocks of a Col2Im: one tap of a block and one place of it give a
/// column's element.
class ColumnFolder {
  /// Along an axis of a block whose extent is no constant.
  static constexpr int guessedTaps = 3;

public:
  ColumnFolder(KernelBuilder &builder, mlir::Operation *op)
      : builder(builder), op(op), x(builder.operand(op, 0)),
        image(builder.dims(op->getResult(0))) {
    expectNumbers(op->getResult(0));
    for (dyn::ExprAttr extent : builder.steering(op, 2).value_or(Dims{})) {
      work *= static_cast<int>(extent.asConstant().value_or(guessedTaps));
      block.push_back(builder.expr(extent));
    }
    strides = intsAttribute(op, "strides", block.size(), 1);
    dilations = intsAttribute(op, "dilations", block.size(), 1);
    pads = intsAttribute(op, "pads", 2 * block.size(), 0);
  }

  void define() {
    int rank = static_cast<int>(image.size());
    Reduction sum;
    sum.overLanes = false;
    sum.total = Halide::Func("sum");
    std::vector<Halide::Var> arguments;
    for (int axis = rank - 1; axis >= 0; --axis)
      arguments.push_back(axisVar(axis, rank));
    std::vector<Expr> at(arguments.begin(), arguments.end());
    Reducer reducer = Reducer::sum(x.element.computed);
    sum.total(arguments) = reducer.initial;
    sum.total(arguments) =
        reducer.combine(sum.total(at), element(axisVars(rank)));
    builder.define(op, [&](const Index &index) {
      return Expr(sum.total(reversed(index)));
    });
    ReductionStages stages{
        {sum}, {}, {}, rank - 1, 0, work, columnsPlan(builder)};
    KernelBuilder &b = builder;
    builder.addRoot(op, [&b, stages](const Store &store) {
      scheduleReduction(b, stages, store);
    });
  }

private:
  /// Number of places of the block along `axis`.
  Expr places(int axis) const {
    Expr reach = (block[axis] - 1) * static_cast<int>(dilations[axis]) + 1;
    int64_t padding = pads[axis] + pads[axis + block.size()];
    Expr room =
        builder.expr(image[axis + 2]) + static_cast<int>(padding) - reach;
    return room / static_cast<int>(strides[axis]) + 1;
  }

  /// What one tap adds to the image at `index`.
  Expr element(const Index &index) const {
    Halide::Region region;
    for (const Expr &extent : llvm::reverse(block))
      region.emplace_back(0, extent);
    RDom taps(region, "taps");
    Expr inside = Halide::Internal::const_true(), place = 0;
    Expr channel = index[1];
    int rank = static_cast<int>(block.size());
    for (int axis = 0; axis < rank; ++axis) {
      Expr tap = taps[rank - 1 - axis], count = places(axis);
      int stride = static_cast<int>(strides[axis]);
      Expr from = index[axis + 2] + static_cast<int>(pads[axis]) -
                  tap * static_cast<int>(dilations[axis]);
      Expr at = from / stride; // Floors: a negative one is outside.
      inside = inside && at * stride == from && at >= 0 && at < count;
      place = place * count + Halide::clamp(at, 0, count - 1);
      channel = channel * block[axis] + tap;
    }
    // An input with fewer columns than the image asks for is never left.
    Expr last = builder.expr(x.dims[2]) - 1;
    inside = inside && place <= last;
    Expr column = Halide::max(Halide::min(place, last), 0);
    return select(inside, x({index[0], channel, column}),
                  Halide::Internal::make_zero(x.element.computed));
  }

  KernelBuilder &builder;
  mlir::Operation *op;
  Tensor x;
  Dims image;
  std::vector<Expr> block;
  std::vector<int64_t> strides, dilations, pads;
  int work = 1;
};

void defineCol2Im(KernelBuilder &builder, mlir::Operation *op) {
  ColumnFolder(builder, op).define();
}

} // namespace

void addCol2Im(Registry &registry) { registry["Col2Im"] = {defineCol2Im}; }

} // namespace dycc::halide
