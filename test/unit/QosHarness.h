// A player in a test: frames that come at a rate, and take what the test says.
#ifndef DYCC_TEST_UNIT_QOSHARNESS_H
#define DYCC_TEST_UNIT_QOSHARNESS_H

#include "dycc/qos.hpp"
#include "gtest/gtest.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace dycc::test {

/// A network in four depths at 25 frames per second, 0.04 s each.
inline const std::vector<dycc_qos_variant> kDepths = {
    {0.005, 30}, {0.010, 31}, {0.018, 32}, {0.030, 33}};

inline dycc_qos_options atRate(double frameRate, double deadline = 0,
                               uint32_t hold = 0) {
  dycc_qos_options options{};
  options.size = sizeof(options);
  options.frame_rate = frameRate;
  options.deadline = deadline;
  options.hold = hold;
  return options;
}

/// Plays frames: each is dropped that cannot begin before its deadline.
class Player {
public:
  /// Seconds that a frame takes by a variant, of which the controller was told
  /// `seconds`.
  using Times = std::function<double(uint32_t variant, double seconds)>;

  explicit Player(dycc_qos_options options = atRate(25),
                  std::vector<dycc_qos_variant> variants = kDepths)
      : controller(QosController::create(options, variants).value()),
        variants(std::move(variants)), interval(1 / options.frame_rate),
        deadline(options.deadline > 0 ? options.deadline : interval) {}

  /// Variants slowed down alike.
  void play(int count, double load) {
    play(count, [=](uint32_t, double seconds) { return load * seconds; });
  }

  void play(int count, const Times &times) {
    for (int i = 0; i < count; ++i, due += interval)
      playFrame(times);
  }

  QosController controller;
  std::vector<uint32_t> ran; ///< The variants of the frames that began.
  int dropped = 0;

  int switches() const {
    int count = 0;
    for (size_t i = 1; i < ran.size(); ++i)
      count += ran[i] != ran[i - 1];
    return count;
  }

private:
  void playFrame(const Times &times) {
    double begin = std::max(due, free);
    if (begin - due >= deadline) {
      ++dropped;
      return;
    }
    uint32_t variant = controller.choose(begin - due);
    double seconds = times(variant, variants[variant].seconds);
    controller.report(seconds).value();
    ran.push_back(variant);
    free = begin + seconds;
    dropped += free - due > deadline;
  }

  std::vector<dycc_qos_variant> variants;
  double interval, deadline, due = 0, free = 0;
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_QOSHARNESS_H
