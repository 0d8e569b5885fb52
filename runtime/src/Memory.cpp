#include "runtime/src/Memory.h"

#include <stdlib.h>

namespace dycc::rt {

static void *systemAllocate(void *, uint64_t bytes, uint64_t alignment) {
  void *memory = nullptr;
  return posix_memalign(&memory, alignment, bytes) == 0 ? memory : nullptr;
}

static void systemRelease(void *, void *memory, uint64_t, uint64_t) {
  free(memory);
}

const dycc_allocator kSystemAllocator = {systemAllocate, systemRelease,
                                         nullptr};

void *BlockList::take(const dycc_allocator &from, uint64_t bytes) {
  if (bytes > kMaxBytes)
    return nullptr;
  auto *header = static_cast<Header *>(allocate(from, bytes + kAlignment));
  if (!header)
    return nullptr;
  *header = {nullptr, head, bytes + kAlignment};
  if (head)
    head->previous = header;
  head = header;
  return reinterpret_cast<uint8_t *>(header) + kAlignment;
}

void BlockList::give(const dycc_allocator &to, void *memory) {
  auto *header =
      reinterpret_cast<Header *>(static_cast<uint8_t *>(memory) - kAlignment);
  (header->previous ? header->previous->next : head) = header->next;
  if (header->next)
    header->next->previous = header->previous;
  release(to, header, header->bytes);
}

void BlockList::clear(const dycc_allocator &to) {
  while (head) {
    Header *next = head->next;
    release(to, head, head->bytes);
    head = next;
  }
}

/// Starts are aligned, so that the lowest bit is free for this.
constexpr uint64_t kFreed = 1;

void *Scratch::take(const dycc_allocator &from, uint64_t size) {
  if (base && size <= kMaxBytes && depth < DYCC_SCRATCH_BLOCKS) {
    uint64_t rounded = alignUp(size, DYCC_SCRATCH_ALIGNMENT);
    if (rounded <= bytes - top) {
      starts[depth++] = top;
      top += rounded;
      return base + starts[depth - 1];
    }
  }
  return unplanned.take(from, size);
}

void Scratch::give(const dycc_allocator &to, void *memory) {
  if (!memory)
    return;
  auto *block = static_cast<uint8_t *>(memory);
  // The end is inside: an empty block may start there, and an unplanned one
  // cannot, since its header does.
  if (block < base || block > base + bytes)
    return unplanned.give(to, memory);
  for (uint32_t i = depth; i-- > 0;)
    if (base + starts[i] == block) {
      starts[i] |= kFreed;
      break;
    }
  while (depth && (starts[depth - 1] & kFreed))
    top = starts[--depth] & ~kFreed;
}

} // namespace dycc::rt
