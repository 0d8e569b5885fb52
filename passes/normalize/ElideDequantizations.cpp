// Exporters quantise the result of every operator. Where one only moves
// elements, what it gives is quantised as what it reads, and the integers can
// be moved as they are. Each such operator gets a twin on integers while the
// walk passes it; what no quantisation and no product asks for is dropped at
// the end.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxPooling.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "dialects/onnx/OnnxSignal.h"
#include "dialects/onnx/WeightStore.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Quantization.h"

#define DEBUG_TYPE "dycc-elide-dequantizations"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_ELIDEDEQUANTIZATIONSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// How a whole tensor is quantised.
struct Scheme {
  float scale;
  int64_t point;
  Type type;

  bool operator==(const Scheme &other) const {
    return scale == other.scale && point == other.point && type == other.type;
  }
  /// What `step` stands for, as DequantizeLinear has it.
  float real(int64_t step) const {
    return static_cast<float>(step - point) * scale;
  }
};

std::optional<float> floatOf(Value value) {
  ElementsAttr constant = constantOf(value);
  if (!constant || rankOf(value) != 0 || !elementTypeOf(value).isF32())
    return std::nullopt;
  auto bytes = onnx::getWeightBytes(constant);
  return bytes ? std::optional(bytes->at<float>(0)) : std::nullopt;
}

/// Nothing where parameters are no constants for the whole tensor, or steps
/// that are dequantised are not those that they are quantised to again: of
/// eight bits they are, since both roundings move a step by less than 2^-14
/// where no product is too large or too small for f32.
std::optional<Scheme> schemeOf(Value scale, Value point, Type type) {
  auto size = floatOf(scale);
  constexpr float least = std::numeric_limits<float>::min(), most = 1e30F;
  if (!size || !(*size >= least && *size <= most) || !type.isInteger(8))
    return std::nullopt;
  if (!point)
    return Scheme{*size, 0, type};
  auto steps =
      rankOf(point) == 0 ? quantization::integersOf(point) : std::nullopt;
  return steps ? std::optional(Scheme{*size, steps->front(), type})
               : std::nullopt;
}

std::optional<Scheme> schemeOf(onnx::DequantizeLinearOp op) {
  return schemeOf(op.getXScale(), op.getXZeroPoint(), elementTypeOf(op.getX()));
}

/// The step of a number that stands for just that; nothing where none does.
std::optional<int64_t> stepOf(float number, const Scheme &scheme) {
  int64_t least = scheme.type.isUnsignedInteger() ? 0 : -128;
  for (int64_t step = least; step < least + 256; ++step)
    if (scheme.real(step) == number)
      return step;
  return std::nullopt;
}

/// Whether each window of a pooling has an element of the image, so that none
/// is made of padding.
bool hasFullWindows(onnx::MaxPoolOp op) {
  auto isOne = [](int64_t dilation) { return dilation == 1; };
  if (op->getNumResults() > 1 && op.getIndices())
    return false;
  if (auto dilations = op.getDilations();
      dilations && !llvm::all_of(*dilations, isOne))
    return false;
  auto pads = op.getPads();
  ArrayRef<int64_t> kernel = op.getKernelShape();
  for (size_t i = 0; pads && i < pads->size(); ++i)
    if ((*pads)[i] >= kernel[i % kernel.size()])
      return false;
  return true;
}

/// Whether elements of the results are elements of the operands, whatever those
/// are: all operands of a Concat, of others the first one.
bool movesElements(Operation *op) {
  if (!onnx::has(op, onnx::Fact::Moves))
    return false;
  if (auto pool = dyn_cast<onnx::MaxPoolOp>(op))
    return hasFullWindows(pool);
  if (auto resize = dyn_cast<onnx::ResizeOp>(op))
    return resize.getMode() == "nearest" &&
           resize.getCoordinateTransformationMode() != "tf_crop_and_resize";
  return true;
}

/// `QuantizeLinear(DequantizeLinear(q))` of one scheme  =>  `q`.
void cancel(onnx::QuantizeLinearOp op, onnx::DequantizeLinearOp from) {
  bool isSingle = op.getBlockSize() == 0 && op.getPrecision() == 0;
  if (!from || !isSingle)
    return;
  auto scheme =
      schemeOf(op.getYScale(), op.getYZeroPoint(), elementTypeOf(op.getY()));
  if (!scheme || scheme != schemeOf(from))
    return;
  replaceValue(op.getY(), from.getX());
  op->erase();
}

