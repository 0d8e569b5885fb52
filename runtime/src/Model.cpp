#include "runtime/src/Devices.h"

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
static dycc_status readOptions(const dycc_model_options *given,
                               dycc_model_options &options,
                               dycc_message *message) {
  options = {};
  if (given && given->size < kFewestOptions)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "model options have size %d, expects at least %d", given->size,
                kFewestOptions);
  if (given)
    memcpy(&options, given,
           given->size < sizeof(options) ? given->size : sizeof(options));
  if (!options.max_threads)
    options.max_threads = countProcessors();
  return DYCC_OK;
}

/// Carves the block of a family. Of one that is only counted nothing is set but
/// sizes.
static void layOut(const DyccFamilyDesc &desc, uint32_t threads, Carver &carver,
                   dycc_family &family) {
  carver.take<dycc_family>(1);
  uint32_t count = desc.numVariants;
  family.models = carver.take<dycc_model>(count);
  auto *variants = carver.take<dycc_variant_info>(count);
  for (uint32_t i = 0; i < count; ++i) {
    dycc_model scratch = {};
    dycc_model &model = family.models ? family.models[i] : scratch;
    describeModel(*desc.variants[i], carver, model.info);
    if (variants)
      variants[i] = {model.info.name, &model};
  }
  family.info = {sizeof(family.info), count, variants, desc.weightBytes,
                 desc.qualities};
  carver.used = alignUp(carver.used);
  auto *memory = carver.take<uint8_t>(Pool::memoryBytes(threads));
  if (memory)
    family.pool.init(memory, threads);
}

/// What a variant is beside its description.
static void initModel(const DyccModelDesc &desc, dycc_family &family,
                      uint32_t machine, dycc_model &model) {
  model.desc = &desc;
  model.family = &family;
  model.machine = model.info.machine = machine;
  model.numInputDims = sumRanks(desc.inputs, desc.numInputs);
}

/// Whether this build and this processor run all variants, which are for the
/// same machines: `machine` is whose kernels run.
static dycc_status checkVariants(const DyccFamilyDesc &desc,
                                 const dycc_model_options &options,
                                 uint32_t from, uint32_t &machine,
                                 dycc_message *message) {
  for (uint32_t i = 0; i < desc.numVariants; ++i) {
    if (dycc_status status = checkDesc(*desc.variants[i], message))
      return status;
    if (dycc_status status = chooseMachine(*desc.variants[i], options.machine,
                                           from, machine, message))
      return status;
  }
  return DYCC_OK;
}

/// A machine that kernels run on, and its device where it has one.
struct Chosen {
  uint32_t machine;
  const DyccDeviceKind *kind;
  void *device;
};

static const DyccMachineDesc *machinesOf(const DyccFamilyDesc &desc) {
  return desc.variants[0]->machines;
}

/// A machine whose device is not there makes place for those behind it. What
/// was the matter then is in `message`, with DYCC_OK too.
static dycc_status chooseDevice(const DyccFamilyDesc &desc,
                                const dycc_model_options &options,
                                Chosen &chosen, dycc_message *message) {
  const DyccModelDesc &first = *desc.variants[0];
  dycc_message reason = {};
  for (uint32_t from = 0;; from = chosen.machine + 1) {
    if (dycc_status status =
            checkVariants(desc, options, from, chosen.machine, message))
      return status;
    chosen.kind =
        first.numMachines ? machinesOf(desc)[chosen.machine].device : nullptr;
    if (!chosen.kind) {
      if (reason.text[0])
        fail(message, DYCC_OK, "kernels of machine %s run: %s",
             machinesOf(desc)[chosen.machine].name, reason.text);
      return DYCC_OK;
    }
    dycc_status status = DYCC_OK;
    chosen.device = chosen.kind->open(options, first.weights, desc.weightBytes,
                                      status, &reason);
    if (chosen.device)
      return DYCC_OK;
    if (options.machine || chosen.machine + 1 == first.numMachines)
      return fail(message, status, "%s", reason.text);
  }
}

dycc_status createFamily(const DyccFamilyDesc &desc,
                         const dycc_model_options *given, dycc_family **family,
                         dycc_message *message) {
  if (!family)
    return fail(message, DYCC_INVALID_ARGUMENT, "family is null");
  dycc_model_options options;
  if (dycc_status status = readOptions(given, options, message))
    return status;
  Chosen chosen = {};
  if (dycc_status status = chooseDevice(desc, options, chosen, message))
    return status;
  dycc_family scratch = {};
  Carver counter{nullptr};
  layOut(desc, options.max_threads, counter, scratch);
  auto *memory =
      static_cast<uint8_t *>(allocate(kSystemAllocator, counter.used));
  if (!memory && chosen.device)
    chosen.kind->close(chosen.device);
  if (!memory)
    return fail(message, DYCC_OUT_OF_MEMORY,
                "no memory for the model (%d bytes)", counter.used);
  memset(memory, 0, counter.used);
  auto *made = reinterpret_cast<dycc_family *>(memory);
  Carver carver{memory};
  layOut(desc, options.max_threads, carver, *made);
  made->bytes = counter.used;
  made->plans = options.plans;
  made->deviceKind = chosen.kind;
  made->device = chosen.device;
  for (uint32_t i = 0; i < desc.numVariants; ++i)
    initModel(*desc.variants[i], *made, chosen.machine, made->models[i]);
  *family = made;
  return DYCC_OK;
}

dycc_status destroyFamily(dycc_family *family) {
  if (!family)
    return DYCC_OK;
  if (__atomic_load_n(&family->contexts, __ATOMIC_ACQUIRE))
    return DYCC_INVALID_ARGUMENT;
  family->pool.stop();
  if (family->device)
    family->deviceKind->close(family->device);
  release(kSystemAllocator, family, family->bytes);
  return DYCC_OK;
}

dycc_status createModel(const DyccModelDesc &desc,
                        const dycc_model_options *options, dycc_model **model,
                        dycc_message *message) {
  if (!model)
    return fail(message, DYCC_INVALID_ARGUMENT, "model is null");
  const DyccModelDesc *variants[] = {&desc};
  dycc_family *family = nullptr;
  if (dycc_status status =
          createFamily({variants, 1, 0, desc.weightBytes, nullptr}, options,
                       &family, message))
    return status;
  *model = family->models;
  return DYCC_OK;
}

dycc_status destroyModel(dycc_model *model) {
  if (!model)
    return DYCC_OK;
  return model->family->isLone() ? destroyFamily(model->family)
                                 : DYCC_INVALID_ARGUMENT;
}

} // namespace dycc::rt
