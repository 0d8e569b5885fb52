// The table of DNNFusion (PLDI 2021) under symbolic equality of extents, in so
// far as it pays without a cost model: what would recompute an element many
// times is not fused.
#include "passes/fuse/FusionRules.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"

using namespace mlir;

namespace dycc::fuse {

Role roleOf(Operation *op) {
  if (onnx::rootOf(op) == onnx::Root::Reduction)
    return Role::Reduction;
  auto mapping = dyn_cast<onnx::MappingTypeOpInterface>(op);
  if (!mapping || op->getNumResults() != 1)
    return Role::Root;
  switch (mapping.getMappingType()) {
  case onnx::MappingType::OneToOne:
    return Role::ElementWise;
  case onnx::MappingType::OneToMany:
  case onnx::MappingType::Reorganize:
  case onnx::MappingType::Shuffle:
    return Role::IndexMap;
  default:
    return Role::Root;
  }
}

bool isPointwise(Operation *op) { return onnx::has(op, onnx::Fact::Pointwise); }

bool canAppend(Operation *producer, Operation *consumer) {
  return roleOf(consumer) == Role::ElementWise &&
         producer->getNumResults() == 1 &&
         dyn::getDims(producer->getResult(0).getType()) ==
             dyn::getDims(consumer->getResult(0).getType());
}

static bool isCheap(Operation *op) { return onnx::has(op, onnx::Fact::Cheap); }

/// Whether `consumer` has its operand `number` from `producer`, and no other.
static bool readsAs(unsigned number, Operation *producer, Operation *consumer) {
  Value value = producer->getResult(0);
  return number < consumer->getNumOperands() &&
         consumer->getOperand(number) == value &&
         llvm::count(consumer->getOperands(), value) == 1;
}

/// Whether each matrix of the right side belongs to one of the result.
static bool hasOwnRightSides(onnx::MatMulOp product) {
  ArrayRef<dyn::ExprAttr> right = dyn::getDims(product.getB().getType());
  ArrayRef<dyn::ExprAttr> result = dyn::getDims(product.getY().getType());
  return right.size() >= 2 && right.size() == result.size() &&
         right.drop_back(2) == result.drop_back(2);
}

bool canPrepend(ArrayRef<Operation *> producers, Operation *consumer) {
  Operation *last = producers.back();
  if (roleOf(last) != Role::ElementWise)
    return false;
  if (roleOf(consumer) == Role::Reduction)
    return isCheap(last);
  if (!llvm::all_of(producers, isPointwise))
    return false;
  // A product computes its right side once, into a copy of each panel.
  if (auto product = dyn_cast<onnx::MatMulOp>(consumer))
    return readsAs(1, last, consumer) && hasOwnRightSides(product);
  if (!readsAs(0, last, consumer))
    return false;
  // A convolution computes its image once, into the line buffer, which one with
  // a filter per channel does not have.
  if (auto conv = dyn_cast<onnx::ConvOp>(consumer))
    return conv.getGroup() == 1 ||
           !dyn::getDims(conv.getW().getType())[1].isConstant(1);
  onnx::Root root = onnx::rootOf(consumer);
  return root == onnx::Root::Convolution ||
         (root == onnx::Root::Pool && llvm::all_of(producers, isCheap));
}

bool canComputeTwice(ArrayRef<Operation *> producers) {
  return llvm::all_of(
      producers, [](Operation *op) { return isPointwise(op) && isCheap(op); });
}

bool isOutermost(ArrayRef<dyn::ExprAttr> dims, int64_t axis) {
  return llvm::all_of(dims.take_front(axis),
                      [](dyn::ExprAttr dim) { return dim.isConstant(1); });
}

bool isCompileTimeOperand(OpOperand &operand) {
  Operation *op = operand.getOwner();
  Value value = operand.get();
  const onnx::OperatorFacts *facts = onnx::findFacts(op);
  if (facts && facts->loopOperand == int(operand.getOperandNumber()))
    return true;
  auto dynamism = dyn_cast<onnx::DynamismOpInterface>(op);
  return dynamism &&
         llvm::is_contained(dynamism.getControllingOperands(), value);
}

} // namespace dycc::fuse
