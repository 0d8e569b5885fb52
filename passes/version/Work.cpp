#include "passes/version/Work.h"

#include "dialects/dyn/Winograd.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::version {
namespace {

ExprAttr product(MLIRContext *context, ArrayRef<ExprAttr> dims) {
  ExprAttr result = ExprAttr::constant(context, 1);
  for (ExprAttr dim : dims)
    result = ExprAttr::mul(result, dim);
  return result;
}

/// Products of a filter for one element of the result, and one input channel.
ExprAttr tapsOf(Value filter) {
  ArrayRef<ExprAttr> taps = dyn::getDims(filter.getType()).drop_front(2);
  dyn::LayoutAttr layout = dyn::getLayout(filter.getType());
  if (!layout || layout.getWinograd() == 0)
    return product(filter.getContext(), taps);
  // For a tile, rounded up to a whole number for each of its results.
  int64_t outputs = layout.getWinograd() * layout.getWinograd();
  int64_t places = dyn::Winograd::find(layout.getWinograd())->places();
  return ExprAttr::constant(filter.getContext(),
                            llvm::divideCeil(places * places, outputs));
}

/// Products that are summed up for one element of the result.
ExprAttr depthOf(Operation *op) {
  ArrayRef<ExprAttr> left = dyn::getDims(op->getOperand(0).getType());
  ArrayRef<ExprAttr> right = dyn::getDims(op->getOperand(1).getType());
  if (onnx::rootOf(op) == onnx::Root::Convolution)
    return ExprAttr::mul(right[1], tapsOf(op->getOperand(1)));
  if (auto gemm = dyn_cast<onnx::GemmOp>(op); gemm && gemm.getTransA())
    return left.front();
  return left.back();
}

/// An exponential or a division takes so many.
constexpr int64_t kDear = 20;

/// Per element of the result, or of the operand where that has more.
int64_t operationsPerElement(Operation *op) {
  if (onnx::rootOf(op) == onnx::Root::Reduction)
    return 4;
  return onnx::has(op, onnx::Fact::Cheap) ||
                 !onnx::has(op, onnx::Fact::Pointwise)
             ? 1
             : kDear;
}

ExprAttr operationsOf(Operation *op) {
  ExprAttr elements = dyn::getNumElements(op->getResult(0).getType());
  onnx::Root root = onnx::rootOf(op);
  if (root == onnx::Root::Convolution || root == onnx::Root::Product)
    return ExprAttr::mul(elements, depthOf(op)).times(2);
  if (root == onnx::Root::Reduction)
    elements = dyn::getNumElements(op->getOperand(0).getType());
  return elements.times(operationsPerElement(op));
}

} // namespace

ExprAttr operationsOf(dyn::KernelOp kernel) {
  ExprAttr total = ExprAttr::constant(kernel.getContext(), 0);
  for (Operation &op : kernel.getBody().front().without_terminator())
    if (!isa<dyn::SymbolicOp>(op) && !op.hasTrait<OpTrait::ConstantLike>())
      total = ExprAttr::add(total, operationsOf(&op));
  return total;
}

ExprAttr bytesOf(dyn::KernelOp kernel) {
  ExprAttr total = ExprAttr::constant(kernel.getContext(), 0);
  SmallVector<Type> types(kernel.getBody().getArgumentTypes());
  llvm::append_range(types, kernel.getResultTypes());
  for (Type type : types) {
    // Of what lies among other channels, no more than its own is moved.
    if (dyn::LayoutAttr layout = dyn::getLayout(type))
      type = dyn::withLayout(type, layout.withPitch(0));
    total = ExprAttr::add(total, dyn::getSizeInBytes(type));
  }
  return total;
}

} // namespace dycc::version
