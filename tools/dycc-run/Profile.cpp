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

void Profile::onRun(Clock::time_point begin, Clock::time_point end) {
  total += secondsBetween(begin, end);
  ++runs;
  for (Kernel &kernel : kernels) {
    if (kernel.inRun > 0 && (kernel.least == 0 || kernel.inRun < kernel.least))
      kernel.least = kernel.inRun;
    kernel.inRun = 0;
  }
}

std::string Profile::table() const {
  std::vector<uint32_t> order(kernels.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return kernels[a].seconds > kernels[b].seconds;
  });
  std::string text = fmt::format("{:>6} {:>10} {:>8} {:>10}  kernel: nodes\n",
                                 "share", "ms", "calls", "us/call");
  // A run too short for the clock has no shares.
  auto share = [&](double seconds) {
    return total > 0 ? 100 * seconds / total : 0;
  };
  double rest = total;
  for (uint32_t index : order) {
    const Kernel &kernel = kernels[index];
    rest -= kernel.seconds;
    if (kernel.calls)
      text += fmt::format("{:5.1f}% {:10.3f} {:8} {:10.2f}  {}: {}\n",
                          share(kernel.seconds), kernel.seconds * 1e3,
                          kernel.calls, kernel.seconds * 1e6 / kernel.calls,
                          info.kernels[index].name, info.kernels[index].nodes);
  }
  return text + fmt::format("{:5.1f}% {:10.3f} {:8} {:10}  outside kernels\n",
                            share(rest), rest * 1e3, "", "");
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
                    {"least_seconds", kernel.least}});
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
