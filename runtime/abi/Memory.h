// How memory is rounded: the same for the compiler, which says how much a run
// takes, and for the runtime, which takes it.
#ifndef DYCC_RUNTIME_ABI_MEMORY_H
#define DYCC_RUNTIME_ABI_MEMORY_H

#include <stdint.h>

/// Slots of the arena start at multiples of this, in bytes: a cache line, and
/// the widest vector there is.
#define DYCC_SLOT_ALIGNMENT 64

/// Weights, and defaults of inputs, start at multiples of this.
#define DYCC_WEIGHT_ALIGNMENT 64

/// What a kernel may read of an input without elements (docs/kernels.md).
#define DYCC_NOTHING_BYTES 64

/// What halide_malloc(n) takes from a thread's scratch: n rounded up to this.
/// Blocks freed last in, first out are used again. Beyond the planned bytes,
/// or beyond DYCC_SCRATCH_BLOCKS at a time, it asks the context's allocator.
#define DYCC_SCRATCH_ALIGNMENT 128
#define DYCC_SCRATCH_BLOCKS 32

/// The arena, and behind it the scratch of each thread, start at multiples of
/// this in the one block of memory that holds them. The public header's
/// DYCC_ARENA_ALIGNMENT is the same.
#define DYCC_BLOCK_ALIGNMENT 128

/// No block of memory may be larger: sums of a few of them do not overflow.
#define DYCC_MAX_BYTES ((uint64_t)1 << 56)

/// Entries of the slot table that plan() fills. Behind them the offset of each
/// slot of the arena, then expressions that run() reads.
enum {
  DYCC_SLOT_ARENA = 0,   ///< Arena bytes, without scratch.
  DYCC_SLOT_SCRATCH = 1, ///< Kernel scratch bytes per thread.
  DYCC_SLOT_FIRST = 2
};

static inline uint64_t dycc_align_up(uint64_t bytes, uint64_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

/// Bytes of the block for an arena and scratch (as plan() and bound() store
/// them) of so many threads, at least one; UINT64_MAX where that is too much.
static inline uint64_t dycc_block_bytes(int64_t arena, int64_t scratch,
                                        uint32_t threads) {
  uint64_t each, total;
  if (arena < 0 || scratch < 0 || (uint64_t)arena > DYCC_MAX_BYTES ||
      (uint64_t)scratch > DYCC_MAX_BYTES)
    return UINT64_MAX;
  each = dycc_align_up((uint64_t)scratch, DYCC_BLOCK_ALIGNMENT);
  if (each > DYCC_MAX_BYTES / threads)
    return UINT64_MAX;
  total = each * threads + dycc_align_up((uint64_t)arena, DYCC_BLOCK_ALIGNMENT);
  // Never empty: no address in it is null.
  return total ? total : DYCC_BLOCK_ALIGNMENT;
}

#endif // DYCC_RUNTIME_ABI_MEMORY_H
