#include "passes/fuse/RootChain.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::fuse {
namespace {

ArrayRef<ExprAttr> dimsOf(Value value) { return dyn::getDims(value.getType()); }

/// Whether there is nothing to multiply, whatever the model runs with.
bool isNeverFilled(Value value) {
  return llvm::any_of(dimsOf(value),
                      [](ExprAttr dim) { return dim.isConstant(0); });
}

/// A product of floats in which each matrix of the left side belongs to one of
/// the result, and whose right side is made while the model runs.
bool isProductOfValues(Operation *op) {
  auto product = dyn_cast_or_null<onnx::MatMulOp>(op);
  if (!product || !getElementTypeOrSelf(product.getY().getType()).isFloat() ||
      llvm::any_of(product->getOperands(), isNeverFilled))
    return false;
  Value right = product.getB();
  ArrayRef<ExprAttr> left = dimsOf(product.getA()),
                     out = dimsOf(product.getY());
  return !right.getDefiningOp<onnx::ConstantOp>() &&
         !dyn::getLayout(right.getType()) && dimsOf(right).size() >= 2 &&
         left.size() >= 2 && left.size() == out.size() &&
         left.drop_back() == out.drop_back();
}

bool isReduction(Operation *op) {
  return isa<onnx::SoftmaxOp>(op) || onnx::rootOf(op) == onnx::Root::Reduction;
}

/// Whether `op` makes one value of each row of `dims`, or all of them anew.
bool isOfRows(Operation *op, ArrayRef<ExprAttr> dims) {
  if (op->getNumResults() != 1 || op->getNumRegions() != 0)
    return false;
  ArrayRef<ExprAttr> made = dimsOf(op->getResult(0));
  bool isRow = made.size() == dims.size() &&
               made.drop_back() == dims.drop_back() &&
               (made.back() == dims.back() || made.back().isConstant(1));
  if (!isRow || onnx::has(op, onnx::Fact::Pointwise))
    return isRow;
  if (!isReduction(op) || dimsOf(op->getOperand(0)) != dims)
    return false;
  if (auto softmax = dyn_cast<onnx::SoftmaxOp>(op))
    return softmax.getAxis() == -1 ||
           softmax.getAxis() == int64_t(dims.size()) - 1;
  // By its extents a reduction of one axis: of rows, as that is no constant 1.
  return made.back().isConstant(1) && !dims.back().isConstant(1);
}

class AttentionFinder {
public:
  explicit AttentionFinder(Operation *values)
      : dims(dimsOf(values->getOperand(0))) {
    found.second = values;
  }

  std::optional<RootChain> run() {
    if (!leadsFrom(found.second->getOperand(0)) || !isInside() || !findKept())
      return std::nullopt;
    return found;
  }

private:
  /// Whether a product of the right shape leads to `value`; collects what is on
  /// the way.
  bool leadsFrom(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != found.second->getBlock())
      return false;
    if (auto known = leads.find(op); known != leads.end())
      return known->second;
    leads[op] = false;
    if (isa<onnx::MatMulOp>(op) && dimsOf(value) == dims) {
      isUnique = isUnique && (!found.first || found.first == op);
      found.first = op;
      return leads[op] = isProductOfValues(op);
    }
    if (!isOfRows(op, dims))
      return false;
    bool any = false;
    for (Value operand : op->getOperands())
      any |= operand && leadsFrom(operand);
    if (any)
      found.between.insert(op); // Behind those that it reads.
    return leads[op] = any;
  }

  /// Nothing else reads what is between the two products.
  bool isInside() const {
    if (!found.first || !isUnique)
      return false;
    auto isRead = [&](Operation *op) {
      return llvm::all_of(op->getUsers(), [&](Operation *user) {
        return found.between.contains(user) || user == found.second;
      });
    };
    return isRead(found.first) && llvm::all_of(found.between, isRead) &&
           !found.contains(found.second->getOperand(1).getDefiningOp());
  }

  /// Whether `value` is made of the first product without a reduction.
  bool isRaw(Value value) const {
    Operation *op = value.getDefiningOp();
    return op && (op == found.first || raw.contains(op));
  }

  bool findKept() {
    for (Operation *op : found.between) {
      bool readsRaw = llvm::any_of(op->getOperands(),
                                   [&](Value v) { return v && isRaw(v); });
      bool readsOther = llvm::any_of(op->getOperands(), [&](Value v) {
        return v && !isRaw(v) && found.between.contains(v.getDefiningOp());
      });
      if (!isReduction(op) && !readsOther) {
        raw.insert(op);
        continue;
      }
      if (readsRaw && !keepAll(op))
        return false;
    }
    return found.kept && !isRaw(found.second->getOperand(0));
  }

  /// What `op` reads without a reduction before it is the one value kept.
  bool keepAll(Operation *op) {
    for (Value operand : op->getOperands()) {
      if (!operand || !isRaw(operand))
        continue;
      if (found.kept && found.kept != operand)
        return false;
      found.kept = operand;
    }
    return dimsOf(found.kept) == dims;
  }

  ArrayRef<ExprAttr> dims; ///< Of the matrix between the two products.
  RootChain found;
  bool isUnique = true;
  llvm::DenseMap<Operation *, bool> leads;
  llvm::SmallDenseSet<Operation *> raw;
};

} // namespace

bool movesRows(Operation *op) {
  if (!isa<onnx::TransposeOp>(op))
    return false;
  SmallVector<int64_t> perm = permutationOf(op);
  return !perm.empty() && perm.back() == int64_t(perm.size()) - 1;
}

/// Whether `op` makes rows of columns: the last axis of its operand is the last
/// but one of the result.
static bool turnsColumns(Operation *op) {
  SmallVector<int64_t> perm = permutationOf(op);
  return perm.size() >= 2 && perm[perm.size() - 2] == int64_t(perm.size()) - 1;
}

bool movesOperand(const RootChain &chain, Operation *op) {
  if (!isa<onnx::TransposeOp>(op) || !op->hasOneUse())
    return false;
  OpOperand &use = *op->use_begin();
  bool isKeys = use.getOwner() == chain.first && use.getOperandNumber() == 1;
  bool isOther =
      (use.getOwner() == chain.first || use.getOwner() == chain.second) &&
      !chain.contains(op);
  return (isOther && movesRows(op)) || (isKeys && turnsColumns(op));
}

std::optional<RootChain> findAttention(Operation *values) {
  if (!isProductOfValues(values))
    return std::nullopt;
  return AttentionFinder(values).run();
}

} // namespace dycc::fuse
