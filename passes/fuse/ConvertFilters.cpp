// A filter of 16 bits that is transformed for Winograd's tiles would be rounded
// once more, and its errors with it: some three roundings of the result's
// largest value for each layer. The transformed one stays f32; images are what
// a convolution reads and writes most of, and these keep their 16 bits: a Cast
// of them shares the kernel.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "dialects/onnx/WeightStore.h"
#include "passes/fuse/WinogradRule.h"

#define DEBUG_TYPE "dycc-convert-filters"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_CONVERTFILTERSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

bool isHalf(Value value) {
  Type element = getElementTypeOrSelf(value.getType());
  return element.isF16() || element.isBF16();
}

Type withElement(Type type, Type element) {
  return dyn::getTensorType(dyn::getDims(type), element);
}

/// The elements of a constant of 16 bits: f32 holds them exactly.
ElementsAttr widened(ElementsAttr constant) {
  auto bytes = onnx::getWeightBytes(constant);
  const llvm::fltSemantics &format =
      cast<FloatType>(constant.getElementType()).getFloatSemantics();
  std::vector<char> result(2 * bytes->bytes().size());
  for (size_t i = 0; i < result.size() / sizeof(float); ++i) {
    APInt bits(16, bytes->at<uint16_t>(i));
    float value = APFloat(format, bits).convertToFloat();
    std::memcpy(result.data() + i * sizeof(float), &value, sizeof(float));
  }
  auto shape = cast<RankedTensorType>(constant.getShapedType()).getShape();
  Type element = Float32Type::get(constant.getContext());
  return onnx::getWeight(RankedTensorType::get(shape, element),
                         std::move(result));
}

class ConvertFilters final
    : public impl::ConvertFiltersPassBase<ConvertFilters> {
  using ConvertFiltersPassBase::ConvertFiltersPassBase;

  void runOnOperation() override {
    SmallVector<onnx::ConvOp> found;
    getOperation().walk([&](onnx::ConvOp conv) {
      auto filter = conv.getW().getDefiningOp<onnx::ConstantOp>();
      if (filter && isHalf(conv.getW()) &&
          onnx::getWeightBytes(filter.getValue()) &&
          isTransformedInF32(conv, winograd, pairsBf16))
        found.push_back(conv);
    });
    if (found.empty())
      markAllAnalysesPreserved();
    for (onnx::ConvOp conv : found)
      convert(conv);
    constants.clear();
  }

  void convert(onnx::ConvOp conv) {
    remarks::taken(remarks::kLayout, conv->getLoc(), DEBUG_TYPE)
        << "stores its filter in f32 for Winograd's filtering";
    OpBuilder builder(conv);
    for (OpOperand &operand : conv->getOpOperands())
      if (operand.get() && isHalf(operand.get()))
        operand.set(floatOf(builder, conv.getLoc(), operand.get()));
    Value result = conv.getResult();
    Type type = result.getType();
    result.setType(withElement(type, builder.getF32Type()));
    builder.setInsertionPointAfter(conv);
    Value rounded = castTo(builder, conv.getLoc(), type, result);
    result.replaceAllUsesExcept(rounded, rounded.getDefiningOp());
  }

  Value floatOf(OpBuilder &builder, Location loc, Value value) {
    Type type = withElement(value.getType(), builder.getF32Type());
    auto constant = value.getDefiningOp<onnx::ConstantOp>();
    if (!constant || !onnx::getWeightBytes(constant.getValue()))
      return castTo(builder, loc, type, value);
    Value &made = constants[value];
    if (!made) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointAfter(constant);
      made = onnx::ConstantOp::create(builder, constant.getLoc(), type,
                                      widened(constant.getValue()));
    }
    return made;
  }

  static Value castTo(OpBuilder &builder, Location loc, Type type,
                      Value value) {
    Type element = getElementTypeOrSelf(type);
    int64_t code = element.isF32() ? 1 : element.isF16() ? 10 : 16;
    OperationState cast(loc, "onnx.Cast");
    cast.operands.push_back(value);
    cast.addAttribute("to", builder.getI64IntegerAttr(code));
    cast.addTypes(type);
    return builder.create(cast)->getResult(0);
  }

  DenseMap<Value, Value> constants; ///< In f32, of those in 16 bits.
};

} // namespace
} // namespace dycc
