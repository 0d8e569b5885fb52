// The order in which launches run decides how many values are live at a time.
// It is judged by the slots that it comes to: a lower peak of live bytes is
// worth nothing where the slots cannot follow it. Sizes of input symbols that
// facts cannot compare are compared at a typical shape.
#include "passes/plan/Passes.h"

#include "passes/plan/BlockSteps.h"
#include "passes/plan/SlotAssignment.h"

#include "dialects/dyn/TypicalShape.h"

#include <numeric>

#define DEBUG_TYPE "dycc-order-launches"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_ORDERLAUNCHESPASS
#include "passes/plan/Passes.h.inc"
namespace {

enum Candidate { kGiven, kLeastPeak, kShortestLives, kCandidates };

/// A block, and the orders that come into question.
struct BlockOrders {
  explicit BlockOrders(plan::BlockSteps block) : steps(std::move(block)) {
    const plan::OrderProblem &problem = steps.getProblem();
    orders[kGiven].resize(problem.steps.size());
    std::iota(orders[kGiven].begin(), orders[kGiven].end(), 0);
    plan::FoundOrder least = plan::findOrder(problem);
    isLeast = least.isLeast;
    orders[kLeastPeak] = std::move(least.order);
    orders[kShortestLives] = plan::findShortestLives(problem).order;
  }

  plan::OrderCost costOf(Candidate candidate) const {
    return plan::costOf(steps.getProblem(), orders[candidate]);
  }

  plan::BlockSteps steps;
  std::vector<unsigned> orders[kCandidates];
  bool isLeast; ///< No order has a lower peak than that one.
};

/// What a candidate comes to in the whole function.
struct Outcome {
  Candidate candidate = kGiven;
  ExprAttr arena;   ///< Bytes, where that is a formula; null else.
  double bytes = 0; ///< The same at a typical shape.
  double kept = 0;  ///< How long values are kept, by bytes.

  bool operator<(const Outcome &other) const {
    return std::tie(bytes, kept) < std::tie(other.bytes, other.kept);
  }
};

class OrderLaunches final : public impl::OrderLaunchesPassBase<OrderLaunches> {
  using OrderLaunchesPassBase::OrderLaunchesPassBase;

  void runOnOperation() override {
    dyn::ExecutionBounds known(getOperation()->getParentOfType<ModuleOp>());
    bounds = &known;
    blocks.clear();
    findOrders();
    Outcome given = judge(kGiven), best = given;
    for (Candidate candidate : {kLeastPeak, kShortestLives})
      if (differs(candidate)) {
        arrange(candidate);
        best = std::min(best, judge(candidate));
      }
    arrange(best.candidate);
    if (remarks::areWanted(&getContext()))
      explain(given, best);
  }

  /// Inner blocks first: what they take counts in those around them.
  void findOrders() {
    plan::Liveness liveness(getOperation(), *bounds);
    plan::OrderFacts facts(getOperation(), liveness, *bounds, inPlace);
    DenseMap<Operation *, double> inner;
    getOperation().walk([&](Operation *op) {
      double most = 0, behind = 0;
      for (Region &region : op->getRegions())
        for (Block &block : region) {
          blocks.emplace_back(plan::BlockSteps(block, facts, inner));
          auto own =
              blocks.back().steps.ownBytes(blocks.back().orders[kLeastPeak]);
          most = std::max(most, own.peak);
          // Results of the other branch take the same places.
          if (region.getRegionNumber() == 0)
            behind = own.behind;
        }
      if (most > behind)
        inner[op] = most - behind;
    });
  }

  SmallVector<Operation *> operationsOf(const BlockOrders &block,
                                        Candidate candidate) const {
    return candidate == kGiven ? llvm::to_vector(block.steps.given())
                               : block.steps.arranged(block.orders[candidate]);
  }

  /// Whether anything comes elsewhere than in the order given.
  bool differs(Candidate candidate) const {
    return llvm::any_of(blocks, [&](const BlockOrders &block) {
      return operationsOf(block, candidate) != block.steps.given();
    });
  }

  void arrange(Candidate candidate) {
    for (const BlockOrders &block : blocks)
      for (Operation *op : operationsOf(block, candidate))
        op->moveBefore(block.steps.terminator());
  }

  /// The candidate that the operations are arranged by.
  Outcome judge(Candidate candidate) {
    plan::Liveness liveness(getOperation(), *bounds);
    plan::SlotAssignment slots(liveness, bounds->getFacts(),
                               {/*reuse=*/true, inPlace, placeSlots});
    Outcome outcome{candidate, slots.arena(), slots.bytes()};
    for (const BlockOrders &block : blocks)
      outcome.kept += block.costOf(candidate).kept;
    return outcome;
  }

  void explain(const Outcome &given, const Outcome &best) {
    if (blocks.empty())
      return;
    const BlockOrders &main = blocks.back();
    unsigned peakStep = main.costOf(best.candidate).peakStep;
    Location location = main.steps.stepAt(peakStep)->getLoc();
    int64_t before = given.bytes, after = best.bytes;
    if (best.candidate == kGiven) {
      remarks::missed(remarks::kOrder, location, DEBUG_TYPE)
          << "keeps its place in the order of the graph, as all do: of those "
             "tried none takes fewer than "
          << before << " bytes" << point();
    } else {
      remarks::taken(remarks::kOrder, location, DEBUG_TYPE)
          << "is where most is live: " << after << " bytes are planned, "
          << before << " in the order of the graph" << point();
      for (const BlockOrders &block : blocks)
        explainMoves(block, best.candidate);
      if (!isNeverMore(best, given))
        remarks::missed(remarks::kOrder, location, DEBUG_TYPE)
            << "may need more than in the order of the graph at other extents: "
               "the two cannot be compared";
    }
    for (const BlockOrders &block : blocks)
      if (!block.isLeast)
        remarks::missed(
            remarks::kOrder,
            block.steps.stepAt(block.costOf(kLeastPeak).peakStep)->getLoc(),
            DEBUG_TYPE)
            << "may be where less could be live: not all orders were tried";
  }

  /// Whether that is proved for all extents.
  bool isNeverMore(const Outcome &best, const Outcome &given) const {
    return best.arena && given.arena &&
           dyn::provablyLessEqual(best.arena, given.arena, bounds->getFacts());
  }

  static void explainMoves(const BlockOrders &block, Candidate candidate) {
    ArrayRef<unsigned> order = block.orders[candidate];
    for (auto [before, step] : llvm::zip(order, order.drop_front())) {
      Operation *op = block.steps.stepAt(step);
      if (step != before + 1 && isa<dyn::LaunchOp>(op))
        remarks::taken(remarks::kOrder, op->getLoc(), DEBUG_TYPE)
            << "runs behind " << block.steps.stepAt(before);
    }
  }

  /// The typical shape: ", at N = 64, W = 128".
  std::string point() {
    std::string text;
    dyn::TypicalShape typical(bounds->getFacts());
    auto module = getOperation()->getParentOfType<ModuleOp>();
    for (auto symbol : module.getOps<dyn::SymbolOp>())
      if (symbol.isInput())
        text +=
            (text.empty() ? ", at " : ", ") + symbol.getSymName().str() +
            " = " +
            std::to_string(typical.valueOf(symbol.getSymName()).value_or(0));
    return text;
  }

  const dyn::ExecutionBounds *bounds = nullptr;
  std::vector<BlockOrders> blocks; ///< The function's is the last.
};

} // namespace
} // namespace dycc
