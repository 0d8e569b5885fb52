#include "passes/fuse/StripRule.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"
#include "passes/shape/SymbolicValue.h"

#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::kImageRank;

namespace dycc::fuse {
namespace {

ArrayRef<ExprAttr> dimsOf(Value value) { return dyn::getDims(value.getType()); }

bool isImage(Value value) { return dimsOf(value).size() == kImageRank; }

/// Goes from the results of one group back to its inputs.
class RuleFinder {
public:
  bool holdsFor(Block &body) {
    body.walk(
        [&](onnx::DepthToSpaceOp op) { rule.times *= op.getBlocksize(); });
    for (Value result : body.getTerminator()->getOperands())
      if (!isImage(result) || !need(result, {rule.times, 0, 0}))
        return false;
    images = dimsOf(body.getTerminator()->getOperand(0))[0];
    return llvm::all_of(llvm::reverse(body.without_terminator()),
                        [&](Operation &op) { return visit(&op); }) &&
           llvm::all_of(rule.windows, [&](auto &entry) {
             return isWindowOf(entry.first, entry.second);
           });
  }

  StripRule rule;

private:
  /// Rows beyond those of the strip are there of inputs alone.
  bool isWindowOf(Value value, const RowWindow &window) const {
    if (window.times == 0)
      return true;
    return isImage(value) && dimsOf(value)[0] == images &&
           (window.isSame() || isa<BlockArgument>(value));
  }

  bool visit(Operation *op) {
    if (isa<onnx::ConstantOp, dyn::SymbolicOp>(op))
      return rule.of(op->getResult(0)).times == 0;
    // Anything else would be computed again in each trip.
    return op->getNumResults() == 1 && rule.of(op->getResult(0)).times > 0 &&
           visitRows(op, rule.of(op->getResult(0)));
  }

  bool visitRows(Operation *op, RowWindow of) {
    if (isPointwise(op))
      return llvm::all_of(op->getOperands(), [&](Value operand) {
        return visitBroadcast(operand, op->getResult(0), of);
      });
    rule.isPointwise = false;
    return TypeSwitch<Operation *, bool>(op)
        .Case([&](onnx::ConvOp conv) { return visitConvolution(conv, of); })
        .Case([&](onnx::DepthToSpaceOp shuffle) {
          int64_t block = shuffle.getBlocksize();
          return of.times % block == 0 && of.isSame() &&
                 need(op->getOperand(0), {of.times / block, 0, 0});
        })
        .Case([&](onnx::ConcatOp concat) {
          return concat.getAxis() == 1 &&
                 llvm::all_of(op->getOperands(),
                              [&](Value operand) { return need(operand, of); });
        })
        .Case([&](onnx::SliceOp slice) { return visitSlice(slice, of); })
        .Default([](Operation *) { return false; });
  }

  bool visitConvolution(onnx::ConvOp op, RowWindow of) {
    ArrayRef<ExprAttr> filter = dimsOf(op.getW());
    if (!isImage(op.getX()) || op.getAutoPad() != "NOTSET" || !of.isSame())
      return false;
    auto entry = [&](std::optional<ArrayRef<int64_t>> list, size_t at,
                     int64_t other) {
      return list && !list->empty() ? (*list)[at] : other;
    };
    std::optional<int64_t> taps = filter[kRowAxis].asConstant();
    if (!taps || entry(op.getStrides(), 0, 1) != 1)
      return false;
    int64_t reach = (*taps - 1) * entry(op.getDilations(), 0, 1);
    int64_t top = entry(op.getPads(), 0, 0);
    if (dyn::LayoutAttr layout = dyn::getLayout(op.getW().getType()))
      rule.multiple =
          std::lcm(rule.multiple, std::max<int64_t>(layout.getWinograd(), 1));
    for (Value operand : op->getOperands().drop_front())
      if (operand && !need(operand, {}))
        return false;
    return need(op.getX(), {of.times, top, reach - top});
  }

  /// Rows from a known one on, or all of them and some columns or channels.
  bool visitSlice(onnx::SliceOp op, RowWindow of) {
    ArrayRef<ExprAttr> from = dimsOf(op.getData()), to = dimsOf(op.getOutput());
    auto starts = shape::constantElements(op.getStarts());
    if (from.size() != kImageRank || from[0] != to[0] || !op.getAxes())
      return false;
    auto axes = shape::constantElements(op.getAxes());
    if (!axes)
      return false;
    bool keepsRows = from[kRowAxis] == to[kRowAxis] &&
                     !llvm::is_contained(*axes, int64_t(kRowAxis)) &&
                     !llvm::is_contained(*axes, int64_t(kRowAxis) - 4);
    for (Value operand : op->getOperands().drop_front())
      if (operand && !need(operand, {}))
        return false;
    if (keepsRows)
      return need(op.getData(), of);
    std::optional<SmallVector<int64_t>> steps;
    if (op.getSteps())
      steps = shape::constantElements(op.getSteps());
    bool isCut = starts && *axes == SmallVector<int64_t>{kRowAxis} &&
                 starts->front() >= 0 &&
                 (!op.getSteps() || steps == SmallVector<int64_t>{1});
    int64_t start = isCut ? starts->front() : 0;
    return isCut &&
           need(op.getData(), {of.times, of.before - start, of.behind + start});
  }

  /// Rows of what has the rows of `result`, all of what is one for all.
  bool visitBroadcast(Value operand, Value result, RowWindow of) {
    if (!operand)
      return true; // It is left out.
    ArrayRef<ExprAttr> dims = dimsOf(operand), whole = dimsOf(result);
    if (dims == whole || (dims.size() == kImageRank && dims[0] == whole[0] &&
                          dims[kRowAxis] == whole[kRowAxis]))
      return need(operand, of);
    size_t rank = dims.size();
    bool isForAll = (rank < 2 || dims[rank - 2].isConstant(1)) &&
                    (rank < kImageRank || dims[0].isConstant(1));
    return isForAll && need(operand, {});
  }

  bool need(Value value, RowWindow window) {
    auto [it, isNew] = rule.windows.insert({value, window});
    return isNew || it->second == window;
  }

  ExprAttr images;
};

} // namespace

std::optional<StripRule> stripRule(dyn::GroupOp group) {
  RuleFinder finder;
  if (!finder.holdsFor(group.getBody().front()))
    return std::nullopt;
  return std::move(finder.rule);
}

} // namespace dycc::fuse
