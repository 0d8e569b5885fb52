// Convolutions whose taps are displaced: the image is sampled where each tap
// lies, and what was sampled is multiplied by the filter as matrices are.
#include "passes/normalize/Expansions.h"

#include "dialects/onnx/OnnxFacts.h"

using namespace mlir;

namespace dycc {
namespace {

class DeformConvExpander {
public:
  DeformConvExpander(OnnxBuilder &b, onnx::DeformConvOp op, int64_t axes)
      : b(b), op(op), axes(axes), type(elementTypeOf(op.getX())),
        place(type.isF64() ? type : Type(b.getBuilder().getF32Type())),
        i64(b.getBuilder().getI64Type()),
        offsetGroups(static_cast<int64_t>(op.getOffsetGroup())) {}

  Value run() {
    batch = b.extent(op.getX(), 0);
    channels = b.extent(op.getX(), 1);
    for (int64_t axis = 0; axis < axes; ++axis) {
      extents.push_back(b.extent(op.getX(), axis + 2));
      kernel.push_back(kernelExtent(axis));
      results.push_back(resultExtent(axis));
    }
    taps = product(kernel);
    places = product(results);
    Value samples =
        b.create("GridSample", {perOffsetGroup(), grid()},
                 b.getBuilder().getNamedAttr(onnx::kPixelPositions,
                                             b.getBuilder().getUnitAttr()));
    if (op.getMask())
      samples = b.create("Mul", {samples, mask()});
    return withBias(b.create("Reshape", {multiplied(samples), resultShape()}));
  }

private:
  Value joined(ArrayRef<Value> parts) { return b.concat(parts, 0); }
  Value product(ArrayRef<Value> factors) {
    Value all = factors.front();
    for (Value factor : factors.drop_front())
      all = b.create("Mul", {all, factor});
    return all;
  }
  Value times(Value x, int64_t factor) {
    return b.create("Mul", {x, b.ints(factor)});
  }
  static int64_t at(std::optional<ArrayRef<int64_t>> list, int64_t i,
                    int64_t otherwise) {
    return list && i < static_cast<int64_t>(list->size()) ? (*list)[i]
                                                          : otherwise;
  }
  int64_t stride(int64_t axis) { return at(op.getStrides(), axis, 1); }
  int64_t dilation(int64_t axis) { return at(op.getDilations(), axis, 1); }

  Value kernelExtent(int64_t axis) {
    if (op.getKernelShape())
      return b.ints((*op.getKernelShape())[axis]);
    return b.extent(op.getW(), axis + 2);
  }

  /// floor((extent + pads - reach) / stride) + 1, of a quotient that truncates.
  Value resultExtent(int64_t axis) {
    int64_t pads = at(op.getPads(), axis, 0) + at(op.getPads(), axes + axis, 0);
    Value reach =
        times(b.create("Sub", {kernel[axis], b.ints(1)}), dilation(axis));
    Value room = b.create("Add", {b.create("Sub", {extents[axis], reach}),
                                  b.ints(pads - 1 + stride(axis))});
    return b.create("Div", {room, b.ints(stride(axis))});
  }

  Value resultShape() {
    SmallVector<Value> shape = {batch, b.extent(op.getW(), 0)};
    llvm::append_range(shape, results);
    return joined(shape);
  }

  /// `x` of [n, ..., results] with these extents in the place of the second. A
  /// Reshape takes all that have one product: a join with nothing, whose other
  /// extents are those of the result, says that these agree.
  Value withResultExtents(Value x, ArrayRef<Value> inner) {
    SmallVector<Value> none = {batch, b.ints(0)}, shape(inner);
    llvm::append_range(none, results);
    llvm::append_range(shape, results);
    Value empty = b.filled(elementTypeOf(x), 0, joined(none));
    return b.create("Reshape", {b.concat({x, empty}, 1), joined(shape)});
  }

  /// The image with the channels of each offset group as a sample of its own.
  Value perOffsetGroup() {
    SmallVector<Value> shape = {
        times(batch, offsetGroups),
        b.create("Div", {channels, b.ints(offsetGroups)})};
    llvm::append_range(shape, extents);
    return b.create("Reshape", {op.getX(), joined(shape)});
  }

  /// A vector of i64 along `axis` of `rank`, as `place`.
  Value along(Value x, int64_t axis, int64_t rank) {
    SmallVector<int64_t> shape(rank, 1);
    shape[axis] = -1;
    return b.create("Reshape", {b.cast(x, place), b.ints(shape)});
  }

