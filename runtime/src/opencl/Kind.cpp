// OpenCL as a kind of device.
#include "runtime/src/Devices.h"
#include "runtime/src/opencl/Queue.h"

using namespace dycc::rt;
using dycc::rt::opencl::Device;
using dycc::rt::opencl::Mirror;
using dycc::rt::opencl::Queue;

namespace {

void *open(const dycc_model_options &options, const uint8_t *weights,
           uint64_t weightBytes, dycc_status &status, dycc_message *message) {
  return Device::open(options, weights, weightBytes, status, message);
}
void close(void *device) { static_cast<Device *>(device)->close(); }

void *openQueue(void *device, void *callers, dycc_status &status,
                dycc_message *message) {
  return Queue::open(*static_cast<Device *>(device),
                     static_cast<cl_command_queue>(callers), status, message);
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
  const DeviceTensor *onDevice = context.deviceTensors;
  for (uint32_t i = 0; i < desc.numInputs + desc.numOutputs; ++i)
    if (onDevice[i].memory)
      mirror.addDevice(
          onDevice[i].host, onDevice[i].bytes,
          {static_cast<cl_mem>(onDevice[i].memory), onDevice[i].offset});
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    if (onDevice[i].memory)
      continue;
    const DyccTensorDesc &input = desc.inputs[i];
    int64_t elements =
        countElements(context.inputDims[i], input.rank, INT32_MAX);
    if (input.code != DYCC_DTYPE_STRING && elements > 0)
      mirror.add(Mirror::Kind::Caller, frame.inputs[i],
                 bytesOf(elements, input.bits));
  }
  for (uint32_t i = 0; i < desc.numOutputs; ++i)
    if (frame.outputs[i] && context.capacities[i] &&
        !onDevice[desc.numInputs + i].memory)
      mirror.add(Mirror::Kind::Caller, frame.outputs[i], context.capacities[i]);
}

void begin(dycc_context &context, const Plan &plan) {
  Queue &queue = queueOf(context);
  const DyccModelDesc &desc = *context.model->desc;
  const auto *profile =
      static_cast<const dycc_profile *>(context.frames[0].profile);
  queue.begin(context.frames[0].nothing, profile && profile->device);
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
  const auto *profile =
      static_cast<const dycc_profile *>(context.frames[0].profile);
  queue.tellTimes(!status && profile && profile->device ? profile : nullptr);
  return status;
}

dycc_status transfer(void *queue, void *memory, uint64_t bytes, int32_t how) {
  auto &commands = *static_cast<Queue *>(queue);
  const Mirror::Kind *kind = commands.mirror().find(memory, bytes);
  bool isDevices = kind && *kind == Mirror::Kind::Device;
  if (how & (isDevices ? DYCC_TRANSFER_IF_HOST : DYCC_TRANSFER_IF_DEVICE))
    return commands.getFailure().status;
  return how & DYCC_TRANSFER_TO_DEVICE ? commands.toDevice(memory, bytes)
                                       : commands.toHost(memory, bytes);
}

void mark(void *queue, uint32_t kernel) {
  static_cast<Queue *>(queue)->mark(kernel);
}

dycc_status check(dycc_context &context, const char *what, const char *name,
                  const DeviceTensor &tensor) {
  const Device &device = queueOf(context).getDevice();
  auto memory = static_cast<cl_mem>(tensor.memory);
  cl_context owner = nullptr;
  size_t bytes = 0;
  cl_int error = device.api().GetMemObjectInfo(memory, CL_MEM_CONTEXT,
                                               sizeof(owner), &owner, nullptr);
  if (!error)
    error = device.api().GetMemObjectInfo(memory, CL_MEM_SIZE, sizeof(bytes),
                                          &bytes, nullptr);
  if (error) {
    opencl::Failure failure = {};
    failure.set("clGetMemObjectInfo", error);
    return fail(context, DYCC_INVALID_ARGUMENT, "%s", failure.message.text);
  }
  if (owner != device.context())
    return fail(context, DYCC_INVALID_ARGUMENT,
                "%s \"%s\": lies in another OpenCL context, expects the "
                "model's",
                what, name);
  uint64_t held = bytes > tensor.offset ? bytes - tensor.offset : 0;
  if (held < tensor.bytes)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "%s \"%s\": OpenCL's memory has %d bytes, needs %d", what, name,
                held, tensor.bytes);
  return DYCC_OK;
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
    open,     close, openQueue, closeQueue, begin, finish,
    transfer, copy,  drop,      mark,       check};
