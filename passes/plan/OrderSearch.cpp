// Dynamic programming over the sets of steps that can have run: what is live
// behind a set does not depend on the order in which it ran, so that of all
// ways to a set the best is enough. Sets of one size are a level. Where a
// level has more than there is time for, the most promising go on.
#include "passes/plan/OrderPiece.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Allocator.h"

#include <limits>
#include <numeric>
#include <optional>
#include <tuple>

using namespace llvm;

namespace dycc::plan {
namespace {

/// Moves that one problem may take, and the sets of a level that are followed.
constexpr int64_t kMoves = 150000;
constexpr size_t kMostSets = 4096, kFewestSets = 4;
/// Steps that are ready at a time, as far as time is divided beforehand.
constexpr size_t kTypicalReady = 4;

/// A set of steps that ran, and the best way to it.
struct State {
  MutableArrayRef<uint64_t> done;
  SmallVector<unsigned, 8> ready;
  double live = 0, peak = 0, kept = 0;
  unsigned parent = 0, step = 0; ///< In the level before, and what ran then.
};

enum class Aim { Peak, ShortLives };

class PieceSearch {
public:
  PieceSearch(const OrderPiece &piece, Aim aim, double limit, int64_t &moves)
      : piece(piece), aim(aim), limit(limit), moves(moves) {
    int64_t sets = std::max<int64_t>(moves, 0) / (piece.size() * kTypicalReady);
    width = std::clamp<size_t>(sets, kFewestSets, kMostSets);
  }

  /// Nothing where no way stays within the limit.
  std::optional<std::vector<unsigned>> run() {
    std::vector<State> level(1);
    level[0].done = newSet(StepSet(piece.words(), 0));
    level[0].live = level[0].peak = piece.liveBefore();
    for (unsigned step = 0; step < piece.size(); ++step)
      if (piece.needsOf(step).empty())
        level[0].ready.push_back(step);
    for (unsigned step = 0; step < piece.size(); ++step) {
      level = advance(level);
      if (level.empty())
        return std::nullopt;
      auto &back = backs.emplace_back();
      for (const State &state : level)
        back.push_back({state.parent, state.step});
    }
    return trace();
  }

  bool hasSkipped() const { return skipped; }

private:
  MutableArrayRef<uint64_t> newSet(ArrayRef<uint64_t> set) {
    uint64_t *bits = memory.Allocate<uint64_t>(set.size());
    llvm::copy(set, bits);
    return {bits, set.size()};
  }

  bool isBetter(const State &a, const State &b) const {
    if (aim == Aim::ShortLives)
      return std::tie(a.kept, a.peak) < std::tie(b.kept, b.peak);
    return std::tie(a.peak, a.kept) < std::tie(b.peak, b.kept);
  }

  std::vector<State> advance(std::vector<State> &level) {
    next.clear();
    numbers.clear();
    for (auto [number, state] : enumerate(level))
      expand(state, number);
    if (next.size() <= width)
      return std::move(next);
    skipped = true;
    auto mostPromising = [&](const State &a, const State &b) {
      if (aim == Aim::Peak && a.peak == b.peak && a.live != b.live)
        return a.live < b.live;
      if (isBetter(a, b) || isBetter(b, a))
        return isBetter(a, b);
      return std::tie(a.parent, a.step) < std::tie(b.parent, b.step);
    };
    llvm::sort(next, mostPromising);
    next.resize(width);
    return std::move(next);
  }

  void expand(const State &state, unsigned number) {
    if (auto free = freeMove(state))
      return add(state, number, free->first, free->second);
    for (unsigned step : state.ready) {
      OrderPiece::Move move = piece.move(state.done, state.live, step);
      if (move.during <= limit)
        add(state, number, step, move);
    }
  }

  /// A step that gives back at least what it takes and needs no more than was
  /// needed before can as well run now: what comes before it in another order
  /// runs with no more live bytes behind it. Of several the one that gives back
  /// most.
  std::optional<std::pair<unsigned, OrderPiece::Move>>
  freeMove(const State &state) {
    std::optional<std::pair<unsigned, OrderPiece::Move>> best;
    moves -= state.ready.size();
    for (unsigned step : state.ready) {
      OrderPiece::Move move = piece.move(state.done, state.live, step);
      if (move.after <= state.live &&
          move.during <= std::min(state.peak, limit) &&
          (!best || move.after < best->second.after))
        best.emplace(step, move);
    }
    return best;
  }

  void add(const State &from, unsigned number, unsigned step,
           OrderPiece::Move move) {
    State state;
    state.live = move.after;
    state.peak = std::max(from.peak, move.during);
    state.kept = from.kept + move.after;
    state.parent = number;
    state.step = step;
    StepSet done(from.done.begin(), from.done.end());
    insert(done, step);
    if (auto known = numbers.find(ArrayRef<uint64_t>(done));
        known != numbers.end()) {
      State &other = next[known->second];
      if (isBetter(state, other)) {
        state.done = other.done;
        state.ready = std::move(other.ready);
        other = std::move(state);
      }
      return;
    }
    state.done = newSet(done);
    for (unsigned other : from.ready)
      if (other != step)
        state.ready.push_back(other);
    for (unsigned user : piece.usersOf(step))
      if (all_of(piece.needsOf(user),
                 [&](unsigned need) { return contains(done, need); }))
        state.ready.push_back(user);
    numbers[state.done] = next.size();
    next.push_back(std::move(state));
  }

  std::vector<unsigned> trace() const {
    std::vector<unsigned> order(piece.size());
    unsigned at = 0;
    for (unsigned level = piece.size(); level-- > 0;) {
      order[level] = backs[level][at].second;
      at = backs[level][at].first;
    }
    return order;
  }

  const OrderPiece &piece;
  Aim aim;
  double limit;
  int64_t &moves;
  size_t width;
  bool skipped = false;
  std::vector<State> next;
  DenseMap<ArrayRef<uint64_t>, unsigned> numbers;
  std::vector<std::vector<std::pair<unsigned, unsigned>>> backs;
  BumpPtrAllocator memory;
};

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
