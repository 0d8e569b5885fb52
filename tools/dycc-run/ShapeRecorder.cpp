#include "tools/dycc-run/ShapeRecorder.h"

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
  ++shape.launches;
  shape.seconds += std::chrono::duration<double>(at - start).count();
}

std::string ShapeRecorder::text() const {
  std::string text = "dycc shapes 1\n";
  for (const auto &[place, shape] : shapes)
    text += fmt::format("{} {} {:.0f} {}\n", info.kernels[place.first].name,
                        shape.launches, shape.seconds * 1e9,
                        fmt::join(place.second, " "));
  return text;
}

} // namespace dycc::run
