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

/// What is asked of the allocator for a block: a little more, by an eighth at
/// most, so that a size which creeps upwards meets a new one only now and then.
static uint64_t roundedSize(uint64_t bytes) {
  constexpr uint64_t least = 8 * kAlignment;
  if (bytes <= least)
    return alignUp(bytes);
  uint64_t step = uint64_t(1) << (60 - __builtin_clzll(bytes));
  return alignUp(bytes, step);
}

BlockPool::Header *BlockPool::headerOf(const void *memory) {
  auto *bytes = static_cast<const uint8_t *>(memory) - kAlignment;
  return reinterpret_cast<Header *>(const_cast<uint8_t *>(bytes));
}

uint64_t BlockPool::capacity(const void *memory) {
  return headerOf(memory)->bytes - kAlignment;
}

uint64_t BlockPool::usedBytes() const {
  uint64_t bytes = 0;
  for (const Header *block = used; block; block = block->next)
    bytes += block->bytes;
  return bytes;
}

void BlockPool::link(Header *&list, Header *header) {
  header->previous = nullptr;
  header->next = list;
  if (list)
    list->previous = header;
  list = header;
}

void BlockPool::unlink(Header *&list, Header *header) {
  (header->previous ? header->previous->next : list) = header->next;
  if (header->next)
    header->next->previous = header->previous;
}

BlockPool::Header *BlockPool::findKept(uint64_t bytes) const {
  Header *best = nullptr;
  for (Header *block = kept; block; block = block->next)
    if (block->bytes >= bytes && (!best || block->bytes < best->bytes))
      best = block;
  return best;
}

BlockPool::Header *BlockPool::largestKept() const {
  Header *largest = kept;
  for (Header *block = kept; block; block = block->next)
    if (block->bytes > largest->bytes)
      largest = block;
  return largest;
}

void BlockPool::release(const dycc_allocator &to, Header *header) {
  unlink(kept, header);
  held -= header->bytes;
  rt::release(to, header, header->bytes);
}

void *BlockPool::take(const dycc_allocator &from, uint64_t bytes,
                      uint64_t limit) {
  if (bytes > kMaxBytes)
    return nullptr;
  uint64_t exact = bytes + kAlignment, rounded = roundedSize(exact);
  Header *block = findKept(exact);
  if (block) {
    unlink(kept, block);
  } else {
    if (Header *largest = largestKept())
      release(from, largest);
    auto fits = [&](uint64_t size) { return !limit || held + size <= limit; };
    auto get = [&](uint64_t size) {
      return static_cast<Header *>(fits(size) ? allocate(from, size) : nullptr);
    };
    uint64_t size = rounded;
    if (!(block = get(size))) {
      // What is only kept may be in the way.
      releaseKept(from);
      block = get(size = exact);
    }
    if (!block)
      return nullptr;
    block->bytes = size;
    held += size;
  }
  link(used, block);
  return reinterpret_cast<uint8_t *>(block) + kAlignment;
}

void BlockPool::give(void *memory) {
  Header *block = headerOf(memory);
  unlink(used, block);
  link(kept, block);
}

void BlockPool::giveAll() {
  while (Header *block = used) {
    unlink(used, block);
    link(kept, block);
  }
}

void BlockPool::releaseKept(const dycc_allocator &to) {
  while (kept)
    release(to, kept);
}

bool BlockPool::overlaps(const uint8_t *memory, uint64_t bytes) const {
  const Header *const lists[] = {used, kept};
  for (const Header *list : lists)
    for (const Header *block = list; block; block = block->next) {
      uintptr_t start = uintptr_t(block), at = uintptr_t(memory);
      if (bytes && at < start + block->bytes && start < at + bytes)
        return true;
    }
  return false;
}

const void *BlockPool::findBlock(const void *address, uint64_t &bytes) const {
  for (const Header *block = used; block; block = block->next) {
    const uint8_t *first =
        reinterpret_cast<const uint8_t *>(block) + kAlignment;
    uint64_t size = capacity(first);
    if (address < first || address >= first + size)
      continue;
    bytes = size;
    return first;
  }
  return nullptr;
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

void Scratch::give(void *memory) {
  if (!memory)
    return;
  auto *block = static_cast<uint8_t *>(memory);
  // The end is inside: an empty block may start there, and an unplanned one
  // cannot, since its header does.
  if (block < base || block > base + bytes)
    return unplanned.give(memory);
  for (uint32_t i = depth; i-- > 0;)
    if (base + starts[i] == block) {
      starts[i] |= kFreed;
      break;
    }
  while (depth && (starts[depth - 1] & kFreed))
    top = starts[--depth] & ~kFreed;
}

} // namespace dycc::rt
