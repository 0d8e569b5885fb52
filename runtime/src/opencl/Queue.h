// What the runs of one context have on the device: commands in order, the image
// of their memory, kernels with arguments. OpenCL's errors come late: the first
// one stays, and nothing is done behind it.
#ifndef DYCC_RUNTIME_SRC_OPENCL_QUEUE_H
#define DYCC_RUNTIME_SRC_OPENCL_QUEUE_H

#include "dycc/profile.h"
#include "runtime/src/opencl/Mirror.h"

namespace dycc::rt::opencl {

/// How many groups of how many threads run a kernel.
struct Grid {
  int32_t groups[3], threads[3];
};

/// One argument of a kernel; a buffer is two.
struct Argument {
  const void *value; ///< Of a buffer null.
  size_t bytes;
  Place place;
};

class Queue {
public:
  /// `callers` is the caller's queue; null: a new one. Null, with a text, where
  /// the device has none left or the caller's is refused.
  static Queue *open(Device &device, cl_command_queue callers,
                     dycc_status &status, dycc_message *message);
  void close();

  /// Begins a run: `nothing` stands for tensors without elements. Of one that
  /// `isTimed` the device notes when launches run.
  void begin(const void *nothing, bool isTimed = false);
  /// What is launched from here on belongs to this call of a kernel.
  void mark(uint32_t kernel);
  /// Behind finish(): tells what the device noted, and forgets it.
  void tellTimes(const dycc_profile *profile);
  /// Waits until all is done. The status of the run.
  dycc_status finish();
  const Failure &getFailure() const { return failure; }
  dycc_status refuse(const char *what, cl_int error) {
    return failure.set(what, error);
  }

  Mirror &mirror() { return image; }
  const Device &getDevice() const { return *device; }
  /// What the caller's memory beyond the arena is found by: the block of it
  /// that an address lies in.
  using FindBlock = const void *(*)(void *user, const void *address,
                                    uint64_t *bytes);
  void setBlocks(FindBlock find, void *user) {
    findBlock = find;
    blocks = user;
  }

  /// The image of memory; fails where there is none.
  Place place(const void *host);
  dycc_status toDevice(const void *host, uint64_t bytes);
  dycc_status toHost(void *host, uint64_t bytes);
  /// What a copy of memory of the host is on the device.
  dycc_status copy(const void *to, const void *from, uint64_t bytes);
  /// Memory of one launch.
  cl_mem take(uint64_t bytes);
  void give(cl_mem memory);
  /// Kernel `entry` of the program of `text`. `count` arguments, then local
  /// memory of so many bytes.
  dycc_status launch(const char *text, const char *entry, const Grid &grid,
                     const Argument *arguments, uint32_t count,
                     uint64_t localBytes);

private:
  struct Kernel {
    const char *text, *entry; ///< Addresses in the model.
    cl_kernel kernel;
    size_t mostThreads;
  };
  /// A launch whose times the device notes.
  struct Timed {
    cl_event event;
    dycc_device_launch launch;
  };
  bool takeTimedQueue();
  bool canUse(cl_command_queue callers, dycc_status &status,
              dycc_message *message);
  /// Where the event of the next launch goes; null: nowhere.
  cl_event *nextEvent(const char *entry);
  Kernel *kernel(const char *text, const char *entry);
  bool know(const void *host, uint64_t bytes);
  dycc_status setArguments(cl_kernel kernel, const Argument *arguments,
                           uint32_t count, uint64_t localBytes);

  Device *device;
  cl_command_queue usual, timed; ///< The second of these once it is needed.
  cl_command_queue queue;        ///< One of them.
  Timed *times;
  uint32_t numTimes, mostTimes, calls, kernelOfCall;
  Mirror image;
  Failure failure;
  Kernel *kernels;
  uint32_t numKernels, mostKernels;
  const void *nothing;
  FindBlock findBlock;
  void *blocks;
};

} // namespace dycc::rt::opencl

#endif // DYCC_RUNTIME_SRC_OPENCL_QUEUE_H
