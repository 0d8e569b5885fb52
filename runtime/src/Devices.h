// Devices that kernels run on beside the processor. A model with kernels for
// one points at the table of its kind, so that only such a model has the code.
#ifndef DYCC_RUNTIME_SRC_DEVICES_H
#define DYCC_RUNTIME_SRC_DEVICES_H

#include "runtime/src/Context.h"

/// What a kind of device does. A device is open as long as its family, a queue
/// as long as its context; a queue is what frames have as `device`.
struct DyccDeviceKind {
  /// Finds a device and gives it the weights. Null, with status and text, where
  /// there is none. `library`: of the functions, null for the usual one.
  void *(*open)(const char *library, const uint8_t *weights,
                uint64_t weightBytes, dycc_status &status,
                dycc_message *message);
  void (*close)(void *device);
  void *(*openQueue)(void *device, dycc_status &status, dycc_message *message);
  void (*closeQueue)(void *queue);
  /// Begins a run, whose memory is known.
  void (*begin)(dycc_context &context, const dycc::rt::Plan &plan);
  /// Ends it: waits, and says what went wrong.
  dycc_status (*finish)(dycc_context &context);
  /// The first failure of the queue.
  dycc_status (*transfer)(void *queue, void *memory, uint64_t bytes,
                          bool toDevice);
  dycc_status (*copy)(void *queue, const void *to, const void *from,
                      uint64_t bytes);
  /// Memory beyond the arena was given back.
  void (*drop)(void *queue, const void *memory);
};

namespace dycc::rt {

/// The kind of device that kernels of `machine` run on; null: the processor.
inline const DyccDeviceKind *deviceKindOf(const dycc_context &context) {
  const DyccModelDesc &desc = *context.model->desc;
  return desc.numMachines ? desc.machines[context.model->machine].device
                          : nullptr;
}

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_DEVICES_H
