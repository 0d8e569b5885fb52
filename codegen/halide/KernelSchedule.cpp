// Which loops the values of a kernel are computed in: those of its results, of
// a root, or of a root that takes others in.
#include "codegen/halide/KernelBuilder.h"
#include "codegen/halide/Operands.h"
#include "codegen/halide/cpu/Loops.h"

using namespace mlir;
using Halide::Func;

namespace dycc::halide {

std::vector<int> Store::memoryOrder() const {
  SmallVector<unsigned> order = dyn::Layout::axisOrder(rank(), channelsLast);
  return {order.begin(), order.end()};
}

unsigned KernelBuilder::widestElement() const {
  unsigned widest = 1;
  for (const auto &[value, tensor] : values)
    if (!dyn::getDims(value.getType()).empty() &&
        !isConstant(value.getDefiningOp()))
      widest = std::max<unsigned>(widest, tensor.element.computed.bytes());
  return widest;
}

Store KernelBuilder::resultStore(unsigned number, Func func) {
  Value value = kernel.getYield()->getOperand(number);
  dyn::LayoutAttr layout = collapse.layout(kernel.getResultType(number));
  return {std::move(func), dims(value), widestElement(),
          layout && layout.getKind() == dyn::LayoutKind::ChannelsLast};
}

Root *KernelBuilder::primaryRoot() {
  if (roots.empty() || kernel.getYield()->getNumOperands() != 1)
    return nullptr;
  Root &last = roots.back();
  Value result = kernel.getYield()->getOperand(0);
  Value root = pointwiseOf.lookup(result);
  return root && root == last.value ? &last : nullptr;
}

bool KernelBuilder::isInner(const Root &root) const {
  return root.value && foundChain &&
         foundChain->between.contains(root.value.getDefiningOp());
}

void KernelBuilder::placeInner(const Halide::LoopLevel &row,
                               const Halide::LoopLevel &task) {
  for (const Root &root : roots)
    if (isInner(root))
      root.place(row, task);
}

void KernelBuilder::schedulePrimary(const Root &root, Store store) {
  store.places = placesOf.lookup(kernel.getYield()->getOperand(0));
  if (!store.places.empty())
    store.dims = dims(root.value);
  root.schedule(store);
}

void KernelBuilder::scheduleAll(ArrayRef<Func> results) {
  Root *primary = primaryRoot();
  for (Root &root : roots) {
    if (&root == primary || isInner(root))
      continue;
    root.result.func.compute_root();
    Store store{root.result.func, root.result.dims, widestElement(), false};
    root.schedule(store);
  }
  for (auto [number, func] : llvm::enumerate(results)) {
    Store store = resultStore(number, func);
    if (primary)
      schedulePrimary(*primary, store);
    else
      scheduleElements(*this, kernel.getYield()->getOperand(number), store);
  }
}

/// All that no other Func takes in has memory of its own.
void KernelBuilder::scheduleReference(ArrayRef<Func> results) {
  for (const Func &result : results)
    for (auto &[name, function] :
         Halide::Internal::find_transitive_calls(result.function()))
      if (!function.can_be_inlined() && name != result.name())
        Func(function).compute_root();
  scheduleShared(results);
}

/// A root whose elements are those of the result has its launch, else one of
/// its own.
void KernelBuilder::scheduleShared(ArrayRef<Func> results) {
  Root *primary = primaryRoot();
  for (Root &root : roots) {
    if (root.shared.empty())
      continue;
    Store store{root.result.func, root.result.dims, widestElement(), false};
    if (&root == primary)
      store = resultStore(0, results.front());
    else
      root.result.func.compute_root();
    sharedFuncs.insert(store.func.name());
    sharedFuncs.insert(root.shared.begin(), root.shared.end());
    root.schedule(store);
  }
}

} // namespace dycc::halide
