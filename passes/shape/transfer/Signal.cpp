// Resampling of images, and signal processing.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxSignal.h"
#include <cmath>

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

//===----------------------------------------------------------------------===//
// Resize
//===----------------------------------------------------------------------===//

/// floor(d * scale). Scales that are integers, or parts of a power of two, are
/// exact in integers at every extent an image has. Others are computed in f32,
/// rounding as the graph's runtime does.
static ExprAttr scaleExtent(Solver &solver, ExprAttr d, ExprAttr scale) {
  if (scale.getKind() == ExprKind::F32Constant) {
    float factor = scale.getFloat();
    int exponent = 0;
    bool isPower = std::frexp(factor, &exponent) == 0.5f;
    if (factor == std::trunc(factor) && factor >= 1 && factor <= 1024)
      return d.times(int64_t(factor));
    if (isPower && exponent <= 0 && exponent > -20)
      return ExprAttr::floorDiv(d,
                                solver.constant(int64_t(1) << (1 - exponent)));
  }
  ExprAttr product = ExprAttr::get(
      ExprKind::F32Mul, {ExprAttr::get(ExprKind::IntToF32, {d}), scale});
  return ExprAttr::get(ExprKind::F32ToInt,
                       {ExprAttr::get(ExprKind::F32Floor, {product})});
}

/// The same, of a scale that may be data: expected to be one, and to give an
/// extent.
static ExprAttr checkedExtent(Operation *op, Solver &solver, ExprAttr d,
                              ExprAttr scale) {
  ExprAttr extent = scaleExtent(solver, d, scale);
  if (!readsF32(scale))
    return extent;
  ExprAttr zero = ExprAttr::constantF32(solver.getContext(), 0.0f);
  solver.expect(op, ExprAttr::get(ExprKind::Lt, {zero, scale}),
                "expects scales above 0", {});
  ExprAttr most = solver.constant(kExtentRange.upper);
  solver.expect(op, ExprAttr::get(ExprKind::Le, {extent, most}),
                "expects an extent of at most %d, got %d", {most, extent});
  return solver.extent(op, extent);
}

/// With another policy than "stretch" one scale, the least or the greatest,
/// holds for all axes; the extents are rounded.
static ExprAttr keepRatio(Solver &solver, ArrayRef<ExprAttr> extents,
                          ArrayRef<ExprAttr> sizes, StringRef policy,
                          ExprAttr extent) {
  ExprKind choice =
      policy == "not_larger" ? ExprKind::F32Min : ExprKind::F32Max;
  auto toF32 = [](ExprAttr x) {
    return ExprAttr::get(ExprKind::IntToF32, {x});
  };
  ExprAttr scale;
  for (auto [d, size] : llvm::zip_equal(extents, sizes)) {
    ExprAttr ratio = ExprAttr::get(ExprKind::F32Div, {toF32(size), toF32(d)});
    scale = scale ? ExprAttr::get(choice, {scale, ratio}) : ratio;
  }
  ExprAttr exact = ExprAttr::get(ExprKind::F32Mul, {scale, toF32(extent)});
  return ExprAttr::get(ExprKind::F32ToInt,
                       {ExprAttr::get(ExprKind::F32Round, {exact})});
}

/// The axes that the op resizes, by default all.
static std::optional<SmallVector<int64_t>>
resizedAxes(onnx::ResizeOp op, Solver &solver, int64_t rank) {
  SmallVector<int64_t> axes;
  std::optional<ArrayRef<int64_t>> given = op.getAxes();
  if (!given) {
    for (int64_t axis = 0; axis != rank; ++axis)
      axes.push_back(axis);
    return axes;
  }
  for (int64_t axis : *given) {
    auto positive = normalizeAxis(op, solver, axis, rank);
    if (!positive)
      return std::nullopt;
    axes.push_back(*positive);
  }
  return axes;
}

static bool hasElements(Solver &solver, Value operand) {
  const Exprs *dims = solver.dims(operand);
  return operand && !(dims && dims->size() == 1 && dims->front().isConstant(0));
}

