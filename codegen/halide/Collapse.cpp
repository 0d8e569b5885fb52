#include "codegen/halide/Collapse.h"

#include "codegen/halide/Attributes.h"
#include "codegen/halide/Operands.h"
#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxNormalize.h"
#include "passes/fuse/RootChain.h"
#include <optional>

using namespace mlir;

namespace dycc::halide {
namespace {

/// Types of the inputs, the values in the body and the results.
SmallVector<Type> tensorTypes(dyn::KernelOp kernel) {
  SmallVector<Type> types(kernel.getBody().getArgumentTypes());
  for (Operation &op : kernel.getBody().front().without_terminator())
    llvm::append_range(types, op.getResultTypes());
  return types;
}

bool isPointwiseGroup(dyn::KernelOp kernel) {
  return llvm::all_of(
      kernel.getBody().front().without_terminator(),
      [](Operation &op) { return onnx::has(&op, onnx::Fact::Pointwise); });
}

/// Whether `op` gives each pixel of an image the same whatever its place is.
bool ignoresPlaces(Operation *op) {
  return fuse::isPixelwise(op) || isa<onnx::InstanceNormalizationOp>(op);
}

bool hasPitch(Type type) {
  dyn::LayoutAttr layout = dyn::getLayout(type);
  return layout && layout.getPitch() > 0;
}

bool hasRoom(Type type) {
  dyn::LayoutAttr layout = dyn::getLayout(type);
  return layout && layout.hasRoom();
}

/// The rank of the image where the kernel is such an operator and element-wise
/// ones around it, or these alone and some image lies among other channels; and
/// every tensor has either the whole image or no extent in it.
std::optional<size_t> pixelGroupRank(dyn::KernelOp kernel,
                                     ArrayRef<Type> types) {
  Operation *root = nullptr;
  bool isAmongOthers =
      llvm::any_of(kernel.getBody().getArgumentTypes(), hasPitch) ||
      llvm::any_of(kernel.getResultTypes(), hasPitch);
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    bool isScalar =
        isConstant(&op) && dyn::getDims(op.getResult(0).getType()).size() < 2;
    bool isPointwise = onnx::has(&op, onnx::Fact::Pointwise);
    if (ignoresPlaces(&op) || (isAmongOthers && isPointwise))
      root = &op;
    else if (!isScalar && !isPointwise)
      return std::nullopt;
  }
  size_t rank = root ? dyn::getDims(root->getResult(0).getType()).size() : 0;
  if (rank < 4)
    return std::nullopt;
  auto image = dyn::getDims(root->getResult(0).getType()).drop_front(2);
  bool fits = llvm::all_of(types, [&](Type type) {
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(type);
    if (dims.size() < 2)
      return true;
    if (dims.size() < image.size() || dims.size() > rank)
      return false;
    ArrayRef<dyn::ExprAttr> last = dims.take_back(image.size());
    return last == image ||
           llvm::all_of(last, [](dyn::ExprAttr e) { return e.isConstant(1); });
  });
  return fits ? std::optional(rank) : std::nullopt;
}

bool isOne(dyn::ExprAttr e) { return e.isConstant(1); }

/// `matrix` and the values that it alone is made of, where each is read once.
llvm::SetVector<Value> madeInto(Value matrix) {
  llvm::SetVector<Value> values;
  if (matrix.hasOneUse())
    values.insert(matrix);
  for (size_t i = 0; i < values.size(); ++i)
    if (Operation *op = values[i].getDefiningOp())
      for (Value operand : op->getOperands())
        if (operand.hasOneUse())
          values.insert(operand);
  return values;
}

/// The operands of convolutions of single pixels but for their images, and what
/// these are made of.
llvm::DenseSet<Value> filtersOf(dyn::KernelOp kernel) {
  llvm::DenseSet<Value> filters;
  for (Operation *root : rootsOf(kernel, onnx::Root::Convolution))
    for (Value operand : root->getOperands().drop_front())
      filters.insert_range(madeInto(operand));
  return filters;
}

/// Values of a kernel and the types that they have at its edge.
SmallVector<std::pair<Value, Type>> valuesOf(dyn::KernelOp kernel) {
  SmallVector<std::pair<Value, Type>> values;
  for (BlockArgument argument : kernel.getBody().getArguments())
    values.push_back({argument, argument.getType()});
  for (Operation &op : kernel.getBody().front().without_terminator())
    for (Value result : op.getResults())
      values.push_back({result, Type()});
  for (auto [value, type] :
       llvm::zip(kernel.getYield()->getOperands(), kernel.getResultTypes()))
    values.push_back({value, type});
  return values;
}

/// Whether the pixels of all images follow each other where `type` says how a
/// tensor lies in memory.
bool isPixelAfterPixel(Type type) {
  dyn::LayoutAttr layout = dyn::getLayout(type);
  return layout ? layout.getKind() == dyn::LayoutKind::ChannelsLast
                : isOne(dyn::getDims(type)[1]);
}

/// What has a batch of images of `rank` axes in a kernel that pixelGroupRank()
/// knows; nothing where a tensor has one value for each of the images, or where
/// these do not follow each other pixel by pixel.
llvm::DenseSet<Value> batchesOf(dyn::KernelOp kernel, size_t rank) {
  llvm::DenseSet<Value> batches, filters = filtersOf(kernel);
  Value result = kernel.getYield()->getOperand(0);
  ArrayRef<dyn::ExprAttr> all = dyn::getDims(result.getType());
  auto ops = kernel.getBody().front().without_terminator();
  if (all.size() != rank || isOne(all[0]) ||
      llvm::any_of(ops, llvm::IsaPred<onnx::InstanceNormalizationOp>))
    return {};
  for (auto [value, edge] : valuesOf(kernel)) {
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(value.getType());
    if (dims.size() < 2 || filters.contains(value))
      continue;
    bool isBatch = dims.size() == rank && dims[0] == all[0] &&
                   dims.drop_front(2) == all.drop_front(2);
    if (isBatch && (!edge || isPixelAfterPixel(edge)))
      batches.insert(value);
    else if (isBatch || !llvm::all_of(dims.take_back(rank - 2), isOne) ||
             (dims.size() == rank && !isOne(dims[0])))
      return {};
  }
  return batches;
}

/// The types of all tensors around the product of many matrices by one, but for
/// that one, where all else is element-wise; nothing of other kernels.
std::optional<SmallVector<Type>> rowsByOneMatrix(dyn::KernelOp kernel) {
  SmallVector<Operation *> roots = rootsOf(kernel, onnx::Root::Product);
  if (roots.size() != 1)
    return std::nullopt;
  Operation *root = roots.front();
  if (dyn::getDims(root->getOperand(0).getType()).size() < 3)
    return std::nullopt;
  llvm::SetVector<Value> right = madeInto(root->getOperand(1));
  auto isMatrix = [](Value value) {
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(value.getType());
    return dims.size() <= 2 || llvm::all_of(dims.drop_back(2), isOne);
  };
  if (dyn::getDims(root->getOperand(1).getType()).size() < 2 ||
      !llvm::all_of(right, isMatrix))
    return std::nullopt;
  SmallVector<Type> types;
  auto add = [&](Value value) {
    if (!right.contains(value))
      types.push_back(value.getType());
  };
  llvm::for_each(kernel.getBody().getArguments(), add);
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    bool isRight = llvm::any_of(
        op.getResults(), [&](Value value) { return right.contains(value); });
    if (&op != root && !isRight && !isConstant(&op) &&
        !onnx::has(&op, onnx::Fact::Pointwise))
      return std::nullopt;
    llvm::for_each(op.getResults(), add);
  }
  bool arePlain = llvm::none_of(
      types, [](Type type) { return static_cast<bool>(dyn::getLayout(type)); });
  return arePlain ? std::optional(types) : std::nullopt;
}

