#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/shape/SymbolicValue.h"
#include "runtime/abi/Operators.h"

#define DEBUG_TYPE "dycc-insert-index-checks"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_INSERTINDEXCHECKSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// Indices and the extents that their components select from, in turn.
struct Indexing {
  Value indices;
  SmallVector<ExprAttr> limits;
  bool isFromEnd = true; ///< Negative ones count from the end.
};

Indexing alongAxis(Value data, Value indices, int64_t axis) {
  ArrayRef<ExprAttr> dims = dyn::getDims(data.getType());
  return {indices, {dims[axis < 0 ? axis + dims.size() : axis]}};
}

/// Numbers of the images of a batch.
Indexing numbering(Value images, Value numbers) {
  Indexing indexing = alongAxis(images, numbers, 0);
  indexing.isFromEnd = false;
  return indexing;
}

/// Index tuples into `count` dims of `data` from `first` on.
Indexing alongDims(Value data, Value indices, int64_t first, int64_t count) {
  ArrayRef<ExprAttr> dims = dyn::getDims(data.getType());
  return {indices, SmallVector<ExprAttr>(dims.slice(first, count))};
}

int64_t rankOf(Value value) { return dyn::getDims(value.getType()).size(); }

/// The last dim of the indices is the number of dims they select from.
Indexing ofGather(onnx::GatherNDOp op) {
  std::optional<int64_t> count =
      dyn::getDims(op.getIndices().getType()).back().asConstant();
  if (!count)
    return {};
  return alongDims(op.getData(), op.getIndices(), op.getBatchDims(), *count);
}

/// So it is here, but only the ranks say it at compile time.
Indexing ofScatter(onnx::ScatterNDOp op) {
  int64_t count = rankOf(op.getIndices()) - 1 + rankOf(op.getData()) -
                  rankOf(op.getUpdates());
  return alongDims(op.getData(), op.getIndices(), 0, count);
}

/// The first number of each region, as an integer.
Value imagesOf(onnx::MaxRoiPoolOp op) {
  OpBuilder builder(op);
  auto regions = cast<RankedTensorType>(op.getRois().getType());
  ExprAttr count = dyn::getDims(regions).front();
  Value first = onnx::ConstantOp::create(
      builder, op.getLoc(), dyn::getTensorType({}, builder.getI64Type()),
      DenseElementsAttr::get(RankedTensorType::get({}, builder.getI64Type()),
                             int64_t(0)));
  Value column = onnx::GatherOp::create(
      builder, op.getLoc(), dyn::getTensorType(count, regions.getElementType()),
      op.getRois(), first, builder.getI64IntegerAttr(1));
  OperationState number(op.getLoc(), "onnx.Cast");
  number.operands.push_back(column);
  number.addAttribute("to", builder.getI64IntegerAttr(7 /*INT64*/));
  number.addTypes(dyn::getTensorType(count, builder.getI64Type()));
  return builder.create(number)->getResult(0);
}

Indexing indexingOf(Operation *op) {
  if (auto gather = dyn_cast<onnx::GatherOp>(op))
    return alongAxis(gather.getData(), gather.getIndices(), gather.getAxis());
  if (auto gather = dyn_cast<onnx::GatherElementsOp>(op))
    return alongAxis(gather.getData(), gather.getIndices(), gather.getAxis());
  if (auto scatter = dyn_cast<onnx::ScatterElementsOp>(op))
    return alongAxis(scatter.getData(), scatter.getIndices(),
                     scatter.getAxis());
  if (auto gather = dyn_cast<onnx::GatherNDOp>(op))
    return ofGather(gather);
  if (auto scatter = dyn_cast<onnx::ScatterNDOp>(op))
    return ofScatter(scatter);
  if (auto regions = dyn_cast<onnx::RoiAlignOp>(op))
    return numbering(regions.getX(), regions.getBatchIndices());
  if (auto regions = dyn_cast<onnx::MaxRoiPoolOp>(op))
    return numbering(regions.getX(), imagesOf(regions));
  return {};
}

class InsertIndexChecks final
    : public impl::InsertIndexChecksPassBase<InsertIndexChecks> {
  void runOnOperation() override {
    dyn::SymbolFacts facts = dyn::collectFacts(getOperation());
    getOperation().walk([&](Operation *op) {
      Indexing indexing = indexingOf(op);
      if (!indexing.limits.empty() && !isProved(indexing, facts))
        insert(op, indexing);
    });
  }

  static bool isProved(const Indexing &indexing,
                       const dyn::SymbolFacts &facts) {
    std::optional<SmallVector<ExprAttr>> known =
        shape::symbolicElements(indexing.indices);
    if (!known)
      return false;
    for (auto [position, index] : llvm::enumerate(*known)) {
      ExprAttr limit = indexing.limits[position % indexing.limits.size()];
      ExprAttr least = indexing.isFromEnd
                           ? limit.times(-1)
                           : ExprAttr::constant(index.getContext(), 0);
      if (!dyn::provablyLessEqual(index.plus(1), limit, facts) ||
          !dyn::provablyLessEqual(least, index, facts))
        return false;
    }
    return true;
  }

  static void insert(Operation *op, const Indexing &indexing) {
    OpBuilder builder(op);
    SmallVector<Attribute> parameters(DYCC_CHECK_INDICES_LIMITS);
    parameters[DYCC_CHECK_INDICES_COUNT] =
        ExprAttr::constant(op->getContext(), indexing.limits.size());
    parameters[DYCC_CHECK_INDICES_FROM_END] =
        ExprAttr::constant(op->getContext(), indexing.isFromEnd);
    llvm::append_range(parameters, indexing.limits);
    dyn::RuntimeOp::create(builder, op->getLoc(), TypeRange(), "check_indices",
                           indexing.indices, builder.getArrayAttr({}),
                           builder.getArrayAttr(parameters));
  }
};

} // namespace
} // namespace dycc
