#include "tools/dycc-run/Listener.h"

#include <algorithm>
#include <ctime>

namespace dycc::run {

Clock::time_point Clock::now() {
  timespec now;
  clock_gettime(isOfThread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return time_point(std::chrono::seconds(now.tv_sec) +
                    std::chrono::nanoseconds(now.tv_nsec));
}

Clock::duration Clock::overhead() {
  constexpr int kTries = 100;
  duration least = duration::max();
  for (int i = 0; i < kTries; ++i) {
    time_point start = now();
    least = std::min(least, now() - start);
  }
  return least;
}

static Listener &of(void *user) { return *static_cast<Listener *>(user); }

dycc_profile hooksFor(Listener &listener) {
  dycc_profile hooks = {};
  hooks.user = &listener;
  hooks.begin = [](void *user, uint32_t kernel) {
    of(user).onBegin(kernel, Clock::now());
  };
  // The clock is read before anything else is done, and begin's after it.
  hooks.end = [](void *user, uint32_t kernel) {
    Clock::time_point now = Clock::now();
    of(user).onEnd(kernel, now);
  };
  hooks.launch = [](void *user, const dycc_launch *launch) {
    of(user).onLaunch(*launch);
  };
  hooks.begin_part = [](void *user, uint32_t part, uint32_t parts) {
    of(user).onBeginPart(part, parts, Clock::now());
  };
  hooks.end_part = [](void *user, uint32_t part) {
    Clock::time_point now = Clock::now();
    of(user).onEndPart(part, now);
  };
  hooks.device = [](void *user, const dycc_device_launch *launch) {
    of(user).onDevice(*launch);
  };
  return hooks;
}

} // namespace dycc::run
