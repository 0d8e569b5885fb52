// Timing hooks of a run. Apart from runtime.h, since only tools need them.
#ifndef DYCC_PROFILE_H
#define DYCC_PROFILE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Called around each kernel by the thread that runs the model; kernels are
/// numbered as in dycc_model_info. Both functions must be set; they may not
/// call the context.
typedef struct dycc_profile {
  void (*begin)(void *user, uint32_t kernel);
  void (*end)(void *user, uint32_t kernel);
  void *user;
} dycc_profile;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_PROFILE_H
