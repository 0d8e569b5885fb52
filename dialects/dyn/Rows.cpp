#include "dialects/dyn/Rows.h"

#include "dialects/dyn/Layout.h"

using namespace mlir;

namespace dycc::dyn {

static constexpr StringLiteral kFirstRow = "dyn.first_row";
static constexpr StringLiteral kStrips = "dyn.strips";
static constexpr StringLiteral kStripImage = "dyn.strip_image";

void setFirstRow(LoopOp loop, ExprAttr first) {
  loop->setDiscardableAttr(kFirstRow, first);
}

ExprAttr getFirstRow(LoopOp loop) {
  return llvm::cast_if_present<ExprAttr>(loop->getDiscardableAttr(kFirstRow));
}

OpResult rowsOf(Value value) {
  for (OpOperand &use : value.getUses()) {
    auto loop = dyn_cast<LoopOp>(use.getOwner()->getParentOp());
    if (loop && isa<YieldOp>(use.getOwner()) && use.getOperandNumber() > 0 &&
        getFirstRow(loop))
      return loop->getResult(use.getOperandNumber() - 1);
  }
  return {};
}

ExprAttr elementsPerRow(Type type) {
  Layout layout(type);
  if (layout.dims().empty() || layout.dims().back().axis != 0 ||
      layout.dims().back().part != MemoryDim::Part::Whole)
    return {};
  return layout.strides().back();
}

ExprAttr elementsBeforeRows(OpResult result) {
  return ExprAttr::mul(getFirstRow(cast<LoopOp>(result.getOwner())),
                       elementsPerRow(result.getType()));
}

LogicalResult verifyRows(LoopOp loop) {
  Operation *yield = loop.getBody().front().getTerminator();
  if (!loop.getInitial().empty() || loop.getTests())
    return loop.emitOpError(
        "by rows expects no carried values and no condition");
  for (auto [result, value] :
       llvm::zip(loop.getResults(), yield->getOperands().drop_front())) {
    Operation *op = value.getDefiningOp();
    if (!isa_and_nonnull<GroupOp, LaunchOp>(op) || op->getParentOp() != loop ||
        llvm::count(yield->getOperands(), value) != 1)
      return loop.emitOpError(
          "by rows expects each value to come from a kernel of its body, once");
    if (getDims(value.getType()).drop_front() !=
            getDims(result.getType()).drop_front() ||
        getLayout(value.getType()) != getLayout(result.getType()) ||
        !elementsPerRow(result.getType()))
      return loop.emitOpError("by rows expects rows of ")
             << result.getType() << ", got " << value.getType();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Strips
//===----------------------------------------------------------------------===//

static constexpr unsigned kChannels = 1;

void setStrips(LoopOp loop, ExprAttr image, ArrayRef<ExprAttr> rows) {
  SmallVector<Attribute> first(rows.begin(), rows.end());
  loop->setDiscardableAttr(kStrips, ArrayAttr::get(loop.getContext(), first));
  loop->setDiscardableAttr(kStripImage, image);
}

SmallVector<ExprAttr> getStripRows(LoopOp loop) {
  SmallVector<ExprAttr> rows;
  if (auto list =
          llvm::cast_if_present<ArrayAttr>(loop->getDiscardableAttr(kStrips)))
    for (ExprAttr row : list.getAsRange<ExprAttr>())
      rows.push_back(row);
  return rows;
}

ExprAttr getStripImage(LoopOp loop) {
  return llvm::cast_if_present<ExprAttr>(loop->getDiscardableAttr(kStripImage));
}

StripRuns runsOfStrip(Type result, Type strip, ExprAttr image, ExprAttr row) {
  Layout whole(result), part(strip);
  StripRuns runs{1, {}, ExprAttr::constant(result.getContext(), 0), {}};
  runs.elements = runs.apart = runs.first;
  bool isOuter = false;
  for (auto [number, dim] : llvm::enumerate(whole.dims())) {
    ExprAttr stride = whole.strides()[number];
    if (dim.axis == kRowAxis) {
      isOuter = true;
      runs.first = ExprAttr::add(runs.first, ExprAttr::mul(row, stride));
      runs.elements =
          ExprAttr::mul(part.dims()[number].stored, part.strides()[number]);
    } else if (dim.axis == 0) {
      runs.first = ExprAttr::add(runs.first, ExprAttr::mul(image, stride));
    } else if (isOuter) {
      runs.count = *dim.stored.asConstant();
      runs.apart = stride;
    }
  }
  return runs;
}

bool areRows(Type part, Type image) {
  LayoutAttr layout = getLayout(image);
  if (!layout || layout.getKind() != LayoutKind::ChannelsLast ||
      layout.getPitch() > 0 || getLayout(part) != layout ||
      getElementTypeOrSelf(part) != getElementTypeOrSelf(image))
    return false;
  ArrayRef<ExprAttr> some = getDims(part), all = getDims(image);
  return some.size() == all.size() && some[0].isConstant(1) &&
         all[0].isConstant(1) && some[1] == all[1] &&
         some.drop_front(3) == all.drop_front(3);
}

LogicalResult verifyStrips(LoopOp loop) {
  size_t carried = loop.getInitial().size();
  SmallVector<ExprAttr> rows = getStripRows(loop);
  if (rows.size() != loop.getNumResults() - carried)
    return loop.emitOpError("by strips expects a first row for each of ")
           << loop.getNumResults() - carried << " results, got " << rows.size();
  Operation *yield = loop.getBody().front().getTerminator();
  for (auto [result, value] :
       llvm::zip(TypeRange(loop.getResultTypes()).drop_front(carried),
                 yield->getOperands().drop_front(carried + 1))) {
    ArrayRef<ExprAttr> whole = getDims(result),
                       strip = getDims(value.getType());
    if (whole.size() != kImageRank || strip.size() != kImageRank ||
        !strip[0].isConstant(1) || !whole[kChannels].isConstant() ||
        strip[kChannels] != whole[kChannels] ||
        strip.drop_front(kRowAxis + 1) != whole.drop_front(kRowAxis + 1) ||
        getLayout(value.getType()) != getLayout(result))
      return loop.emitOpError("by strips expects rows of an image of ")
             << result << ", got " << value.getType();
  }
  return success();
}

} // namespace dycc::dyn
