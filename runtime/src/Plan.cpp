#include "runtime/src/Context.h"

namespace dycc::rt {

/// Bytes that the remembered plans of one context may take, and how many
/// there are at most, where the caller does not say.
constexpr uint64_t kPlanBytes = uint64_t(1) << 20;
constexpr uint32_t kMaxPlans = 8;

uint32_t PlanCache::usualCapacity(const DyccModelDesc &desc) {
  uint64_t each = 8 * (uint64_t(desc.numInputSymbols) + desc.numSlots +
                       desc.numOutputDims) +
                  desc.numOutputDims + sizeof(Plan);
  uint64_t count = kPlanBytes / each;
  return count < 2 ? 2 : count > kMaxPlans ? kMaxPlans : uint32_t(count);
}

void PlanCache::layOut(const DyccModelDesc &desc, uint32_t entries,
                       Carver &carver) {
  auto *array = carver.take<Plan>(entries);
  for (uint32_t i = 0; i < entries; ++i) {
    Plan plan = {carver.take<int64_t>(desc.numInputSymbols),
                 carver.take<int64_t>(desc.numSlots),
                 carver.take<int64_t>(desc.numOutputDims),
                 carver.take<uint8_t>(desc.numOutputDims), 0};
    if (array)
      array[i] = plan;
  }
  plans = array;
  count = entries;
  clock = 0;
}

const Plan *PlanCache::get(const DyccModelDesc &desc, const int64_t *symbols,
                           FrameBase &frame, int32_t &status) {
  Plan *oldest = plans;
  for (uint32_t i = 0; i < count; ++i) {
    Plan &plan = plans[i];
    if (plan.usedAt && memcmp(plan.symbols, symbols,
                              desc.numInputSymbols * sizeof(int64_t)) == 0) {
      plan.usedAt = ++clock;
      status = DYCC_OK;
      return &plan;
    }
    if (plan.usedAt < oldest->usedAt)
      oldest = &plan;
  }
  oldest->usedAt = 0; // Stays empty when planning fails.
  status = desc.plan(&frame, symbols, oldest->slots);
  if (status)
    return nullptr;
  memcpy(oldest->symbols, symbols, desc.numInputSymbols * sizeof(int64_t));
  desc.infer(symbols, oldest->outputDims, oldest->exact);
  oldest->usedAt = ++clock;
  return oldest;
}

} // namespace dycc::rt
