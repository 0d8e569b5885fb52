// What holds whatever happens: random loads, tables that are wrong, seeds in
// the messages.
#include "test/unit/QosHarness.h"

#include <cmath>
#include <random>

namespace dycc::test {
namespace {

using Random = std::mt19937_64;

double between(Random &random, double low, double high) {
  return low + (high - low) * double(random() >> 11) * 0x1p-53;
}

/// The mean of six, near enough a normal distribution, in units of its
/// deviation.
double normal(Random &random) {
  double sum = 0;
  for (int i = 0; i < 6; ++i)
    sum += between(random, -1, 1);
  return sum / std::sqrt(2.0);
}

enum Noise { Even, Normal, LongTail, Spikes, TwoLevels, kNoises };

/// What a frame takes more or less than usual, around 1.
double draw(Noise kind, double size, Random &random) {
  switch (kind) {
  case Even:
    return between(random, 1 - size, 1 + size);
  case Normal:
    return std::max(0.05, 1 + size * normal(random));
  case LongTail:
    return std::exp(size * normal(random));
  case Spikes:
    return between(random, 0, 1) < size / 10 ? between(random, 2, 20) : 1;
  default:
    return random() & 1 ? 1 + size : 1 / (1 + size);
  }
}

/// What a machine does to a table: a load, noise, and factors of its own for
/// the variants.
struct Machine {
  explicit Machine(uint64_t seed) : random(seed) {
    kind = Noise(seed % kNoises);
    size = between(random, 0.02, 0.6);
    load = between(random, 0.3, 4);
    for (double &factor : wrong)
      factor = between(random, 0.7, 1.4);
  }
  double operator()(uint32_t variant, double seconds) {
    return seconds * wrong[variant] * load * draw(kind, size, random);
  }

  Random random;
  Noise kind;
  double size, load, wrong[4];
};

/// A deadline of one, two or four intervals.
dycc_qos_options anyDeadline(uint64_t seed) {
  return atRate(25, 0.04 * double(1 << seed / kNoises % 3));
}

constexpr int kFrames = 5000;
constexpr uint64_t kSeeds = 300;

TEST(QosRandom, DoesNotGoToAndFroUnderOneLoadWhateverTheNoise) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Player player(anyDeadline(seed));
    player.play(kFrames, Machine(seed));
    EXPECT_LE(player.switches(), kFrames / 40) << "seed " << seed;
  }
}

TEST(QosRandom, ComesToRestWithoutNoise) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Machine machine(seed);
    machine.size = 0;
    machine.kind = Even;
    Player player(anyDeadline(seed));
    player.play(kFrames, machine);
    // Patience doubles from 30 frames: eight trials, there and back, and a few
    // steps to begin with.
    EXPECT_LE(player.switches(), 20) << "seed " << seed;
    if (player.ran.back() != 0)
      EXPECT_LE(player.dropped, 20) << "seed " << seed;
  }
}

/// Two late frames in a row are never of the same variant, but for the fastest.
TEST(QosRandom, NeverStaysWithWhatMissesDeadlines) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Machine machine(seed);
    auto controller = QosController::create(atRate(25), kDepths).value();
    uint32_t late = 0; // The variant of the last frame, where that was late.
    for (int i = 0; i < kFrames; ++i) {
      if (i % 500 == 0)
        machine.load = between(machine.random, 0.3, 6);
      uint32_t variant = controller.choose();
      std::vector<double> thought = controller.predict();
      bool isFastest =
          *std::min_element(thought.begin(), thought.end()) == thought[variant];
      EXPECT_TRUE(!late || isFastest || variant != late)
          << "seed " << seed << ", frame " << i;
      double seconds = machine(variant, kDepths[variant].seconds);
      controller.report(seconds).value();
      late = seconds > 0.04 && !isFastest ? variant : 0;
    }
  }
}

TEST(QosRandom, ComesBackFromAnything) {
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    Machine machine(seed);
    Player player(anyDeadline(seed));
    player.play(1000, machine);
    machine.load *= 10;
    player.play(1000, machine);
    // Now all variants have room, and the table is right.
    player.play(2500, 0.8);
    EXPECT_EQ(player.ran.back(), 3u) << "seed " << seed;
  }
}

} // namespace
} // namespace dycc::test
