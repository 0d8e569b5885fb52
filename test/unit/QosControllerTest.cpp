// Each rule of the controller (docs/qos.md), on frames that take exactly what a
// test says.
#include "test/unit/QosHarness.h"

#include <limits>

namespace dycc::test {
namespace {

TEST(Qos, BeginsWithTheFastest) {
  Player player;
  player.play(1, 1);
  EXPECT_EQ(player.ran.front(), 0u);
  // Whatever the order of the table.
  Player reversed(atRate(25), {{0.030, 33}, {0.005, 30}});
  reversed.play(1, 1);
  EXPECT_EQ(reversed.ran.front(), 1u);
}

TEST(Qos, ComesToTheBestThatIsInTime) {
  Player player;
  player.play(200, 1);
  EXPECT_EQ(player.ran.back(), 3u);
  EXPECT_EQ(player.dropped, 0);
  Player busy;
  busy.play(200, 2); // 60 ms of 40.
  EXPECT_EQ(busy.ran.back(), 2u);
  EXPECT_LE(busy.dropped, 1); // The best was given one chance at most.
}

TEST(Qos, WaitsForHeadRoom) {
  Player player(atRate(25, 0, /*hold=*/50));
  player.play(50, 1);
  EXPECT_EQ(player.switches(), 0);
  player.play(50, 1);
  EXPECT_GT(player.ran.back(), 0u);
}

TEST(Qos, GoesDownAtOnce) {
  Player player;
  player.play(300, 1);
  ASSERT_EQ(player.ran.back(), 3u);
  player.play(1, 2);
  ASSERT_EQ(player.ran.back(), 3u); // Nobody could know.
  size_t began = player.ran.size();
  player.play(20, 2);
  for (size_t i = began; i < player.ran.size(); ++i)
    EXPECT_LE(player.ran[i], 2u) << i;
  // The frame that was late, and the one that it kept waiting for too long.
  EXPECT_LE(player.dropped, 2);
}

TEST(Qos, GoesDownBeforeAFrameIsLateWhereTheLoadRisesSlowly) {
  Player player;
  player.play(300, 1);
  double load = 1;
  for (int i = 0; i < 800; ++i)
    player.play(1, load += 0.005);
  EXPECT_EQ(player.dropped, 0);
  EXPECT_EQ(player.ran.back(), 0u); // 25 ms; the next would take 50.
}

TEST(Qos, ComesBackWhenTheLoadIsGone) {
  Player player;
  player.play(300, 1);
  player.play(300, 5);
  EXPECT_EQ(player.ran.back(), 0u);
  player.play(300, 1);
  EXPECT_EQ(player.ran.back(), 3u);
}

TEST(Qos, OneLateFrameChangesTwoFramesAlone) {
  Player player;
  player.play(300, 1);
  player.play(1, 1.5); // 45 ms.
  player.play(2, 1);
  EXPECT_LT(player.ran.back(), 3u); // At once, to be sure.
  player.play(1, 1);
  EXPECT_EQ(player.ran.back(), 3u); // It was that frame alone.
}

TEST(Qos, LateFramesThatComeAgainAreLoad) {
  Player player;
  player.play(300, 1);
  for (int i = 0; i < 200; ++i) {
    player.play(1, 1.5);
    player.play(40, 1);
  }
  EXPECT_LT(player.dropped, 20);
  EXPECT_LT(player.switches(), 40);
}

TEST(Qos, LearnsWhatTheTableHasWrong) {
  Player player;
  // The best takes twice what the table says, beside the others.
  auto times = [](uint32_t variant, double seconds) {
    return variant == 3 ? 2 * seconds : seconds;
  };
  player.play(400, times);
  EXPECT_EQ(player.ran.back(), 2u);
  EXPECT_LE(player.dropped, 3);
  std::vector<double> seconds = player.controller.predict();
  EXPECT_GT(seconds[3], 0.036); // 30 ms by the table.
  EXPECT_NEAR(seconds[2], 0.018, 0.002);
}

TEST(Qos, TriesWhatTheTableCallsALittleTooSlow) {
  // Of the second the table says 45 ms of 40, and it takes 36.
  Player player(atRate(25), {{0.010, 1}, {0.045, 2}});
  player.play(200,
              [](uint32_t variant, double) { return variant ? 0.036 : 0.010; });
  EXPECT_EQ(player.ran.back(), 1u);
  EXPECT_EQ(player.dropped, 0);
}

TEST(Qos, ScalesTheTableByWhatIsMeasured) {
  // Estimates may have any unit.
  Player player(atRate(25), {{5, 30}, {10, 31}, {18, 32}, {30, 33}});
  player.play(200, [](uint32_t, double seconds) { return seconds / 1000; });
  EXPECT_EQ(player.ran.back(), 3u);
  EXPECT_NEAR(player.controller.predict()[0], 0.005, 1e-4);
}

TEST(Qos, WithoutQualitiesTheSlowerIsTheBetter) {
  Player player(atRate(25), {{0.020, 0}, {0.010, 0}, {0.050, 0}});
  player.play(200, 1);
  EXPECT_EQ(player.ran.back(), 0u);
}

TEST(Qos, NeverRunsWhatIsSlowerAndNoBetter) {
  Player player(atRate(25), {{0.010, 2}, {0.020, 1}, {0.030, 3}});
  player.play(400, 1);
  player.play(100, 1.5);
  player.play(400, 1);
  for (uint32_t variant : player.ran)
    EXPECT_NE(variant, 1u);
}

TEST(Qos, AFrameThatBeginsLateHurries) {
  auto controller =
      QosController::create(atRate(25, /*deadline=*/0.08), kDepths).value();
  for (int i = 0; i < 200; ++i)
    controller.report(kDepths[controller.choose()].seconds).value();
  ASSERT_EQ(controller.choose(), 3u);
  controller.report(0.030).value();
  EXPECT_EQ(controller.choose(0.059), 2u); // 21 ms are left.
  controller.report(0.018).value();
  EXPECT_EQ(controller.choose(0.070), 0u); // Not quite 10.
  controller.report(0.005).value();
  EXPECT_EQ(controller.choose(), 3u);
}

TEST(Qos, KeepsTheRateWhereTheDeadlineIsLong) {
  // Twice as slow a frame is not late for long, but the next ones are.
  Player player(atRate(25, /*deadline=*/0.4));
  player.play(400, 1.5); // 45 ms of 40.
  EXPECT_EQ(player.ran.back(), 2u);
  EXPECT_EQ(player.dropped, 0);
}

TEST(Qos, WithoutARateTheDeadlineIsAll) {
  auto controller =
      QosController::create(atRate(0, /*deadline=*/0.02), kDepths).value();
  for (int i = 0; i < 200; ++i)
    controller.report(kDepths[controller.choose()].seconds).value();
  EXPECT_EQ(controller.choose(), 2u);
}

TEST(Qos, OtherExtentsAreOtherTimes) {
  Player player;
  player.play(300, 1);
  EXPECT_EQ(player.controller.choose(), 3u);
  player.controller.update({0.010, 0.020, 0.036, 0.060}).value();
  EXPECT_EQ(player.controller.choose(), 2u); // Before any is late.
}

TEST(Qos, WaitingThatIsNoNumberIsNone) {
  auto controller = QosController::create(atRate(25), kDepths).value();
  for (int i = 0; i < 200; ++i)
    controller.report(kDepths[controller.choose()].seconds).value();
  EXPECT_EQ(controller.choose(std::numeric_limits<double>::quiet_NaN()), 3u);
  EXPECT_EQ(controller.choose(-1), 3u);
}

} // namespace
} // namespace dycc::test
