// Caches that grow in place: the memory of a donated input has more places
// along an axis than elements, and an output is the input with more of them.
#include "runtime/src/Caches.h"

namespace dycc::rt {

const DyccCacheDesc *findCache(const DyccModelDesc &desc,
                               uint32_t DyccCacheDesc::*side, uint32_t number) {
  for (uint32_t i = 0; i < desc.numCaches; ++i)
    if (desc.caches[i].*side == number)
      return &desc.caches[i];
  return nullptr;
}

int64_t placesAlong(const DLTensor &tensor, int32_t axis) {
  int64_t inner = 1;
  for (int32_t d = tensor.ndim; --d > axis;)
    inner *= tensor.shape[d];
  // Of an axis of one element the stride is of no use, and may be any number.
  int32_t outer = axis - 1;
  while (outer >= 0 && tensor.shape[outer] == 1)
    --outer;
  if (!tensor.strides || inner == 0 || outer < 0)
    return tensor.shape[axis];
  int64_t stride = tensor.strides[outer];
  bool hasRoom = stride % inner == 0 && stride / inner >= tensor.shape[axis];
  return hasRoom ? stride / inner : tensor.shape[axis];
}

/// Elements of the input but for those along the axis.
static int64_t countAcross(const dycc_context &context,
                           const DyccCacheDesc &cache) {
  const int64_t *dims = context.inputDims[cache.input];
  int64_t count = 1;
  for (int32_t d = 0; d < context.model->desc->inputs[cache.input].rank; ++d)
    if (d != cache.axis)
      count *= dims[d];
  return count;
}

dycc_status readRooms(dycc_context &context, const DLTensor *const *inputs) {
  const DyccModelDesc &desc = *context.model->desc;
  for (uint32_t i = 0; i < desc.numCaches; ++i) {
    const DyccCacheDesc &cache = desc.caches[i];
    const DLTensor &input = *inputs[cache.input];
    int64_t places = placesAlong(input, cache.axis);
    context.rooms[i] = places > input.shape[cache.axis] ? places : 0;
    int64_t across = countAcross(context, cache);
    // Of an empty one strides say nothing: the output may, see checkCache().
    if (across == 0 || input.shape[cache.axis] == 0)
      context.rooms[i] = 0;
    if (!context.rooms[i])
      continue;
    if (places > INT32_MAX / across)
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": has %d places along dim %d, expects at most "
                  "%d elements in all",
                  desc.inputs[cache.input].name, places, cache.axis,
                  int64_t(INT32_MAX));
    context.inputBytes[cache.input] =
        bytesOf(across * places, desc.inputs[cache.input].bits);
  }
  return DYCC_OK;
}

/// Refuses an output that is not the input's memory with the same room.
static dycc_status checkInPlace(dycc_context &context,
                                const DyccCacheDesc &cache, int64_t room,
                                const DLTensor &output, bool isDonated) {
  const DyccModelDesc &desc = *context.model->desc;
  const char *input = desc.inputs[cache.input].name;
  const char *name = desc.outputs[cache.output].name;
  if (!isDonated)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "input \"%s\": has room along dim %d, expects to be donated",
                input, cache.axis);
  if (!output.data || dataOf(output) != context.frames[0].inputs[cache.input])
    return fail(context, DYCC_INVALID_ARGUMENT,
                "output \"%s\": expects the memory of input \"%s\", which has "
                "room along dim %d",
                name, input, cache.axis);
  for (int32_t d = 0; d < output.ndim; ++d)
    if (d != cache.axis && output.shape[d] != context.inputDims[cache.input][d])
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "output \"%s\": dim %d is %d, expects %d as of input \"%s\"",
                  name, d, output.shape[d], context.inputDims[cache.input][d],
                  input);
  if (int64_t places = placesAlong(output, cache.axis); places != room)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "output \"%s\": has %d places along dim %d, expects %d as "
                "input \"%s\" has",
                name, places, cache.axis, room, input);
  return DYCC_OK;
}

/// What grows there is written while other inputs are still read.
static dycc_status checkAlone(dycc_context &context,
                              const DyccCacheDesc &cache) {
  const DyccModelDesc &desc = *context.model->desc;
  const uint8_t *memory = context.frames[0].inputs[cache.input];
  for (uint32_t i = 0; i < desc.numInputs; ++i)
    if (i != cache.input &&
        overlaps(memory, context.capacities[cache.output],
                 context.frames[0].inputs[i], context.inputBytes[i]))
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "output \"%s\": overlaps input \"%s\", expects the memory of "
                  "input \"%s\" alone",
                  desc.outputs[cache.output].name, desc.inputs[i].name,
                  desc.inputs[cache.input].name);
  return DYCC_OK;
}

/// The room of a cache whose input and output are the same memory, where the
/// input's strides say nothing of it.
static int64_t roomByOutput(const dycc_context &context,
                            const DyccCacheDesc &cache,
                            const DLTensor &output) {
  const int64_t *dims = context.inputDims[cache.input];
  int64_t outer = 1;
  for (int32_t d = 0; d < cache.axis; ++d)
    outer *= dims[d];
  int64_t places = placesAlong(output, cache.axis);
  if (places > INT32_MAX / countAcross(context, cache))
    return 0;     // More than kernels count.
  if (outer == 1) // Elements follow each other with room and without.
    return places;
  bool isEmpty = dims[cache.axis] == 0;
  return isEmpty && places > output.shape[cache.axis] ? places : 0;
}

dycc_status checkCache(dycc_context &context, uint32_t number,
                       const DLTensor &output, const uint8_t *donated) {
  const DyccModelDesc &desc = *context.model->desc;
  const DyccCacheDesc &cache = desc.caches[number];
  bool isDonated = donated && donated[cache.input];
  bool isSame = isDonated && output.data &&
                dataOf(output) == context.frames[0].inputs[cache.input];
  int64_t across = countAcross(context, cache);
  int64_t &room = context.rooms[number];
  if (!room && isSame && across)
    room = roomByOutput(context, cache, output);
  if (room) {
    if (dycc_status status =
            checkInPlace(context, cache, room, output, isDonated))
      return status;
    context.capacities[cache.output] =
        bytesOf(across * room, desc.outputs[cache.output].bits);
    return checkAlone(context, cache);
  }
  if (output.data && placesAlong(output, cache.axis) > output.shape[cache.axis])
    return fail(context, DYCC_INVALID_ARGUMENT,
                "output \"%s\": has room along dim %d, expects input \"%s\" to "
                "be donated and to have it in the same memory",
                desc.outputs[cache.output].name, cache.axis,
                desc.inputs[cache.input].name);
  return DYCC_OK;
}

int64_t roomOfOutput(const dycc_context &context, uint32_t output,
                     int32_t &axis) {
  const DyccModelDesc &desc = *context.model->desc;
  const DyccCacheDesc *cache = findCache(desc, &DyccCacheDesc::output, output);
  axis = cache ? cache->axis : -1;
  return cache ? context.rooms[cache - desc.caches] : 0;
}

} // namespace dycc::rt
