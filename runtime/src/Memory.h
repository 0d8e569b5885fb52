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

/// Blocks that come from an allocator one by one and can all be given back.
class BlockList {
public:
  /// Null where the allocator has none left.
  void *take(const dycc_allocator &from, uint64_t bytes);
  /// Gives back one block that take() returned.
  void give(const dycc_allocator &to, void *memory);
  void clear(const dycc_allocator &to);

private:
  struct Header {
    Header *previous, *next;
    uint64_t bytes;
  };
  Header *head = nullptr;
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
  void give(const dycc_allocator &to, void *memory);

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
  void clearUnplanned(const dycc_allocator &to) { unplanned.clear(to); }

private:
  uint8_t *base = nullptr;
  uint64_t bytes = 0, top = 0;
  uint32_t depth = 0;
  /// Start of each live block; kFreed marks one that waits for those above.
  uint64_t starts[DYCC_SCRATCH_BLOCKS];
  BlockList unplanned;
};

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_MEMORY_H
