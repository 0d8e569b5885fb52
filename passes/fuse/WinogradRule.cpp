#include "passes/fuse/WinogradRule.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxFacts.h"

using namespace mlir;

namespace dycc {
namespace {

/// Input channels share the transforms of the results, and outputs those of
/// the image: where there are few, these take longer than the products saved.
constexpr int64_t kFewestInputs = 16, kFewestElements = 256;
/// A larger filter passes the caches once it is transformed.
constexpr int64_t kMostElements = 256 * 256;
/// The errors of large tiles grow with the number of products in a sum.
constexpr int64_t kMostInputsOfLargeTiles = 512;
/// Images of few tiles share a transformed filter that is eight times as large
/// as one of bf16.
constexpr int64_t kFewPixels = 10 * 10;

bool isOnes(std::optional<ArrayRef<int64_t>> values) {
  return !values ||
         llvm::all_of(*values, [](int64_t value) { return value == 1; });
}

remarks::Reason whyNever(onnx::ConvOp conv, dyn::WinogradUse use) {
  if (use == dyn::WinogradUse::Off)
    return {"it is switched off"};
  if (conv->hasAttr(onnx::kExactSums))
    return {"its sums are exact, and stay so"};
  Type filter = conv.getW().getType();
  ArrayRef<dyn::ExprAttr> dims = dyn::getDims(filter);
  auto isTap = [](dyn::ExprAttr dim) {
    return dim.isConstant(dyn::Winograd::kTaps);
  };
  if (dims.size() != 4 || !llvm::all_of(dims.drop_front(2), isTap))
    return {"{0} has not 3 x 3 taps", filter};
  if (!isOnes(conv.getStrides()) || !isOnes(conv.getDilations()))
    return {"its windows are not one apart"};
  if (conv.getGroup() != 1)
    return {"it has groups"};
  int64_t outputs = *dims[0].asConstant(), inputs = *dims[1].asConstant();
  int64_t elements = outputs * inputs;
  if (inputs < kFewestInputs || elements < kFewestElements)
    return {"{0} has few channels", filter};
  if (elements > kMostElements)
    return {"{0} is too large once it is transformed", filter};
  return {};
}

/// Of an image of the result.
bool hasFewPixels(onnx::ConvOp conv) {
  ArrayRef<dyn::ExprAttr> dims = dyn::getDims(conv.getY().getType());
  std::optional<int64_t> pixels =
      dyn::ExprAttr::mul(dims[2], dims[3]).asConstant();
  return pixels && *pixels <= kFewPixels;
}

} // namespace

bool roundsResults(func::FuncOp function) {
  return llvm::any_of(function.getResultTypes(), [](Type type) {
    return getElementTypeOrSelf(type).isInteger(8);
  });
}

bool isTransformedInF32(onnx::ConvOp conv, dyn::WinogradUse use,
                        bool hasBf16Products) {
  if (whyNever(conv, use))
    return false;
  bool isBf16 = getElementTypeOrSelf(conv.getW().getType()).isBF16();
  return !(hasBf16Products && isBf16 && hasFewPixels(conv));
}

WinogradChoice chooseWinograd(onnx::ConvOp conv, dyn::WinogradUse use,
                              bool roundsResults) {
  if (!getElementTypeOrSelf(conv.getW().getType()).isF32())
    return {0, {"its filter is no f32, and would be rounded once more"}};
  if (remarks::Reason why = whyNever(conv, use))
    return {0, why};
  int64_t inputs = *dyn::getDims(conv.getW().getType())[1].asConstant();
  bool isExact = roundsResults || inputs > kMostInputsOfLargeTiles;
  return {isExact && use != dyn::WinogradUse::Fast ? 2 : 4, {}};
}

} // namespace dycc
