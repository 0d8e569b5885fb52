// Devices that kernels run on beside the processor. A model with kernels for
// one points at the table of its kind, so that only such a model has the code.
#ifndef DYCC_RUNTIME_SRC_DEVICES_H
#define DYCC_RUNTIME_SRC_DEVICES_H

#include "runtime/src/Context.h"

/// What a kind of device does. A device is open as long as its family, a queue
/// as long as its context; a queue is what frames have as `device`.
struct DyccDeviceKind {
  /// Finds a device and gives it the weights. Null, with status and text, where
  /// there is none.
  void *(*open)(const dycc_model_options &options, const uint8_t *weights,
                uint64_t weightBytes, dycc_status &status,
                dycc_message *message);
  void (*close)(void *device);
  /// `callers`: its own queue; null: a new one.
  void *(*openQueue)(void *device, void *callers, dycc_status &status,
                     dycc_message *message);
  void (*closeQueue)(void *queue);
  /// Begins a run, whose memory is known.
  void (*begin)(dycc_context &context, const dycc::rt::Plan &plan);
  /// Ends it: waits, and says what went wrong.
  dycc_status (*finish)(dycc_context &context);
  /// The first failure of the queue.
  dycc_status (*transfer)(void *queue, void *memory, uint64_t bytes,
                          int32_t how);
  dycc_status (*copy)(void *queue, const void *to, const void *from,
                      uint64_t bytes);
  /// Memory beyond the arena was given back.
  void (*drop)(void *queue, const void *memory);
  /// What is launched from here on belongs to this call of a kernel.
  void (*mark)(void *queue, uint32_t kernel);
  /// Refuses memory of the caller on the device; `what` is "input" or "output".
  dycc_status (*check)(dycc_context &context, const char *what,
                       const char *name, const dycc::rt::DeviceTensor &tensor);
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
