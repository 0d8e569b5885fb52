#include "codegen/halide/cpu/ConvolutionInput.h"

#include "codegen/halide/Attributes.h"
#include "codegen/halide/operators/IndexMap.h"

using Halide::Expr;
using Halide::likely;
using Halide::RDom;
using Halide::select;
using Halide::Var;

namespace dycc::halide {

ConvolutionInput::ConvolutionInput(KernelBuilder &builder, mlir::Operation *op,
                                   const ConvolutionOperands &operands,
                                   bool transposed, const Window &window,
                                   bool allLanes, bool leavesTapsOut)
    : builder(builder), op(op), transposed(transposed), allLanes(allLanes),
      leavesTapsOut(leavesTapsOut), window(window), x(operands.image),
      padding(operands.padding), outDims(builder.dims(op->getResult(0))) {}

/// Where position `p` of the padded axis lies in the input, before limits;
/// `inside` learns what makes it lie there.
Expr ConvolutionInput::sourcePosition(int axis, Expr p, Expr &inside) const {
  if (!transposed) {
    Expr position = leavesTapsOut ? p : p - window.begin[axis];
    inside = inside && position >= 0;
    return position;
  }
  int stride = static_cast<int>(window.strides[axis]);
  int reach =
      static_cast<int>((window.kernel[axis] - 1) * window.dilations[axis]);
  Expr stuffed = p - reach + transposedBegin(axis, reach);
  inside = inside && stuffed >= 0 && stuffed % stride == 0;
  return stuffed / stride;
}

/// Padding before an axis of a transposed convolution: by attribute, or half
/// of what its result has less than all contributions.
Expr ConvolutionInput::transposedBegin(int axis, int reach) const {
  llvm::StringRef mode = stringAttribute(op, "auto_pad", "NOTSET");
  if (mode == "NOTSET" && !op->getAttr("output_shape"))
    return window.begin[axis];
  std::vector<int64_t> extra = intsAttribute(
      op, "output_padding", std::vector<int64_t>(window.kernel.size(), 0));
  Expr total = transposedPad(
      builder.expr(x.dims[axis + 2]), builder.expr(outDims[axis + 2]), reach,
      static_cast<int>(window.strides[axis]), static_cast<int>(extra[axis]));
  return mode == "SAME_UPPER" ? total / 2 : total - total / 2;
}

/// Input axes along which there is a result where the input is empty.
std::vector<int> ConvolutionInput::emptyAxes() const {
  if (!transposed)
    return window.emptyAxes;
  bool isGiven = stringAttribute(op, "auto_pad", "NOTSET") != "NOTSET" ||
                 op->getAttr("output_shape");
  std::vector<int64_t> extra = intsAttribute(
      op, "output_padding", std::vector<int64_t>(window.kernel.size(), 0));
  std::vector<int> axes;
  for (int axis = 0; axis < window.rank(); ++axis) {
    auto pads = Halide::Internal::as_const_int(
        Halide::Internal::simplify(window.begin[axis] + window.end[axis]));
    int64_t extent = (window.kernel[axis] - 1) * window.dilations[axis] + 1 +
                     extra[axis] - window.strides[axis] - pads.value_or(0);
    if (isGiven || !pads || extent > 0)
      axes.push_back(axis + 2);
  }
  return axes;
}

Halide::Func ConvolutionInput::padded(const std::vector<Var> &arguments) const {
  Halide::Func padded("padded");
  const Var &channel = arguments.front();
  Expr last = builder.expr(x.dims[1]) - 1;
  Index at{arguments.back(),
           allLanes ? Halide::min(likely(channel), last) : Expr(channel)};
  Expr inside = Halide::Internal::const_true();
  for (int axis = 0; axis < window.rank(); ++axis) {
    Expr extent = builder.expr(x.dims[axis + 2]);
    Expr position =
        sourcePosition(axis, arguments[window.rank() - axis], inside);
    inside = inside && position < extent;
    at.push_back(Halide::max(Halide::min(likely(position), extent - 1), 0));
  }
  Expr value = x(guardEmpty(builder, x, at, emptyAxes()));
  padded(arguments) = window.isPadded || transposed
                          ? select(likely(inside), value, padding)
                          : value;
  return padded;
}

/// Where a row of a tile lies in the result, along spatial dim `dim` (x first).
static Expr outPosition(const ConvolutionStages &stages, int dim) {
  const RegisterTiles &tiles = stages.tiles;
  return dim == 0 ? tiles.tile * tiles.height + tiles.row
                  : Expr(stages.spatial[dim]);
}

Expr ConvolutionInput::at(const ConvolutionStages &stages, Halide::Func padded,
                          Expr channel) const {
  const RDom &taps = stages.tiles.taps;
  std::vector<Expr> at{channel};
  for (int dim = 0; dim < window.rank(); ++dim) {
    int axis = window.rank() - 1 - dim;
    at.push_back(leavesTapsOut
                     ? inImage(stages, dim, hangOver(stages, dim))
                     : outPosition(stages, dim) * step(axis) +
                           taps[dim + 1] *
                               static_cast<int>(window.dilations[axis]));
  }
  at.push_back(stages.batch);
  return padded(at);
}

/// How far a pixel of a tile may lie from one that is inside, along spatial
/// dim `dim`.
int ConvolutionInput::hangOver(const ConvolutionStages &stages, int dim) const {
  return dim == 0 ? (stages.tiles.height - 1) * step(window.rank() - 1) : 0;
}

/// Position in the image under a tap along spatial dim `dim`, at most `over`
/// outside. A condition guards that, which bounds inference cannot see; a limit
/// would be a pointer of its own for each pixel.
Expr ConvolutionInput::inImage(const ConvolutionStages &stages, int dim,
                               int over) const {
  int axis = window.rank() - 1 - dim;
  Expr position = window.position(axis, outPosition(stages, dim),
                                  stages.tiles.taps[dim + 1]);
  return promisedWithin(position, -over,
                        builder.expr(x.dims[axis + 2]) - 1 + over);
}

/// The first and the last pixel of a tile along spatial dim `dim`.
static std::pair<Expr, Expr> tileEnds(const ConvolutionStages &stages,
                                      int dim) {
  if (dim > 0)
    return {stages.spatial[dim], stages.spatial[dim]};
  Expr first = stages.tiles.tile * stages.tiles.height;
  return {first, first + (stages.tiles.height - 1)};
}

std::vector<Expr>
ConvolutionInput::reaches(const ConvolutionStages &stages) const {
  std::vector<Expr> result;
  for (int dim = 0; leavesTapsOut && dim < window.rank(); ++dim) {
    int axis = window.rank() - 1 - dim;
    auto [first, last] = tileEnds(stages, dim);
    const Halide::RVar &tap = stages.tiles.taps[dim + 1];
    result.push_back(window.position(axis, last, tap) >= 0);
    result.push_back(window.position(axis, first, tap) <
                     builder.expr(x.dims[axis + 2]));
  }
  return result;
}

Expr ConvolutionInput::inPlace(const ConvolutionStages &stages,
                               Expr channel) const {
  Index at{stages.batch, channel};
  for (int axis = 0; axis < window.rank(); ++axis)
    at.push_back(inImage(stages, window.rank() - 1 - axis, /*over=*/0));
  return x(at);
}

Expr ConvolutionInput::isInside(const ConvolutionStages &stages) const {
  const RegisterTiles &tiles = stages.tiles;
  Expr result =
      tiles.tile * tiles.height + tiles.height <= builder.expr(outDims.back());
  for (int axis = 0; axis < window.rank(); ++axis) {
    auto [from, to] = tileEnds(stages, window.rank() - 1 - axis);
    int last = static_cast<int>(window.kernel[axis]) - 1;
    result = result && window.position(axis, from, 0) >= 0 &&
             window.position(axis, to, last) < builder.expr(x.dims[axis + 2]);
  }
  return result;
}

int ConvolutionInput::rowsInFlight() const {
  if (window.rank() < 2)
    return 1;
  int axis = window.rank() - 2;
  return static_cast<int>((window.kernel[axis] - 1) * window.dilations[axis]) +
         1 + step(axis);
}

int ConvolutionInput::step(int axis) const {
  return transposed ? 1 : static_cast<int>(window.strides[axis]);
}

} // namespace dycc::halide
