#include "Profile.h"

#include "Model.h"

namespace dycc::python {

dycc_profile Profile::listen(const dycc_model_info &info) {
  if (times.empty()) {
    for (uint32_t i = 0; i < info.num_kernels; ++i)
      times.push_back({info.kernels[i].name, info.kernels[i].nodes});
    open.resize(times.size());
  }
  bool isSame = times.size() == info.num_kernels;
  for (uint32_t i = 0; isSame && i < info.num_kernels; ++i)
    isSame = times[i].name == info.kernels[i].name;
  if (!isSame)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      "the profile is of another model"};
  dycc_profile hooks = {};
  hooks.begin = begin;
  hooks.end = end;
  hooks.user = this;
  return hooks;
}

void Profile::begin(void *user, uint32_t kernel) {
  static_cast<Profile *>(user)->open[kernel] = Clock::now();
}

void Profile::end(void *user, uint32_t kernel) {
  auto *self = static_cast<Profile *>(user);
  std::chrono::duration<double> time = Clock::now() - self->open[kernel];
  self->times[kernel].seconds += time.count();
  ++self->times[kernel].calls;
}

void Profile::addRun(double seconds) {
  total += seconds;
  ++count;
}

} // namespace dycc::python
