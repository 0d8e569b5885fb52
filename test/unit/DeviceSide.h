// The device that OpenCL finds on this machine, for kernels that run there.
#ifndef DYCC_TEST_UNIT_DEVICESIDE_H
#define DYCC_TEST_UNIT_DEVICESIDE_H

#include "test/unit/KernelMemory.h"

namespace dycc::test {

/// What OpenCL's device has of the tensors of one call.
class DeviceSide {
public:
  /// Null, after a line on the standard output, where there is no device.
  static DeviceSide *get();
  virtual ~DeviceSide() = default;

  using Tensors = llvm::ArrayRef<std::unique_ptr<GuardedTensor>>;
  /// Sends all tensors of a call. Returns the frame that the kernel gets.
  virtual uint64_t send(Tensors tensors) = 0;
  /// Brings them back, behind all that was launched. An error fails the test.
  virtual void fetch(Tensors tensors) = 0;
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_DEVICESIDE_H
