// Functions of the runtime that the compiled host program calls.
#ifndef DYCC_RUNTIME_ABI_CALLS_H
#define DYCC_RUNTIME_ABI_CALLS_H

#include "runtime/abi/Frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Sets the context's error text and returns `status`. `format` knows
/// %s and %d (int64_t); `arguments` holds both kinds as int64_t.
int32_t dycc_rt_fail(DyccFrame *, int32_t status, const char *format,
                     const int64_t *arguments, int32_t count);

/// Memory beyond the arena, for the result of a node that nothing bounds: of
/// the size that its extents come to when it runs. `*place` is null or such
/// memory, which is given back first. Returns a dycc_status; on failure the
/// text was set. `dims` are the extents as they lie in memory.
int32_t dycc_rt_allocate(DyccFrame *, const char *node, void **place,
                         const int64_t *dims, int32_t rank,
                         int32_t elementBytes);

/// Makes place for `more` bytes behind the first `used` ones of `*place`, which
/// may move. The memory grows geometrically.
int32_t dycc_rt_grow(DyccFrame *, const char *node, void **place, int64_t used,
                     int64_t more);

/// Gives the memory back; null is fine. `*place` is null then.
void dycc_rt_release(DyccFrame *, void **place);

/// How memory is transferred: to the device, else to the host; only where the
/// memory is the host's, or only where it is the caller's on the device.
enum {
  DYCC_TRANSFER_TO_DEVICE = 1,
  DYCC_TRANSFER_IF_HOST = 2,
  DYCC_TRANSFER_IF_DEVICE = 4
};

/// Of a model with kernels for a device: sends memory to the device or brings
/// it from there. Nothing where kernels run on the processor.
int32_t dycc_rt_transfer(DyccFrame *, void *memory, int64_t bytes, int32_t how);
/// Of such a model: copies memory that overlaps not, on the device too.
int32_t dycc_rt_copy(DyccFrame *, void *to, const void *from, int64_t bytes);

/// Tell the profile hook, if there is one, that a kernel begins and ends. Of
/// launch `launch`, `numbers` has the values of the kernel's symbols, then the
/// extents of its operands and results.
void dycc_rt_begin(DyccFrame *, uint32_t kernel, uint32_t launch,
                   const int64_t *numbers);
void dycc_rt_end(DyccFrame *, uint32_t kernel);

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_RUNTIME_ABI_CALLS_H
