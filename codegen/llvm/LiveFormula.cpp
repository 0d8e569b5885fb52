#include "codegen/llvm/LiveFormula.h"

#include "dialects/dyn/Plan.h"

using namespace mlir;
using dycc::plan::Buffer;
using dycc::plan::isInOtherBranch;
using dycc::plan::Liveness;

namespace dycc::codegen {
namespace {

/// Goes from launch to launch.
class Walk {
public:
  Walk(func::FuncOp main, const dyn::ExecutionBounds &bounds,
       LiveFormula &formula)
      : memory(dyn::getMemory(main)), liveness(main, bounds), formula(formula) {
    for (const Buffer &buffer : liveness.buffers())
      if (buffer.size)
        waiting.push_back(&buffer);
    llvm::stable_sort(waiting, [](const Buffer *a, const Buffer *b) {
      return a->begin < b->begin;
    });
    main.walk<WalkOrder::PreOrder>([&](dyn::LaunchOp launch) { step(launch); });
  }

private:
  void step(dyn::LaunchOp launch) {
    int64_t position = liveness.positionOf(launch);
    for (; next < waiting.size() && waiting[next]->begin <= position; ++next)
      moveIn(*waiting[next]);
    llvm::erase_if(tenants,
                   [&](auto &tenant) { return tenant->end < position; });
    SmallVector<const Buffer *> now;
    for (const Buffer *tenant : tenants)
      if (!isInOtherBranch(tenant->definition, launch))
        now.push_back(tenant);
    for (const Buffer *buffer : now)
      if (!llvm::is_contained(before, buffer))
        formula.steps.push_back(numberOf(buffer->size));
    for (const Buffer *buffer : before)
      if (!llvm::is_contained(now, buffer))
        formula.steps.push_back(-numberOf(buffer->size));
    formula.steps.push_back(0);
    before = std::move(now);
  }

  /// From 1 on.
  int32_t numberOf(dyn::ExprAttr size) {
    auto [it, isNew] = numbers.try_emplace(size, numbers.size() + 1);
    if (isNew)
      formula.sizes.insert(size);
    return it->second;
  }

  /// Who lay in its slot before is gone, or is written over.
  void moveIn(const Buffer &buffer) {
    int64_t slot = slotOf(buffer, memory);
    llvm::erase_if(tenants, [&](const Buffer *other) {
      return slot >= 0 && slotOf(*other, memory) == slot &&
             !isInOtherBranch(other->definition, buffer.definition);
    });
    tenants.push_back(&buffer);
  }

  dyn::MemoryAttr memory;
  Liveness liveness;
  SmallVector<const Buffer *> waiting, tenants, before;
  size_t next = 0;
  LiveFormula &formula;
  DenseMap<dyn::ExprAttr, int32_t> numbers;
};

} // namespace

LiveFormula::LiveFormula(func::FuncOp main,
                         const dyn::ExecutionBounds &bounds) {
  Walk(main, bounds, *this);
}

} // namespace dycc::codegen
