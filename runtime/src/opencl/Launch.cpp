// What the host part of a kernel for a device calls (docs/kernels.md). Such a
// part computes grids and arguments, and tests no status: the queue keeps the
// first failure.
#include "runtime/src/opencl/Queue.h"

#include "runtime/abi/Frame.h"

using namespace dycc::rt::opencl;

namespace {

/// As kernels have buffers; of a tensor the address alone is set, and `device`
/// is 0. Memory of one launch has its handle and its dims.
struct BufferDim {
  int32_t min, extent, stride;
  uint32_t flags;
};
struct Buffer {
  uint64_t device;
  const void *deviceInterface;
  uint8_t *host;
  uint64_t flags;
  uint8_t code, bits;
  uint16_t lanes;
  int32_t dimensions;
  BufferDim *dims;
  void *padding;
};
static_assert(sizeof(Buffer) == 56);

/// More than the results and operands of any kernel that fits its grid.
constexpr uint32_t kMostArguments = 256;

Queue &queueOf(void *frame) {
  return *static_cast<Queue *>(static_cast<DyccFrame *>(frame)->device);
}

uint64_t bytesOf(const Buffer &buffer) {
  uint64_t elements = 1;
  for (int32_t i = 0; i < buffer.dimensions; ++i) {
    int32_t extent = buffer.dims[i].extent; // Below 0 where nothing is needed.
    elements *= uint64_t(extent > 0 ? extent : 0);
  }
  return elements * ((buffer.bits + 7u) / 8u);
}

/// Where a buffer lies; false where that is not known.
bool find(Queue &queue, const Buffer &buffer, Place &place) {
  place = buffer.device ? Place{reinterpret_cast<cl_mem>(buffer.device), 0}
                        : queue.place(buffer.host);
  return place.memory;
}

} // namespace

extern "C" {

/// The text itself is what the launches of a module know it by.
int halide_opencl_initialize_kernels(void *, void **state, const char *text,
                                     int) {
  *state = const_cast<char *>(text);
  return 0;
}
void halide_opencl_finalize_kernels(void *, void *) {}
const void *halide_opencl_device_interface() { return nullptr; }

/// Values are where the compiler has had them sent.
int halide_copy_to_device(void *, Buffer *, const void *) { return 0; }

int halide_device_malloc(void *frame, Buffer *buffer, const void *) {
  if (!buffer->device) // A step of a kernel asks for what an earlier one has.
    buffer->device = uint64_t(queueOf(frame).take(bytesOf(*buffer)));
  return buffer->device == 0;
}
int halide_device_free(void *frame, Buffer *buffer) {
  queueOf(frame).give(reinterpret_cast<cl_mem>(buffer->device));
  buffer->device = 0;
  return 0;
}
void halide_device_free_as_destructor(void *frame, void *buffer) {
  halide_device_free(frame, static_cast<Buffer *>(buffer));
}

int halide_opencl_run(void *frame, void *state, const char *entry, int groupsX,
                      int groupsY, int groupsZ, int threadsX, int threadsY,
                      int threadsZ, int localBytes, size_t sizes[],
                      void *values[], int8_t isBuffer[]) {
  Queue &queue = queueOf(frame);
  if (queue.getFailure().status)
    return queue.getFailure().status;
  if (groupsX <= 0 || groupsY <= 0 || groupsZ <= 0)
    return 0; // No element.
  Argument arguments[kMostArguments];
  uint32_t count = 0;
  for (; sizes[count]; ++count) {
    if (count == kMostArguments)
      return queue.refuse("clSetKernelArg", CL_INVALID_KERNEL_ARGS);
    Argument &argument = arguments[count];
    argument = {isBuffer[count] ? nullptr : values[count], sizes[count], {}};
    if (isBuffer[count] &&
        !find(queue, *static_cast<Buffer *>(values[count]), argument.place))
      return queue.refuse("clSetKernelArg", CL_INVALID_MEM_OBJECT);
  }
  const Grid grid = {{groupsX, groupsY, groupsZ},
                     {threadsX, threadsY, threadsZ}};
  return queue.launch(static_cast<const char *>(state), entry, grid, arguments,
                      count, uint64_t(localBytes));
}

} // extern "C"
