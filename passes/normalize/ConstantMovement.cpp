// Operators whose results hold the operands' elements in another order: they
// work on bytes, of any element type and at any size.
#include "passes/normalize/ConstantEval.h"

#include "dialects/onnx/OnnxIndexing.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "passes/normalize/OnnxBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace dycc {

ArrayRef<int64_t> shapeOf(ElementsAttr constant) {
  return constant.getShapedType().getShape();
}

std::optional<SmallVector<int64_t>> intsOf(ElementsAttr constant) {
  bool isI32 = constant && constant.getElementType().isInteger(32);
  if (!constant || (!isI32 && !constant.getElementType().isInteger(64)))
    return std::nullopt;
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(constant);
  if (!bytes)
    return std::nullopt;
  SmallVector<int64_t> values;
  for (int64_t i = 0, n = constant.getNumElements(); i < n; ++i)
    values.push_back(isI32 ? bytes->at<int32_t>(i) : bytes->at<int64_t>(i));
  return values;
}

std::optional<SmallVector<int64_t>> broadcastShapes(ArrayRef<int64_t> a,
                                                    ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()), 1);
  for (size_t i = 0; i < result.size(); ++i) {
    int64_t left = i < a.size() ? a[a.size() - 1 - i] : 1;
    int64_t right = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (left != right && left != 1 && right != 1)
      return std::nullopt;
    result[result.size() - 1 - i] = left == 1 ? right : left;
  }
  return result;
}

namespace {

/// A tensor as a walk over another one's elements, counted in elements.
struct StridedView {
  SmallVector<int64_t> shape, strides;
  int64_t offset = 0;

  static StridedView of(ArrayRef<int64_t> shape) {
    StridedView view{SmallVector<int64_t>(shape), {}, 0};
    view.strides.assign(shape.size(), 1);
    for (size_t i = shape.size(); i-- > 1;)
      view.strides[i - 1] = view.strides[i] * shape[i];
    return view;
  }
  int64_t numElements() const { return ShapedType::getNumElements(shape); }
};

/// Appends the elements that `view` walks over to `out`.
void append(std::vector<char> &out, ArrayRef<char> bytes, size_t width,
            const StridedView &view) {
  size_t rank = view.shape.size();
  if (view.numElements() == 0)
    return;
  // The last axis in one piece where its elements are neighbours.
  bool isDense = rank && view.strides[rank - 1] == 1;
  size_t outer = isDense ? rank - 1 : rank;
  size_t piece = width * (isDense ? view.shape[rank - 1] : 1);
  SmallVector<int64_t> index(outer, 0);
  int64_t at = view.offset;
  while (true) {
    const char *from = bytes.data() + at * width;
    out.insert(out.end(), from, from + piece);
    size_t axis = outer;
    for (; axis > 0; --axis) {
      size_t i = axis - 1;
      at += view.strides[i];
      if (++index[i] < view.shape[i])
        break;
      at -= view.strides[i] * view.shape[i];
      index[i] = 0;
    }
    if (axis == 0)
      return;
  }
}

ElementsAttr materialize(ElementsAttr data, const StridedView &view) {
  std::optional<onnx::WeightBytes> bytes = onnx::getWeightBytes(data);
  if (!bytes)
    return {};
  size_t width = onnx::getElementBytes(data.getElementType());
  std::vector<char> out;
  out.reserve(view.numElements() * width);
  append(out, bytes->bytes(), width, view);
  return onnx::getWeight(
      RankedTensorType::get(view.shape, data.getElementType()), std::move(out));
}

/// The same elements in the same order. The bytes are copied only where they
/// are no blob: the weight store finds the blob again by its content.
ElementsAttr reshape(ElementsAttr data, ArrayRef<int64_t> shape) {
  if (ShapedType::getNumElements(shape) != data.getNumElements())
    return {};
  auto type = RankedTensorType::get(shape, data.getElementType());
  if (auto strings = dyn_cast<DenseStringElementsAttr>(data))
    return DenseStringElementsAttr::get(type, strings.getRawStringData());
  if (auto dense = dyn_cast<DenseElementsAttr>(data))
    return dense.reshape(type);
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(data))
    return DenseResourceElementsAttr::get(type, resource.getRawHandle());
  return {};
}

/// A valid axis of a tensor of that rank, or nothing.
std::optional<int64_t> normalize(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank)
    return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

using Results = std::optional<SmallVector<ElementsAttr>>;
using Operands = ArrayRef<ElementsAttr>;

Results single(ElementsAttr value) {
  return value ? Results({value}) : std::nullopt;
}

Results fold(onnx::TransposeOp op, Operands operands) {
  StridedView data = StridedView::of(shapeOf(operands[0]));
  size_t rank = data.shape.size();
  SmallVector<int64_t> perm;
  if (auto given = op.getPerm())
    perm.assign(given->begin(), given->end());
  else
    for (size_t i = rank; i-- > 0;)
      perm.push_back(i);
  StridedView view;
  for (int64_t axis : perm) {
    if (perm.size() != rank || axis < 0 || axis >= int64_t(rank))
      return std::nullopt;
    view.shape.push_back(data.shape[axis]);
    view.strides.push_back(data.strides[axis]);
  }
  return single(materialize(operands[0], view));
}

