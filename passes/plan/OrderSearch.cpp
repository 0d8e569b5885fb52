// Cuts a problem into pieces that no order mixes, and searches each.
#include "passes/plan/PieceSearch.h"

#include <limits>
#include <numeric>

using namespace llvm;

namespace dycc::plan {
namespace {

using Aim = PieceSearch::Aim;

/// Moves that one problem may take: some 0.02 s.
constexpr int64_t kMoves = 60000;

std::vector<unsigned> orderGiven(size_t count) {
  std::vector<unsigned> order(count);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

/// Of a piece; `found` is what is best up to now.
class Improver {
public:
  Improver(const OrderPiece &piece, int64_t &moves)
      : piece(piece), moves(moves), best{orderGiven(piece.size()), true},
        cost(piece.costOf(best.order)) {}

  FoundOrder leastPeak() {
    best.isLeast = !tryOrder(Aim::Peak, cost.peak);
    tryOrder(Aim::ShortLives, cost.peak);
    if (!best.isLeast)
      best.isLeast = cost.peak <= piece.leastPeak();
    return best;
  }

  FoundOrder shortestLives() {
    PieceSearch search(piece, Aim::ShortLives,
                       std::numeric_limits<double>::infinity(), moves);
    if (auto order = search.run();
        order && piece.costOf(*order).kept < cost.kept)
      best.order = *order;
    return best;
  }

private:
  /// Whether sets were left out.
  bool tryOrder(Aim aim, double limit) {
    PieceSearch search(piece, aim, limit, moves);
    if (auto order = search.run())
      if (OrderCost other = piece.costOf(*order); other < cost) {
        best.order = *order;
        cost = other;
      }
    return search.hasSkipped();
  }

  const OrderPiece &piece;
  int64_t &moves;
  FoundOrder best;
  OrderCost cost;
};

/// The first steps of the pieces, and the number of steps. A piece ends with a
/// step that needs all before it and that all behind it need: where it runs is
/// the same in each order. All before a step are needed for it where each of
/// them is needed by one that comes no later than it.
SmallVector<unsigned> pieces(const OrderProblem &problem) {
  unsigned count = problem.steps.size();
  std::vector<unsigned> firstUser(count, count), lastNeed(count, 0);
  for (unsigned step = 0; step < count; ++step)
    for (unsigned need : problem.steps[step].after) {
      firstUser[need] = std::min(firstUser[need], step);
      lastNeed[step] = std::max(lastNeed[step], need + 1);
    }
  // Behind `step` each needs it or one that comes later.
  std::vector<bool> isNeeded(count, true);
  unsigned least = count + 1;
  for (unsigned step = count; step-- > 0;) {
    isNeeded[step] = least > step;
    least = std::min(least, lastNeed[step]);
  }
  SmallVector<unsigned> cuts{0};
  unsigned latest = 0;
  for (unsigned step = 0; step < count; ++step) {
    if (latest <= step && isNeeded[step])
      cuts.push_back(step + 1);
    latest = std::max(latest, firstUser[step]);
  }
  if (cuts.back() != count)
    cuts.push_back(count);
  return cuts;
}

template <typename Find>
FoundOrder findByPieces(const OrderProblem &problem, Find find) {
  FoundOrder whole;
  int64_t moves = kMoves;
  OrderPiece::Spans spans = OrderPiece::spansOf(problem);
  SmallVector<unsigned> cuts = pieces(problem);
  for (auto [first, end] : zip(cuts, ArrayRef(cuts).drop_front())) {
    OrderPiece piece(problem, spans, first, end - first);
    FoundOrder part = find(Improver(piece, moves));
    whole.isLeast &= part.isLeast;
    for (unsigned step : part.order)
      whole.order.push_back(first + step);
  }
  return whole;
}

} // namespace

OrderCost costOf(const OrderProblem &problem, ArrayRef<unsigned> order) {
  OrderPiece whole(problem, OrderPiece::spansOf(problem), 0,
                   problem.steps.size());
  return whole.costOf(order);
}

FoundOrder findOrder(const OrderProblem &problem) {
  return findByPieces(problem,
                      [](Improver improver) { return improver.leastPeak(); });
}

FoundOrder findShortestLives(const OrderProblem &problem) {
  return findByPieces(
      problem, [](Improver improver) { return improver.shortestLives(); });
}

} // namespace dycc::plan
