// What a run of the compiled host program works on.
#ifndef DYCC_RUNTIME_ABI_FRAME_H
#define DYCC_RUNTIME_ABI_FRAME_H

#include "runtime/abi/Check.h"

/// It is the `user_context` of every kernel. The runtime's frames start with
/// it.
typedef struct DyccFrame {
  int64_t *symbols;       ///< numSymbols input symbols, then execution symbols.
  const int64_t *slots;   ///< The slot table that plan() filled.
  uint8_t *arena;         ///< At a multiple of DYCC_BLOCK_ALIGNMENT.
  const uint8_t *weights; ///< At a multiple of DYCC_WEIGHT_ALIGNMENT.
  uint8_t *const *inputs; ///< First byte of each input (byte_offset applied).
  /// First byte of each output: the caller's memory where it surely suffices,
  /// else null on entry: run() stores where it put the result (arena, weights
  /// or a donated input).
  uint8_t **outputs;
  int64_t *outputDims; ///< Dims of all outputs, flattened; run() fills them.
  /// Nonzero: stop at the next loop iteration. May be null.
  const volatile int32_t *cancel;
  /// One flag per input: nonzero: run() may overwrite its memory and place an
  /// output there. Null: none is donated.
  const uint8_t *donated;
  /// Null: nobody listens, dycc_rt_begin() and dycc_rt_end() need no call.
  const void *profile;
  /// DYCC_NOTHING_BYTES zeros: read in the place of a tensor without elements,
  /// whose own address may be any, null included.
  const uint8_t *nothing;
  /// Which of the model's machines this is (DyccModelDesc::machines): its
  /// versions of kernels run.
  int64_t machine;
  /// What the run has on the device that kernels of this machine run on; null:
  /// they run on the processor.
  void *device;
  /// Of each cache (DyccModelDesc::caches) that grows in place how many places
  /// its memory has along its axis; 0: it does not.
  const int64_t *rooms;
} DyccFrame;

DYCC_ABI_CHECK(DyccFrame, 112, rooms, 104);

#endif // DYCC_RUNTIME_ABI_FRAME_H