/// Extent of axis `fromLast`, 1 beyond the first axis.
dyn::ExprAttr extentFromLast(Type type, size_t fromLast) {
  ArrayRef<dyn::ExprAttr> dims = dyn::getDims(type);
  if (fromLast >= dims.size())
    return dyn::ExprAttr::constant(type.getContext(), 1);
  return dims[dims.size() - 1 - fromLast];
}

} // namespace

Collapse::Collapse(dyn::KernelOp kernel) {
  // Where one has room its axes lie apart.
  if (llvm::any_of(kernel.getBody().getArgumentTypes(), hasRoom) ||
      llvm::any_of(kernel.getResultTypes(), hasRoom))
    return;
  if (auto rank = pixelGroupRank(kernel, tensorTypes(kernel))) {
    // Rows of pixels lie one behind the other: one axis.
    batches = batchesOf(kernel, *rank);
    starts.assign(*rank, false);
    starts[0] = starts[*rank - 2] = starts[*rank - 1] = true;
    mode = Mode::Merge;
    return;
  }
  if (auto types = rowsByOneMatrix(kernel)) {
    mergeAxes(*types, /*apart=*/2);
    return;
  }
  if (!isPointwiseGroup(kernel))
    return;
  SmallVector<Type> edge(kernel.getBody().getArgumentTypes());
  llvm::append_range(edge, kernel.getResultTypes());
  SmallVector<Type> types = tensorTypes(kernel);
  llvm::append_range(types, kernel.getYield()->getOperandTypes());
  bool sameShape = llvm::all_of(types, [&](Type type) {
    return dyn::getDims(type) == dyn::getDims(types.front());
  });
  bool sameLayout = llvm::all_of(edge, [&](Type type) {
    return dyn::getLayout(type) == dyn::getLayout(edge.front());
  });
  bool plain = llvm::none_of(
      edge, [](Type type) { return static_cast<bool>(dyn::getLayout(type)); });
  if (edge.empty() || types.empty() || dyn::getDims(types.front()).empty())
    return;
  flatLayout = dyn::getLayout(edge.front());
  if (sameShape && sameLayout && !plain && !hasPitch(edge.front()) &&
      flatLayout.getKind() == dyn::LayoutKind::ChannelsLast)
    mode = Mode::Flat;
  else if (plain)
    mergeAxes(types, /*apart=*/1);
}

