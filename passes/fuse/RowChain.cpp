#include "passes/fuse/RowChain.h"

#include "dialects/dyn/Rows.h"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::remarks::Reason;

namespace dycc::fuse {

bool RowChain::isInside(Value value) const {
  return llvm::is_contained(ops, value.getDefiningOp());
}

static ExprAttr leadingDim(Value value) {
  ArrayRef<ExprAttr> dims = dyn::getDims(value.getType());
  return dims.empty() || dims[0].isConstant(1) || dims[0].isUnknown()
             ? ExprAttr()
             : dims[0];
}

bool RowChain::joinsAsView(dyn::ViewOp view) {
  return !ops.empty() && isInside(view.getInput()) &&
         leadingDim(view.getInput()) == rows && leadingDim(view) == rows;
}

bool RowChain::joins(Operation *op) {
  bool isNext = followsByRows(op);
  if (isNext)
    ops.push_back(op);
  return isNext;
}

bool RowChain::followsByRows(Operation *op) {
  if (auto view = dyn_cast<dyn::ViewOp>(op))
    return joinsAsView(view);
  auto group = dyn_cast<dyn::GroupOp>(op);
  if (!group || !leadingDim(group.getResult(0)))
    return false;
  ExprAttr leading = leadingDim(group.getResult(0));
  if (!ops.empty() && leading != rows)
    return false;
  auto needs = needsByRows(group, leading);
  auto hasRows = [](Value value) {
    return bool(dyn::elementsPerRow(value.getType()));
  };
  if (!needs || !llvm::all_of(group.getResults(), hasRows))
    return false;
  for (auto [input, need] : llvm::zip(group.getInputs(), *needs))
    if (isInside(input) ? need != Needs::Rows
                        : need == Needs::Rows && !hasRows(input))
      return false;
  rows = leading;
  for (auto [input, need] : llvm::zip(group.getInputs(), *needs))
    if (!isInside(input))
      noteInput(input, need);
  return true;
}

void RowChain::noteInput(Value input, Needs need) {
  if (need == Needs::Rows)
    rowInputs.insert(input);
  if (need != Needs::Whole)
    return;
  auto bytes = dyn::getSizeInBytes(input.getType()).asConstant();
  wholeBytes += bytes.value_or(0);
  readsUnknown |= !bytes;
}

SmallVector<Value> RowChain::escaping() const {
  SmallVector<Value> values;
  for (Operation *op : ops)
    for (Value result : op->getResults())
      if (escapes(result))
        values.push_back(result);
  return values;
}

ExprAttr RowChain::rowBytes(Value value) const {
  int64_t bytes = dyn::getElementBytes(getElementTypeOrSelf(value.getType()));
  return dyn::elementsPerRow(value.getType()).times(bytes);
}

/// What is live while the operation at `position` runs, for one row: what lies
/// between its kernels, and with `all` what it reads and writes outside, too.
ExprAttr RowChain::liveAt(size_t position, bool all) const {
  ExprAttr live = ExprAttr::constant(rows.getContext(), 0);
  auto add = [&](Value value) { live = ExprAttr::add(live, rowBytes(value)); };
  auto isNeeded = [&](Operation *user) {
    const auto *it = llvm::find(ops, user);
    return it != ops.end() && it - ops.begin() >= ptrdiff_t(position);
  };
  for (Value input : ops[position]->getOperands())
    if (all && rowInputs.contains(input))
      add(input);
  for (Operation *maker : ArrayRef(ops).take_front(position + 1))
    if (!isa<dyn::ViewOp>(maker)) // It has no memory of its own.
      for (Value result : maker->getResults())
        if ((maker == ops[position] ||
             llvm::any_of(result.getUsers(), isNeeded)) &&
            (all || !escapes(result)))
          add(result);
  return live;
}

ExprAttr RowChain::mostLive(bool all) const {
  ExprAttr most = liveAt(0, all);
  for (size_t position = 1; position < ops.size(); ++position)
    if (ExprAttr live = liveAt(position, all); estimate(live) > estimate(most))
      most = live;
  return dyn::simplify(most, bounds->getFacts());
}

ExprAttr RowChain::bytesPerRow() const {
  return ExprAttr::max(mostLive(/*all=*/true),
                       ExprAttr::constant(rows.getContext(), 1));
}

Reason RowChain::whyNotWorth(int64_t cacheBytes) const {
  SmallVector<Value> results = escaping();
  auto kernels =
      llvm::count_if(ops, [](Operation *op) { return isa<dyn::GroupOp>(op); });
  if (kernels < 2)
    return {"no two kernels that follow each other go row by row"};
  if (readsUnknown)
    return {"a matrix of unknown size would be read for each chunk"};
  if (wholeBytes > cacheBytes)
    return {"{0} bytes of weights would be read for each chunk", wholeBytes};
  for (Value result : results)
    if (!result.getDefiningOp<dyn::GroupOp>())
      return {"one of the results is a view"};
  double kept = 0;
  for (Value value : results)
    kept += estimate(rowBytes(value));
  for (Value value : rowInputs)
    if (value.getDefiningOp()) // The caller's memory is not the arena's.
      kept += estimate(rowBytes(value));
  if (kept * kLeastGain > estimate(mostLive(/*all=*/false)))
    return {"what goes in and out is as large as what is in between"};
  return {};
}

//===----------------------------------------------------------------------===//
// Cloning
//===----------------------------------------------------------------------===//

Type RowChain::withRows(Type type, ExprAttr here) const {
  SmallVector<ExprAttr> dims(dyn::getDims(type));
  dims[0] = here;
  return dyn::getTensorType(dims, getElementTypeOrSelf(type),
                            dyn::getLayout(type));
}

dyn::GroupOp RowChain::cloneGroup(OpBuilder &builder, dyn::GroupOp group,
                                  ValueRange inputs, ExprAttr here) {
  auto clone = cast<dyn::GroupOp>(builder.clone(*group));
  clone->setOperands(inputs);
  Block &body = clone.getBody().front();
  for (auto [argument, input] : llvm::zip(body.getArguments(), inputs))
    argument.setType(input.getType());
  // What needs rows was found from the results on: in the body all but
  // constants has them.
  for (Operation &op : body.without_terminator())
    for (Value result : op.getResults())
      if (!op.hasTrait<OpTrait::ConstantLike>() && !isa<dyn::SymbolicOp>(op) &&
          leadingDim(result) == rows)
        result.setType(withRows(result.getType(), here));
  for (Value result : clone.getResults())
    result.setType(withRows(result.getType(), here));
  return clone;
}

void RowChain::cloneInto(OpBuilder &builder, IRMapping &mapping, ExprAttr first,
                         ExprAttr here) {
  for (Value input : rowInputs)
    mapping.map(
        input,
        dyn::PartOp::create(
            builder, input.getLoc(), withRows(input.getType(), here), input,
            ExprAttr::mul(first, dyn::elementsPerRow(input.getType()))));
  for (Operation *op : ops) {
    SmallVector<Value> inputs;
    for (Value operand : op->getOperands())
      inputs.push_back(mapping.lookupOrDefault(operand));
    Operation *clone = nullptr;
    if (auto view = dyn_cast<dyn::ViewOp>(op))
      clone = dyn::ViewOp::create(builder, op->getLoc(),
                                  withRows(view.getType(), here), inputs[0]);
    else
      clone = cloneGroup(builder, cast<dyn::GroupOp>(op), inputs, here);
    mapping.map(op->getResults(), clone->getResults());
  }
}

} // namespace dycc::fuse
