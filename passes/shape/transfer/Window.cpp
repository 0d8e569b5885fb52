// Operators that move a window over the spatial axes: convolutions and pooling.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxPooling.h"
#include "dialects/onnx/OnnxQuantize.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

namespace {
using Ints = std::optional<ArrayRef<int64_t>>;

/// The attributes that convolutions and pools share. An absent list stands for
/// its default.
struct Window {
  Exprs kernel;
  Ints strides, dilations, pads;
  StringRef autoPad;
  bool ceilMode = false;

  static int64_t at(const Ints &list, size_t index, int64_t otherwise) {
    return list && index < list->size() ? (*list)[index] : otherwise;
  }
  int64_t stride(size_t axis) const { return at(strides, axis, 1); }
  int64_t padBefore(size_t axis) const { return at(pads, axis, 0); }
  int64_t padAfter(size_t axis) const {
    return at(pads, kernel.size() + axis, 0);
  }
  /// The elements that a window reaches over.
  ExprAttr reach(size_t axis) const {
    int64_t dilation = at(dilations, axis, 1);
    return kernel[axis].plus(-1).times(dilation).plus(1);
  }
};
} // namespace

/// Whether the extent is ceil(d / stride), whatever the kernel is.
static bool padsSame(StringRef autoPad) {
  return autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER";
}

/// The number of places of the window on an axis of extent `d`.
static ExprAttr slide(Operation *op, Solver &solver, const Window &window,
                      ExprAttr d, size_t axis) {
  ExprAttr stride = solver.constant(window.stride(axis));
  if (padsSame(window.autoPad))
    return ExprAttr::ceilDiv(d, stride);
  bool explicitPads = window.autoPad != "VALID";
  int64_t before = explicitPads ? window.padBefore(axis) : 0;
  int64_t after = explicitPads ? window.padAfter(axis) : 0;
  ExprAttr room = ExprAttr::sub(d.plus(before + after), window.reach(axis));
  if (!window.ceilMode)
    return solver.extent(op, ExprAttr::floorDiv(room, stride).plus(1));
  // A last window that would start in the right padding is left out.
  ExprAttr places = ExprAttr::ceilDiv(room, stride).plus(1);
  ExprAttr starts = ExprAttr::ceilDiv(d.plus(before), stride);
  return solver.extent(op, ExprAttr::min(places, starts));
}

static bool checkRank(Operation *op, Solver &solver, size_t rank,
                      size_t spatial) {
  if (rank == spatial + 2)
    return true;
  solver.fail(op, "expects an input of rank " + Twine(spatial + 2) +
                      " for a kernel with " + Twine(spatial) +
                      " axes, got rank " + Twine(rank));
  return false;
}

/// The kernel's extents: the attribute, else those of the weight.
static Exprs kernelOf(Operation *op, Solver &solver, Ints attribute,
                      ArrayRef<ExprAttr> weight) {
  Exprs kernel(weight.drop_front(2));
  if (!attribute)
    return kernel;
  if (attribute->size() != kernel.size()) {
    solver.fail(op, "expects a kernel_shape of " + Twine(kernel.size()) +
                        " extents, got " + Twine(attribute->size()));
    return kernel;
  }
  for (auto [extent, given] : llvm::zip_equal(kernel, *attribute))
    extent = solver.unify(op, extent, solver.constant(given),
                          "a weight that agrees with kernel_shape");
  return kernel;
}

template <typename OpT>
static Window windowOf(OpT op, Exprs kernel) {
  Window window;
  window.kernel = std::move(kernel);
  window.strides = op.getStrides();
  window.dilations = op.getDilations();
  window.pads = op.getPads();
  return window;
}

/// A bias has an element per output channel: kernels read that many.
static void checkBias(Operation *op, Solver &solver, Value bias,
                      ExprAttr channels) {
  const Exprs *b = solver.dims(bias);
  if (!b)
    return;
  if (b->size() != 1)
    return solver.fail(op, "expects a bias of rank 1, got rank " +
                               Twine(b->size()));
  solver.unify(op, (*b)[0], channels,
               "a bias with an entry per output channel");
}

