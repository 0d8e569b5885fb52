// TfIdfVectorizer: x ([C] or rows [B, C]), pool, counts, indices, weights ->
// f32
// [.., places]: how often each n-gram of the pool occurs in a row.
// The pool has first all n-grams of one element, then those of two and so on;
// counts[n] of n + 1 elements. indices says of each n-gram its place in the
// result. weights (f32) has one for each place, or no elements: all are 1.
// Elements are integers or strings, which are compared as handles.
#include "runtime/src/ops/StringOps.h"

namespace dycc::rt {
namespace {

/// The n-grams of the pool in a table by their elements.
class GramTable {
public:
  GramTable(DyccFrame *frame, const DyccOpTensor &pool,
            const DyccOpTensor &counts)
      : frame(frame), counts(counts), key(pool) {}
  GramTable(const GramTable &) = delete;
  GramTable &operator=(const GramTable &) = delete;
  ~GramTable() { dycc_rt_release(frame, &table); }

  int32_t build(const char *node);
  /// The number of the n-gram whose element i is `elementAt(i)`, or -1.
  template <typename F>
  int64_t find(int64_t size, F elementAt) const {
    uint64_t at = hashOf(size, elementAt);
    for (;; ++at) {
      const Entry &entry = entryAt(at);
      if (entry.size == 0)
        return -1;
      if (entry.size == size && isEqual(entry, elementAt))
        return entry.number;
    }
  }

private:
  struct Entry {
    int64_t first; ///< Of its elements.
    int64_t number;
    int64_t size; ///< 0: free.
  };
  Entry &entryAt(uint64_t hash) const {
    return static_cast<Entry *>(table)[hash & (numEntries - 1)];
  }
  template <typename F>
  static uint64_t hashOf(int64_t size, F elementAt) {
    uint64_t hash = uint64_t(size);
    for (int64_t i = 0; i < size; ++i) {
      hash = (hash ^ uint64_t(elementAt(i))) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 32;
    }
    return hash;
  }
  template <typename F>
  bool isEqual(const Entry &entry, F elementAt) const {
    for (int64_t i = 0; i < entry.size; ++i)
      if (key(entry.first + i) != elementAt(i))
        return false;
    return true;
  }

  DyccFrame *frame;
  const DyccOpTensor &counts;
  KeyReader key;
  void *table = nullptr;
  uint64_t numEntries = 4; ///< A power of two.
};

int32_t GramTable::build(const char *node) {
  int64_t sizes = elementCount(counts), total = 0;
  for (int64_t n = 0; n < sizes; ++n)
    total += loadAt<int64_t>(counts.data, n);
  while (numEntries / 2 < uint64_t(total))
    numEntries *= 2;
  auto extent = int64_t(numEntries);
  if (int32_t status =
          dycc_rt_allocate(frame, node, &table, &extent, 1, sizeof(Entry)))
    return status;
  memset(table, 0, numEntries * sizeof(Entry));
  int64_t first = 0, number = 0;
  for (int64_t n = 0; n < sizes; ++n)
    for (int64_t left = loadAt<int64_t>(counts.data, n); left > 0; --left) {
      int64_t size = n + 1;
      auto elementAt = [&](int64_t i) { return key(first + i); };
      uint64_t at = hashOf(size, elementAt);
      // Of equal ones the last counts.
      while (entryAt(at).size &&
             !(entryAt(at).size == size && isEqual(entryAt(at), elementAt)))
        ++at;
      entryAt(at) = {first, number++, size};
      first += size;
    }
  return DYCC_OK;
}

/// What n-grams of a row are looked for.
struct Search {
  int64_t least, most, skips;
};

/// Calls found(number) for each n-gram of the pool that is in the row of
/// `length` elements, as often as it is.
template <typename E, typename F>
void findAll(const GramTable &grams, const Search &search, int64_t length,
             E elementAt, F found) {
  int64_t least = search.least;
  for (int64_t step = 1; step <= search.skips + 1 && least <= search.most;
       ++step) {
    for (int64_t start = 0; start < length; ++start)
      for (int64_t n = least;
           n <= search.most && start + step * (n - 1) < length; ++n) {
        int64_t number = grams.find(
            n, [&](int64_t i) { return elementAt(start + step * i); });
        if (number >= 0)
          found(number);
      }
    // Of one element nothing is skipped: they are counted once.
    least = least < 2 ? 2 : least;
  }
}

float weighted(float count, float weight, int64_t mode) {
  return mode == DYCC_TF    ? count
         : mode == DYCC_IDF ? (count > 0 ? weight : 0)
                            : count * weight;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_tf_idf(DyccFrame *frame, const char *node,
                       const DyccOpTensor *inputs, int32_t,
                       DyccOpTensor *outputs, int32_t,
                       const int64_t *attributes) {
  const DyccOpTensor &x = inputs[0], &indices = inputs[3], &weights = inputs[4];
  const DyccOpTensor &y = outputs[0];
  GramTable grams(frame, inputs[1], inputs[2]);
  if (int32_t status = grams.build(node))
    return status;
  Search search = {attributes[DYCC_TF_IDF_LEAST], attributes[DYCC_TF_IDF_MOST],
                   attributes[DYCC_TF_IDF_SKIPS]};
  KeyReader key(x);
  int64_t width = y.dims[y.rank - 1], rows = y.rank > 1 ? y.dims[0] : 1;
  int64_t length = rows ? elementCount(x) / rows : 0;
  bool hasWeights = elementCount(weights) > 0;
  for (int64_t row = 0; row < rows; ++row) {
    auto *counts = static_cast<uint8_t *>(y.data) + row * width * sizeof(float);
    memset(counts, 0, width * sizeof(float));
    findAll(
        grams, search, length, [&](int64_t i) { return key(row * length + i); },
        [&](int64_t number) {
          auto place = loadAt<int64_t>(indices.data, number);
          storeAt(counts, place, loadAt<float>(counts, place) + 1);
        });
    for (int64_t i = 0; i < width; ++i)
      storeAt(counts, i,
              weighted(loadAt<float>(counts, i),
                       hasWeights ? loadAt<float>(weights.data, i) : 1.0f,
                       attributes[DYCC_TF_IDF_MODE]));
  }
  return DYCC_OK;
}
