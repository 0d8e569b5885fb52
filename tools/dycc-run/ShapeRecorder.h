// At which shapes kernels ran: what `dycc --profile-shapes` makes versions for.
#ifndef DYCC_TOOLS_DYCC_RUN_SHAPERECORDER_H
#define DYCC_TOOLS_DYCC_RUN_SHAPERECORDER_H

#include "tools/dycc-run/Listener.h"

#include "dycc/runtime.h"

#include <map>
#include <string>
#include <vector>

namespace dycc::run {

/// Counts launches of each kernel with each value of its symbols, and takes
/// their least time.
class ShapeRecorder final : public Listener {
public:
  explicit ShapeRecorder(const dycc_model_info &info) : info(info) {}
  ShapeRecorder(const ShapeRecorder &) = delete;
  ShapeRecorder &operator=(const ShapeRecorder &) = delete;

  void onLaunch(const dycc_launch &launch) override;
  void onBegin(uint32_t kernel, Clock::time_point at) override;
  void onEnd(uint32_t kernel, Clock::time_point at) override;

  /// The file (compiler/tune/RecordedShapes.h). Kernels without symbols have
  /// one shape, which is none of it.
  std::string text() const;

private:
  struct Shape {
    uint64_t launches = 0;
    double least = 0; ///< Seconds of one.
  };

  const dycc_model_info &info;
  std::vector<int64_t> symbols; ///< Of the launch that runs.
  Clock::time_point start;
  const Clock::duration overhead = Clock::overhead();
  std::map<std::pair<uint32_t, std::vector<int64_t>>, Shape> shapes;
};

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_SHAPERECORDER_H
