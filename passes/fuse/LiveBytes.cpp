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

LiveBytes::LiveBytes(Block &block, const dyn::ExecutionBounds &bounds)
    : block(block) {
  for (Operation &op : block)
    positions[&op] = int64_t(positions.size());
  dyn::TypicalShape typical(bounds.getFacts());
  for (Operation &op : block)
    for (Value result : op.getResults()) {
      dyn::ExprAttr size = dyn::getSizeInBytes(result.getType());
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
  double bytes = 0;
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
