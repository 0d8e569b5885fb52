#ifndef DYCC_TOOLS_PYTHON_PROFILE_H
#define DYCC_TOOLS_PYTHON_PROFILE_H

#include "dycc/profile.h"
#include "dycc/runtime.h"

#include <chrono>
#include <string>
#include <vector>

namespace dycc::python {

/// What the kernels of runs took.
struct KernelTime {
  std::string name, nodes;
  uint64_t calls = 0;
  double seconds = 0;
};

/// Sums of the runs that were given it, all of one model.
/// Thread rule: runs at the same time need a profile each.
class Profile {
public:
  /// The hooks of a run of the model; valid as long as this.
  dycc_profile listen(const dycc_model_info &info);
  void addRun(double seconds);

  const std::vector<KernelTime> &kernels() const { return times; }
  double seconds() const { return total; }
  uint64_t runs() const { return count; }

private:
  using Clock = std::chrono::steady_clock;

  static void begin(void *user, uint32_t kernel);
  static void end(void *user, uint32_t kernel);

  std::vector<KernelTime> times;
  std::vector<Clock::time_point> open;
  double total = 0;
  uint64_t count = 0;
};

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_PROFILE_H