/// [N, C, d...] and [M, C / group, k...] -> [N, M, places...].
template <typename OpT>
static void convolve(OpT op, Solver &solver, Value input, Value weight,
                     Value bias, Value result, StringRef autoPad) {
  const Exprs *x = solver.dims(input), *w = solver.dims(weight);
  if (!x || !w)
    return;
  if (w->size() < 2)
    return solver.fail(op, "expects a weight of rank 3 or more, got rank " +
                               Twine(w->size()));
  if (!checkRank(op, solver, x->size(), w->size() - 2))
    return;
  Exprs inputDims(*x), weightDims(*w);
  Window window =
      windowOf(op, kernelOf(op, solver, op.getKernelShape(), weightDims));
  window.autoPad = autoPad;
  solver.unify(op, inputDims[1], weightDims[1].times(op.getGroup()),
               "channels that agree with the weight's");
  checkBias(op, solver, bias, weightDims[0]);
  Exprs dims = {inputDims[0], weightDims[0]};
  for (size_t axis = 0; axis != window.kernel.size(); ++axis)
    dims.push_back(slide(op, solver, window, inputDims[axis + 2], axis));
  solver.setDims(result, dims);
}

static void transferConv(onnx::ConvOp op, Solver &solver) {
  convolve(op, solver, op.getX(), op.getW(), op.getB(), op.getY(),
           op.getAutoPad());
}

static void transferConvInteger(onnx::ConvIntegerOp op, Solver &solver) {
  convolve(op, solver, op->getOperand(0), op->getOperand(1), Value(),
           op->getResult(0), op.getAutoPad());
}

static void transferQLinearConv(onnx::QLinearConvOp op, Solver &solver) {
  convolve(op, solver, op->getOperand(0), op->getOperand(3), op.getB(),
           op->getResult(0), op.getAutoPad());
}

static void transferDeformConv(onnx::DeformConvOp op, Solver &solver) {
  convolve(op, solver, op.getX(), op.getW(), op.getB(), op.getY(), "NOTSET");
}

/// An extent of a transposed convolution: the extent whose convolution has
/// places for all of `d`.
static ExprAttr unslide(onnx::ConvTransposeOp op, Solver &solver,
                        const Window &window, ExprAttr d, size_t axis) {
  if (op.getOutputShape()) // It holds the spatial extents, or all of them.
    return solver.constant(
        op.getOutputShape()->take_back(window.kernel.size())[axis]);
  int64_t stride = window.stride(axis);
  if (padsSame(window.autoPad))
    return d.times(stride);
  bool explicitPads = window.autoPad != "VALID";
  int64_t cut =
      explicitPads ? window.padBefore(axis) + window.padAfter(axis) : 0;
  int64_t extra = Window::at(op.getOutputPadding(), axis, 0);
  ExprAttr extent = ExprAttr::add(d.plus(-1).times(stride), window.reach(axis));
  return solver.extent(op, extent.plus(extra - cut));
}

/// [N, C, d...] and [C, M / group, k...] -> [N, M, extents...].
static void transferConvTranspose(onnx::ConvTransposeOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX()), *w = solver.dims(op.getW());
  if (!x || !w)
    return;
  if (w->size() < 2 || !checkRank(op, solver, x->size(), w->size() - 2))
    return;
  Exprs inputDims(*x), weightDims(*w);
  Window window =
      windowOf(op, kernelOf(op, solver, op.getKernelShape(), weightDims));
  window.autoPad = op.getAutoPad();
  solver.unify(op, inputDims[1], weightDims[0],
               "channels that agree with the weight's");
  Exprs dims = {inputDims[0], weightDims[1].times(op.getGroup())};
  checkBias(op, solver, op.getB(), dims[1]);
  for (size_t axis = 0; axis != window.kernel.size(); ++axis)
    dims.push_back(unslide(op, solver, window, inputDims[axis + 2], axis));
  solver.setDims(op.getY(), dims);
}

