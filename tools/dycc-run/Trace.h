// When what ran, on which thread, and with which shapes and memory.
#ifndef DYCC_TOOLS_DYCC_RUN_TRACE_H
#define DYCC_TOOLS_DYCC_RUN_TRACE_H

#include "tools/dycc-run/Listener.h"

#include "dycc/runtime.h"

#include <string>
#include <thread>

namespace dycc::run {

/// Keeps all that it hears of runs, to be looked at in Perfetto or Chrome:
/// "Trace Event Format" in JSON.
class Trace final : public Listener {
public:
  /// Of a model that outlives it, on at most `threads` threads. Times are
  /// counted from here on. Throws a Refusal where the model is too old to tell
  /// its launches.
  Trace(const dycc_model_info &info, uint32_t threads);

  void beforeRun(const std::vector<int64_t> &symbols,
                 const std::vector<int64_t> &liveBytes) override;
  void onLaunch(const dycc_launch &launch) override;
  void onBegin(uint32_t kernel, Clock::time_point at) override;
  void onEnd(uint32_t kernel, Clock::time_point at) override;
  void onBeginPart(uint32_t part, uint32_t parts,
                   Clock::time_point at) override;
  void onEndPart(uint32_t part, Clock::time_point at) override;
  void onDevice(const dycc_device_launch &launch) override;
  void onRun(Clock::time_point begin, Clock::time_point end) override;

  /// The events, one on a line. On the track of the caller's thread a slice for
  /// each run, in it one for each launch, with its nodes, its version and its
  /// shapes; on the track of the thread that ran it a slice for each part of a
  /// parallel loop; on a track of the device one for each of its launches; and
  /// the live bytes as a counter.
  std::string text() const;

private:
  using Time = int64_t; ///< Nanoseconds since the trace began.

  struct Run {
    Time begin, end;
    std::vector<int64_t> symbols;
    size_t endLaunch; ///< The first launch that is none of its.
  };
  struct Launch {
    Time begin, end;
    dycc_launch what; ///< What it points at beyond the model is in `numbers`.
    size_t firstNumber;
    int64_t arenaBytes;
  };
  struct Part {
    Time begin, end;
    std::thread::id thread;
    size_t launch;
    uint32_t parts;
  };
  /// By the clock of this trace: the first launch of a run was handed over when
  /// its kernel began.
  struct DeviceSlice {
    Time begin, end;
    size_t launch;
    const char *entry;
  };
  class Writer;

  /// The first launch of the run that goes on.
  size_t firstOfRun() const { return runs.empty() ? 0 : runs.back().endLaunch; }

  Time since(Clock::time_point at) const {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(at - start)
        .count();
  }

  const dycc_model_info &info;
  const Clock::time_point start = Clock::now();
  const std::thread::id caller = std::this_thread::get_id();
  std::vector<Run> runs;
  std::vector<Launch> launches;
  std::vector<int64_t> numbers; ///< Symbols and extents of all launches.
  /// By number of the part: only one thread at a time has one.
  std::vector<std::vector<Part>> parts;
  std::vector<DeviceSlice> deviceSlices;
  std::vector<int64_t> runSymbols, liveBytes; ///< Of the run that goes on.
  Time deviceOffset = 0;                      ///< Of that run's device.
};

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_TRACE_H
