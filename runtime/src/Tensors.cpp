// What crosses the boundary: the caller's tensors, before and after a run.
#include "runtime/src/Caches.h"

namespace dycc::rt {

uint8_t *dataOf(const DLTensor &tensor) {
  auto *data = static_cast<uint8_t *>(tensor.data);
  return data ? data + tensor.byte_offset : nullptr;
}

dycc_status checkRank(dycc_context &context, const char *role,
                      const DyccTensorDesc &desc, const DLTensor *tensor) {
  if (!tensor)
    return fail(context, DYCC_INVALID_ARGUMENT, "%s \"%s\": is null", role,
                desc.name);
  if (tensor->ndim != desc.rank)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "%s \"%s\": rank is %d, expects %d", role, desc.name,
                tensor->ndim, desc.rank);
  if (!tensor->shape && desc.rank > 0)
    return fail(context, DYCC_INVALID_ARGUMENT, "%s \"%s\": shape is null",
                role, desc.name);
  return DYCC_OK;
}

static dycc_status checkType(dycc_context &context, const char *role,
                             const DyccTensorDesc &desc,
                             const DLTensor &tensor) {
  if (tensor.device.device_type != kDLCPU)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "%s \"%s\": is on device type %d, expects the CPU (%d)", role,
                desc.name, int32_t(tensor.device.device_type), int32_t(kDLCPU));
  if (tensor.dtype.code == desc.code && tensor.dtype.bits == desc.bits &&
      tensor.dtype.lanes == 1)
    return DYCC_OK;
  if (tensor.dtype.lanes != 1)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "%s \"%s\": element type has %d lanes, expects 1", role,
                desc.name, int32_t(tensor.dtype.lanes));
  char found[32], expected[32];
  return fail(context, DYCC_INVALID_ARGUMENT,
              "%s \"%s\": element type is %s, expects %s", role, desc.name,
              typeName(tensor.dtype.code, tensor.dtype.bits, found),
              typeName(desc.code, desc.bits, expected));
}

static dycc_status checkStrides(dycc_context &context, const char *role,
                                const DyccTensorDesc &desc,
                                const DLTensor &tensor, int32_t room) {
  if (!tensor.strides)
    return DYCC_OK;
  int64_t expected = 1;
  for (int32_t d = desc.rank; d-- > 0;) {
    if (tensor.shape[d] != 1 && tensor.strides[d] != expected)
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "%s \"%s\": stride of dim %d is %d, expects compact strides "
                  "(%d)",
                  role, desc.name, d, tensor.strides[d], expected);
    expected *= d == room ? placesAlong(tensor, room) : tensor.shape[d];
  }
  return DYCC_OK;
}

dycc_status checkTensor(dycc_context &context, const char *role,
                        const DyccTensorDesc &desc, const DLTensor &tensor,
                        int64_t &elements, int32_t room) {
  if (dycc_status status = checkType(context, role, desc, tensor))
    return status;
  for (int32_t d = 0; d < desc.rank; ++d)
    if (tensor.shape[d] < 0)
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "%s \"%s\": dim %d is %d, expects no negative extent", role,
                  desc.name, d, tensor.shape[d]);
  constexpr int64_t limit = kMaxBytes / 16;
  elements = countElements(tensor.shape, desc.rank, limit);
  if (elements < 0)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "%s \"%s\": has more than %d elements", role, desc.name, limit);
  if (elements == 0)
    return DYCC_OK;
  if (!tensor.data)
    return fail(context, DYCC_INVALID_ARGUMENT, "%s \"%s\": data is null", role,
                desc.name);
  return checkStrides(context, role, desc, tensor, room);
}

/// The axis that an input or output may have room along; -1: none.
static int32_t axisOfRoom(const dycc_context &context,
                          uint32_t DyccCacheDesc::*side, uint32_t number,
                          const DLTensor &tensor) {
  const DyccCacheDesc *cache =
      tensor.strides ? findCache(*context.model->desc, side, number) : nullptr;
  return cache ? cache->axis : -1;
}

