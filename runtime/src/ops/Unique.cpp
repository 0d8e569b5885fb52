// Unique: x -> y, indices, inverse, counts (the last three i64; any may be
// left out from the end, or have null data): the distinct elements, or slices
// along an axis, of x; where each occurs first; which one each of x's is; how
// often each occurs. All NaN are one element, both zeros too.
// Without an axis x is flat. Sorted, y ascends (slices in the order of their
// elements, strings by their bytes), else it has the order of first occurrence.
#include "runtime/src/ops/StringOps.h"

namespace dycc::rt {
namespace {

/// The n things that are compared: slices along the axis.
struct Items {
  KeyReader key;
  AxisView view;
  const uint64_t *handles; ///< Of strings; null: numbers.
  const Strings &strings;

  int compareElements(int64_t x, int64_t y) const {
    if (handles) {
      uint64_t a = loadAt<uint64_t>(handles, x),
               b = loadAt<uint64_t>(handles, y);
      return a == b ? 0 : compareStrings(strings.at(a), strings.at(b));
    }
    int64_t a = key(x), b = key(y);
    return (a > b) - (a < b);
  }

  /// Negative, 0 or positive, like memcmp().
  int compare(int64_t a, int64_t b) const {
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i) {
        int64_t base = o * view.extent * view.inner + i;
        if (int order =
                compareElements(base + a * view.inner, base + b * view.inner))
          return order;
      }
    return 0;
  }
};

/// Numbers the distinct items. On return group[i] is the number of item i and
/// firsts[g] the first item of group g; returns how many groups there are.
int64_t groupItems(const Items &items, bool sorted, int64_t *firsts,
                   int64_t *group) {
  int64_t n = items.view.extent, count = 0;
  auto before = [&](int64_t a, int64_t b) {
    int order = items.compare(a, b);
    return order ? order < 0 : a < b;
  };
  int64_t *order = firsts; // Groups are fewer than the items read so far.
  for (int64_t i = 0; i < n; ++i)
    order[i] = i;
  heapify(order, n, 1, before);
  sortHeap(order, n, 1, before);
  for (int64_t i = 0; i < n; ++i) {
    int64_t item = order[i];
    if (count == 0 || items.compare(firsts[count - 1], item) != 0)
      firsts[count++] = item;
    // For the order of occurrence a group is known by its first item.
    group[item] = sorted ? count - 1 : firsts[count - 1];
  }
  if (sorted)
    return count;
  count = 0;
  for (int64_t i = 0; i < n; ++i) {
    // An item before this one has its number already.
    int64_t first = group[i];
    group[i] = first == i ? count : group[first];
    if (first == i)
      firsts[count++] = i;
  }
  return count;
}

void copyItems(const DyccOpTensor &x, const AxisView &view,
               const int64_t *firsts, int64_t count, void *data) {
  size_t bytes = view.inner * elementBytes(x.bits);
  auto *from = static_cast<const uint8_t *>(x.data);
  auto *to = static_cast<uint8_t *>(data);
  if (bytes == 0)
    return;
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t g = 0; g < count; ++g, to += bytes)
      memcpy(to, from + (o * view.extent + firsts[g]) * bytes, bytes);
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_unique(DyccFrame *frame, const char *node,
                       const DyccOpTensor *inputs, int32_t,
                       DyccOpTensor *outputs, int32_t numOutputs,
                       const int64_t *attributes) {
  const DyccOpTensor &x = inputs[0];
  int64_t axis = attributes[DYCC_UNIQUE_AXIS];
  Items items = {KeyReader(x), AxisView(x.dims, x.rank, axis),
                 x.code == DYCC_DTYPE_STRING
                     ? static_cast<const uint64_t *>(x.data)
                     : nullptr,
                 stringsOf(frame)};
  if (axis < 0) {
    items.view.extent = items.view.inner;
    items.view.inner = 1;
  }
  int64_t n = items.view.extent;
  ScratchArrays<kArraysOf_unique> arrays(frame, n);
  int64_t *firsts = arrays[0], *group = arrays[1];
  int64_t count =
      groupItems(items, attributes[DYCC_UNIQUE_SORTED] != 0, firsts, group);
  outputs[0].dims[axis < 0 ? 0 : axis] = count;
  const int64_t lengths[4] = {0, count, n, count};
  for (int32_t i = 0; i < numOutputs; ++i) {
    if (i > 0)
      outputs[i].dims[0] = lengths[i];
    if (int32_t status = provide(frame, node, outputs[i]))
      return status;
  }
  copyItems(x, items.view, firsts, count, outputs[0].data);
  Index *results[4] = {}; // Of the index results; null where left out.
  for (int32_t i = 1; i < numOutputs; ++i)
    results[i] = static_cast<Index *>(outputs[i].data);
  for (int64_t g = 0; g < count; ++g) {
    if (results[1])
      results[1][g] = firsts[g];
    if (results[3])
      results[3][g] = 0;
  }
  for (int64_t i = 0; i < n; ++i) {
    if (results[2])
      results[2][i] = group[i];
    if (results[3])
      ++results[3][group[i]];
  }
  return DYCC_OK;
}
