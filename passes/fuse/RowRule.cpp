#include "passes/fuse/RowRule.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"
#include "passes/shape/SymbolicValue.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::fuse {
namespace {

ArrayRef<ExprAttr> dimsOf(Value value) { return dyn::getDims(value.getType()); }

/// Goes from the results of one group back to its inputs.
class RowRule {
public:
  explicit RowRule(ExprAttr rows) : rows(rows) {}

  bool holdsFor(Block &body) {
    for (Value result : body.getTerminator()->getOperands())
      need(result, Needs::Rows);
    return llvm::all_of(llvm::reverse(body.without_terminator()),
                        [&](Operation &op) { return visit(&op) && holds; });
  }

  Needs of(Value value) const {
    auto it = needs.find(value);
    return it == needs.end() ? Needs::Nothing : it->second;
  }

private:
  bool visit(Operation *op) {
    if (isa<onnx::ConstantOp, dyn::SymbolicOp>(op))
      return of(op->getResult(0)) != Needs::Rows && !mentionsRows(op);
    // Anything else would be computed again in each trip.
    return op->getNumResults() == 1 && of(op->getResult(0)) == Needs::Rows &&
           visitRows(op);
  }

  /// Whether elements that steer a shape depend on how many rows there are.
  bool mentionsRows(Operation *op) const {
    auto symbolic = dyn_cast<dyn::SymbolicOp>(op);
    llvm::StringSet<> names;
    rows.forEachSymbol([&](StringRef name) { names.insert(name); });
    bool found = false;
    if (symbolic)
      for (Attribute element : symbolic.getElements())
        cast<ExprAttr>(element).forEachSymbol(
            [&](StringRef name) { found |= names.contains(name); });
    return found;
  }

  /// Notes what `op` needs for rows of its result; false where that is not
  /// known.
  bool visitRows(Operation *op) {
    return TypeSwitch<Operation *, bool>(op)
        .Case<onnx::ConvOp, onnx::ConvIntegerOp, onnx::ConvTransposeOp,
              onnx::DepthToSpaceOp, onnx::SpaceToDepthOp>(
            [&](auto) { return needFirst(op); })
        .Case([&](onnx::MatMulOp product) { return visitProduct(product); })
        .Case([&](onnx::GatherOp gather) { return visitGather(gather); })
        .Case([&](onnx::SliceOp slice) {
          return cutsBehindRows(slice) && needFirst(slice);
        })
        .Case<onnx::SoftmaxOp, onnx::LogSoftmaxOp>([&](auto softmax) {
          return isBehindRows(softmax.getAxis(), dimsOf(op->getOperand(0))) &&
                 needFirst(op);
        })
        .Case([&](onnx::ConcatOp concat) {
          return isBehindRows(concat.getAxis(), dimsOf(op->getResult(0))) &&
                 needAll(op);
        })
        .Case([&](onnx::TransposeOp transpose) {
          return permutationOf(transpose).front() == 0 && needFirst(op);
        })
        .Default([&](Operation *) { return visitOther(op); });
  }

  bool visitOther(Operation *op) {
    if (isPointwise(op))
      return needBroadcast(op, dimsOf(op->getResult(0)).size());
    bool sameRank =
        dimsOf(op->getOperand(0)).size() == dimsOf(op->getResult(0)).size();
    switch (onnx::rootOf(op)) {
    case onnx::Root::Pool:
      return op->getNumOperands() == 1 && needFirst(op);
    case onnx::Root::Reduction: // An axis that is reduced has one element left.
      return sameRank && needFirst(op);
    default:
      return false;
    }
  }

  static bool isBehindRows(int64_t axis, ArrayRef<ExprAttr> dims) {
    return (axis < 0 ? axis + int64_t(dims.size()) : axis) > 0;
  }

  /// Whether it is known that all rows stay, in their order.
  static bool cutsBehindRows(onnx::SliceOp slice) {
    if (!slice.getAxes())
      return false;
    auto axes = shape::constantElements(slice.getAxes());
    return axes && llvm::all_of(*axes, [&](int64_t axis) {
             return isBehindRows(axis, dimsOf(slice.getData()));
           });
  }

  bool visitProduct(onnx::MatMulOp product) {
    size_t rank = dimsOf(product.getY()).size();
    if (rank > 2)
      return needBroadcast(product, rank);
    return dimsOf(product.getA()).size() == 2 &&
           dimsOf(product.getB()).size() == 2 && needFirst(product);
  }

  /// Rows that indices name, or of each row some elements.
  bool visitGather(onnx::GatherOp gather) {
    int64_t axis = gather.getAxis();
    if (isBehindRows(axis, dimsOf(gather.getData())))
      return needFirst(gather);
    need(gather.getData(), Needs::Some);
    need(gather.getIndices(), Needs::Rows);
    return !dimsOf(gather.getIndices()).empty();
  }

  bool needFirst(Operation *op) {
    need(op->getOperand(0), Needs::Rows);
    for (Value operand : op->getOperands().drop_front())
      need(operand, Needs::Whole);
    return true;
  }

  bool needAll(Operation *op) {
    for (Value operand : op->getOperands())
      need(operand, Needs::Rows);
    return true;
  }

  /// Rows of what has as many axes as the result, unless it is one for all.
  bool needBroadcast(Operation *op, size_t rank) {
    for (Value operand : op->getOperands()) {
      ArrayRef<ExprAttr> dims =
          operand ? dimsOf(operand) : ArrayRef<ExprAttr>();
      bool isOne = dims.size() < rank || dims[0].isConstant(1);
      need(operand, isOne ? Needs::Whole : Needs::Rows);
    }
    return true;
  }

  void need(Value value, Needs what) {
    if (!value)
      return; // An operand that is left out.
    auto [it, isNew] = needs.insert({value, what});
    ArrayRef<ExprAttr> dims = dimsOf(value);
    holds &= isNew || it->second == what;
    holds &= what != Needs::Rows || (!dims.empty() && dims[0] == rows);
  }

  ExprAttr rows;
  DenseMap<Value, Needs> needs;
  bool holds = true;
};

} // namespace

std::optional<SmallVector<Needs>> needsByRows(dyn::GroupOp group,
                                              ExprAttr rows) {
  Block &body = group.getBody().front();
  RowRule rule(rows);
  if (!rule.holdsFor(body))
    return std::nullopt;
  SmallVector<Needs> needs;
  for (Value argument : body.getArguments())
    needs.push_back(rule.of(argument));
  return needs;
}

} // namespace dycc::fuse
