// What the compiled program of a model with kernels for a device calls. On a
// processor there is nothing to transfer.
#include "runtime/src/Devices.h"

using namespace dycc::rt;

static const DyccDeviceKind &kindOf(DyccFrame *frame) {
  return *deviceKindOf(*static_cast<Frame *>(frame)->context);
}

int32_t dycc_rt_transfer(DyccFrame *frame, void *memory, int64_t bytes,
                         int32_t how) {
  if (!frame->device || bytes <= 0)
    return DYCC_OK;
  return kindOf(frame).transfer(frame->device, memory, uint64_t(bytes), how);
}

int32_t dycc_rt_copy(DyccFrame *frame, void *to, const void *from,
                     int64_t bytes) {
  if (bytes <= 0)
    return DYCC_OK;
  memcpy(to, from, uint64_t(bytes));
  return frame->device
             ? kindOf(frame).copy(frame->device, to, from, uint64_t(bytes))
             : DYCC_OK;
}
