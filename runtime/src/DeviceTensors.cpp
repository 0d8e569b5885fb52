// Tensors of the caller that lie on the device. In a run each has a twin in
// memory of the host, which is the name of its memory on the device and takes
// no page where the host's part of the program does not touch it.
#include "runtime/src/Devices.h"

namespace dycc::rt {

void layOutDeviceTensors(const DyccModelDesc &desc, Carver &carver,
                         dycc_context &context) {
  uint64_t count = uint64_t(desc.numInputs) + desc.numOutputs;
  context.deviceTensors = carver.take<DeviceTensor>(count);
  context.twins = carver.take<DLTensor>(count);
  context.twinAddresses = carver.take<DLTensor *>(count);
}

namespace {

/// A tensor and where it stands among those of a run.
struct Found {
  const char *what; ///< "input", "output".
  const DyccTensorDesc &desc;
  uint32_t number; ///< Inputs, then outputs.
};

bool isOnDevice(const DyccTensorDesc &desc, const DLTensor *tensor) {
  return tensor && tensor->device.device_type == kDLOpenCL && tensor->data &&
         desc.code != DYCC_DTYPE_STRING;
}

/// Bytes of a tensor; 0 where it is refused later on.
uint64_t bytesOfTensor(const DyccTensorDesc &desc, const DLTensor &tensor) {
  if (tensor.ndim != desc.rank || (desc.rank > 0 && !tensor.shape))
    return 0;
  int64_t elements = countElements(tensor.shape, desc.rank, kMaxBytes / 16);
  return elements > 0 ? bytesOf(elements, desc.bits) : 0;
}

bool isShared(const DeviceTensor &a, const DeviceTensor &b) {
  return a.memory && a.memory == b.memory && a.offset < b.offset + b.bytes &&
         b.offset < a.offset + a.bytes;
}

/// Makes the twin. Inputs may share memory, but no output does.
dycc_status take(dycc_context &context, const Found &found,
                 const DLTensor &tensor) {
  DeviceTensor &taken = context.deviceTensors[found.number];
  DLTensor &twin = context.twins[found.number];
  context.twinAddresses[found.number] = &twin;
  twin = tensor;
  twin.device = {kDLCPU, 0};
  twin.byte_offset = 0;
  twin.data = const_cast<uint8_t *>(context.frames[0].nothing);
  uint64_t bytes = bytesOfTensor(found.desc, tensor);
  if (!bytes)
    return DYCC_OK;
  taken = {tensor.data, tensor.byte_offset, bytes, nullptr};
  if (dycc_status status = context.family().deviceKind->check(
          context, found.what, found.desc.name, taken))
    return status;
  uint32_t numInputs = context.model->desc->numInputs;
  for (uint32_t i = 0; i < found.number && found.number >= numInputs; ++i)
    if (isShared(context.deviceTensors[i], taken))
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "%s \"%s\": overlaps another tensor on the device",
                  found.what, found.desc.name);
  taken.host =
      static_cast<uint8_t *>(context.packs.take(context.allocator, bytes));
  twin.data = taken.host;
  if (!taken.host)
    return fail(context, DYCC_OUT_OF_MEMORY,
                "%s \"%s\": no memory for a tensor on the device (%d bytes)",
                found.what, found.desc.name, bytes);
  return DYCC_OK;
}

} // namespace

dycc_status takeDeviceTensors(dycc_context &context,
                              const DLTensor *const *&inputs,
                              DLTensor *const *&outputs,
                              const uint8_t *donated) {
  const DyccModelDesc &desc = *context.model->desc;
  uint32_t count = desc.numInputs + desc.numOutputs;
  memset(context.deviceTensors, 0, count * sizeof(DeviceTensor));
  if ((!inputs && desc.numInputs) || (!outputs && desc.numOutputs))
    return DYCC_OK; // Refused with all else that is wrong.
  for (uint32_t i = 0; i < count; ++i) {
    bool isInput = i < desc.numInputs;
    const DLTensor *tensor = isInput ? inputs[i] : outputs[i - desc.numInputs];
    const DyccTensorDesc &described =
        isInput ? desc.inputs[i] : desc.outputs[i - desc.numInputs];
    context.twinAddresses[i] = const_cast<DLTensor *>(tensor);
    if (!isOnDevice(described, tensor))
      continue;
    if (isInput && donated && donated[i])
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": is donated, but lies on the device",
                  described.name);
    const Found found = {isInput ? "input" : "output", described, i};
    if (dycc_status status = take(context, found, *tensor))
      return status;
  }
  inputs = context.twinAddresses;
  outputs = context.twinAddresses + desc.numInputs;
  return DYCC_OK;
}

dycc_status sendDeviceOutputs(dycc_context &context) {
  const DyccModelDesc &desc = *context.model->desc;
  const DyccDeviceKind &kind = *context.family().deviceKind;
  Frame &frame = context.frames[0];
  bool isSent = false;
  for (uint32_t i = 0; i < desc.numOutputs; ++i) {
    const DeviceTensor &tensor = context.deviceTensors[desc.numInputs + i];
    // What the program wrote right there is on the device.
    if (!tensor.memory || frame.outputs[i] == tensor.host)
      continue;
    isSent = true;
    if (dycc_status status = kind.transfer(
            frame.device, tensor.host, tensor.bytes, DYCC_TRANSFER_TO_DEVICE))
      return status;
  }
  return isSent ? kind.finish(context) : DYCC_OK;
}

} // namespace dycc::rt
