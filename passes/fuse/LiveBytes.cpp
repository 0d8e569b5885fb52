#include "passes/fuse/LiveBytes.h"

#include "dialects/dyn/TypicalShape.h"
#include "dialects/onnx/OnnxOps.h"

using namespace mlir;

namespace dycc::fuse {

/// Whether the results of `op` are no values of their own: weights, and other
/// names of what an operand is.
static bool makesNothing(Operation *op) {
  if (isa<dyn::ViewOp, dyn::PartOp, onnx::ConstantOp>(op))
    return true;
  auto packed = dyn_cast<dyn::ConvertLayoutOp>(op);
  return packed && packed.getInput().getDefiningOp<onnx::ConstantOp>();
}

/// What is reserved for a value, else what it has.
static dyn::ExprAttr sizeOf(Value value, const dyn::ExecutionBounds &bounds) {
  dyn::ExprAttr bound = bounds.boundBytes(value.getType());
  return bound ? bound : dyn::getSizeInBytes(value.getType());
}

/// The most that is live at a time in one of the branches of `op` or in its
/// body; nothing in a kernel.
static double mostWithin(Operation &op, const dyn::ExecutionBounds &bounds) {
  double most = 0;
  if (isa<dyn::IfOp, dyn::LoopOp>(op))
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        most = std::max(most, LiveBytes(inner, bounds).mostOutside({}));
  return most;
}

LiveBytes::LiveBytes(Block &block, const dyn::ExecutionBounds &bounds)
    : block(block) {
  for (Operation &op : block) {
    positions[&op] = int64_t(positions.size());
    within.push_back(mostWithin(op, bounds));
  }
  dyn::TypicalShape typical(bounds.getFacts());
  for (Operation &op : block)
    for (Value result : op.getResults()) {
      dyn::ExprAttr size = sizeOf(result, bounds);
      if (!size || makesNothing(&op))
        continue;
      lives[result] = {positions.lookup(&op), lastUse(result),
                       double(typical.valueOf(size).value_or(0))};
    }
}

/// By any of its names.
int64_t LiveBytes::lastUse(Value value) const {
  int64_t last = positions.lookup(value.getDefiningOp());
  for (Operation *user : value.getUsers()) {
    Operation *here = block.findAncestorOpInBlock(*user);
    last = std::max(last, positions.lookup(here));
    if (isa<dyn::ViewOp, dyn::PartOp>(user) && here == user)
      last = std::max(last, lastUse(user->getResult(0)));
  }
  return last;
}

double LiveBytes::at(int64_t position,
                     llvm::function_ref<bool(Value)> isLeftOut) const {
  double bytes = within[position];
  for (const auto &[value, life] : lives)
    if (life.begin <= position && position <= life.end && !isLeftOut(value))
      bytes += life.bytes;
  return bytes;
}

double LiveBytes::most(Span span,
                       llvm::function_ref<bool(Value)> isLeftOut) const {
  double most = 0;
  for (int64_t i = positions.lookup(span.first);
       i <= positions.lookup(span.last); ++i)
    most = std::max(most, at(i, isLeftOut));
  return most;
}

double LiveBytes::mostOutside(ArrayRef<Span> spans) const {
  double most = 0;
  for (int64_t i = 0; i < int64_t(positions.size()); ++i)
    if (llvm::none_of(spans, [&](Span span) {
          return positions.lookup(span.first) <= i &&
                 i <= positions.lookup(span.last);
        }))
      most = std::max(most, at(i, [](Value) { return false; }));
  return most;
}

} // namespace dycc::fuse
