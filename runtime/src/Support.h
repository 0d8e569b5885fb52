// What the runtime uses in place of the C++ standard library, which must not
// reach a compiled model.
#ifndef DYCC_RUNTIME_SRC_SUPPORT_H
#define DYCC_RUNTIME_SRC_SUPPORT_H

#include "dycc/runtime.h"
#include "runtime/abi/Calls.h"
#include "runtime/abi/Memory.h"
#include "runtime/abi/Model.h"
#include "runtime/abi/Operators.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace dycc::rt {

constexpr uint64_t kAlignment = DYCC_BLOCK_ALIGNMENT;
static_assert(kAlignment == DYCC_ARENA_ALIGNMENT &&
              kAlignment % DYCC_SCRATCH_ALIGNMENT == 0 &&
              kAlignment % DYCC_SLOT_ALIGNMENT == 0);

constexpr uint64_t kMaxBytes = DYCC_MAX_BYTES;

inline uint64_t alignUp(uint64_t bytes, uint64_t alignment = kAlignment) {
  return dycc_align_up(bytes, alignment);
}

/// Carves one block of memory into arrays. Without a base it only counts, so
/// that size and layout come from the same code.
struct Carver {
  uint8_t *base;
  uint64_t used = 0;

  template <typename T>
  T *take(uint64_t count) {
    used = alignUp(used, alignof(T) < 16 ? 16 : alignof(T));
    T *result = base ? reinterpret_cast<T *>(base + used) : nullptr;
    used += count * sizeof(T);
    return result;
  }
};

/// The bytes of an element of so many bits.
inline uint64_t elementBytes(uint8_t bits) {
  return dycc_element_bytes({0, bits, 1});
}

inline uint64_t bytesOf(int64_t elements, uint8_t bits) {
  return uint64_t(elements) * elementBytes(bits);
}

/// Product of the extents; 0 where one is 0; -1 where one is negative (has no
/// bound) or the product is beyond `limit`.
inline int64_t countElements(const int64_t *dims, int32_t rank, int64_t limit) {
  bool empty = false;
  for (int32_t i = 0; i < rank; ++i) {
    if (dims[i] < 0)
      return -1;
    empty |= dims[i] == 0;
  }
  int64_t count = 1;
  for (int32_t i = 0; i < rank && !empty; ++i)
    if (__builtin_mul_overflow(count, dims[i], &count) || count > limit)
      return -1;
  return empty ? 0 : count;
}

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_SUPPORT_H
