// What a run tells while it goes: times and traces. Apart from runtime.h, since
// only tools need it.
#ifndef DYCC_PROFILE_H
#define DYCC_PROFILE_H

#include <dlpack/dlpack.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What an operand or a result of a kernel is, beside its extents.
typedef struct dycc_operand_info {
  int32_t rank;
  DLDataType dtype;
} dycc_operand_info;

/// A launch: one call of a kernel. Owned by the run and valid during the hook;
/// `nodes`, `version` and `operands` as long as the model.
typedef struct dycc_launch {
  uint32_t size;   ///< sizeof(dycc_launch) of the model's ABI version.
  uint32_t launch; ///< Which place in the program, below num_launches; a loop
                   ///< comes to one again and again.
  uint32_t kernel; ///< As dycc_profile::begin gets it.
  uint32_t num_operands, num_results, num_symbols;
  const char *nodes;   ///< The graph's nodes in it, separated by commas.
  const char *version; ///< Of the kernel's versions the one taken; "": one.
  const dycc_operand_info *operands; ///< num_operands, then num_results.
  /// The extents of all of them, one behind the other.
  const int64_t *dims;
  /// Values of the kernel's symbols: extents, and what steers shapes.
  const int64_t *symbols;
  /// In use beyond the arena, for results that nothing bounds; those of the
  /// arena are dycc_api::live_bytes()'s.
  uint64_t heap_bytes;
} dycc_launch;

/// What a device did of one program. Valid during the hook; `entry` as long as
/// the model.
typedef struct dycc_device_launch {
  uint32_t size;     ///< sizeof(dycc_device_launch) of the model's version.
  uint32_t call;     ///< Which call of `begin` in this run it belongs to: 0, 1.
  uint32_t kernel;   ///< As dycc_profile::begin gets it.
  uint32_t reserved; ///< Zero.
  const char *entry; ///< Of the kernel's launches which one.
  /// Nanoseconds by a clock of the device: when it was handed over, when it
  /// began and when it ended.
  uint64_t queued, began, ended;
} dycc_device_launch;

/// Hooks of a run. None of them may call the context. `begin` and `end` must be
/// set. The others may be NULL, and nobody has them where
/// dycc_run_options::profile_size ends before them.
typedef struct dycc_profile {
  /// Called around each kernel by the thread that runs the model; kernels are
  /// numbered as in dycc_model_info.
  void (*begin)(void *user, uint32_t kernel);
  void (*end)(void *user, uint32_t kernel);
  void *user;
  /// Called before `begin`, by the same thread.
  void (*launch)(void *user, const dycc_launch *launch);
  /// Called around what one thread does of a parallel loop in a kernel, by that
  /// thread: part `part` of `parts`. A loop that is not shared has no parts.
  void (*begin_part)(void *user, uint32_t part, uint32_t parts);
  void (*end_part)(void *user, uint32_t part);
  /// Called for each launch on a device, in their order, behind all that the
  /// device did in a run and by the thread of the run. A device takes its times
  /// only for a run that has this hook.
  void (*device)(void *user, const dycc_device_launch *launch);
} dycc_profile;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_PROFILE_H
