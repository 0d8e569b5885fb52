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

/// Selects with a heap of the k best so far, the worst of them on top. It lies
/// in the result's own memory, with the stride that the result has.
void selectSlice(const KeyReader &key, bool largest, const Slice &slice,
                 int64_t k, Index *indices) {
  auto before = [&](int64_t a, int64_t b) {
    int64_t x = key(slice.in + a * slice.inner);
    int64_t y = key(slice.in + b * slice.inner);
    return x == y ? a < b : largest ? x > y : x < y;
  };
  Index *heap = indices + slice.out;
  for (int64_t i = 0; i < k; ++i)
    heap[i * slice.inner] = i;
  heapify(heap, k, slice.inner, before);
  for (int64_t i = k; k > 0 && i < slice.extent; ++i)
    if (before(i, heap[0])) {
      heap[0] = i;
      siftDown(heap, 0, k, slice.inner, before);
    }
  sortHeap(heap, k, slice.inner, before);
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
  AxisView view(x.dims, x.rank, axis);
  if (k < 0 || k > view.extent)
    return failAt(frame, "node '%s': k is %d, expects 0 to %d (axis %d)", node,
                  k, view.extent, axis);
  KeyReader key(x);
  size_t bytes = x.bits / 8;
  auto *values = static_cast<uint8_t *>(outputs[0].data);
  auto *indices = static_cast<Index *>(outputs[1].data);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t i = 0; i < view.inner; ++i) {
      Slice slice = {o * view.extent * view.inner + i, o * k * view.inner + i,
                     view.extent, view.inner};
      selectSlice(key, attributes[DYCC_TOP_K_LARGEST] != 0, slice, k, indices);
      for (int64_t j = 0; j < k; ++j) {
        int64_t to = slice.out + j * view.inner;
        int64_t from = slice.in + indices[to] * view.inner;
        memcpy(values + to * bytes,
               static_cast<const uint8_t *>(x.data) + from * bytes, bytes);
      }
    }
  outputs[0].dims[axis] = outputs[1].dims[axis] = k;
  return DYCC_OK;
}
