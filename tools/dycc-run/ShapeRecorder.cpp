#include "tools/dycc-run/ShapeRecorder.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace dycc::run {

void ShapeRecorder::onLaunch(const dycc_launch &launch) {
  symbols.assign(launch.symbols, launch.symbols + launch.num_symbols);
}

void ShapeRecorder::onBegin(uint32_t /*kernel*/, Clock::time_point at) {
  start = at;
}

void ShapeRecorder::onEnd(uint32_t kernel, Clock::time_point at) {
  if (symbols.empty())
    return;
  Shape &shape = shapes[{kernel, symbols}];
  double seconds = std::max(
      0.0, std::chrono::duration<double>(at - start - overhead).count());
  // What else the machine does makes launches longer, never shorter.
  shape.least = shape.launches ? std::min(shape.least, seconds) : seconds;
  ++shape.launches;
}

std::string ShapeRecorder::text() const {
  std::string text = "dycc shapes 1\n";
  for (const auto &[place, shape] : shapes)
    text += fmt::format("{} {} {:.0f} {}\n", info.kernels[place.first].name,
                        shape.launches, shape.least * 1e9,
                        fmt::join(place.second, " "));
  return text;
}

} // namespace dycc::run