dycc_status checkInputs(dycc_context &context, const DLTensor *const *inputs) {
  const DyccModelDesc &desc = *context.model->desc;
  auto **addresses = const_cast<uint8_t **>(context.frames[0].inputs);
  if (!inputs && desc.numInputs)
    return fail(context, DYCC_INVALID_ARGUMENT, "inputs is null");
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    const DyccTensorDesc &input = desc.inputs[i];
    int64_t elements;
    if (!inputs[i] && input.defaultData) {
      addresses[i] =
          static_cast<uint8_t *>(const_cast<void *>(input.defaultData));
      context.inputDims[i] = input.defaultDims;
      context.inputBytes[i] = bytesOf(
          countElements(input.defaultDims, input.rank, INT32_MAX), input.bits);
      continue;
    }
    if (dycc_status status = checkRank(context, "input", input, inputs[i]))
      return status;
    if (dycc_status status = checkTensor(
            context, "input", input, *inputs[i], elements,
            axisOfRoom(context, &DyccCacheDesc::input, i, *inputs[i])))
      return status;
    addresses[i] = dataOf(*inputs[i]);
    context.inputDims[i] = inputs[i]->shape;
    context.inputBytes[i] = bytesOf(elements, input.bits);
  }
  return readRooms(context, inputs);
}

dycc_status checkOutputs(dycc_context &context, DLTensor *const *outputs,
                         const uint8_t *donated) {
  const DyccModelDesc &desc = *context.model->desc;
  if (!outputs && desc.numOutputs)
    return fail(context, DYCC_INVALID_ARGUMENT, "outputs is null");
  for (uint32_t i = 0; i < desc.numOutputs; ++i) {
    const DyccTensorDesc &output = desc.outputs[i];
    int64_t elements;
    if (dycc_status status = checkRank(context, "output", output, outputs[i]))
      return status;
    const DyccCacheDesc *cache = findCache(desc, &DyccCacheDesc::output, i);
    int32_t room = cache ? cache->axis : -1;
    if (outputs[i]->data) {
      if (dycc_status status = checkTensor(context, "output", output,
                                           *outputs[i], elements, room))
        return status;
      context.capacities[i] = bytesOf(elements, output.bits);
    }
    if (cache)
      if (dycc_status status =
              checkCache(context, cache - desc.caches, *outputs[i], donated))
        return status;
    if (!outputs[i]->data)
      continue;
    if (dycc_status status = checkOverlaps(context, i, outputs, donated))
      return status;
  }
  return DYCC_OK;
}

static dycc_status refuseCapacity(dycc_context &context, uint32_t output,
                                  uint64_t needed) {
  return fail(context, DYCC_INVALID_ARGUMENT,
              "output \"%s\": memory has %d bytes, needs %d",
              context.model->desc->outputs[output].name,
              context.capacities[output], needed);
}

dycc_status checkCapacities(dycc_context &context, const Plan &plan,
                            DLTensor *const *outputs) {
  const DyccModelDesc &desc = *context.model->desc;
  const int64_t *dims = plan.outputDims;
  const uint8_t *exact = plan.exact;
  for (uint32_t i = 0; i < desc.numOutputs; ++i) {
    const DyccTensorDesc &output = desc.outputs[i];
    bool known = outputs[i]->data != nullptr;
    for (int32_t d = 0; d < output.rank; ++d)
      known = known && exact[d];
    if (known) {
      int64_t elements = countElements(dims, output.rank, kMaxBytes / 16);
      uint64_t needed =
          elements < 0 ? kMaxBytes : bytesOf(elements, output.bits);
      if (needed > context.capacities[i])
        return refuseCapacity(context, i, needed);
    }
    dims += output.rank;
    exact += output.rank;
  }
  return DYCC_OK;
}

void placeOutputs(dycc_context &context, const Plan &plan,
                  DLTensor *const *outputs, const uint8_t *donated) {
  const DyccModelDesc &desc = *context.model->desc;
  const int64_t *dims = plan.outputDims;
  for (uint32_t i = 0; i < desc.numOutputs; ++i) {
    const DyccTensorDesc &output = desc.outputs[i];
    int64_t elements = countElements(dims, output.rank, kMaxBytes / 16);
    // Strings are handles for the program.
    bool fits = outputs[i]->data && elements >= 0 &&
                output.code != DYCC_DTYPE_STRING &&
                bytesOf(elements, output.bits) <= context.capacities[i] &&
                !liesInDonated(context, i, *outputs[i], donated);
    context.frames[0].outputs[i] = fits ? dataOf(*outputs[i]) : nullptr;
    dims += output.rank;
  }
}

/// The memory has `room` places along `axis`; 0: as many as elements.
static void writeShape(DLTensor &tensor, const int64_t *dims, int64_t room,
                       int32_t axis) {
  int64_t stride = 1;
  for (int32_t d = tensor.ndim; d-- > 0;) {
    tensor.shape[d] = dims[d];
    if (tensor.strides)
      tensor.strides[d] = stride;
    stride *= room && d == axis ? room : dims[d];
  }
}

static void lend(DLTensor &tensor, uint8_t *data, const DyccTensorDesc &desc) {
  tensor.data = data;
  tensor.byte_offset = 0;
  tensor.device = {kDLCPU, 0};
  tensor.dtype = {desc.code, desc.bits, 1};
}

