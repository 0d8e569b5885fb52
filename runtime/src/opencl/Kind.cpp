// OpenCL as a kind of device.
#include "runtime/src/Devices.h"
#include "runtime/src/opencl/Queue.h"

using namespace dycc::rt;
using dycc::rt::opencl::Device;
using dycc::rt::opencl::Mirror;
using dycc::rt::opencl::Queue;

namespace {

void *open(const char *library, const uint8_t *weights, uint64_t weightBytes,
           dycc_status &status, dycc_message *message) {
  return Device::open(library, weights, weightBytes, status, message);
}
void close(void *device) { static_cast<Device *>(device)->close(); }

void *openQueue(void *device, dycc_status &status, dycc_message *message) {
  return Queue::open(*static_cast<Device *>(device), status, message);
}
void closeQueue(void *queue) { static_cast<Queue *>(queue)->close(); }

Queue &queueOf(const dycc_context &context) {
  return *static_cast<Queue *>(context.frames[0].device);
}

const void *findBlock(void *context, const void *address, uint64_t *bytes) {
  return static_cast<dycc_context *>(context)->heap.findBlock(address, *bytes);
}

/// Tensors of the caller that have memory of their own. Strings are elsewhere.
void addTensors(Mirror &mirror, const dycc_context &context) {
  const DyccModelDesc &desc = *context.model->desc;
  const Frame &frame = context.frames[0];
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    const DyccTensorDesc &input = desc.inputs[i];
    int64_t elements =
        countElements(context.inputDims[i], input.rank, INT32_MAX);
    if (input.code != DYCC_DTYPE_STRING && elements > 0)
      mirror.add(Mirror::Kind::Caller, frame.inputs[i],
                 bytesOf(elements, input.bits));
  }
  for (uint32_t i = 0; i < desc.numOutputs; ++i)
    if (frame.outputs[i] && context.capacities[i])
      mirror.add(Mirror::Kind::Caller, frame.outputs[i], context.capacities[i]);
}

void begin(dycc_context &context, const Plan &plan) {
  Queue &queue = queueOf(context);
  const DyccModelDesc &desc = *context.model->desc;
  queue.begin(context.frames[0].nothing);
  queue.setBlocks(findBlock, &context);
  Mirror &mirror = queue.mirror();
  mirror.add(Mirror::Kind::Arena, context.arena,
             alignUp(uint64_t(plan.slots[DYCC_SLOT_ARENA]) + 1));
  if (desc.weightBytes)
    mirror.add(Mirror::Kind::Weights, desc.weights, desc.weightBytes);
  addTensors(mirror, context);
}

dycc_status finish(dycc_context &context) {
  Queue &queue = queueOf(context);
  dycc_status status = queue.finish();
  if (status)
    fail(context, status, "%s", queue.getFailure().message.text);
  return status;
}

dycc_status transfer(void *queue, void *memory, uint64_t bytes, bool toDevice) {
  auto &commands = *static_cast<Queue *>(queue);
  return toDevice ? commands.toDevice(memory, bytes)
                  : commands.toHost(memory, bytes);
}

dycc_status copy(void *queue, const void *to, const void *from,
                 uint64_t bytes) {
  return static_cast<Queue *>(queue)->copy(to, from, bytes);
}

void drop(void *queue, const void *memory) {
  static_cast<Queue *>(queue)->mirror().drop(memory);
}

} // namespace

extern "C" const DyccDeviceKind dycc_device_opencl = {
    open, close, openQueue, closeQueue, begin, finish, transfer, copy, drop};
