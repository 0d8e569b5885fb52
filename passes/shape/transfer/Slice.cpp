// Operators that cut extents out of axes, or add to them.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxLayout.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// Beyond these a bound means "to the end": exporters write INT32_MAX or
/// INT64_MAX, and no extent is as large.
constexpr int64_t kEnd = 2147483647, kBegin = -2147483647;

namespace {
/// The part of an axis that a Slice takes.
struct Span {
  ExprAttr start, count;
  int64_t step = 1;
};
} // namespace

/// `bound`, which counts from the end where it is negative, limited to
/// [lower, upper] of an axis with `extent` elements.
static ExprAttr clampBound(Solver &solver, ExprAttr bound, ExprAttr extent,
                           ExprAttr lower, ExprAttr upper) {
  if (std::optional<int64_t> value = bound.asConstant()) {
    if (*value >= kEnd)
      return upper;
    if (*value <= kBegin)
      return lower;
    if (*value == -1 && upper == extent.plus(-1))
      return upper; // The last element, or -1 where there is none.
  }
  ExprAttr isNegative =
      ExprAttr::get(ExprKind::Lt, {bound, solver.constant(0)});
  bound = ExprAttr::ite(solver.simplify(isNegative),
                        ExprAttr::add(bound, extent), bound);
  return solver.simplify(ExprAttr::max(lower, ExprAttr::min(bound, upper)));
}

static Span spanOf(Solver &solver, ExprAttr extent, ExprAttr start,
                   ExprAttr end, int64_t step) {
  ExprAttr zero = solver.constant(0), last = extent.plus(-1);
  Span span;
  span.step = step;
  ExprAttr distance;
  if (step > 0) {
    span.start = clampBound(solver, start, extent, zero, extent);
    distance = ExprAttr::sub(clampBound(solver, end, extent, zero, extent),
                             span.start);
  } else {
    span.start = clampBound(solver, start, extent, zero, last);
    distance = ExprAttr::sub(
        span.start, clampBound(solver, end, extent, solver.constant(-1), last));
  }
  ExprAttr count = ExprAttr::ceilDiv(distance, solver.constant(std::abs(step)));
  // A start that is clamped to 0 is none where the axis is empty.
  if (step < 0)
    count = ExprAttr::min(count, extent);
  span.count = solver.simplify(ExprAttr::max(count, zero));
  return span;
}

/// The elements where all starts and extents are constants.
static void sliceElements(onnx::SliceOp op, Solver &solver,
                          ArrayRef<Span> spans) {
  auto from = constantDims(solver.dims(op.getData()));
  auto to = constantDims(solver.dims(op.getOutput()));
  bool areKnown = from && to && llvm::all_of(spans, [](const Span &span) {
                    return span.start.isConstant();
                  });
  if (!areKnown)
    return;
  mapElements(solver, op.getData(), op.getOutput(), [&](int64_t index) {
    int64_t source = 0, stride = 1;
    for (size_t axis = to->size(); axis-- > 0;) {
      int64_t position = index % (*to)[axis];
      index /= (*to)[axis];
      const Span &span = spans[axis];
      source += (span.start.getValue() + position * span.step) * stride;
      stride *= (*from)[axis];
    }
    return source;
  });
}

/// The extent of a slice whose step only execution knows.
static ExprAttr countBySign(Solver &solver, ExprAttr extent, ExprAttr start,
                            ExprAttr end, ExprAttr step) {
  ExprAttr one = solver.constant(1), zero = solver.constant(0);
  auto count = [&](int64_t sign) {
    // The distance is that of a step of 1, then divided by the actual one; the
    // other sign's count must not divide by 0.
    ExprAttr distance = spanOf(solver, extent, start, end, sign).count;
    return ExprAttr::ceilDiv(distance, ExprAttr::max(step.times(sign), one));
  };
  ExprAttr isForward = ExprAttr::get(ExprKind::Lt, {zero, step});
  return solver.simplify(ExprAttr::ite(isForward, count(1), count(-1)));
}

