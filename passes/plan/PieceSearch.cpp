// Dynamic programming over the sets of steps that can have run: what is live
// behind a set does not depend on the order in which it ran, so that of all
// ways to a set the best is enough. Sets of one size are a level. Where a
// level has more than there is time for, the most promising go on.
#include "passes/plan/PieceSearch.h"

#include "llvm/ADT/STLExtras.h"

#include <tuple>

using namespace llvm;

namespace dycc::plan {

/// The fewest and the most sets of a level that are followed.
static constexpr size_t kFewestSets = 4, kMostSets = 4096;
/// Steps that are ready at a time, as far as time is divided beforehand.
static constexpr size_t kTypicalReady = 4;

PieceSearch::PieceSearch(const OrderPiece &piece, Aim aim, double limit,
                         int64_t &moves)
    : piece(piece), aim(aim), limit(limit), moves(moves) {
  int64_t sets = std::max<int64_t>(moves, 0) / (piece.size() * kTypicalReady);
  width = std::clamp<size_t>(sets, kFewestSets, kMostSets);
}

std::optional<std::vector<unsigned>> PieceSearch::run() {
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

MutableArrayRef<uint64_t> PieceSearch::newSet(ArrayRef<uint64_t> set) {
  uint64_t *bits = memory.Allocate<uint64_t>(set.size());
  llvm::copy(set, bits);
  return {bits, set.size()};
}

bool PieceSearch::isBetter(const State &a, const State &b) const {
  if (aim == Aim::ShortLives)
    return std::tie(a.kept, a.peak) < std::tie(b.kept, b.peak);
  return std::tie(a.peak, a.kept) < std::tie(b.peak, b.kept);
}

bool PieceSearch::isMorePromising(const State &a, const State &b) const {
  if (aim == Aim::Peak && a.peak == b.peak && a.live != b.live)
    return a.live < b.live;
  if (isBetter(a, b) || isBetter(b, a))
    return isBetter(a, b);
  return std::tie(a.parent, a.step) < std::tie(b.parent, b.step);
}

std::vector<PieceSearch::State>
PieceSearch::advance(std::vector<State> &level) {
  next.clear();
  numbers.clear();
  for (auto [number, state] : enumerate(level))
    expand(state, number);
  if (next.size() > width) {
    skipped = true;
    llvm::sort(next, [&](const State &a, const State &b) {
      return isMorePromising(a, b);
    });
    next.resize(width);
  }
  return std::move(next);
}

void PieceSearch::expand(const State &state, unsigned number) {
  if (auto free = freeMove(state))
    return add(state, number, *free);
  for (unsigned step : state.ready) {
    OrderPiece::Move move = piece.move(state.done, state.live, step);
    if (move.during <= limit)
      add(state, number, {step, move});
  }
}

/// A step that gives back at least what it takes and needs no more than was
/// needed before can as well run now: what comes before it in another order
/// runs with no more live bytes behind it. Of several the one that gives back
/// most.
std::optional<PieceSearch::Choice> PieceSearch::freeMove(const State &state) {
  std::optional<Choice> best;
  moves -= state.ready.size();
  for (unsigned step : state.ready) {
    OrderPiece::Move move = piece.move(state.done, state.live, step);
    if (move.after <= state.live &&
        move.during <= std::min(state.peak, limit) &&
        (!best || move.after < best->move.after))
      best = {step, move};
  }
  return best;
}

void PieceSearch::add(const State &from, unsigned number, Choice choice) {
  auto [step, move] = choice;
  State state;
  state.live = move.after;
  state.peak = std::max(from.peak, move.during);
  state.kept = from.kept + move.after;
  state.parent = number;
  state.step = step;
  StepSet done(from.done.begin(), from.done.end());
  insert(done, step);
  enter(std::move(state), from, done);
}

/// The better of two ways to the set `done`.
void PieceSearch::enter(State state, const State &from,
                        ArrayRef<uint64_t> done) {
  if (auto known = numbers.find(done); known != numbers.end()) {
    State &other = next[known->second];
    if (!isBetter(state, other))
      return;
    state.done = other.done;
    state.ready = std::move(other.ready);
    other = std::move(state);
    return;
  }
  state.done = newSet(done);
  for (unsigned other : from.ready)
    if (other != state.step)
      state.ready.push_back(other);
  for (unsigned user : piece.usersOf(state.step))
    if (all_of(piece.needsOf(user),
               [&](unsigned need) { return contains(done, need); }))
      state.ready.push_back(user);
  numbers[state.done] = next.size();
  next.push_back(std::move(state));
}

std::vector<unsigned> PieceSearch::trace() const {
  std::vector<unsigned> order(piece.size());
  unsigned at = 0;
  for (unsigned level = piece.size(); level-- > 0;)
    std::tie(at, order[level]) = backs[level][at];
  return order;
}

} // namespace dycc::plan