/// What has no elements has none to interpolate.
static void expectSource(Operation *op, Solver &solver, ExprAttr d,
                         ExprAttr size) {
  if (size == d)
    return;
  ExprAttr zero = solver.constant(0);
  ExprAttr fits =
      ExprAttr::get(ExprKind::Or, {ExprAttr::get(ExprKind::Lt, {zero, d}),
                                   ExprAttr::get(ExprKind::Le, {size, zero})});
  solver.expect(op, fits, "expects an extent above 0 to resize to %d, got %d",
                {size, d});
}

static void transferResize(onnx::ResizeOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  Exprs dims(*x);
  auto axes = resizedAxes(op, solver, dims.size());
  if (!axes)
    return;
  bool bySize = hasElements(solver, op.getSizes());
  Value operand = bySize ? op.getSizes() : op.getScales();
  if (!hasElements(solver, operand))
    return solver.fail(op, "expects scales or sizes");
  const Exprs *values = solver.steering(op, operand, kExtentRange);
  if (!values)
    return;
  if (values->size() != axes->size())
    return solver.fail(op, "expects " + Twine(axes->size()) +
                               " scales or sizes, one per axis, got " +
                               Twine(values->size()));
  Exprs before;
  for (int64_t axis : *axes)
    before.push_back(dims[axis]);
  StringRef policy = op.getKeepAspectRatioPolicy();
  for (auto [axis, d, value] : llvm::zip_equal(*axes, before, *values)) {
    if (bySize)
      expectSource(op, solver, d, value);
    if (!bySize)
      dims[axis] = checkedExtent(op, solver, d, value);
    else if (policy == "stretch")
      dims[axis] = solver.extent(op, value);
    else
      dims[axis] = keepRatio(solver, before, *values, policy, d);
  }
  solver.setDims(op.getY(), dims);
}

static void transferUpsample(onnx::UpsampleOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  const Exprs *scales = solver.steering(op, op.getScales());
  if (!x || !scales)
    return;
  if (scales->size() != x->size())
    return solver.fail(op, "expects " + Twine(x->size()) +
                               " scales, one per axis, got " +
                               Twine(scales->size()));
  Exprs dims;
  for (auto [d, scale] : llvm::zip_equal(*x, *scales))
    dims.push_back(checkedExtent(op, solver, d, scale));
  solver.setDims(op.getY(), dims);
}

//===----------------------------------------------------------------------===//
// Grids, windows, transforms
//===----------------------------------------------------------------------===//

/// [N, C, d...] sampled at [N, e..., k] -> [N, C, e...].
static void transferGridSample(onnx::GridSampleOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX()), *grid = solver.dims(op.getGrid());
  if (!x || !grid || x->size() < 3 || grid->size() != x->size())
    return;
  Exprs dims = {solver.unify(op, (*x)[0], (*grid)[0], "equal batch extents"),
                (*x)[1]};
  dims.append(grid->begin() + 1, grid->end() - 1);
  solver.setDims(op.getY(), dims);
}

/// size [N, C, d...] -> [N, d..., number of d].
static void transferAffineGrid(onnx::AffineGridOp op, Solver &solver) {
  const Exprs *size = solver.steering(op, op.getSize(), kExtentRange);
  if (!size || size->size() < 3)
    return;
  Exprs dims = {size->front()};
  dims.append(size->begin() + 2, size->end());
  dims.push_back(solver.constant(size->size() - 2));
  solver.setDims(op.getGrid(), dims);
}

/// [rows, columns, channels], as the bytes say: no kernel, but what reads the
/// pixels has shapes.
static void transferImageDecoder(onnx::ImageDecoderOp op, Solver &solver) {
  Value image = op.getImage();
  int64_t channels = op.getPixelFormat() == "Grayscale" ? 1 : 3;
  solver.setDims(image, {solver.defineDim(image, 0, ExprAttr()),
                         solver.defineDim(image, 1, ExprAttr()),
                         solver.constant(channels)});
}

template <typename OpT>
static void transferSignalWindow(OpT op, Solver &solver) {
  const Exprs *size = solver.steering(op, op.getSize(), kExtentRange);
  if (size && !size->empty())
    solver.setDims(op.getOutput(), {solver.extent(op, size->front())});
}

