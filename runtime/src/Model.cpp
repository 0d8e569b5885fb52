#include "runtime/src/Model.h"
#include "runtime/src/Memory.h"

namespace dycc::rt {

dycc_status Failure::set(dycc_status newStatus, const char *format,
                         const int64_t *arguments, int32_t count) {
  int32_t none = DYCC_OK;
  if (__atomic_compare_exchange_n(&status, &none, int32_t(newStatus),
                                  /*weak=*/false, __ATOMIC_ACQ_REL,
                                  __ATOMIC_ACQUIRE))
    failWith(message, newStatus, format, arguments, count);
  return newStatus;
}

static int32_t sumRanks(const DyccTensorDesc *tensors, uint32_t count) {
  int32_t sum = 0;
  for (uint32_t i = 0; i < count; ++i)
    sum += tensors[i].rank;
  return sum;
}

/// Refuses what this build of the runtime cannot run.
static dycc_status checkDesc(const DyccModelDesc &desc, dycc_message *message) {
  if (desc.version != DYCC_MODEL_DESC_VERSION)
    return fail(message, DYCC_INTERNAL,
                "model was compiled for runtime %d, but linked with runtime %d",
                desc.version, DYCC_MODEL_DESC_VERSION);
  return DYCC_OK;
}

/// Options of callers that know no machines end before them.
static constexpr uint32_t kFewestOptions =
    offsetof(dycc_model_options, machine);

/// The options of a call with all that is left out filled in.
static dycc_model_options readOptions(const dycc_model_options *given) {
  dycc_model_options options = {};
  if (given)
    memcpy(&options, given,
           given->size < sizeof(options) ? given->size : sizeof(options));
  return options;
}

static void layOut(const DyccModelDesc &desc, uint32_t threads, Carver &carver,
                   dycc_model &model) {
  carver.take<dycc_model>(1);
  describeModel(desc, carver, model.info);
  carver.used = alignUp(carver.used);
  auto *memory = carver.take<uint8_t>(Pool::memoryBytes(threads));
  if (memory)
    model.pool.init(memory, threads);
}

dycc_status createModel(const DyccModelDesc &desc,
                        const dycc_model_options *given, dycc_model **model,
                        dycc_message *message) {
  if (!model)
    return fail(message, DYCC_INVALID_ARGUMENT, "model is null");
  if (given && given->size < kFewestOptions)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "model options have size %d, expects at least %d", given->size,
                kFewestOptions);
  if (dycc_status status = checkDesc(desc, message))
    return status;
  dycc_model_options options = readOptions(given);
  uint32_t machine = 0;
  if (dycc_status status =
          chooseMachine(desc, options.machine, machine, message))
    return status;
  uint32_t threads =
      options.max_threads ? options.max_threads : countProcessors();
  dycc_model scratch = {};
  Carver counter{nullptr};
  layOut(desc, threads, counter, scratch);
  auto *memory =
      static_cast<uint8_t *>(allocate(kSystemAllocator, counter.used));
  if (!memory)
    return fail(message, DYCC_OUT_OF_MEMORY,
                "no memory for the model (%d bytes)", counter.used);
  auto *made = reinterpret_cast<dycc_model *>(memory);
  memset(made, 0, sizeof(*made));
  made->desc = &desc;
  made->bytes = counter.used;
  made->machine = machine;
  made->plans = options.plans;
  made->numInputDims = sumRanks(desc.inputs, desc.numInputs);
  Carver carver{memory};
  layOut(desc, threads, carver, *made);
  made->info.machine = machine;
  *model = made;
  return DYCC_OK;
}

dycc_status destroyModel(dycc_model *model) {
  if (!model)
    return DYCC_OK;
  if (__atomic_load_n(&model->contexts, __ATOMIC_ACQUIRE))
    return DYCC_INVALID_ARGUMENT;
  model->pool.stop();
  release(kSystemAllocator, model, model->bytes);
  return DYCC_OK;
}

} // namespace dycc::rt