Results fold(onnx::ReshapeOp op, Operands operands) {
  std::optional<SmallVector<int64_t>> shape = intsOf(operands[1]);
  if (!shape)
    return std::nullopt;
  ArrayRef<int64_t> old = shapeOf(operands[0]);
  int64_t known = 1, *inferred = nullptr;
  for (auto [i, extent] : llvm::enumerate(*shape)) {
    if (extent == 0 && !op.getAllowzero()) {
      if (i >= old.size())
        return std::nullopt;
      extent = old[i];
    }
    if (extent < 0)
      inferred = &extent;
    else
      known *= extent;
  }
  if (inferred) {
    if (known == 0 || operands[0].getNumElements() % known)
      return std::nullopt;
    *inferred = operands[0].getNumElements() / known;
  }
  return single(reshape(operands[0], *shape));
}

Results fold(onnx::SqueezeOp op, Operands operands) {
  ArrayRef<int64_t> old = shapeOf(operands[0]);
  SmallVector<bool> dropped(old.size(), false);
  if (operands.size() < 2 || !operands[1]) {
    for (auto [drop, extent] : llvm::zip_equal(dropped, old))
      drop = extent == 1;
  } else {
    std::optional<SmallVector<int64_t>> axes = intsOf(operands[1]);
    for (int64_t axis : axes.value_or(SmallVector<int64_t>())) {
      auto valid = normalize(axis, old.size());
      if (!valid || old[*valid] != 1)
        return std::nullopt;
      dropped[*valid] = true;
    }
  }
  SmallVector<int64_t> shape;
  for (auto [drop, extent] : llvm::zip_equal(dropped, old))
    if (!drop)
      shape.push_back(extent);
  return single(reshape(operands[0], shape));
}

Results fold(onnx::UnsqueezeOp op, Operands operands) {
  std::optional<SmallVector<int64_t>> axes = intsOf(operands[1]);
  if (!axes)
    return std::nullopt;
  SmallVector<int64_t> shape(shapeOf(operands[0]));
  int64_t rank = shape.size() + axes->size();
  for (int64_t &axis : *axes) {
    auto valid = normalize(axis, rank);
    if (!valid)
      return std::nullopt;
    axis = *valid;
  }
  llvm::sort(*axes);
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + axis, 1);
  return single(reshape(operands[0], shape));
}

Results fold(onnx::FlattenOp op, Operands operands) {
  ArrayRef<int64_t> old = shapeOf(operands[0]);
  int64_t axis = op.getAxis() + (op.getAxis() < 0 ? int64_t(old.size()) : 0);
  if (axis < 0 || axis > int64_t(old.size()))
    return std::nullopt;
  return single(
      reshape(operands[0], {ShapedType::getNumElements(old.take_front(axis)),
                            ShapedType::getNumElements(old.drop_front(axis))}));
}

/// One axis of a Slice.
void sliceAxis(StridedView &view, int64_t axis, int64_t start, int64_t end,
               int64_t step) {
  int64_t extent = view.shape[axis];
  auto clamp = [&](int64_t i, int64_t low, int64_t high) {
    i += i < 0 && i >= -extent ? extent : 0;
    return std::clamp(i < 0 ? low : i, low, high);
  };
  bool isForward = step > 0;
  start = clamp(start, 0, isForward ? extent : extent - 1);
  // Backwards, -1 is the place before the first element.
  end = clamp(end, isForward ? 0 : -1, isForward ? extent : extent - 1);
  int64_t distance = isForward ? end - start : start - end;
  int64_t stride = isForward ? step : -step;
  view.shape[axis] = distance <= 0 ? 0 : (distance - 1) / stride + 1;
  view.offset += start * view.strides[axis];
  view.strides[axis] *= step;
}

Results fold(onnx::SliceOp op, Operands operands) {
  auto starts = intsOf(operands[1]), ends = intsOf(operands[2]);
  bool hasAxes = operands.size() > 3 && operands[3];
  bool hasSteps = operands.size() > 4 && operands[4];
  auto axes = hasAxes ? intsOf(operands[3]) : std::nullopt;
  auto steps = hasSteps ? intsOf(operands[4]) : std::nullopt;
  StridedView view = StridedView::of(shapeOf(operands[0]));
  if (!starts || !ends || starts->size() != ends->size() ||
      (axes && axes->size() != starts->size()) ||
      (steps && steps->size() != starts->size()))
    return std::nullopt;
  for (size_t i = 0; i < starts->size(); ++i) {
    auto axis = normalize(axes ? (*axes)[i] : i, view.shape.size());
    int64_t step = steps ? (*steps)[i] : 1;
    if (!axis || step == 0 || step == std::numeric_limits<int64_t>::min())
      return std::nullopt;
    if (view.shape[*axis] != 0)
      sliceAxis(view, *axis, (*starts)[i], (*ends)[i], step);
  }
  return single(materialize(operands[0], view));
}