/// One result on its way to the caller.
struct Delivery {
  uint8_t *from;
  uint64_t bytes; ///< In the caller's memory.
  const int64_t *dims;
  int64_t elements;
  bool isString; ///< `from` has handles.
};

static Delivery deliveryOf(const dycc_context &context, uint32_t output) {
  const DyccModelDesc &desc = *context.model->desc;
  const Frame &frame = context.frames[0];
  const int64_t *dims = frame.outputDims;
  for (uint32_t i = 0; i < output; ++i)
    dims += desc.outputs[i].rank;
  int64_t elements =
      countElements(dims, desc.outputs[output].rank, kMaxBytes / 16);
  return {frame.outputs[output],
          elements < 0 ? kMaxBytes
                       : bytesOf(elements, desc.outputs[output].bits),
          dims, elements, desc.outputs[output].code == DYCC_DTYPE_STRING};
}

enum : uint8_t { kWaiting, kCopied, kLent };

/// True if copying this output now would destroy a result in a donated input
/// that is lent, or still to be delivered.
static bool mustWait(const dycc_context &context, DLTensor *const *outputs,
                     uint32_t output, uint64_t bytes) {
  for (uint32_t i = 0; i < context.model->desc->numOutputs; ++i) {
    if (i == output || context.delivered[i] == kCopied)
      continue;
    Delivery other = deliveryOf(context, i);
    // Handles are no memory of the caller.
    if (!other.isString &&
        overlaps(dataOf(*outputs[output]), bytes, other.from, other.bytes))
      return true;
  }
  return false;
}

/// Memory of the context for strings in the place of their handles.
static dycc_status lendStrings(dycc_context &context, uint32_t output,
                               Delivery &delivery) {
  auto *strings = static_cast<uint8_t *>(
      context.heap.take(context.allocator, delivery.bytes, context.heapLimit));
  if (!strings)
    return fail(context, DYCC_OUT_OF_MEMORY,
                "output \"%s\": no memory for %d strings",
                context.model->desc->outputs[output].name, delivery.elements);
  writeStrings(context.strings, delivery.from, delivery.elements, strings);
  delivery.from = strings;
  return DYCC_OK;
}

static dycc_status deliver(dycc_context &context, DLTensor *const *outputs,
                           uint32_t i, bool &waits) {
  const DyccTensorDesc &desc = context.model->desc->outputs[i];
  Delivery delivery = deliveryOf(context, i);
  DLTensor &tensor = *outputs[i];
  waits = false;
  if (!tensor.data) {
    if (delivery.isString)
      if (dycc_status status = lendStrings(context, i, delivery))
        return status;
    lend(tensor, delivery.from, desc);
  } else {
    if (delivery.bytes > context.capacities[i])
      return refuseCapacity(context, i, delivery.bytes);
    waits = mustWait(context, outputs, i, delivery.bytes);
    if (waits)
      return DYCC_OK;
    // The program may have written right there, see placeOutputs().
    if (delivery.isString)
      writeStrings(context.strings, delivery.from, delivery.elements,
                   dataOf(tensor));
    else if (delivery.bytes && delivery.from != dataOf(tensor))
      memmove(dataOf(tensor), delivery.from, delivery.bytes);
  }
  context.delivered[i] = tensor.data == delivery.from ? kLent : kCopied;
  int32_t axis;
  int64_t room = roomOfOutput(context, i, axis);
  writeShape(tensor, delivery.dims, room, axis);
  return DYCC_OK;
}

static const char *nameOfWaiting(const dycc_context &context) {
  uint32_t i = 0;
  while (context.delivered[i] != kWaiting)
    ++i;
  return context.model->desc->outputs[i].name;
}

/// In the order of the outputs, except that one whose memory still holds
/// another result comes after that.
dycc_status deliverOutputs(dycc_context &context, DLTensor *const *outputs) {
  uint32_t count = context.model->desc->numOutputs;
  for (uint32_t i = 0; i < count; ++i)
    context.delivered[i] = kWaiting;
  for (uint32_t done = 0, before = 0; done < count; before = done) {
    for (uint32_t i = 0; i < count; ++i) {
      bool waits = true;
      if (context.delivered[i])
        continue;
      if (dycc_status status = deliver(context, outputs, i, waits))
        return status;
      done += !waits;
    }
    if (done == before)
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "output \"%s\": its memory is a donated input that holds "
                  "another result",
                  nameOfWaiting(context));
  }
  return DYCC_OK;
}

} // namespace dycc::rt