/// Slice with axes or steps that only execution knows: an axis that none of
/// them names is taken whole.
static void sliceByData(onnx::SliceOp op, Solver &solver, const Exprs &dims,
                        const Exprs &starts, const Exprs &ends,
                        const Exprs &axes, const Exprs &steps) {
  int64_t rank = dims.size();
  ExprAttr one = solver.constant(1), zero = solver.constant(0);
  axisFlags(op, solver, axes, rank);
  for (ExprAttr step : steps)
    solver.expect(op,
                  ExprAttr::get(ExprKind::Not,
                                {ExprAttr::get(ExprKind::Eq, {step, zero})}),
                  "expects steps that are not 0, got %d", {step});
  Exprs result;
  for (int64_t number = 0; number != rank; ++number) {
    ExprAttr extent = dims[number];
    for (size_t index = 0; index != axes.size(); ++index) {
      ExprAttr step = steps.empty() ? one : steps[index];
      ExprAttr count =
          countBySign(solver, dims[number], starts[index], ends[index], step);
      extent = ExprAttr::ite(isAxis(axes[index], number, rank), count, extent);
    }
    result.push_back(solver.simplify(extent));
  }
  solver.setDims(op.getOutput(), result);
}

static void transferSlice(onnx::SliceOp op, Solver &solver) {
  auto steer = [&](Value operand) {
    const Exprs *elements = operand ? solver.steering(op, operand) : nullptr;
    return elements ? std::optional(*elements) : std::nullopt;
  };
  auto starts = steer(op.getStarts()), ends = steer(op.getEnds()),
       given = steer(op.getAxes()), strides = steer(op.getSteps());
  const Exprs *dims = solver.dims(op.getData());
  if (!dims || !starts || !ends || (op.getAxes() && !given) ||
      (op.getSteps() && !strides))
    return;
  if ((given && !areConstants(*given)) ||
      (strides && !areConstants(*strides))) {
    Exprs numbers;
    for (size_t index = 0; index != starts->size(); ++index)
      numbers.push_back(solver.constant(index));
    Exprs axes = given.value_or(numbers);
    if (axes.size() != starts->size() || axes.size() != ends->size() ||
        (strides && axes.size() != strides->size()) ||
        axes.size() > dims->size())
      return solver.fail(op, "expects as many starts, ends and steps as axes");
    return sliceByData(op, solver, Exprs(*dims), *starts, *ends, axes,
                       strides.value_or(Exprs()));
  }
  Exprs result(*dims);
  SmallVector<int64_t> axes;
  for (size_t index = 0; index != starts->size(); ++index)
    axes.push_back(index);
  if (op.getAxes()) {
    auto given = constantAxes(op, solver, op.getAxes(), result.size());
    if (!given)
      return;
    axes = *given;
  }
  const Exprs *steps = op.getSteps() ? solver.elements(op.getSteps()) : nullptr;
  if (axes.size() != starts->size() || axes.size() != ends->size() ||
      (steps && axes.size() != steps->size()) || axes.size() > result.size())
    return solver.fail(op, "expects as many starts, ends and steps as axes");
  SmallVector<Span> spans(result.size(), {solver.constant(0), {}, 1});
  for (auto [index, axis] : llvm::enumerate(axes)) {
    std::optional<int64_t> step = 1;
    if (op.getSteps())
      step = steps ? (*steps)[index].asConstant() : std::nullopt;
    if (!step || *step == 0)
      return solver.fail(op, "expects constant steps that are not 0");
    // A step beyond all extents is as good as the largest of them.
    spans[axis] = spanOf(solver, result[axis], (*starts)[index], (*ends)[index],
                         std::clamp(*step, -kEnd, kEnd));
    result[axis] = spans[axis].count;
  }
  solver.setDims(op.getOutput(), result);
  sliceElements(op, solver, spans);
}

/// The extents of the parts; they have to add up.
static std::optional<Exprs> partsOf(onnx::SplitOp op, Solver &solver,
                                    ExprAttr extent) {
  int64_t count = op->getNumResults();
  Exprs parts;
  if (Value split = op.getSplit()) {
    const Exprs *given = solver.steering(op, split, kExtentRange);
    if (!given)
      return std::nullopt;
    if (int64_t(given->size()) != count) {
      solver.fail(op, "expects " + Twine(count) +
                          " parts, one per result, got " +
                          Twine(given->size()));
      return std::nullopt;
    }
    parts = *given;
    ExprAttr sum = solver.constant(0);
    for (ExprAttr part : parts)
      sum = ExprAttr::add(sum, part);
    solver.unify(op, extent, sum, "parts that add up to the extent");
    return parts;
  }
  // Equal parts; the last one takes what is left.
  ExprAttr part = ExprAttr::ceilDiv(extent, solver.constant(count));
  parts.assign(count, part);
  parts.back() =
      solver.extent(op, ExprAttr::sub(extent, part.times(count - 1)));
  return parts;
}