template <typename OpT>
static void transferPool(OpT op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  ArrayRef<int64_t> extents = op.getKernelShape();
  if (!x || !checkRank(op, solver, x->size(), extents.size()))
    return;
  Exprs kernel;
  for (int64_t extent : extents)
    kernel.push_back(solver.constant(extent));
  Window window = windowOf(op, std::move(kernel));
  window.autoPad = op.getAutoPad();
  window.ceilMode = op.getCeilMode() != 0;
  Exprs dims(*x);
  for (size_t axis = 0; axis != extents.size(); ++axis)
    dims[axis + 2] = slide(op, solver, window, dims[axis + 2], axis);
  for (Value result : op->getResults())
    solver.setDims(result, dims);
}

static void transferGlobalPool(Operation *op, Solver &solver) {
  const Exprs *x = solver.dims(op->getOperand(0));
  if (!x)
    return;
  if (x->size() < 2)
    return solver.fail(op, "expects an input of rank 2 or more, got rank " +
                               Twine(x->size()));
  Exprs dims(*x);
  std::fill(dims.begin() + 2, dims.end(), solver.constant(1));
  solver.setDims(op->getResult(0), dims);
}

/// [N, C, H, W] and a row of `numbers` per region -> [rows, C, extents...].
static void poolRegions(Operation *op, Solver &solver, int64_t numbers,
                        ArrayRef<int64_t> extents) {
  const Exprs *x = solver.dims(op->getOperand(0));
  const Exprs *regions = solver.dims(op->getOperand(1));
  if (!x || !regions)
    return;
  if (x->size() != 4 || regions->size() != 2)
    return solver.fail(op, "expects an input of rank 4 and regions of rank 2, "
                           "got ranks " +
                               Twine(x->size()) + " and " +
                               Twine(regions->size()));
  solver.unify(op, (*regions)[1], solver.constant(numbers),
               "regions of " + Twine(numbers) + " numbers each");
  Exprs dims = {(*regions)[0], (*x)[1]};
  for (int64_t extent : extents)
    dims.push_back(solver.constant(extent));
  solver.setDims(op->getResult(0), dims);
}

static void transferMaxRoiPool(onnx::MaxRoiPoolOp op, Solver &solver) {
  poolRegions(op, solver, 5, op.getPooledShape());
}

static void transferRoiAlign(onnx::RoiAlignOp op, Solver &solver) {
  poolRegions(op, solver, 4, {op.getOutputHeight(), op.getOutputWidth()});
}

/// The inverse of a pool, unless `output_shape` says the extents.
static void transferMaxUnpool(onnx::MaxUnpoolOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  ArrayRef<int64_t> kernel = op.getKernelShape();
  if (!x || !checkRank(op, solver, x->size(), kernel.size()))
    return;
  Exprs dims(*x);
  if (op.getOutputShape()) {
    if (const Exprs *shape =
            solver.steering(op, op.getOutputShape(), kExtentRange))
      solver.setDims(op.getOutput(), *shape);
    return;
  }
  for (size_t axis = 0; axis != kernel.size(); ++axis) {
    int64_t cut = Window::at(op.getPads(), axis, 0) +
                  Window::at(op.getPads(), kernel.size() + axis, 0);
    ExprAttr steps =
        dims[axis + 2].plus(-1).times(Window::at(op.getStrides(), axis, 1));
    dims[axis + 2] = solver.extent(op, steps.plus(kernel[axis] - cut));
  }
  solver.setDims(op.getOutput(), dims);
}

