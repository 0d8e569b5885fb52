// Strings at the boundary: the caller's become handles before a run, handles of
// results the caller's behind it.
#include "runtime/src/Context.h"

#include "runtime/abi/Strings.h"

namespace dycc::rt {

static dycc_status refuseMemory(dycc_context &context, const char *input) {
  if (context.heapLimit)
    return fail(context, DYCC_OUT_OF_MEMORY,
                "input \"%s\": no memory for its strings (%d of at most %d "
                "bytes are in use)",
                input, context.heap.heldBytes(), context.heapLimit);
  return fail(context, DYCC_OUT_OF_MEMORY,
              "input \"%s\": no memory for its strings", input);
}

/// Puts the handle of element `index` of the caller's strings in `handle`.
static dycc_status intern(dycc_context &context, const char *input,
                          const uint8_t *strings, int64_t index,
                          uint64_t &handle) {
  dycc_string string;
  memcpy(&string, strings + index * sizeof(string), sizeof(string));
  if (string.size && !string.data)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "input \"%s\": element %d has %d bytes at a null pointer",
                input, index, string.size);
  // The run before has taken back what it lent.
  if (isOwned(context, reinterpret_cast<const uint8_t *>(string.data),
              string.size))
    return fail(context, DYCC_INVALID_ARGUMENT,
                "input \"%s\": element %d lies in the context's memory, "
                "expects memory of the caller (copy what a run lent)",
                input, index);
  handle = context.strings.intern(string.data, string.size);
  return handle == Strings::kNone ? refuseMemory(context, input) : DYCC_OK;
}

static dycc_status internInput(dycc_context &context, uint32_t input) {
  const DyccTensorDesc &desc = context.model->desc->inputs[input];
  auto **addresses = const_cast<uint8_t **>(context.frames[0].inputs);
  int64_t count = countElements(context.inputDims[input], desc.rank, INT32_MAX);
  if (count == 0)
    return DYCC_OK;
  auto *handles = static_cast<uint64_t *>(context.heap.take(
      context.allocator, bytesOf(count, DYCC_HANDLE_BITS), context.heapLimit));
  if (!handles)
    return refuseMemory(context, desc.name);
  for (int64_t i = 0; i < count; ++i)
    if (dycc_status status =
            intern(context, desc.name, addresses[input], i, handles[i]))
      return status;
  addresses[input] = reinterpret_cast<uint8_t *>(handles);
  return DYCC_OK;
}

dycc_status internInputs(dycc_context &context) {
  const DyccModelDesc &desc = *context.model->desc;
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    bool isDefault = context.frames[0].inputs[i] == desc.inputs[i].defaultData;
    if (desc.inputs[i].code == DYCC_DTYPE_STRING && !isDefault)
      if (dycc_status status = internInput(context, i))
        return status;
  }
  return DYCC_OK;
}

void writeStrings(const Strings &strings, const uint8_t *handles, int64_t count,
                  uint8_t *to) {
  for (int64_t i = 0; i < count; ++i) {
    uint64_t handle;
    memcpy(&handle, handles + i * sizeof(handle), sizeof(handle));
    dycc_string string = strings.at(handle);
    memcpy(to + i * sizeof(string), &string, sizeof(string));
  }
}

} // namespace dycc::rt