static void transferSplit(onnx::SplitOp op, Solver &solver) {
  const Exprs *known = solver.dims(op.getInput());
  if (!known)
    return;
  Exprs dims(*known);
  auto axis = normalizeAxis(op, solver, op.getAxis(), dims.size());
  if (!axis)
    return;
  std::optional<Exprs> parts = partsOf(op, solver, dims[*axis]);
  if (!parts)
    return;
  ExprAttr offset = solver.constant(0);
  for (auto [result, part] : llvm::zip_equal(op->getResults(), *parts)) {
    dims[*axis] = part;
    solver.setDims(result, dims);
    if (std::optional<int64_t> start = offset.asConstant();
        start && dims.size() == 1)
      mapElements(solver, op.getInput(), result,
                  [&](int64_t index) { return *start + index; });
    offset = ExprAttr::add(offset, part);
  }
}

/// A padded vector whose elements are followed, as exporters build the operand
/// of another Pad.
static void padElements(onnx::PadOp op, Solver &solver, ExprAttr before) {
  const Exprs *data = solver.elements(op.getData());
  std::optional<int64_t> count = smallCount(solver.dims(op.getOutput()));
  std::optional<int64_t> offset = before.asConstant();
  if (!data || !count || !offset || op.getMode() != "constant")
    return;
  ExprAttr fill = solver.constant(0);
  if (elementTypeOf(op.getOutput()).isF32())
    fill = ExprAttr::constantF32(solver.getContext(), 0.0f);
  if (Value value = op.getConstantValue())
    fill = firstElement(solver, value);
  Exprs result;
  for (int64_t index = 0; index != *count; ++index) {
    int64_t source = index - *offset;
    bool isInside = source >= 0 && source < int64_t(data->size());
    result.push_back(isInside ? (*data)[source] : fill);
  }
  solver.setElements(op.getOutput(), result);
}

/// Pad along axes that only execution knows.
static void padByData(onnx::PadOp op, Solver &solver, const Exprs &dims,
                      const Exprs &pads, const Exprs &axes) {
  int64_t rank = dims.size();
  axisFlags(op, solver, axes, rank);
  Exprs result;
  for (int64_t number = 0; number != rank; ++number) {
    ExprAttr extent = dims[number];
    for (auto [index, axis] : llvm::enumerate(axes)) {
      ExprAttr both = ExprAttr::add(pads[index], pads[index + axes.size()]);
      ExprAttr isHere = isAxis(axis, number, rank);
      extent = ExprAttr::add(extent,
                             ExprAttr::ite(isHere, both, solver.constant(0)));
    }
    result.push_back(solver.extent(op, extent));
  }
  solver.setDims(op.getOutput(), result);
}

static void transferPad(onnx::PadOp op, Solver &solver) {
  const Exprs *given =
      op.getAxes() ? solver.steering(op, op.getAxes()) : nullptr;
  std::optional<Exprs> named = given ? std::optional(*given) : std::nullopt;
  const Exprs *pads = solver.steering(op, op.getPads());
  const Exprs *dims = solver.dims(op.getData());
  if (!dims || !pads || (op.getAxes() && !named))
    return;
  if (named && !areConstants(*named) && pads->size() == 2 * named->size())
    return padByData(op, solver, Exprs(*dims), Exprs(*pads), *named);
  Exprs result(*dims);
  SmallVector<int64_t> axes;
  for (size_t axis = 0; axis != result.size(); ++axis)
    axes.push_back(axis);
  if (op.getAxes()) {
    auto given = constantAxes(op, solver, op.getAxes(), result.size());
    if (!given)
      return;
    axes = *given;
  }
  if (pads->size() != 2 * axes.size())
    return solver.fail(op, "expects " + Twine(2 * axes.size()) +
                               " pads, two per axis, got " +
                               Twine(pads->size()));
  for (auto [index, axis] : llvm::enumerate(axes)) {
    ExprAttr both = ExprAttr::add((*pads)[index], (*pads)[index + axes.size()]);
    result[axis] = solver.extent(op, ExprAttr::add(result[axis], both));
  }
  solver.setDims(op.getOutput(), result);
  if (result.size() == 1 && axes.size() == 1)
    padElements(op, solver, pads->front());
}

void shape::attachSlice(MLIRContext *context) {
  attachRules<transferSlice, transferNothing, onnx::SliceOp>(context);
  attachRules<transferSplit, transferNothing, onnx::SplitOp>(context);
  attachRules<transferPad, transferNothing, onnx::PadOp>(context);
}
