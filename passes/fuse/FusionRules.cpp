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

Reason whyNotAppend(Operation *producer, Operation *consumer) {
  if (roleOf(consumer) != Role::ElementWise)
    return {"{0} is not element-wise", consumer};
  if (producer->getNumResults() != 1)
    return {"it has more than one result"};
  Type made = producer->getResult(0).getType(),
       read = consumer->getResult(0).getType();
  if (dyn::getDims(made) != dyn::getDims(read))
    return {"extents {0} and {1} are not proved equal", made, read};
  return {};
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

/// The first of `ops` that `holds` is false for, or null.
static Operation *findOther(ArrayRef<Operation *> ops,
                            llvm::function_ref<bool(Operation *)> holds) {
  const auto *it = llvm::find_if_not(ops, holds);
  return it == ops.end() ? nullptr : *it;
}

bool hasFilterPerChannel(Operation *op) {
  auto isPerChannel = [](auto conv) {
    return conv.getGroup() != 1 &&
           dyn::getDims(conv.getW().getType())[1].isConstant(1);
  };
  if (auto conv = dyn_cast<onnx::ConvOp>(op))
    return isPerChannel(conv);
  auto conv = dyn_cast<onnx::ConvIntegerOp>(op);
  return conv && isPerChannel(conv);
}

/// As whyNotPrepend, of a consumer that reads an image as its operand 0.
static Reason whyNotInWindow(ArrayRef<Operation *> producers,
                             Operation *consumer) {
  if (!readsAs(0, producers.back(), consumer))
    return {"{0} computes nothing but its image where it reads it", consumer};
  // A convolution computes its image once, into the line buffer, which one with
  // a filter per channel does not have.
  if (hasFilterPerChannel(consumer))
    return {"a filter per channel keeps no computed lines of its image"};
  onnx::Root root = onnx::rootOf(consumer);
  if (root == onnx::Root::Convolution)
    return {};
  if (root != onnx::Root::Pool)
    return {"{0} computes nothing where it reads it", consumer};
  if (Operation *dear = findOther(producers, isCheap))
    return {"windows overlap, and {0} is not cheap enough to be repeated",
            dear};
  return {};
}

/// Whether `op` makes real numbers of a packed matrix of integers: the loops of
/// a product do so in registers, or once for each panel.
static bool unpacksRightSide(Operation *op, Operation *product) {
  return isa<onnx::DequantizeLinearOp>(op) &&
         isa<onnx::MatMulOp, onnx::GemmOp>(product) &&
         dyn::getLayout(op->getOperand(0).getType()) && readsAs(1, op, product);
}

Reason whyNotPrepend(ArrayRef<Operation *> producers, Operation *consumer) {
  Operation *last = producers.back();
  if (producers.size() == 1 && unpacksRightSide(last, consumer))
    return {};
  if (roleOf(last) != Role::ElementWise)
    return {"{0} is not element-wise", last};
  if (roleOf(consumer) == Role::Reduction) {
    if (isCheap(last))
      return {};
    return {"a reduction may read twice, and {0} is not cheap", last};
  }
  if (Operation *moves = findOther(producers, isPointwise))
    return {"{0} is not pointwise", moves};
  // A product computes its right side once, into a copy of each panel.
  auto product = dyn_cast<onnx::MatMulOp>(consumer);
  if (!product)
    return whyNotInWindow(producers, consumer);
  if (!readsAs(1, last, consumer))
    return {"a product computes nothing but its right side where it reads it"};
  if (!hasOwnRightSides(product))
    return {"several results of the product share a right side of {0}",
            product.getB().getType()};
  return {};
}

/// Whether `cast` reads and gives integers or floats: strings have no bits.
static bool areNumbers(onnx::CastOp cast) {
  return getElementTypeOrSelf(cast.getInput().getType()).isIntOrFloat() &&
         getElementTypeOrSelf(cast.getOutput().getType()).isIntOrFloat();
}

bool widensForReader(Operation *op) {
  auto bits = [](Value value) {
    return getElementTypeOrSelf(value.getType()).getIntOrFloatBitWidth();
  };
  auto cast = dyn_cast<onnx::CastOp>(op);
  if (!cast || !cast->hasOneUse() || !areNumbers(cast) ||
      bits(cast.getOutput()) <= bits(cast.getInput()))
    return false;
  Operation *reader = *cast->user_begin();
  return roleOf(reader) == Role::Root && !whyNotPrepend(op, reader);
}

Reason whyNotTwice(ArrayRef<Operation *> producers) {
  Operation *other = findOther(
      producers, [](Operation *op) { return isPointwise(op) && isCheap(op); });
  if (other)
    return {"{0} would be computed both before and behind the kernel's root",
            other};
  return {};
}

SmallVector<int64_t> permutationOf(Operation *transpose) {
  auto op = cast<onnx::TransposeOp>(transpose);
  if (auto perm = op.getPerm())
    return SmallVector<int64_t>(*perm);
  int64_t rank = dyn::getDims(op.getData().getType()).size();
  return llvm::to_vector(llvm::reverse(llvm::seq(rank))); // ONNX's default.
}

bool isOutermost(ArrayRef<dyn::ExprAttr> dims, int64_t axis) {
  return llvm::all_of(dims.take_front(axis),
                      [](dyn::ExprAttr dim) { return dim.isConstant(1); });
}

bool isPackedFloat(Type element) {
  return element.isF32() || element.isF16() || element.isBF16();
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