static void transferMelWeightMatrix(onnx::MelWeightMatrixOp op,
                                    Solver &solver) {
  const Exprs *bins = solver.steering(op, op.getNumMelBins(), kExtentRange);
  const Exprs *length = solver.steering(op, op.getDftLength(), kExtentRange);
  if (!bins || !length || bins->empty() || length->empty())
    return;
  ExprAttr half = ExprAttr::floorDiv(length->front(), solver.constant(2));
  solver.setDims(op.getOutput(), {half.plus(1), bins->front()});
}

/// [..., d, 1 or 2] -> [..., length, 2], or half of it where one-sided.
static void transferDFT(onnx::DFTOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getInput());
  if (!x || x->size() < 2)
    return;
  Exprs dims(*x);
  int64_t given = -2;
  if (Value operand = op.getAxis()) {
    auto axes = constantAxes(op, solver, operand, dims.size());
    if (!axes || axes->empty()) {
      // The rank at least: by it a branch for each axis takes its place.
      dims.assign(dims.size(), solver.unknown());
      return solver.setDims(op.getOutput(), dims);
    }
    given = axes->front();
  }
  auto axis = normalizeAxis(op, solver, given, dims.size());
  if (!axis)
    return;
  if (Value operand = op.getDftLength()) {
    const Exprs *length = solver.steering(op, operand, kExtentRange);
    if (!length || length->empty())
      return;
    dims[*axis] = length->front();
  } else if (op.getOnesided() && op.getInverse()) {
    dims[*axis] = dims[*axis].plus(-1).times(2); // What the half came from.
  }
  ExprAttr two = solver.constant(2);
  if (op.getOnesided() && !op.getInverse())
    dims[*axis] = ExprAttr::floorDiv(dims[*axis], two).plus(1);
  dims.back() = op.getOnesided() && op.getInverse() ? solver.constant(1) : two;
  solver.setDims(op.getOutput(), dims);
}

/// signal [N, length, 1 or 2] -> [N, frames, bins, 2].
static void transferSTFT(onnx::STFTOp op, Solver &solver) {
  const Exprs *signal = solver.dims(op.getSignal());
  const Exprs *step = solver.steering(op, op.getFrameStep(), kExtentRange);
  if (!signal || signal->size() < 2 || !step || step->empty())
    return;
  ExprAttr length;
  if (Value operand = op.getFrameLength()) {
    const Exprs *given = solver.steering(op, operand, kExtentRange);
    length = given && !given->empty() ? given->front() : ExprAttr();
  } else if (const Exprs *window = solver.dims(op.getWindow());
             window && window->size() == 1) {
    length = window->front();
  }
  if (!length)
    return solver.fail(op, "expects a frame length or a window");
  ExprAttr room = ExprAttr::sub((*signal)[1], length);
  ExprAttr frames =
      solver.extent(op, ExprAttr::floorDiv(room, step->front()).plus(1));
  ExprAttr half = ExprAttr::floorDiv(length, solver.constant(2));
  solver.setDims(op.getOutput(), {(*signal)[0], frames,
                                  op.getOnesided() ? half.plus(1) : length,
                                  solver.constant(2)});
}

void shape::attachSignal(MLIRContext *context) {
  attachRules<transferResize, transferNothing, onnx::ResizeOp>(context);
  attachRules<transferUpsample, transferNothing, onnx::UpsampleOp>(context);
  attachRules<transferGridSample, transferNothing, onnx::GridSampleOp>(context);
  attachRules<transferAffineGrid, transferNothing, onnx::AffineGridOp>(context);
  attachRules<transferImageDecoder, transferNothing, onnx::ImageDecoderOp>(
      context);
  attachRules<transferSignalWindow<onnx::HannWindowOp>, transferNothing,
              onnx::HannWindowOp>(context);
  attachRules<transferSignalWindow<onnx::HammingWindowOp>, transferNothing,
              onnx::HammingWindowOp>(context);
  attachRules<transferSignalWindow<onnx::BlackmanWindowOp>, transferNothing,
              onnx::BlackmanWindowOp>(context);
  attachRules<transferMelWeightMatrix, transferNothing,
              onnx::MelWeightMatrixOp>(context);
  attachRules<transferDFT, transferNothing, onnx::DFTOp>(context);
  attachRules<transferSTFT, transferNothing, onnx::STFTOp>(context);
}