Results fold(onnx::SplitOp op, Operands operands) {
  StridedView data = StridedView::of(shapeOf(operands[0]));
  auto axis = normalize(op.getAxis(), data.shape.size());
  if (!axis)
    return std::nullopt;
  int64_t extent = data.shape[*axis], n = op->getNumResults();
  SmallVector<int64_t> sizes(n, llvm::divideCeil(extent, n));
  sizes.back() = extent - (n - 1) * sizes[0];
  if (operands.size() > 1 && operands[1]) {
    auto given = intsOf(operands[1]);
    if (!given || int64_t(given->size()) != n)
      return std::nullopt;
    sizes = *given;
  }
  SmallVector<ElementsAttr> results;
  int64_t start = 0;
  for (int64_t size : sizes) {
    if (size < 0 || start + size > extent)
      return std::nullopt;
    StridedView view = data;
    sliceAxis(view, *axis, start, start + size, 1);
    results.push_back(materialize(operands[0], view));
    if (!results.back())
      return std::nullopt;
    start += size;
  }
  return results;
}

Results fold(onnx::ConcatOp op, Operands operands) {
  SmallVector<int64_t> shape(shapeOf(operands[0]));
  auto axis = normalize(op.getAxis(), shape.size());
  if (!axis)
    return std::nullopt;
  shape[*axis] = 0;
  SmallVector<onnx::WeightBytes> parts;
  for (ElementsAttr operand : operands) {
    ArrayRef<int64_t> part = shapeOf(operand);
    auto bytes = onnx::getWeightBytes(operand);
    if (part.size() != shape.size() || !bytes)
      return std::nullopt;
    for (size_t i = 0; i < part.size(); ++i)
      if (i != size_t(*axis) && part[i] != shape[i])
        return std::nullopt;
    shape[*axis] += part[*axis];
    parts.push_back(std::move(*bytes));
  }
  size_t width = onnx::getElementBytes(operands[0].getElementType());
  int64_t outer = ShapedType::getNumElements(ArrayRef(shape).take_front(*axis));
  std::vector<char> out;
  out.reserve(ShapedType::getNumElements(shape) * width);
  for (int64_t i = 0; i < outer; ++i)
    for (const onnx::WeightBytes &part : parts) {
      size_t piece = part.bytes().size() / outer;
      out.insert(out.end(), part.bytes().data() + i * piece,
                 part.bytes().data() + (i + 1) * piece);
    }
  return single(onnx::getWeight(
      RankedTensorType::get(shape, operands[0].getElementType()),
      std::move(out)));
}

Results fold(onnx::GatherOp op, Operands operands) {
  StridedView data = StridedView::of(shapeOf(operands[0]));
  auto axis = normalize(op.getAxis(), data.shape.size());
  auto indices = intsOf(operands[1]);
  auto bytes = onnx::getWeightBytes(operands[0]);
  if (!axis || !indices || !bytes)
    return std::nullopt;
  ArrayRef<int64_t> shape = data.shape;
  size_t width = onnx::getElementBytes(operands[0].getElementType());
  size_t inner =
      width * ShapedType::getNumElements(shape.drop_front(*axis + 1));
  int64_t outer = ShapedType::getNumElements(shape.take_front(*axis));
  std::vector<char> out;
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t index : *indices) {
      auto valid = normalize(index, shape[*axis]);
      if (!valid || int64_t(out.size()) >
                        int64_t(bytes->bytes().size()) + maxFoldedElements * 8)
        return std::nullopt;
      const char *from =
          bytes->bytes().data() + (i * shape[*axis] + *valid) * inner;
      out.insert(out.end(), from, from + inner);
    }
  SmallVector<int64_t> result(shape.take_front(*axis));
  llvm::append_range(result, shapeOf(operands[1]));
  llvm::append_range(result, shape.drop_front(*axis + 1));
  return single(onnx::getWeight(
      RankedTensorType::get(result, operands[0].getElementType()),
      std::move(out)));
}

Results fold(onnx::ExpandOp op, Operands operands) {
  auto target = intsOf(operands[1]);
  if (!target || llvm::any_of(*target, [](int64_t e) { return e < 0; }))
    return std::nullopt;
  auto shape = broadcastShapes(shapeOf(operands[0]), *target);
  if (!shape || ShapedType::getNumElements(*shape) > maxFoldedElements)
    return std::nullopt;
  StridedView data = StridedView::of(shapeOf(operands[0]));
  StridedView view{*shape, SmallVector<int64_t>(shape->size(), 0), 0};
  size_t offset = shape->size() - data.shape.size();
  for (size_t i = 0; i < data.shape.size(); ++i)
    if (data.shape[i] != 1)
      view.strides[offset + i] = data.strides[i];
  return single(materialize(operands[0], view));
}

} // namespace

Results foldMovement(Operation *op, Operands operands) {
  return llvm::TypeSwitch<Operation *, Results>(op)
      .Case<onnx::TransposeOp, onnx::ReshapeOp, onnx::SqueezeOp,
            onnx::UnsqueezeOp, onnx::FlattenOp, onnx::SliceOp, onnx::SplitOp,
            onnx::ConcatOp, onnx::GatherOp, onnx::ExpandOp>(
          [&](auto typed) { return fold(typed, operands); })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace dycc
