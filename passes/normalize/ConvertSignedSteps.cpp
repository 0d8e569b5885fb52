// Instructions for dot products take u8 on the left, and what lies in memory as
// s8 would be moved by 128 wherever it is read. Steps between a quantisation
// and its dequantisations have no other readers: moved with their zero points,
// they stand for the same numbers.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxQuantize.h"
#include "passes/normalize/OnnxBuilder.h"
#include "passes/normalize/Quantization.h"

#define DEBUG_TYPE "dycc-convert-signed-steps"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_CONVERTSIGNEDSTEPSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// The zero point of a whole tensor of s8; nothing where it is none, or of
/// parts.
std::optional<int64_t> signedPoint(Value steps, Value scale, Value point) {
  Type type = elementTypeOf(steps);
  if (!type.isInteger(8) || type.isUnsignedInteger() || rankOf(scale) != 0)
    return std::nullopt;
  if (!point)
    return 0;
  return rankOf(point) == 0 ? quantization::knownPoint(point) : std::nullopt;
}

/// What reads `steps`, all of which dequantise whole tensors; nothing where
/// others are among them.
std::optional<SmallVector<onnx::DequantizeLinearOp>> readersOf(Value steps) {
  SmallVector<onnx::DequantizeLinearOp> readers;
  for (OpOperand &use : steps.getUses()) {
    auto op = dyn_cast<onnx::DequantizeLinearOp>(use.getOwner());
    if (!op || use.getOperandNumber() != 0 ||
        !signedPoint(steps, op.getXScale(), op.getXZeroPoint()))
      return std::nullopt;
    readers.push_back(op);
  }
  return readers;
}

Value unsignedPoint(OnnxBuilder &b, int64_t point) {
  Type u8 = b.getBuilder().getIntegerType(8, /*isSigned=*/false);
  return b.scalar(u8, static_cast<double>(point + 128));
}

/// The attributes but that which names the type of steps without a zero point.
SmallVector<NamedAttribute> attributesWithPoint(onnx::QuantizeLinearOp op) {
  SmallVector<NamedAttribute> attributes = attributesOf(op);
  llvm::erase_if(attributes, [&](NamedAttribute attribute) {
    return attribute.getName() == op.getOutputDtypeAttrName();
  });
  return attributes;
}

class ConvertSignedSteps final
    : public impl::ConvertSignedStepsPassBase<ConvertSignedSteps> {
  void runOnOperation() override {
    SmallVector<onnx::QuantizeLinearOp> ops;
    getOperation().walk([&](onnx::QuantizeLinearOp op) { ops.push_back(op); });
    for (onnx::QuantizeLinearOp op : ops) {
      auto point = signedPoint(op.getY(), op.getYScale(), op.getYZeroPoint());
      auto readers = point ? readersOf(op.getY()) : std::nullopt;
      if (readers)
        convert(op, *point, *readers);
    }
  }

  static void convert(onnx::QuantizeLinearOp op, int64_t point,
                      ArrayRef<onnx::DequantizeLinearOp> readers) {
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    Value moved = unsignedPoint(b, point);
    Value steps = b.create("QuantizeLinear", {op.getX(), op.getYScale(), moved},
                           elementTypeOf(moved), attributesWithPoint(op));
    steps.setType(
        cast<TensorType>(op.getY().getType()).clone(elementTypeOf(moved)));
    for (onnx::DequantizeLinearOp reader : readers) {
      builder.setInsertionPoint(reader);
      OnnxBuilder at(builder, reader->getLoc());
      Value scale = reader.getXScale();
      auto own = signedPoint(reader.getX(), scale, reader.getXZeroPoint());
      Value real =
          at.create("DequantizeLinear", {steps, scale, unsignedPoint(at, *own)},
                    elementTypeOf(reader.getY()), attributesOf(reader));
      replaceValue(reader.getY(), real);
      reader->erase();
    }
    op->erase();
  }
};

} // namespace
} // namespace dycc
