// Programs of a device that are kept from process to process. Apart from
// runtime.h, since most callers name a folder or have no device.
#ifndef DYCC_PROGRAMS_H
#define DYCC_PROGRAMS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Keeps what a device's driver has made of programs, from process to process.
/// Keys are names of files, "dycc-0123456789abcdef0123456789abcdef": another
/// program, device, driver or option has another one. Both functions may be
/// called by several threads at a time.
typedef struct dycc_program_cache {
  /// Returns how many bytes are kept under the key (0: none), and copies them
  /// to `data` where `capacity` suffices. What was damaged is made again.
  uint64_t (*load)(void *user, const char *key, void *data, uint64_t capacity);
  void (*store)(void *user, const char *key, const void *data, uint64_t bytes);
  void *user;
} dycc_program_cache;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_PROGRAMS_H
