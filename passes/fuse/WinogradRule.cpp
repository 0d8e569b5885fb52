#include "passes/fuse/WinogradRule.h"

#include "dialects/dyn/DynOps.h"

using namespace mlir;

namespace dycc {
namespace {

/// Transforms of an image and of results take as long for few channels, which
/// share them, as for many.
constexpr int64_t kFewestChannels = 24;
/// So many elements of a transformed filter pass for as good as free, in any
/// image.
constexpr int64_t kLargestFilter = 128 * 128;

bool isOnes(std::optional<ArrayRef<int64_t>> values) {
  return !values ||
         llvm::all_of(*values, [](int64_t value) { return value == 1; });
}

remarks::Reason whyNever(onnx::ConvOp conv, dyn::WinogradUse use) {
  if (use == dyn::WinogradUse::Off)
    return {"it is switched off"};
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
  for (dyn::ExprAttr channels : dims.take_front(2))
    if (channels.asConstant().value_or(0) < kFewestChannels)
      return {"{0} channels are too few", channels};
  return {};
}

} // namespace

WinogradChoice chooseWinograd(onnx::ConvOp conv, dyn::WinogradUse use) {
  if (remarks::Reason why = whyNever(conv, use))
    return {0, why};
  Type filter = conv.getW().getType();
  ArrayRef<dyn::ExprAttr> dims = dyn::getDims(filter);
  if (*dims[0].asConstant() * *dims[1].asConstant() > kLargestFilter)
    return {0, {"{0} is too large once it is transformed", filter}};
  return {4, {}};
}

} // namespace dycc
