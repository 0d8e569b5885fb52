// The exported symbol. Apart from the rest, since it alone needs
// dycc_model_desc: tests make models from other descriptions.
#include "runtime/src/Context.h"
#include "runtime/src/Shapes.h"

using namespace dycc::rt;

static dycc_status create(const dycc_model_options *options, dycc_model **model,
                          dycc_message *message) {
  return createModel(dycc_model_desc, options, model, message);
}

static const dycc_model_info *describe(const dycc_model *model) {
  return model ? &model->info : nullptr;
}

static const char *errorOf(const dycc_context *context) {
  return context ? context->message.text : "context is null";
}

const dycc_api dycc::rt::kApi = {
    DYCC_ABI_VERSION,
    sizeof(dycc_api),
    statusName,
    create,
    destroyModel,
    describe,
    bind,
    inferShapes,
    peakBytes,
    peakBytesIn,
    createContext,
    destroyContext,
    reserve,
    run,
    runValues,
    errorOf,
    estimateSeconds,
    liveBytes,
};

// Callers of version 1 rely on these: append, never change.
static_assert(sizeof(dycc_api) == 8 + 16 * sizeof(void *));
static_assert(sizeof(dycc_value) == 32 && sizeof(dycc_dim_info) == 24);
static_assert(sizeof(dycc_value_info) == 32 && sizeof(dycc_symbol_info) == 32);
static_assert(sizeof(dycc_peak) == 24 && sizeof(dycc_run_options) == 48);
static_assert(offsetof(dycc_run_options, profile_size) == 32 &&
              offsetof(dycc_profile, launch) == 24 &&
              sizeof(dycc_profile) == 56 && sizeof(dycc_launch) == 72);
static_assert(offsetof(dycc_model_info, weight_bytes) == 80 &&
              sizeof(dycc_context_options) == 56);
static_assert(offsetof(dycc_model_info, num_machines) == 88 &&
              offsetof(dycc_model_info, input_values) == 120 &&
              sizeof(dycc_model_info) == 144);
static_assert(offsetof(dycc_model_options, machine) == 8 &&
              sizeof(dycc_model_options) == 64);

extern "C" __attribute__((visibility("default"))) const dycc_api *
dycc_model_query(uint32_t version) {
  return version >= 1 ? &kApi : nullptr;
}