/// The operands of a Pad on integers; none where no step is what it adds.
SmallVector<Value> paddingOperands(OnnxBuilder &b, onnx::PadOp pad,
                                   SmallVector<Value> operands,
                                   const Scheme &scheme) {
  if (pad.getMode() != "constant")
    return operands;
  Value value = pad.getConstantValue();
  auto number = value ? floatOf(value) : std::optional(0.0F);
  auto step = number ? stepOf(*number, scheme) : std::nullopt;
  if (!step)
    return {};
  operands.resize(std::max<size_t>(operands.size(), 3));
  operands[2] = b.scalar(scheme.type, static_cast<double>(*step));
  return operands;
}

/// `op` on `integers`; null where they have no number that it adds.
Operation *onIntegers(OnnxBuilder &b, Operation *op, ArrayRef<Value> integers,
                      const Scheme &scheme) {
  SmallVector<Value> operands = operandsByPosition(op);
  llvm::copy(integers, operands.begin());
  if (auto pad = dyn_cast<onnx::PadOp>(op)) {
    operands = paddingOperands(b, pad, operands, scheme);
    return operands.empty()
               ? nullptr
               : b.create("Pad", operands, scheme.type, attributesOf(op))
                     .getDefiningOp();
  }
  Operation *twin = b.getBuilder().clone(*op);
  for (auto [operand, value] : llvm::zip(twin->getOpOperands(), integers))
    operand.set(value);
  return twin;
}

/// Operators that move elements, beside those that do the same on integers.
class Twins {
public:
  /// What dequantises the integers that `value` may be had from; null.
  onnx::DequantizeLinearOp behind(Value value) const {
    auto twin = twins.lookup(value);
    return twin ? twin : quantization::dequantizedBy(value);
  }

  /// A product can have integers on its left
  /// (`dycc-fuse-dequantized-products`).
  void read(Operation *product) const {
    if (auto twin = twins.lookup(product->getOperand(0)))
      product->setOperand(0, twin.getY());
  }

  void add(Operation *op) {
    SmallVector<Value> integers;
    size_t count = isa<onnx::ConcatOp>(op) ? op->getNumOperands() : 1;
    onnx::DequantizeLinearOp first = behind(op->getOperand(0));
    auto scheme = first ? schemeOf(first) : std::nullopt;
    if (!scheme)
      return;
    for (Value operand : op->getOperands().take_front(count)) {
      onnx::DequantizeLinearOp from = behind(operand);
      if (!from || schemeOf(from) != scheme)
        return;
      integers.push_back(from.getX());
    }
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    if (Operation *twin = onIntegers(b, op, integers, *scheme))
      pair(b, op, twin, first);
  }

  /// Drops what nothing reads.
  void eraseUnused() {
    for (Operation *op : llvm::reverse(ops))
      if (op->use_empty())
        op->erase();
  }

  void noteUnused(Operation *op) { ops.push_back(op); }

private:
  /// Dequantises what `twin` gives as `like` does.
  void pair(OnnxBuilder &b, Operation *op, Operation *twin,
            onnx::DequantizeLinearOp like) {
    ops.append({op, twin});
    for (auto [real, integers] :
         llvm::zip_equal(op->getResults(), twin->getResults())) {
      integers.setType(
          cast<TensorType>(real.getType()).clone(elementTypeOf(like.getX())));
      Value y = b.create("DequantizeLinear",
                         {integers, like.getXScale(), like.getXZeroPoint()},
                         b.getBuilder().getF32Type());
      y.setType(real.getType());
      twins[real] = cast<onnx::DequantizeLinearOp>(y.getDefiningOp());
      ops.push_back(y.getDefiningOp());
    }
  }

  DenseMap<Value, onnx::DequantizeLinearOp> twins; ///< By their results.
  SmallVector<Operation *> ops; ///< That may have lost their readers.
};

class ElideDequantizations final
    : public impl::ElideDequantizationsPassBase<ElideDequantizations> {
  void runOnOperation() override {
    Twins twins;
    SmallVector<Operation *> ops;
    getOperation().walk<WalkOrder::PreOrder>(
        [&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops) {
      onnx::Root root = onnx::rootOf(op);
      if (auto quantize = dyn_cast<onnx::QuantizeLinearOp>(op))
        cancel(quantize, twins.behind(quantize.getX()));
      else if (isa<onnx::DequantizeLinearOp>(op))
        twins.noteUnused(op);
      else if (root == onnx::Root::Product || root == onnx::Root::Convolution)
        twins.read(op);
      else if (movesElements(op))
        twins.add(op);
    }
    twins.eraseUnused();
    refreshResultTypes(getOperation());
  }
};

} // namespace
} // namespace dycc