  /// Where each tap lies along `axis` of the window: [taps].
  Value tapPlaces(int64_t axis) {
    Value tap = b.range(b.asScalar(taps));
    if (axis + 1 < axes)
      tap = b.create("Div",
                     {tap, product(ArrayRef(kernel).drop_front(axis + 1))});
    return times(b.create("Mod", {tap, kernel[axis]}), dilation(axis));
  }

  Value windowPlaces(int64_t axis) {
    Value first = times(b.range(b.asScalar(results[axis])), stride(axis));
    return b.create("Sub", {first, b.ints(at(op.getPads(), axis, 0))});
  }

  /// Where the taps lie along `axis`: [samples, taps, results]. Beyond the
  /// first pixels outside there is nothing but zeros.
  Value position(Value offsets, int64_t axis) {
    int64_t rank = axes + 2;
    Value p = b.squeeze(b.slice(offsets, 2, axis, axis + 1), 2);
    p = b.create("Add", {p, along(tapPlaces(axis), 1, rank)});
    p = b.create("Add", {p, along(windowPlaces(axis), axis + 2, rank)});
    Value extent = b.asScalar(b.cast(extents[axis], place));
    return b.create("Max", {b.create("Min", {p, extent}), b.scalar(place, -1)});
  }

  /// What GridSample takes for as many axes as the image has, the taps and all
  /// places of the window, in the order of columns.
  SmallVector<Value> sampled() {
    if (axes == 1)
      return {b.create("Mul", {taps, places})};
    SmallVector<Value> shape = {taps, places};
    shape.append(axes - 2, b.ints(1));
    return shape;
  }
  Value reshaped(Value x, ArrayRef<Value> before, ArrayRef<Value> after) {
    SmallVector<Value> shape(before);
    llvm::append_range(shape, sampled());
    llvm::append_range(shape, after);
    return b.create("Reshape", {x, joined(shape)});
  }

  Value grid() {
    Value offsets =
        b.cast(withResultExtents(op.getOffset(), {times(batch, offsetGroups),
                                                  taps, b.ints(axes)}),
               place);
    SmallVector<Value> coordinates;
    for (int64_t axis = axes; axis-- > 0;) // The last axis comes first.
      coordinates.push_back(b.unsqueeze(position(offsets, axis), axes + 2));
    return reshaped(b.concat(coordinates, axes + 2), times(batch, offsetGroups),
                    b.ints(axes));
  }

  Value mask() {
    Value given =
        withResultExtents(op.getMask(), {times(batch, offsetGroups), taps});
    return reshaped(given, {times(batch, offsetGroups), b.ints(1)}, {});
  }

  /// The filter of each group times what was sampled of its channels.
  Value multiplied(Value samples) {
    Value groups = b.ints(static_cast<int64_t>(op.getGroup()));
    Value depth = b.create("Mul", {b.create("Div", {channels, groups}), taps});
    Value columns =
        b.create("Reshape", {samples, joined({batch, groups, depth, places})});
    Value outputs = b.create("Div", {b.extent(op.getW(), 0), groups});
    Value own = b.create("Mul", {b.extent(op.getW(), 1), taps});
    Value filter =
        b.create("Reshape", {op.getW(), joined({groups, outputs, own})});
    return b.create("MatMul", {filter, columns});
  }

  Value withBias(Value y) {
    if (!op.getB())
      return y;
    SmallVector<Value> shape = {b.extent(op.getW(), 0)};
    shape.append(axes, b.ints(1));
    return b.create("Add",
                    {y, b.create("Reshape", {op.getB(), joined(shape)})});
  }

  OnnxBuilder &b;
  onnx::DeformConvOp op;
  int64_t axes;          ///< Spatial ones.
  Type type, place, i64; ///< Of elements and of positions.
  int64_t offsetGroups;
  Value batch, channels, taps, places;
  SmallVector<Value> extents, kernel, results; ///< By spatial axis.
};

} // namespace

Value expand(OnnxBuilder &b, onnx::DeformConvOp op) {
  std::optional<int64_t> rank = rankOf(op.getX());
  if (!rank || *rank < 3)
    return {};
  return DeformConvExpander(b, op, *rank - 2).run();
}

} // namespace dycc
