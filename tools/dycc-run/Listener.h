// Who hears what runs of a model tell.
#ifndef DYCC_TOOLS_DYCC_RUN_LISTENER_H
#define DYCC_TOOLS_DYCC_RUN_LISTENER_H

#include "dycc/profile.h"

#include <chrono>
#include <vector>

namespace dycc::run {

/// What runs are timed by: the clock on the wall, or how long this thread was
/// on a processor.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;

  static time_point now();
  /// What asking for it adds to what is between two times.
  static duration overhead();
  /// From now on it is the time of the thread that asks for it.
  static void countThread() { isOfThread = true; }

private:
  static inline bool isOfThread = false;
};

/// Hears of one run at a time. Parts are told by the threads that run them, at
/// the same time, all else by the thread of the run.
class Listener {
public:
  virtual ~Listener() = default;

  /// Before a run, outside of what is timed. `symbols` are the model's;
  /// `liveBytes` has the bytes of the arena at each launch.
  virtual void beforeRun(const std::vector<int64_t> & /*symbols*/,
                         const std::vector<int64_t> & /*liveBytes*/) {}
  virtual void onLaunch(const dycc_launch & /*launch*/) {}
  virtual void onBegin(uint32_t /*kernel*/, Clock::time_point /*at*/) {}
  virtual void onEnd(uint32_t /*kernel*/, Clock::time_point /*at*/) {}
  virtual void onBeginPart(uint32_t /*part*/, uint32_t /*parts*/,
                           Clock::time_point /*at*/) {}
  virtual void onEndPart(uint32_t /*part*/, Clock::time_point /*at*/) {}
  /// What a device did, behind all else of a run.
  virtual void onDevice(const dycc_device_launch & /*launch*/) {}
  /// A run that succeeded.
  virtual void onRun(Clock::time_point /*begin*/, Clock::time_point /*end*/) {}
};

/// Tells all of several what it hears.
class Listeners final : public Listener {
public:
  void add(Listener &listener) { list.push_back(&listener); }
  bool empty() const { return list.empty(); }

  void beforeRun(const std::vector<int64_t> &symbols,
                 const std::vector<int64_t> &liveBytes) override {
    for (Listener *listener : list)
      listener->beforeRun(symbols, liveBytes);
  }
  void onLaunch(const dycc_launch &launch) override {
    for (Listener *listener : list)
      listener->onLaunch(launch);
  }
  void onBegin(uint32_t kernel, Clock::time_point at) override {
    for (Listener *listener : list)
      listener->onBegin(kernel, at);
  }
  void onEnd(uint32_t kernel, Clock::time_point at) override {
    for (Listener *listener : list)
      listener->onEnd(kernel, at);
  }
  void onBeginPart(uint32_t part, uint32_t parts,
                   Clock::time_point at) override {
    for (Listener *listener : list)
      listener->onBeginPart(part, parts, at);
  }
  void onEndPart(uint32_t part, Clock::time_point at) override {
    for (Listener *listener : list)
      listener->onEndPart(part, at);
  }
  void onDevice(const dycc_device_launch &launch) override {
    for (Listener *listener : list)
      listener->onDevice(launch);
  }
  void onRun(Clock::time_point begin, Clock::time_point end) override {
    for (Listener *listener : list)
      listener->onRun(begin, end);
  }

private:
  std::vector<Listener *> list;
};

/// The hooks of a run that tell `listener`, which must outlive them.
dycc_profile hooksFor(Listener &listener);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_LISTENER_H
