// Weights that are equal, or of which one begins with the other, have one
// place. In the order of their bytes, all that begin with some bytes come right
// behind these: so whether a weight is the beginning of another one is seen at
// its neighbour, and a neighbour's place is that of the longest.
#include "codegen/link/WeightImage.h"

#include "dialects/dyn/Plan.h"
#include "runtime/abi/Memory.h"

#include "llvm/Support/MathExtras.h"
#include "llvm/Support/xxhash.h"

#include <map>
#include <numeric>

using namespace mlir;

namespace dycc::codegen {
namespace {

/// What differs of all packed weights.
class Pool {
public:
  /// The number of a weight with these bytes.
  unsigned add(std::vector<char> bytes) {
    uint64_t hash = llvm::xxh3_64bits(
        {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()});
    auto [begin, end] = byHash.equal_range(hash);
    for (auto it = begin; it != end; ++it)
      if (weights[it->second] == bytes)
        return it->second;
    byHash.insert({hash, weights.size()});
    weights.push_back(std::move(bytes));
    return weights.size() - 1;
  }

  /// The section, and in `offsets` where each weight lies in it.
  WeightPool place(std::vector<int64_t> &offsets);

private:
  static bool beginsWith(const std::vector<char> &whole,
                         const std::vector<char> &part) {
    return part.size() <= whole.size() &&
           std::equal(part.begin(), part.end(), whole.begin());
  }

  std::vector<std::vector<char>> weights;
  std::multimap<uint64_t, unsigned> byHash;
};

WeightPool Pool::place(std::vector<int64_t> &offsets) {
  std::vector<unsigned> sorted(weights.size()), wholes(weights.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::iota(wholes.begin(), wholes.end(), 0);
  llvm::sort(sorted,
             [&](unsigned a, unsigned b) { return weights[a] < weights[b]; });
  for (size_t i = sorted.size(); i-- > 1;)
    if (beginsWith(weights[sorted[i]], weights[sorted[i - 1]]))
      wholes[sorted[i - 1]] = wholes[sorted[i]];
  // In the order in which they came: what runs one behind the other is close.
  WeightPool pool;
  offsets.assign(weights.size(), 0);
  for (unsigned i = 0; i < weights.size(); ++i) {
    if (wholes[i] != i)
      continue;
    offsets[i] = pool.bytes;
    pool.bytes += llvm::alignTo(weights[i].size(), DYCC_WEIGHT_ALIGNMENT);
    pool.weights.push_back({offsets[i], std::move(weights[i])});
  }
  for (unsigned i = 0; i < weights.size(); ++i)
    offsets[i] = offsets[wholes[i]];
  return pool;
}

/// Moves the constants of `function`.
void movePlaces(func::FuncOp function,
                const std::map<int64_t, int64_t> &offsets) {
  function.walk([&](Operation *op) {
    if (op->getNumResults() != 1)
      return;
    dyn::PlaceAttr place = dyn::getPlace(op->getResult(0));
    if (!place || place.getKind() != dyn::PlaceKind::Weights)
      return;
    // An empty one is not packed: it may lie anywhere.
    auto it = offsets.find(place.getIndex());
    dyn::setPlaces(
        op, dyn::PlaceAttr::get(op->getContext(), dyn::PlaceKind::Weights,
                                it == offsets.end() ? 0 : it->second));
  });
}

} // namespace

WeightPool poolWeights(ArrayRef<func::FuncOp> functions) {
  Pool pool;
  std::vector<std::map<int64_t, int64_t>> numbers;
  for (func::FuncOp function : functions) {
    auto &ofFunction = numbers.emplace_back();
    for (PackedWeight &weight : packWeights(function))
      ofFunction[weight.offset] = pool.add(std::move(weight.bytes));
  }
  std::vector<int64_t> places;
  WeightPool result = pool.place(places);
  for (auto [function, offsets] : llvm::zip(functions, numbers)) {
    for (int64_t &number : llvm::make_second_range(offsets))
      number = places[number];
    movePlaces(function, offsets);
  }
  return result;
}

} // namespace dycc::codegen
