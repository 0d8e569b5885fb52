// Where memory of a context comes from.
#ifndef DYCC_RUNTIME_SRC_MEMORY_H
#define DYCC_RUNTIME_SRC_MEMORY_H

#include "runtime/src/Support.h"

namespace dycc::rt {

/// The C library's allocator.
extern const dycc_allocator kSystemAllocator;

/// Memory at kAlignment; null where there is none.
inline void *allocate(const dycc_allocator &from, uint64_t bytes) {
  if (bytes > kMaxBytes)
    return nullptr;
  return from.allocate(from.user, bytes ? bytes : 1, kAlignment);
}

inline void release(const dycc_allocator &to, void *memory, uint64_t bytes) {
  if (memory)
    to.release(to.user, memory, bytes ? bytes : 1, kAlignment);
}

/// Blocks that come from an allocator one by one. What is given back is kept
/// and used again: of the kept blocks the smallest that suffices. Where none
/// does, the largest of them makes way for a new one, so that there are never
/// more blocks than were in use at a time, and the same requests in the same
/// order soon need the allocator no more.
class BlockPool {
public:
  /// Null where the allocator has none left, or more than `limit` bytes would
  /// be held then (0: no limit).
  void *take(const dycc_allocator &from, uint64_t bytes, uint64_t limit = 0);
  /// Keeps a block that take() returned.
  void give(void *memory);
  /// Keeps all blocks that are in use.
  void giveAll();
  /// Gives the kept blocks back to the allocator.
  void releaseKept(const dycc_allocator &to);
  /// Whether memory is part of a block, kept or in use.
  bool overlaps(const uint8_t *memory, uint64_t bytes) const;
  /// The block in use that an address lies in, and what it can hold; null:
  /// none.
  const void *findBlock(const void *address, uint64_t &bytes) const;
  /// All bytes that the allocator gave, kept ones included.
  uint64_t heldBytes() const { return held; }
  /// Bytes of the blocks in use; takes longer the more there are.
  uint64_t usedBytes() const;
  /// What a block can hold: often more than was asked for.
  static uint64_t capacity(const void *memory);

private:
  struct Header {
    Header *previous, *next;
    uint64_t bytes; ///< Of the block, this header included.
  };
  static Header *headerOf(const void *memory);
  static void link(Header *&list, Header *header);
  static void unlink(Header *&list, Header *header);
  Header *findKept(uint64_t bytes) const;
  Header *largestKept() const;
  void release(const dycc_allocator &to, Header *header);

  Header *used = nullptr, *kept = nullptr;
  uint64_t held = 0;
};

/// Scratch memory of one thread: a stack of blocks in planned memory, and an
/// allocator for what was not planned.
class Scratch {
public:
  void reset(uint8_t *memory, uint64_t size) {
    base = memory;
    bytes = size;
    top = 0;
    depth = 0;
  }
  /// Null where the planned memory is used up and the allocator has none.
  void *take(const dycc_allocator &from, uint64_t size);
  void give(void *memory);

  /// A state to go back to when a task was left in the middle.
  struct Mark {
    uint64_t top;
    uint32_t depth;
  };
  Mark mark() const { return {top, depth}; }
  void rewind(Mark mark) {
    top = mark.top;
    depth = mark.depth;
  }
  /// Between runs no block is in use.
  void giveUnplanned() { unplanned.giveAll(); }
  void releaseUnplanned(const dycc_allocator &to) { unplanned.releaseKept(to); }

private:
  uint8_t *base = nullptr;
  uint64_t bytes = 0, top = 0;
  uint32_t depth = 0;
  /// Start of each live block; kFreed marks one that waits for those above.
  uint64_t starts[DYCC_SCRATCH_BLOCKS];
  BlockPool unplanned;
};

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_MEMORY_H
