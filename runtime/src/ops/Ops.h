// The operators of the runtime: what is no loop over tensors. Each is an
// object of its own, so that a model has only those that it calls.
//
// Tensors are plain. Extents of an output that the operator decides hold their
// bound on entry, for which there is memory, and the actual extent on return;
// what is written is compact for that. Of an output without data nothing bounds
// the size: its extent is -1 on entry, and the operator takes memory for it
// with provide() as soon as it knows the extent. Inputs may have any alignment,
// and no output overlaps an input. Temporary memory comes from the thread's
// planned scratch; runtime/abi/Operators.h says how much, and what attributes
// each operator has.
#ifndef DYCC_RUNTIME_SRC_OPS_OPS_H
#define DYCC_RUNTIME_SRC_OPS_OPS_H

#include "runtime/src/Text.h"

extern "C" {
#define DYCC_DECLARE(name, allocates, arrays, per)                             \
  int32_t dycc_op_##name(DyccFrame *, const char *node,                        \
                         const DyccOpTensor *inputs, int32_t numInputs,        \
                         DyccOpTensor *outputs, int32_t numOutputs,            \
                         const int64_t *attributes);
DYCC_OPERATORS(DYCC_DECLARE)
#undef DYCC_DECLARE

void *halide_malloc(void *frame, size_t bytes);
void halide_free(void *frame, void *memory);
int halide_do_par_for(void *frame, int (*task)(void *, int, uint8_t *), int min,
                      int size, uint8_t *closure);
}

namespace dycc::rt {

/// Reads at any alignment.
template <typename T>
T loadAt(const void *base, int64_t index) {
  T value;
  memcpy(&value, static_cast<const uint8_t *>(base) + index * sizeof(T),
         sizeof(T));
  return value;
}

template <typename T>
void storeAt(void *base, int64_t index, T value) {
  memcpy(static_cast<uint8_t *>(base) + index * sizeof(T), &value, sizeof(T));
}

/// An index in a result, which may lie in the caller's memory, at any
/// alignment.
using Index __attribute__((aligned(1))) = int64_t;

/// A tensor seen as [outer, extent, inner] around one axis.
struct AxisView {
  int64_t outer = 1, extent = 1, inner = 1;

  AxisView(const int64_t *dims, int32_t rank, int64_t axis) {
    for (int32_t d = 0; d < rank; ++d)
      (d < axis ? outer : d == axis ? extent : inner) *= dims[d];
  }
};

inline int64_t elementCount(const DyccOpTensor &tensor) {
  int64_t count = 1;
  for (int32_t d = 0; d < tensor.rank; ++d)
    count *= tensor.dims[d];
  return count;
}

/// A number that orders elements as their values: equal for equal values (both
/// zeros are), all NaN equal and above everything else.
class KeyReader {
public:
  explicit KeyReader(const DyccOpTensor &tensor);
  int64_t operator()(int64_t index) const;
  /// The first index from `from` on whose key is above `limit`, or below it
  /// where not `above`; `end` where none is.
  int64_t findBeyond(int64_t from, int64_t end, int64_t limit,
                     bool above) const;

private:
  uint64_t bitsAt(int64_t index) const;
  template <typename Bits, typename Key>
  Key narrowKey(Bits bits) const;
  template <typename Bits, typename Key>
  int64_t findNarrow(int64_t from, int64_t end, int64_t limit,
                     bool above) const;

  const uint8_t *data;
  uint64_t sign;     ///< The top bit of an element.
  uint64_t infinity; ///< Of floats; 0: no float.
  uint8_t bytes;
  bool isSigned;
};

/// Sorts indices in place, without recursion or memory. `before` has to be a
/// total order: equal elements are to be ordered by index.
template <typename Before>
void siftDown(Index *heap, int64_t root, int64_t count, int64_t stride,
              Before before) {
  int64_t moved = heap[root * stride];
  for (int64_t child; (child = 2 * root + 1) < count; root = child) {
    if (child + 1 < count &&
        before(heap[child * stride], heap[(child + 1) * stride]))
      ++child;
    if (!before(moved, heap[child * stride]))
      break;
    heap[root * stride] = heap[child * stride];
  }
  heap[root * stride] = moved;
}

template <typename Before>
void heapify(Index *heap, int64_t count, int64_t stride, Before before) {
  for (int64_t root = count / 2; root-- > 0;)
    siftDown(heap, root, count, stride, before);
}

/// The first element in the order ends up first.
template <typename Before>
void sortHeap(Index *heap, int64_t count, int64_t stride, Before before) {
  for (int64_t last = count - 1; last > 0; --last) {
    int64_t top = heap[0];
    heap[0] = heap[last * stride];
    heap[last * stride] = top;
    siftDown(heap, 0, last, stride, before);
  }
}

#define DYCC_COUNT(name, allocates, arrays, per) kArraysOf_##name = (arrays),
enum { DYCC_OPERATORS(DYCC_COUNT) };
#undef DYCC_COUNT

/// Arrays in the scratch of this thread for the time of a call.
template <int numArrays>
class ScratchArrays {
public:
  ScratchArrays(DyccFrame *frame, int64_t count) : frame(frame) {
    for (int64_t *&array : arrays)
      array =
          static_cast<int64_t *>(halide_malloc(frame, count * sizeof(int64_t)));
  }
  ScratchArrays(const ScratchArrays &) = delete;
  ScratchArrays &operator=(const ScratchArrays &) = delete;
  ~ScratchArrays() {
    for (int i = numArrays; i-- > 0;)
      halide_free(frame, arrays[i]);
  }
  int64_t *operator[](int index) const { return arrays[index]; }

private:
  DyccFrame *frame;
  int64_t *arrays[numArrays];
};

/// Memory for a result that has none yet. Its dims are known by now.
inline int32_t provide(DyccFrame *frame, const char *node,
                       DyccOpTensor &result) {
  return result.data ? int32_t(DYCC_OK)
                     : dycc_rt_allocate(frame, node, &result.data, result.dims,
                                        result.rank, elementBytes(result.bits));
}

template <typename... T>
int32_t failAt(DyccFrame *frame, const char *format, T... arguments) {
  const int64_t list[] = {toArgument(arguments)...};
  return dycc_rt_fail(frame, DYCC_MODEL_ERROR, format, list, sizeof...(T));
}

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_OPS_OPS_H
