// Who may share memory with whom: inputs, outputs and the context's own.
#include "runtime/src/Caches.h"

namespace dycc::rt {

bool overlaps(const uint8_t *a, uint64_t aBytes, const uint8_t *b,
              uint64_t bBytes) {
  return aBytes && bBytes && uintptr_t(a) < uintptr_t(b) + bBytes &&
         uintptr_t(b) < uintptr_t(a) + aBytes;
}

bool isOwned(const dycc_context &context, const uint8_t *memory,
             uint64_t bytes) {
  return overlaps(memory, bytes, context.arena, context.arenaBytes) ||
         context.heap.overlaps(memory, bytes);
}

/// What is donated may be overwritten while other inputs are still read.
static dycc_status checkDonated(dycc_context &context, uint32_t input) {
  const DyccModelDesc &desc = *context.model->desc;
  const uint8_t *const *inputs = context.frames[0].inputs;
  if (inputs[input] && inputs[input] == desc.inputs[input].defaultData)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "input \"%s\": is donated, but left out",
                desc.inputs[input].name);
  for (uint32_t i = 0; i < desc.numInputs; ++i)
    if (i != input && overlaps(inputs[input], context.inputBytes[input],
                               inputs[i], context.inputBytes[i]))
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": is donated, expects memory of its own, "
                  "overlaps input \"%s\"",
                  desc.inputs[input].name, desc.inputs[i].name);
  return DYCC_OK;
}

dycc_status checkPlaces(dycc_context &context, const uint8_t *donated) {
  const DyccModelDesc &desc = *context.model->desc;
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    if (isOwned(context, context.frames[0].inputs[i], context.inputBytes[i]))
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": lies in the context's arena, expects memory "
                  "of the caller (copy what a run lent)",
                  desc.inputs[i].name);
    if (donated && donated[i])
      if (dycc_status status = checkDonated(context, i))
        return status;
  }
  return DYCC_OK;
}

dycc_status checkOverlaps(dycc_context &context, uint32_t output,
                          DLTensor *const *outputs, const uint8_t *donated) {
  const DyccModelDesc &desc = *context.model->desc;
  const uint8_t *memory = dataOf(*outputs[output]);
  uint64_t bytes = context.capacities[output];
  const char *name = desc.outputs[output].name;
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    if (!(donated && donated[i]) &&
        overlaps(memory, bytes, context.frames[0].inputs[i],
                 context.inputBytes[i]))
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "output \"%s\": overlaps input \"%s\", which is not donated",
                  name, desc.inputs[i].name);
  }
  for (uint32_t i = 0; i < output; ++i)
    if (outputs[i]->data &&
        overlaps(memory, bytes, dataOf(*outputs[i]), context.capacities[i]))
      return fail(context, DYCC_INVALID_ARGUMENT,
                  "output \"%s\": overlaps output \"%s\"", name,
                  desc.outputs[i].name);
  if (isOwned(context, memory, bytes))
    return fail(context, DYCC_INVALID_ARGUMENT,
                "output \"%s\": lies in the context's arena, expects memory "
                "of the caller or data that is null",
                name);
  return DYCC_OK;
}

bool liesInDonated(const dycc_context &context, uint32_t output,
                   const DLTensor &tensor, const uint8_t *donated) {
  int32_t axis;
  if (!donated || roomOfOutput(context, output, axis))
    return false;
  for (uint32_t i = 0; i < context.model->desc->numInputs; ++i)
    if (donated[i] &&
        overlaps(dataOf(tensor), context.capacities[output],
                 context.frames[0].inputs[i], context.inputBytes[i]))
      return true;
  return false;
}

} // namespace dycc::rt
