#ifndef DYCC_PASSES_PLAN_PIECESEARCH_H
#define DYCC_PASSES_PLAN_PIECESEARCH_H

#include "passes/plan/OrderPiece.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

#include <optional>

namespace dycc::plan {

/// Looks for the best order of a piece.
class PieceSearch {
public:
  enum class Aim { Peak, ShortLives };

  /// `limit`: no step may have more bytes live. `moves`: those left, of which
  /// this takes some.
  PieceSearch(const OrderPiece &piece, Aim aim, double limit, int64_t &moves);

  /// Nothing where no way stays within the limit.
  std::optional<std::vector<unsigned>> run();
  /// Whether sets were left out.
  bool hasSkipped() const { return skipped; }

private:
  /// A set of steps that ran, and the best way to it.
  struct State {
    llvm::MutableArrayRef<uint64_t> done;
    llvm::SmallVector<unsigned, 8> ready;
    double live = 0, peak = 0, kept = 0;
    unsigned parent = 0, step = 0; ///< In the level before, and what ran then.
  };
  struct Choice {
    unsigned step;
    OrderPiece::Move move;
  };

  llvm::MutableArrayRef<uint64_t> newSet(llvm::ArrayRef<uint64_t> set);
  bool isBetter(const State &a, const State &b) const;
  bool isMorePromising(const State &a, const State &b) const;
  std::vector<State> advance(std::vector<State> &level);
  void expand(const State &state, unsigned number);
  std::optional<Choice> freeMove(const State &state);
  void add(const State &from, unsigned number, Choice choice);
  void enter(State state, const State &from, llvm::ArrayRef<uint64_t> done);
  std::vector<unsigned> trace() const;

  const OrderPiece &piece;
  Aim aim;
  double limit;
  int64_t &moves;
  size_t width; ///< Sets of a level that are followed.
  bool skipped = false;
  std::vector<State> next;
  llvm::DenseMap<llvm::ArrayRef<uint64_t>, unsigned> numbers; ///< In `next`.
  /// By level: of each set its parent and its last step.
  std::vector<std::vector<std::pair<unsigned, unsigned>>> backs;
  llvm::BumpPtrAllocator memory;
};

} // namespace dycc::plan

#endif // DYCC_PASSES_PLAN_PIECESEARCH_H
