// What a controller refuses, and its texts.
#include "test/unit/QosHarness.h"

#include <limits>

namespace dycc::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kNaN = std::numeric_limits<double>::quiet_NaN();

std::string refusal(const dycc_qos_options &options,
                    const std::vector<dycc_qos_variant> &variants = kDepths) {
  auto made = QosController::create(options, variants);
  if (made)
    return "made";
  EXPECT_EQ(made.failure().status, DYCC_INVALID_ARGUMENT);
  return made.failure().text;
}

TEST(QosRefusal, OfOptions) {
  EXPECT_EQ(refusal(atRate(0)),
            "expects a deadline or a frame_rate, got neither");
  EXPECT_EQ(refusal(atRate(25, -1)),
            "deadline is -1, expects seconds above 0, or 0");
  EXPECT_EQ(refusal(atRate(25, kNaN)),
            "deadline is nan, expects seconds above 0, or 0");
  EXPECT_EQ(refusal(atRate(kInfinity)),
            "frame_rate is inf, expects frames per second above 0, or 0");
  EXPECT_EQ(refusal(atRate(25, 0, 1000001)),
            "hold is 1000001, expects at most 1000000 frames");
  EXPECT_EQ(refusal(atRate(25)), "made");
  EXPECT_EQ(refusal(atRate(0, 0.1)), "made");
}

TEST(QosRefusal, OfVariants) {
  EXPECT_EQ(refusal(atRate(25), {}), "got no variants, expects at least one");
  EXPECT_EQ(refusal(atRate(25), {{0.01, 1}, {0, 2}}),
            "variant 1: seconds is 0, expects more than 0");
  EXPECT_EQ(refusal(atRate(25), {{kNaN, 1}}),
            "variant 0: seconds is nan, expects more than 0");
  EXPECT_EQ(refusal(atRate(25), {{0.01, kNaN}}),
            "variant 0: quality is nan, expects a number");
  EXPECT_EQ(refusal(atRate(25), {{0.01, 0}}), "made");
}

TEST(QosRefusal, OfTimes) {
  auto controller = QosController::create(atRate(25), kDepths).value();
  for (double seconds : {0.0, -1.0, kInfinity, kNaN})
    EXPECT_FALSE(controller.report(seconds)) << seconds;
  EXPECT_EQ(controller.report(-1).failure().text,
            "the frame took -1 seconds, expects a finite number above 0");
  EXPECT_EQ(controller.update({1, 2, 3}).failure().text,
            "got times of 3 variants, expects 4");
  EXPECT_EQ(controller.update({1, 2, 3, -4}).failure().text,
            "variant 3: seconds is -4, expects more than 0");
  // Nothing of it has had an effect.
  EXPECT_EQ(controller.predict(),
            (std::vector<double>{0.005, 0.010, 0.018, 0.030}));
}

TEST(QosRefusal, OfNullInC) {
  dycc_message message{};
  dycc_qos *made = nullptr;
  dycc_qos_options options = atRate(25);
  auto create = [&](const dycc_qos_options *options,
                    const dycc_qos_variant *variants, dycc_qos **made) {
    EXPECT_EQ(dycc_qos_create(options, variants, 4, made, &message),
              DYCC_INVALID_ARGUMENT);
    return std::string(message.text);
  };
  EXPECT_EQ(create(nullptr, kDepths.data(), &made), "options is null");
  EXPECT_EQ(create(&options, nullptr, &made), "variants is null");
  EXPECT_EQ(create(&options, kDepths.data(), nullptr), "controller is null");
  options.size = 8;
  EXPECT_EQ(create(&options, kDepths.data(), &made),
            "options.size is 8, expects at least " +
                std::to_string(sizeof(options)));
  EXPECT_EQ(made, nullptr);
  EXPECT_EQ(dycc_qos_report(nullptr, 1, &message), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(dycc_qos_update(nullptr, nullptr, nullptr), DYCC_INVALID_ARGUMENT);
  dycc_qos_destroy(nullptr);
}

} // namespace
} // namespace dycc::test
