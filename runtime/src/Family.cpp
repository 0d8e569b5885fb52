// What a family has beside its models.
#include "runtime/src/Context.h"
#include "runtime/src/Shapes.h"

namespace dycc::rt {

dycc_status queryFamily(const dycc_family *family, const int64_t *symbols,
                        uint32_t threads, dycc_variant_cost *costs,
                        dycc_message *message) {
  if (!family || !costs)
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                family ? "costs" : "family");
  for (uint32_t i = 0; i < family->size(); ++i) {
    const dycc_model *model = &family->models[i];
    if (dycc_status status =
            peakBytes(model, symbols, threads, &costs[i].peak, message))
      return status;
    if (dycc_status status =
            estimateSeconds(model, symbols, &costs[i].seconds, message))
      return status;
  }
  return DYCC_OK;
}

dycc_status selectVariant(dycc_context *context, uint32_t variant) {
  if (!context)
    return DYCC_INVALID_ARGUMENT;
  // No call as others are: what the last run has lent stays.
  context->failure.status = DYCC_OK;
  context->message.text[0] = 0;
  dycc_family &family = context->family();
  if (variant >= family.size())
    return fail(*context, DYCC_INVALID_ARGUMENT,
                "variant is %d, expects less than %d", variant, family.size());
  use(*context, family.models[variant]);
  return DYCC_OK;
}

uint32_t selectedVariant(const dycc_context *context) {
  return context ? context->variant() : 0;
}

} // namespace dycc::rt
