// Where the time of runs goes, kernel by kernel.
#ifndef DYCC_TOOLS_DYCC_RUN_PROFILE_H
#define DYCC_TOOLS_DYCC_RUN_PROFILE_H

#include "tools/dycc-run/Listener.h"

#include "dycc/runtime.h"

#include <string>

namespace dycc::run {

/// Adds up calls and time of each kernel over all runs it is given to.
class Profile final : public Listener {
public:
  explicit Profile(const dycc_model_info &info)
      : info(info), kernels(info.num_kernels) {}
  Profile(const Profile &) = delete;
  Profile &operator=(const Profile &) = delete;

  void onBegin(uint32_t, Clock::time_point at) override { start = at; }
  void onEnd(uint32_t kernel, Clock::time_point at) override;
  void onDevice(const dycc_device_launch &launch) override;
  /// Counts the time of a whole run, for what kernels do not take.
  void onRun(Clock::time_point begin, Clock::time_point end) override;

  /// A line for each kernel that was called, the most expensive first, and one
  /// for what is no kernel: the host program and the runtime's operators. Where
  /// a device ran kernels, a second table with its own times: those of the
  /// first are what the processor takes to hand them over.
  std::string table() const;
  /// The same as a JSON object: runs, seconds of all runs, of those outside of
  /// kernels, and for each kernel its name, nodes, calls, seconds and least
  /// seconds of all its calls in one run, launches and seconds of a device.
  std::string json() const;

  /// Least seconds that all calls of a kernel took in one run; 0 where there
  /// was none.
  double least(uint32_t kernel) const { return kernels[kernel].least; }

private:
  struct Kernel {
    uint64_t calls = 0;
    double seconds = 0;
    double inRun = 0, least = 0; ///< Seconds of this run, of the fastest one.
    uint64_t launches = 0;       ///< Of a device.
    double deviceSeconds = 0;
  };
  using Key = double Kernel::*;
  /// The kernels, those with the most of it first.
  std::vector<uint32_t> orderBy(Key key) const;
  std::string deviceTable() const;

  const dycc_model_info &info;
  std::vector<Kernel> kernels;
  Clock::time_point start;
  double total = 0;
  uint64_t runs = 0;
};

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_PROFILE_H
