#include "passes/plan/PlacementSearch.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace dycc::plan {
namespace {

/// Looks at slots and their neighbours that one search may take.
constexpr int64_t kWork = 1'000'000;
/// Times that the slots at the top are put first.
constexpr int kRepairs = 40;

/// Bytes that are live over time.
class Load {
public:
  Load(const PlacementProblem &problem, const SlotBytes &bytes) {
    for (auto [life, size] : llvm::zip(problem.lives, bytes)) {
      changes[life.begin] += size;
      if (life.end < std::numeric_limits<int64_t>::max())
        changes[life.end + 1] -= size;
    }
    int64_t live = 0;
    for (auto &[time, change] : changes)
      change = live += change;
  }

  int64_t mostIn(PlacementProblem::Life life) const {
    int64_t most = 0;
    for (auto it = changes.lower_bound(life.begin);
         it != changes.end() && it->first <= life.end; ++it)
      most = std::max(most, it->second);
    return most;
  }

private:
  std::map<int64_t, int64_t> changes; ///< What is live from a time on.
};

/// Puts slots one by one.
class Packing {
public:
  Packing(const PlacementProblem &problem, const SlotBytes &bytes)
      : problem(problem), bytes(bytes) {}

  /// In the smallest gap that suffices, else in the lowest.
  Levels pack(llvm::ArrayRef<unsigned> queue, bool isBestFit) {
    Levels offsets(bytes.size(), -1);
    for (unsigned slot : queue) {
      llvm::SmallVector<std::pair<int64_t, int64_t>> taken;
      for (unsigned other : problem.together[slot])
        if (offsets[other] >= 0)
          taken.push_back({offsets[other], offsets[other] + bytes[other]});
      work += problem.together[slot].size() + 1;
      llvm::sort(taken);
      offsets[slot] = gapFor(bytes[slot], taken, isBestFit);
    }
    return offsets;
  }

  int64_t work = 0;

private:
  static int64_t gapFor(int64_t size,
                        llvm::ArrayRef<std::pair<int64_t, int64_t>> taken,
                        bool isBestFit) {
    int64_t end = 0, best = -1, bestGap = std::numeric_limits<int64_t>::max();
    for (auto [from, to] : taken) {
      int64_t gap = from - end;
      if (gap >= size && gap < bestGap) {
        best = end;
        bestGap = gap;
        if (!isBestFit)
          break;
      }
      end = std::max(end, to);
    }
    return best >= 0 ? best : end;
  }

  const PlacementProblem &problem;
  const SlotBytes &bytes;
};

/// The best of some placements.
class Search {
public:
  Search(const PlacementProblem &problem, const SlotBytes &bytes)
      : problem(problem), bytes(bytes), packing(problem, bytes) {}

  Levels run() {
    least = mostLive(problem, bytes);
    for (const auto &weights : weightsToTry())
      for (bool isBestFit : {true, false})
        improve(queueBy(weights), isBestFit);
    return std::move(best);
  }

private:
  /// By size, by size and time, by time, and by what is live with a slot at
  /// most: outwards from the peak.
  std::vector<std::vector<double>> weightsToTry() const {
    Load load(problem, bytes);
    std::vector<std::vector<double>> all(4);
    int64_t last = 0;
    for (const PlacementProblem::Life &life : problem.lives)
      last = std::max(last, life.begin);
    for (auto [life, size] : llvm::zip(problem.lives, bytes)) {
      double time = double(std::min(life.end, last) - life.begin + 1);
      all[0].push_back(double(size));
      all[1].push_back(double(size) * time);
      all[2].push_back(time);
      all[3].push_back(double(load.mostIn(life)));
    }
    return all;
  }

  std::vector<unsigned> queueBy(const std::vector<double> &weights) const {
    std::vector<unsigned> queue(bytes.size());
    std::iota(queue.begin(), queue.end(), 0);
    llvm::stable_sort(queue, [&](unsigned a, unsigned b) {
      return weights[a] != weights[b] ? weights[a] > weights[b]
                                      : bytes[a] > bytes[b];
    });
    return queue;
  }

  /// Packs, then again with those first that end at the top.
  void improve(std::vector<unsigned> queue, bool isBestFit) {
    for (int repair = 0; repair <= kRepairs; ++repair) {
      if (height <= least || (!best.empty() && packing.work > kWork))
        return;
      Levels offsets = packing.pack(queue, isBestFit);
      int64_t top = heightOf(problem, offsets, bytes);
      if (best.empty() || top < height) {
        height = top;
        best = offsets;
      }
      int64_t highest = 0;
      for (auto [offset, size] : llvm::zip(offsets, bytes))
        highest = std::max(highest, offset + size);
      std::stable_partition(queue.begin(), queue.end(), [&](unsigned slot) {
        return offsets[slot] + bytes[slot] == highest;
      });
    }
  }

  const PlacementProblem &problem;
  const SlotBytes &bytes;
  Packing packing;
  Levels best;
  int64_t height = std::numeric_limits<int64_t>::max(), least = 0;
};

} // namespace

std::vector<unsigned> orderOf(const Levels &levels) {
  std::vector<unsigned> order(levels.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(
      order, [&](unsigned a, unsigned b) { return levels[a] < levels[b]; });
  return order;
}

int64_t heightOf(const PlacementProblem &problem, const Levels &levels,
                 const SlotBytes &bytes) {
  std::vector<int64_t> ends(bytes.size(), 0);
  int64_t height = 0;
  for (unsigned slot : orderOf(levels)) {
    int64_t offset = 0; // Of those above nothing is known yet.
    for (unsigned other : problem.together[slot])
      offset = std::max(offset, ends[other]);
    ends[slot] = offset + bytes[slot];
    height = std::max(height, ends[slot]);
  }
  return height;
}

int64_t mostLive(const PlacementProblem &problem, const SlotBytes &bytes) {
  Load load(problem, bytes);
  int64_t most = 0;
  for (const PlacementProblem::Life &life : problem.lives)
    most = std::max(most, load.mostIn({life.begin, life.begin}));
  return most;
}

Levels findLevels(const PlacementProblem &problem, const SlotBytes &bytes) {
  return Search(problem, bytes).run();
}

} // namespace dycc::plan
