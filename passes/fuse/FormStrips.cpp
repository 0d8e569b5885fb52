// Depth first for large images: where convolutions follow each other, all of
// them run for a strip of rows, then for the next. Each keeps the rows that the
// next strip reads again, so that nothing is computed twice, and what lies
// between them is as large as a strip and what is kept: it grows with the width
// of an image alone.
#include "passes/fuse/Passes.h"

#include "passes/Remarks.h"
#include "passes/fuse/LiveBytes.h"
#include "passes/fuse/StripLoop.h"

#define DEBUG_TYPE "dycc-form-strips"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_FORMSTRIPSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

using fuse::StripChain;

class FormStrips final : public impl::FormStripsPassBase<FormStrips> {
  using FormStripsPassBase::FormStripsPassBase;

  void runOnOperation() override {
    bounds.emplace(getOperation());
    symbols.emplace(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      runOnBlock(function.front());
  }

  void runOnBlock(Block &block) {
    SmallVector<StripChain, 2> chains;
    fuse::findChains<StripChain>(block, *bounds, [&](StripChain &chain) {
      if (chain.layers.size() > 1 && isPossible(chain))
        chains.push_back(chain);
    });
    // Of all, before some are gone.
    fuse::LiveBytes live(block, *bounds);
    SmallVector<fuse::LiveBytes::Span> spans;
    for (const StripChain &chain : chains)
      spans.push_back(spanOf(chain));
    double elsewhere = live.mostOutside(spans);
    SmallVector<bool> areLess;
    for (const StripChain &chain : chains)
      areLess.push_back(takesLess(chain, live, elsewhere));
    for (auto [chain, isLess] : llvm::zip(chains, areLess))
      if (isLess)
        outline(chain, locationOf(chain));
      else
        refuse(chain, Reason("other parts of the model take as much memory"));
  }

  static fuse::LiveBytes::Span spanOf(const StripChain &chain) {
    return {chain.layers.front().group, chain.layers.back().group};
  }

  /// Whether the model takes less memory when what lies inside of the chain
  /// takes next to nothing. It costs kernels that others do not share.
  static bool takesLess(const StripChain &chain, const fuse::LiveBytes &live,
                        double elsewhere) {
    auto isGone = [&](Value value) {
      return chain.isInside(value) && !chain.escapes(value);
    };
    double whole = live.most(spanOf(chain), [](Value) { return false; });
    double rest = std::max(elsewhere, live.most(spanOf(chain), isGone));
    return whole > kLeastLess * rest;
  }
  static constexpr double kLeastLess = 1.5;

  static Location locationOf(const StripChain &chain) {
    dyn::GroupOp last = chain.layers.back().group;
    return last.getLoc();
  }

  static void refuse(const StripChain &chain, const Reason &why) {
    remarks::missed(remarks::kFuse, locationOf(chain), DEBUG_TYPE)
        << "is computed for all rows of an image at once: " << why;
  }

  bool isPossible(StripChain &chain) {
    Reason why = chain.whyNot(cacheBytes);
    if (!why && !bounds->isOverInputs(chain.bytesPerRow()))
      why = Reason("execution decides what a row takes");
    if (!why && !(bounds->isOverInputs(chain.rows) &&
                  bounds->isOverInputs(chain.batch)))
      why = Reason("execution decides how many rows there are");
    if (why)
      refuse(chain, why);
    return !why;
  }

  ExprAttr number(int64_t value) {
    return ExprAttr::constant(&getContext(), value);
  }

  ExprAttr name(StringRef prefix, ExprAttr definition) {
    return symbols->name(prefix, definition, bounds->getFacts());
  }

  static ExprAttr roundUp(ExprAttr value, int64_t multiple) {
    return ExprAttr::ceilDiv(value,
                             ExprAttr::constant(value.getContext(), multiple))
        .times(multiple);
  }

  /// Strips of so many rows that what is kept is little beside them, whatever
  /// the width; an image that takes no more as a whole is one strip. Both
  /// are decided once, so that memory is a formula that grows with each extent.
  fuse::StripPlan planFor(const StripChain &chain) {
    int64_t multiple = chain.multiple();
    int64_t least = chain.leastRows();
    int64_t most = std::max(least + chain.keptInRows(), kLeastCut);
    auto up = [&](int64_t rows) {
      return number(int64_t(llvm::alignTo(rows, multiple)));
    };
    ExprAttr all = chain.rowsOfTrips(), later = ExprAttr::sub(all, chain.rows);
    ExprAttr isOne =
        ExprAttr::get(dyn::ExprKind::Le, {chain.rows, number(most)});
    ExprAttr inOne = up(most + *later.asConstant());
    ExprAttr strip = name(
        "strip",
        ExprAttr::min(ExprAttr::max(roundUp(all, multiple), number(multiple)),
                      ExprAttr::ite(isOne, inOne, up(least))));
    ExprAttr trips =
        name("strips", ExprAttr::max(ExprAttr::ceilDiv(all, strip), number(1)));
    return {strip, trips};
  }
  /// Images of fewer rows are not worth the trips.
  static constexpr int64_t kLeastCut = 64;

  void outline(const StripChain &chain, Location location) {
    fuse::StripPlan plan = planFor(chain);
    SmallVector<Value> results = chain.escaping();
    dyn::LoopOp loop = fuse::StripLoop(chain, plan, *symbols).make();
    for (auto [value, result] :
         llvm::zip(results, loop.getResults().take_back(results.size())))
      chain.replaceOutside(value, result);
    remarks::taken(remarks::kFuse, location, DEBUG_TYPE)
        << "is computed in strips of " << plan.strip << " rows by "
        << int64_t(chain.layers.size()) << " kernels";
    for (const StripChain::Layer &layer : llvm::reverse(chain.layers))
      layer.group.erase();
  }

  std::optional<dyn::ExecutionBounds> bounds;
  std::optional<fuse::LoopSymbols> symbols;
};

} // namespace
} // namespace dycc
