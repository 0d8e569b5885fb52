#include "passes/version/AxisClasses.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"

using namespace mlir;

namespace dycc::version {

static unsigned rankOf(Value value) {
  dyn::ValueAttr known = dyn::getValueAttr(value.getType());
  return known ? static_cast<unsigned>(known.getDims().size()) : 0;
}

AxisClasses::AxisClasses(dyn::KernelOp kernel) {
  Block &body = kernel.getBody().front();
  for (BlockArgument argument : body.getArguments())
    number(argument);
  for (Operation &op : body.without_terminator())
    for (Value result : op.getResults())
      number(result);
  classes.grow(static_cast<unsigned>(axes.size()) + 1);
  for (Operation &op : body.without_terminator())
    link(&op);
}

void AxisClasses::number(Value value) {
  firstOf[value] = static_cast<unsigned>(axes.size()) + 1;
  for (unsigned i = 0; i < rankOf(value); ++i)
    axes.push_back({value, i});
}

void AxisClasses::link(Operation *op) {
  if (onnx::has(op, onnx::Fact::Pointwise))
    return linkPointwise(op);
  onnx::Root root = onnx::rootOf(op);
  if (root == onnx::Root::Convolution)
    return linkConvolution(op);
  if (root == onnx::Root::Product)
    return linkProduct(op);
  fixAll(op);
}

void AxisClasses::fixAll(Operation *op) {
  SmallVector<Value> values(op->getOperands());
  llvm::append_range(values, op->getResults());
  for (Value value : values)
    for (unsigned i = 0; i < rankOf(value); ++i)
      fix({value, i});
}

/// Axes correspond from the last one. One of extent 1 is repeated.
void AxisClasses::linkPointwise(Operation *op) {
  for (Value result : op->getResults()) {
    unsigned rank = rankOf(result);
    for (Value operand : op->getOperands()) {
      unsigned count = rankOf(operand);
      for (unsigned i = 0; i < std::min(count, rank); ++i) {
        Axis from{operand, count - 1 - i}, to{result, rank - 1 - i};
        if (from.extent() == to.extent())
          join(from, to);
        else if (!from.extent().isConstant(1))
          fix(from), fix(to);
      }
    }
  }
}

/// A window is part of what the kernel is; so are groups.
void AxisClasses::linkConvolution(Operation *op) {
  auto conv = dyn_cast<onnx::ConvOp>(op);
  if (!conv || conv.getGroup() != 1)
    return fixAll(op);
  Value image = conv.getX(), filter = conv.getW(), result = conv.getY();
  join({image, 0}, {result, 0});
  join({image, 1}, {filter, 1});
  join({filter, 0}, {result, 1});
  if (Value bias = conv.getB())
    join({bias, 0}, {result, 1});
  for (Value value : {image, filter, result})
    for (unsigned i = 2; i < rankOf(value); ++i)
      fix({value, i});
}

/// Of what is not a matrix on the right all is as it is.
void AxisClasses::linkProduct(Operation *op) {
  auto product = dyn_cast<onnx::MatMulOp>(op);
  if (!product || rankOf(product.getB()) != 2 || rankOf(product.getA()) < 2)
    return fixAll(op);
  Value left = product.getA(), right = product.getB(), result = product.getY();
  unsigned last = rankOf(result) - 1;
  for (unsigned i = 0; i < last; ++i)
    join({left, i}, {result, i});
  join({left, last}, {right, 0});
  join({right, 1}, {result, last});
}

} // namespace dycc::version
