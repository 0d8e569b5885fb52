// Memory of results that nothing bounds, taken while the model runs. All of it
// comes from the context's pool on the thread of the run.
#include "runtime/src/Devices.h"

using namespace dycc::rt;

namespace {

/// What an index map may read of a tensor without elements.
constexpr uint64_t kLeastBytes = 64;

/// Bytes of a tensor, or -1 where an extent is negative or they are too many.
int64_t tensorBytes(const int64_t *dims, int32_t rank, int32_t elementBytes) {
  // Halide's extents and strides have 32 bits.
  int64_t elements = countElements(dims, rank, INT32_MAX);
  return elements < 0 ? -1 : elements * elementBytes;
}

int32_t refuseExtents(DyccFrame *frame, const char *node, const int64_t *dims,
                      int32_t rank) {
  char buffer[256];
  Text text(buffer);
  for (int32_t i = 0; i < rank; ++i)
    (text << (i ? ", " : "")) << dims[i];
  const int64_t arguments[] = {toArgument(node), toArgument(buffer), INT32_MAX};
  return dycc_rt_fail(frame, DYCC_MODEL_ERROR,
                      "node '%s': a result has the extents [%s], expected none "
                      "that is negative and at most %d elements",
                      arguments, 3);
}

int32_t refuseBytes(dycc_context &context, const char *node, uint64_t bytes) {
  if (context.heapLimit)
    return fail(context, DYCC_OUT_OF_MEMORY,
                "node '%s': no memory for a result of %d bytes (%d of at most "
                "%d bytes are in use)",
                node, bytes, context.heap.heldBytes(), context.heapLimit);
  return fail(context, DYCC_OUT_OF_MEMORY,
              "node '%s': no memory for a result of %d bytes", node, bytes);
}

dycc_context &contextOf(DyccFrame *frame) {
  return *static_cast<Frame *>(frame)->context;
}

} // namespace

int32_t dycc_rt_allocate(DyccFrame *frame, const char *node, void **place,
                         const int64_t *dims, int32_t rank,
                         int32_t elementBytes) {
  dycc_rt_release(frame, place);
  int64_t bytes = tensorBytes(dims, rank, elementBytes);
  if (bytes < 0)
    return refuseExtents(frame, node, dims, rank);
  dycc_context &context = contextOf(frame);
  *place = context.heap.take(
      context.allocator, uint64_t(bytes) < kLeastBytes ? kLeastBytes : bytes,
      context.heapLimit);
  return *place ? DYCC_OK : refuseBytes(context, node, bytes);
}

int32_t dycc_rt_grow(DyccFrame *frame, const char *node, void **place,
                     int64_t used, int64_t more) {
  uint64_t capacity = *place ? BlockPool::capacity(*place) : 0;
  int64_t needed;
  dycc_context &context = contextOf(frame);
  if (used < 0 || more < 0 || __builtin_add_overflow(used, more, &needed))
    return refuseBytes(context, node, UINT64_MAX / 2);
  if (*place && uint64_t(needed) <= capacity)
    return DYCC_OK;
  auto request = [&](uint64_t bytes) {
    return context.heap.take(context.allocator,
                             bytes < kLeastBytes ? kLeastBytes : bytes,
                             context.heapLimit);
  };
  uint64_t doubled = 2 * uint64_t(used);
  void *larger = request(doubled > uint64_t(needed) ? doubled : needed);
  if (!larger) // Twice as much is a wish.
    larger = request(needed);
  if (!larger)
    return refuseBytes(context, node, needed);
  if (used)
    memcpy(larger, *place, used);
  if (used && frame->device)
    deviceKindOf(context)->copy(frame->device, larger, *place, uint64_t(used));
  dycc_rt_release(frame, place);
  *place = larger;
  return DYCC_OK;
}

void dycc_rt_release(DyccFrame *frame, void **place) {
  if (*place && frame->device)
    deviceKindOf(contextOf(frame))->drop(frame->device, *place);
  if (*place)
    contextOf(frame).heap.give(*place);
  *place = nullptr;
}
