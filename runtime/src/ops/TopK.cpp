// TopK: x -> values, indices (i64): the k largest or smallest elements along
// an axis, best first. Of equal elements the one with the lower index comes
// first; NaN counts as the largest.
// The result is sorted in any case.
#include "runtime/src/ops/Ops.h"

namespace dycc::rt {
namespace {

/// One slice along the axis: from where it is read, to where it is written.
struct Slice {
  int64_t in, out, extent, inner;
};

/// What all slices have in common.
struct Selection {
  KeyReader key;
  AxisView view;
  const uint8_t *elements;
  uint8_t *values;
  Index *indices;
  size_t bytes; ///< Of an element.
  int64_t k;
  bool largest;

  bool isBetter(int64_t a, int64_t b) const { return largest ? a > b : a < b; }
  int64_t keyAt(const Slice &slice, int64_t index) const {
    return key(slice.in + index * slice.inner);
  }
  /// The first element from number `from` on that is better than `worst`.
  int64_t findBetter(const Slice &slice, int64_t from, int64_t worst) const {
    if (slice.inner == 1)
      return key.findBeyond(slice.in + from, slice.in + slice.extent, worst,
                            largest) -
             slice.in;
    while (from < slice.extent && !isBetter(keyAt(slice, from), worst))
      ++from;
    return from;
  }
};

/// Up to this many the best are kept in order, with their keys at hand.
constexpr int64_t kFew = 32;

/// Selects by inserting what is better than the last of the k best so far.
void selectFew(const Selection &selection, const Slice &slice) {
  int64_t keys[kFew], places[kFew], k = selection.k;
  auto insert = [&](int64_t index, int64_t end) {
    int64_t key = selection.keyAt(slice, index), at = end;
    for (; at > 0 && selection.isBetter(key, keys[at - 1]); --at) {
      keys[at] = keys[at - 1];
      places[at] = places[at - 1];
    }
    keys[at] = key;
    places[at] = index;
  };
  for (int64_t i = 0; i < k; ++i)
    insert(i, i);
  for (int64_t i = k; k > 0; ++i) {
    i = selection.findBetter(slice, i, keys[k - 1]);
    if (i == slice.extent)
      break;
    insert(i, k - 1);
  }
  for (int64_t i = 0; i < k; ++i)
    selection.indices[slice.out + i * slice.inner] = places[i];
}

/// Selects with a heap of the k best so far, the worst of them on top. It lies
/// in the result's own memory, with the stride that the result has. Of equal
/// elements the later one never takes the place of one in the heap.
void selectMany(const Selection &selection, const Slice &slice) {
  int64_t k = selection.k;
  auto before = [&](int64_t a, int64_t b) {
    int64_t x = selection.keyAt(slice, a), y = selection.keyAt(slice, b);
    return x == y ? a < b : selection.isBetter(x, y);
  };
  Index *heap = selection.indices + slice.out;
  for (int64_t i = 0; i < k; ++i)
    heap[i * slice.inner] = i;
  heapify(heap, k, slice.inner, before);
  for (int64_t i = k;; ++i) {
    i = selection.findBetter(slice, i, selection.keyAt(slice, heap[0]));
    if (i == slice.extent)
      break;
    heap[0] = i;
    siftDown(heap, 0, k, slice.inner, before);
  }
  sortHeap(heap, k, slice.inner, before);
}

void writeValues(const Selection &selection, const Slice &slice) {
  for (int64_t j = 0; j < selection.k; ++j) {
    int64_t to = slice.out + j * slice.inner;
    int64_t from = slice.in + selection.indices[to] * slice.inner;
    memcpy(selection.values + to * selection.bytes,
           selection.elements + from * selection.bytes, selection.bytes);
  }
}

/// Slices that are worth a task, at most.
int64_t slicesPerTask(const AxisView &view) {
  constexpr int64_t elements = 1 << 15;
  return view.extent < elements ? elements / (view.extent + 1) + 1 : 1;
}

/// Task `number` of the parallel loop over all slices.
int selectSlices(void *, int number, uint8_t *closure) {
  const auto &selection = *reinterpret_cast<const Selection *>(closure);
  const AxisView &view = selection.view;
  int64_t count = view.outer * view.inner, per = slicesPerTask(view);
  int64_t end = (number + 1) * per < count ? (number + 1) * per : count;
  for (int64_t s = number * per; s < end; ++s) {
    int64_t o = s / view.inner, i = s % view.inner;
    Slice slice = {o * view.extent * view.inner + i,
                   o * selection.k * view.inner + i, view.extent, view.inner};
    if (selection.k <= kFew)
      selectFew(selection, slice);
    else
      selectMany(selection, slice);
    writeValues(selection, slice);
  }
  return DYCC_OK;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_top_k(DyccFrame *frame, const char *node,
                      const DyccOpTensor *inputs, int32_t,
                      DyccOpTensor *outputs, int32_t,
                      const int64_t *attributes) {
  const DyccOpTensor &x = inputs[0];
  int64_t axis = attributes[DYCC_TOP_K_AXIS], k = attributes[DYCC_TOP_K_K];
  Selection selection = {KeyReader(x),
                         AxisView(x.dims, x.rank, axis),
                         static_cast<const uint8_t *>(x.data),
                         static_cast<uint8_t *>(outputs[0].data),
                         static_cast<Index *>(outputs[1].data),
                         elementBytes(x.bits),
                         k,
                         attributes[DYCC_TOP_K_LARGEST] != 0};
  const AxisView &view = selection.view;
  if (k < 0 || k > view.extent)
    return failAt(frame, "node '%s': k is %d, expects 0 to %d (axis %d)", node,
                  k, view.extent, axis);
  int64_t count = view.outer * view.inner, per = slicesPerTask(view);
  halide_do_par_for(frame, selectSlices, 0, int((count + per - 1) / per),
                    reinterpret_cast<uint8_t *>(&selection));
  outputs[0].dims[axis] = outputs[1].dims[axis] = k;
  return DYCC_OK;
}
