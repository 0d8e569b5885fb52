#include "runtime/src/Devices.h"
#include "runtime/src/Values.h"

#include <stddef.h>

namespace dycc::rt {

/// Of the structs as they first were; fields were appended since.
constexpr uint64_t kFirstOptionsBytes =
    offsetof(dycc_run_options, profile_size);
constexpr uint64_t kFirstProfileBytes = offsetof(dycc_profile, launch);

/// The options of a run with all that is left out filled in; `profile` is the
/// context's copy.
static dycc_status readOptions(dycc_context &context,
                               const dycc_run_options *given,
                               dycc_run_options &options) {
  options = {};
  if (!given)
    return DYCC_OK;
  if (given->size < kFirstOptionsBytes)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "run options have size %d, expects at least %d", given->size,
                kFirstOptionsBytes);
  memcpy(&options, given,
         given->size < sizeof(options) ? given->size : sizeof(options));
  if (options.profile) {
    uint64_t bytes = options.profile_size;
    bytes = bytes < kFirstProfileBytes     ? kFirstProfileBytes
            : bytes > sizeof(dycc_profile) ? sizeof(dycc_profile)
                                           : bytes;
    context.profile = {};
    memcpy(&context.profile, options.profile, bytes);
    options.profile = &context.profile;
  }
  uint32_t numInputs = context.model->desc->numInputs;
  if (options.donated && options.num_donated != numInputs)
    return fail(context, DYCC_INVALID_ARGUMENT,
                "run options: %d donated flags, expects %d",
                options.num_donated, numInputs);
  return DYCC_OK;
}

static bool isCancelled(const dycc_run_options &options) {
  return options.cancel && *options.cancel;
}

/// Runs the compiled program; a kernel that cannot have its scratch comes
/// back here.
static int32_t runProgram(dycc_context &context) {
  Frame &frame = context.frames[0];
  jmp_buf escape;
  frame.escape = &escape;
  if (_setjmp(escape))
    return context.failure.status;
  return context.model->desc->run(&frame);
}

/// The status of a failure that was reported; else the one that the compiled
/// program returned, with a text.
static dycc_status explain(dycc_context &context, int32_t status) {
  if (context.failure.status)
    return context.failure.status;
  if (status == DYCC_CANCELLED)
    return fail(context, DYCC_CANCELLED, "run was cancelled");
  return fail(context, status, "model \"%s\" failed with status %d",
              context.model->desc->name, status);
}

static dycc_status prepare(dycc_context &context, const DLTensor *const *inputs,
                           DLTensor *const *outputs,
                           const dycc_run_options &options) {
  const DyccModelDesc &desc = *context.model->desc;
  Frame &frame = context.frames[0];
  if (dycc_status status = checkInputs(context, inputs))
    return status;
  frame.cancel = options.cancel;
  frame.donated = options.donated;
  frame.profile = options.profile;
  if (options.seed)
    context.random = {options.seed, 0};
  if (int32_t status = bindSymbols(*context.model, context.inputDims,
                                   context.flatDims, frame.symbols, frame))
    return explain(context, status);
  if (dycc_status status = checkPlaces(context, options.donated))
    return status;
  if (dycc_status status = checkOutputs(context, outputs, options.donated))
    return status;
  int32_t status;
  const Plan *plan =
      context.plans[context.variant()].get(desc, frame.symbols, frame, status);
  if (!plan)
    return explain(context, status);
  if (dycc_status status = checkCapacities(context, *plan, outputs))
    return status;
  if (dycc_status status = provideArena(context, plan->slots))
    return status;
  // Last of the inputs: what was checked of them are the caller's addresses.
  if (dycc_status status = internInputs(context))
    return status;
  frame.slots = plan->slots;
  frame.arena = context.arena;
  placeOutputs(context, *plan, outputs, options.donated);
  if (frame.device)
    context.family().deviceKind->begin(context, *plan);
  for (uint32_t i = 1; i < context.threads; ++i)
    static_cast<DyccFrame &>(context.frames[i]) = frame;
  return DYCC_OK;
}

static dycc_status runChecked(dycc_context &context,
                              const DLTensor *const *inputs,
                              DLTensor *const *outputs,
                              const dycc_run_options *given) {
  dycc_run_options options;
  if (dycc_status status = readOptions(context, given, options))
    return status;
  if (context.deviceTensors)
    if (dycc_status status =
            takeDeviceTensors(context, inputs, outputs, options.donated))
      return status;
  if (dycc_status status = prepare(context, inputs, outputs, options))
    return status;
  if (isCancelled(options))
    return explain(context, DYCC_CANCELLED);
  if (context.ownPool)
    context.family().pool.start(context.threads);
  int32_t status = runProgram(context);
  // Whatever it came to: the device may still read the caller's memory.
  if (context.frames[0].device) {
    dycc_status late = context.family().deviceKind->finish(context);
    status = status ? status : late;
  }
  if (status == DYCC_OK) {
    status = deliverOutputs(context, outputs);
    if (status == DYCC_OK && context.deviceTensors)
      status = sendDeviceOutputs(context);
    if (status == DYCC_OK)
      return DYCC_OK;
  }
  reclaim(context);
  return explain(context, status);
}

dycc_status run(dycc_context *context, const DLTensor *const *inputs,
                DLTensor *const *outputs, const dycc_run_options *options) {
  if (!context)
    return DYCC_INVALID_ARGUMENT;
  beginCall(*context);
  return runChecked(*context, inputs, outputs, options);
}

/// All values in their order, to the tensors that they are.
template <typename T>
static dycc_status
unpackAll(dycc_context &context, const char *role,
          const DyccTensorDesc *tensors, uint32_t numTensors,
          const DyccValueDesc *descs, uint32_t count, T *values, DLTensor **to,
          dycc_status (*unpack)(dycc_context &, const DyccValueDesc &,
                                const dycc_value &, DLTensor **)) {
  for (uint32_t i = 0; i < (count ? count : numTensors); ++i)
    if (dycc_status status =
            count ? unpack(context, descs[i], values[i], to + descs[i].first)
                  : unpackTensor(context, role, tensors[i], values[i], to[i]))
      return status;
  return DYCC_OK;
}

dycc_status runValues(dycc_context *context, const dycc_value *inputs,
                      dycc_value *outputs, const dycc_run_options *options) {
  if (!context)
    return DYCC_INVALID_ARGUMENT;
  beginCall(*context);
  const DyccModelDesc &desc = *context->model->desc;
  if ((!inputs && desc.numInputs) || (!outputs && desc.numOutputs))
    return fail(*context, DYCC_INVALID_ARGUMENT, "%s is null",
                inputs || !desc.numInputs ? "outputs" : "inputs");
  DLTensor **in = context->tensors, **out = in + desc.numInputs;
  if (dycc_status status = unpackAll(
          *context, "input", desc.inputs, desc.numInputs, desc.inputValues,
          desc.numInputValues, inputs, in, packInput))
    return status;
  if (dycc_status status = unpackAll(
          *context, "output", desc.outputs, desc.numOutputs, desc.outputValues,
          desc.numOutputValues, outputs, out, expectOutput))
    return status;
  dycc_status status = runChecked(*context, in, out, options);
  for (uint32_t i = 0; i < desc.numOutputValues && status == DYCC_OK; ++i)
    status = unpackOutput(*context, desc.outputValues[i],
                          out + desc.outputValues[i].first, outputs[i]);
  return status;
}

} // namespace dycc::rt
