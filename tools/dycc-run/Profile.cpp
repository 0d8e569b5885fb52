#include "tools/dycc-run/Profile.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <numeric>

namespace dycc::run {

static double secondsBetween(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

void Profile::onEnd(uint32_t kernel, Clock::time_point at) {
  Kernel &entry = kernels[kernel];
  ++entry.calls;
  double took = secondsBetween(start, at);
  entry.seconds += took;
  entry.inRun += took;
}

void Profile::onDevice(const dycc_device_launch &launch) {
  Kernel &entry = kernels[launch.kernel];
  ++entry.launches;
  entry.deviceSeconds += double(launch.ended - launch.began) / 1e9;
}

void Profile::onRun(Clock::time_point begin, Clock::time_point end) {
  total += secondsBetween(begin, end);
  ++runs;
  for (Kernel &kernel : kernels) {
    if (kernel.inRun > 0 && (kernel.least == 0 || kernel.inRun < kernel.least))
      kernel.least = kernel.inRun;
    kernel.inRun = 0;
  }
}

std::vector<uint32_t> Profile::orderBy(Key key) const {
  std::vector<uint32_t> order(kernels.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return kernels[a].*key > kernels[b].*key;
  });
  return order;
}

/// Empty where no device ran anything.
std::string Profile::deviceTable() const {
  std::string lines;
  double all = 0;
  for (const Kernel &kernel : kernels)
    all += kernel.deviceSeconds;
  for (uint32_t index : orderBy(&Kernel::deviceSeconds)) {
    const Kernel &kernel = kernels[index];
    if (kernel.launches)
      lines += fmt::format("{:5.1f}% {:10.3f} {:8} {:10.2f}  {}: {}\n",
                           all > 0 ? 100 * kernel.deviceSeconds / all : 0,
                           kernel.deviceSeconds * 1e3, kernel.launches,
                           kernel.deviceSeconds * 1e6 / double(kernel.launches),
                           info.kernels[index].name, info.kernels[index].nodes);
  }
  return lines.empty() ? ""
                       : fmt::format("{:>6} {:>10} {:>8} {:>10}  on the "
                                     "device: nodes\n",
                                     "share", "ms", "launches", "us/launch") +
                             lines;
}

std::string Profile::table() const {
  std::string text = fmt::format("{:>6} {:>10} {:>8} {:>10}  kernel: nodes\n",
                                 "share", "ms", "calls", "us/call");
  // A run too short for the clock has no shares.
  auto share = [&](double seconds) {
    return total > 0 ? 100 * seconds / total : 0;
  };
  double rest = total;
  for (uint32_t index : orderBy(&Kernel::seconds)) {
    const Kernel &kernel = kernels[index];
    rest -= kernel.seconds;
    if (kernel.calls)
      text += fmt::format("{:5.1f}% {:10.3f} {:8} {:10.2f}  {}: {}\n",
                          share(kernel.seconds), kernel.seconds * 1e3,
                          kernel.calls, kernel.seconds * 1e6 / kernel.calls,
                          info.kernels[index].name, info.kernels[index].nodes);
  }
  return text +
         fmt::format("{:5.1f}% {:10.3f} {:8} {:10}  outside kernels\n",
                     share(rest), rest * 1e3, "", "") +
         deviceTable();
}

std::string Profile::json() const {
  double rest = total;
  nlohmann::json list = nlohmann::json::array();
  for (uint32_t index = 0; index < kernels.size(); ++index) {
    const Kernel &kernel = kernels[index];
    rest -= kernel.seconds;
    list.push_back({{"name", info.kernels[index].name},
                    {"nodes", info.kernels[index].nodes},
                    {"calls", kernel.calls},
                    {"seconds", kernel.seconds},
                    {"least_seconds", kernel.least},
                    {"device_launches", kernel.launches},
                    {"device_seconds", kernel.deviceSeconds}});
  }
  nlohmann::json all{{"runs", runs},
                     {"seconds", total},
                     {"outside_kernels", rest},
                     {"kernels", list}};
  // Names of nodes may be any bytes.
  return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

} // namespace dycc::run