void Collapse::mergeAxes(ArrayRef<Type> types, size_t apart) {
  size_t rank = 0;
  for (Type type : types)
    rank = std::max(rank, dyn::getDims(type).size());
  // The iteration space: the one extent per axis that is not 1. Two of them
  // (one may be 1 at run time) keep the axis apart.
  SmallVector<dyn::ExprAttr> space(rank);
  std::vector<bool> unclear(rank, false);
  for (Type type : types)
    for (size_t axis = 0; axis < rank; ++axis) {
      dyn::ExprAttr extent = extentFromLast(type, axis);
      if (isOne(extent))
        continue;
      if (space[axis] && space[axis] != extent)
        unclear[axis] = true;
      space[axis] = extent;
    }
  // Whether `axis` goes where `with` is: each tensor has both or neither.
  auto agree = [&](size_t axis, size_t with) {
    return !unclear[axis] && !unclear[with] &&
           llvm::all_of(types, [&](Type type) {
             return isOne(extentFromLast(type, axis)) ==
                    isOne(extentFromLast(type, with));
           });
  };
  starts.assign(rank, true);
  std::optional<size_t> current; // An axis of the running group that is not 1.
  for (size_t axis = 0; axis < rank; ++axis) {
    bool joins = !space[axis] || !current || agree(axis, *current);
    starts[axis] = axis < apart || !joins;
    if (starts[axis])
      current.reset();
    if (space[axis])
      current = axis;
  }
  mode = Mode::Merge;
}

Dims Collapse::dims(Value value) const {
  Type type = value.getType();
  if (mode == Mode::Flat)
    return {dyn::Layout(type.getContext(), dyn::getDims(type), flatLayout)
                .elements()};
  ArrayRef<dyn::ExprAttr> dims = dyn::getDims(type);
  if (mode == Mode::None)
    return {dims.begin(), dims.end()};
  dyn::ExprAttr one = dyn::ExprAttr::constant(type.getContext(), 1);
  if (batches.contains(value)) {
    dyn::ExprAttr pixels = dims[0];
    for (dyn::ExprAttr extent : dims.drop_front(2))
      pixels = dyn::ExprAttr::mul(pixels, extent);
    return {one, dims[1], pixels};
  }
  Dims merged;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    if (starts[axis])
      merged.push_back(one);
    merged.back() =
        dyn::ExprAttr::mul(extentFromLast(type, axis), merged.back());
  }
  return {merged.rbegin(), merged.rend()};
}

dyn::LayoutAttr Collapse::layout(Type type) const {
  return mode == Mode::Flat ? dyn::LayoutAttr() : dyn::getLayout(type);
}

} // namespace dycc::halide