/// [N, C * block, L] -> [N, C, image...].
/// In how many places of an image a block lies.
static ExprAttr countBlocks(onnx::Col2ImOp op, Solver &solver,
                            ArrayRef<ExprAttr> image,
                            ArrayRef<ExprAttr> block) {
  auto at = [](std::optional<ArrayRef<int64_t>> values, size_t i,
               int64_t otherwise) {
    return values && i < values->size() ? (*values)[i] : otherwise;
  };
  Exprs counts;
  for (auto [i, extent] : llvm::enumerate(image)) {
    int64_t padding =
        at(op.getPads(), i, 0) + at(op.getPads(), i + image.size(), 0);
    ExprAttr apart = ExprAttr::sub(block[i], solver.constant(1));
    ExprAttr reach =
        ExprAttr::mul(apart, solver.constant(at(op.getDilations(), i, 1)));
    ExprAttr steps = ExprAttr::floorDiv(
        ExprAttr::sub(ExprAttr::add(extent, solver.constant(padding - 1)),
                      reach),
        solver.constant(at(op.getStrides(), i, 1)));
    counts.push_back(ExprAttr::max(ExprAttr::add(steps, solver.constant(1)),
                                   solver.constant(0)));
  }
  return solver.simplify(productOf(solver, counts));
}

/// Columns of blocks, to the image that they were cut out of.
static void transferCol2Im(onnx::Col2ImOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getInput());
  const Exprs *image = solver.steering(op, op.getImageShape(), kExtentRange);
  const Exprs *block =
      solver.steering(op, op.getBlockShape(), {1, kExtentRange.upper});
  if (!x || !image || !block || image->size() != block->size())
    return;
  if (x->size() != 3)
    return solver.fail(op, "expects an input of rank 3, got rank " +
                               Twine(x->size()));
  Exprs extents(*image), sides(*block);
  ExprAttr rows = (*x)[1], columns = (*x)[2];
  ExprAttr size = solver.simplify(productOf(solver, sides));
  ExprAttr channels = solver.simplify(ExprAttr::floorDiv(rows, size));
  solver.expect(
      op, ExprAttr::get(ExprKind::Eq, {ExprAttr::mul(channels, size), rows}),
      "expects a row for each of the %d elements of a block in each "
      "channel, got %d",
      {size, rows});
  ExprAttr blocks = countBlocks(op, solver, extents, sides);
  solver.expect(op, ExprAttr::get(ExprKind::Eq, {blocks, columns}),
                "expects a column for each of the %d places of a block, got %d",
                {blocks, columns});
  Exprs dims = {(*solver.dims(op.getInput()))[0], channels};
  dims.append(extents);
  solver.setDims(op.getOutput(), dims);
}

void shape::attachWindow(MLIRContext *context) {
  attachRules<transferConv, transferNothing, onnx::ConvOp>(context);
  attachRules<transferConvInteger, transferNothing, onnx::ConvIntegerOp>(
      context);
  attachRules<transferQLinearConv, transferNothing, onnx::QLinearConvOp>(
      context);
  attachRules<transferDeformConv, transferNothing, onnx::DeformConvOp>(context);
  attachRules<transferConvTranspose, transferNothing, onnx::ConvTransposeOp>(
      context);
  attachRules<transferPool<onnx::MaxPoolOp>, transferNothing, onnx::MaxPoolOp>(
      context);
  attachRules<transferPool<onnx::AveragePoolOp>, transferNothing,
              onnx::AveragePoolOp>(context);
  attachRules<transferPool<onnx::LpPoolOp>, transferNothing, onnx::LpPoolOp>(
      context);
  attachRules<transferGlobalPool, transferNothing, onnx::GlobalAveragePoolOp,
              onnx::GlobalMaxPoolOp, onnx::GlobalLpPoolOp>(context);
  attachRules<transferMaxRoiPool, transferNothing, onnx::MaxRoiPoolOp>(context);
  attachRules<transferRoiAlign, transferNothing, onnx::RoiAlignOp>(context);
  attachRules<transferMaxUnpool, transferNothing, onnx::MaxUnpoolOp>(context);
  attachRules<transferCol2Im, transferNothing, onnx::Col2ImOp>(context);
}
