#include "passes/version/Passes.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_PRUNEVERSIONSPASS
#include "passes/version/Passes.h.inc"
namespace {

/// What holds of the kernel's symbols at every launch.
dyn::SymbolFacts factsOf(dyn::KernelOp kernel) {
  dyn::SymbolFacts facts;
  for (auto symbol : kernel.getSymbols().getAsRange<dyn::KernelSymbolAttr>())
    facts[symbol.getSymbol().getValue()] = {
        {symbol.getLower(), symbol.getUpper()}, symbol.getMultiple()};
  return facts;
}

class PruneVersions final : public impl::PruneVersionsPassBase<PruneVersions> {
  using PruneVersionsPassBase::PruneVersionsPassBase;

  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<dyn::KernelOp>())
      if (kernel.getVersions())
        prune(kernel);
  }

  void prune(dyn::KernelOp kernel) {
    dyn::SymbolFacts facts = factsOf(kernel);
    SmallVector<Attribute> left;
    for (auto version : kernel.getVersions()->getAsRange<dyn::VersionAttr>()) {
      ExprAttr when = version.getWhen();
      dyn::Interval range =
          when ? dyn::rangeOf(dyn::simplify(when, facts), facts)
               : dyn::Interval{1, 1};
      bool isNever = range.upper == 0, isAlways = range.lower == 1;
      if (isNever || (single && when && !isAlways))
        continue;
      left.push_back(dyn::VersionAttr::get(
          &getContext(), version.getName(), isAlways ? ExprAttr() : when,
          version.getPlan(), version.getCost()));
      if (isAlways)
        break;
    }
    kernel.setVersionsAttr(ArrayAttr::get(&getContext(), left));
  }
};

} // namespace
} // namespace dycc
