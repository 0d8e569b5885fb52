// The other exported symbol, of a family. A model without one is not linked
// with this file: it needs dycc_family_desc.
#include "runtime/src/Context.h"

using namespace dycc::rt;

static dycc_status create(const dycc_model_options *options,
                          dycc_family **family, dycc_message *message) {
  return createFamily(dycc_family_desc, options, family, message);
}

static const dycc_family_info *describe(const dycc_family *family) {
  return family ? &family->info : nullptr;
}

static const dycc_family_api kFamilyApi = {
    DYCC_ABI_VERSION, sizeof(dycc_family_api), &kApi,
    create,           destroyFamily,           describe,
    queryFamily,      selectVariant,           selectedVariant,
};

// Callers of version 1 rely on these: append, never change.
static_assert(sizeof(dycc_family_api) == 8 + 7 * sizeof(void *));
static_assert(sizeof(dycc_family_info) == 32 &&
              sizeof(dycc_variant_info) == 16 &&
              sizeof(dycc_variant_cost) == 32);

extern "C" __attribute__((visibility("default"))) const dycc_family_api *
dycc_family_query(uint32_t version) {
  return version >= 1 ? &kFamilyApi : nullptr;
}
