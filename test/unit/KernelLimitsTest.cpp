// Numbers whose limits the kernel shows, which are rounded and converted in
// fewer instructions than others.
#include "KernelHarness.h"

#include <cmath>
#include <iomanip>
#include <sstream>

using namespace dycc::test;

namespace {

constexpr double kEnds[] = {0x1p22, 0x1p22 + 1, 0x1p30, 0x1.000002p30, 0x1p31};

/// Each half and whole number up to `most` with its neighbours, what is far
/// beyond, and NaN.
Values nearHalves(int most) {
  Values values = {NAN, -NAN, INFINITY, -INFINITY, 1e-45, -1e-45, 3e38, -3e38};
  for (int twice = -2 * most; twice <= 2 * most; ++twice) {
    float x = static_cast<float>(twice) / 2;
    for (float value : {std::nextafter(x, -INFINITY), x,
                        std::copysign(x, -1.0f), std::nextafter(x, INFINITY)})
      values.push_back(value);
  }
  for (double end : kEnds)
    for (double sign : {1, -1})
      for (double x : {end - 0.5, end, end + 1.5})
        values.push_back(static_cast<float>(sign * x));
  return values;
}

double limited(double x, double least, double most) {
  return x < least ? least : x > most ? most : x;
}

/// %c, limited to the whole numbers `least` and `most`.
std::string clip(int64_t least, int64_t most, const std::string &type) {
  auto constant = [&](const char *name, int64_t value) {
    return std::string(name) + " = Constant() {value = dense<" +
           std::to_string(value) + ".0> : tensor<" + type + ">} : @" + type +
           "[]\n";
  };
  return constant("%low", least) + constant("%high", most) +
         "%c = Clip(%0, %low, %high) : @" + type + "[N]\n";
}

class KernelLimits : public KernelTest {
protected:
  /// Checks `%r`, which `body` computes of a vector %0, on this machine and on
  /// the oldest one.
  void check(const std::string &from, const std::string &to,
             const std::string &body, const Values &x,
             const std::function<double(double)> &expected) {
    SCOPED_TRACE(body);
    Values wanted;
    for (double value : x)
      wanted.push_back(expected(value));
    auto host = target;
    auto oldest = dycc::codegen::TargetInfo::get(host.triple, "", "");
    ASSERT_TRUE(static_cast<bool>(oldest)) << toString(oldest.takeError());
    for (const auto &machine : {host, *oldest}) {
      target = machine;
      auto kernel =
          compile({{"@" + from + "[N]"}, {"@" + to + "[N]"}, body, "%r"});
      ASSERT_TRUE(kernel);
      Symbols size = {{"N", static_cast<int64_t>(x.size())}};
      expectNear(kernel->run(size, {x})[0], wanted, 0, 0);
    }
    target = host;
  }
};

/// Of 0 too the sign is that of the number, which its reciprocal shows.
TEST_F(KernelLimits, SmallNumbersAreRoundedToEven) {
  for (const char *type : {"f32", "f64"})
    for (int64_t most : {255, 1 << 22}) {
      std::string body = clip(-most, most, type) + "%d = Round(%c) : @" + type +
                         "[N]\n%r = Reciprocal(%d) : @" + type + "[N]";
      bool isDouble = std::string(type) == "f64";
      check(type, type, body, nearHalves(300), [&](double x) {
        double y = std::nearbyint(limited(x, -most, most));
        return isDouble ? 1 / y : 1 / static_cast<float>(y);
      });
    }
}

TEST_F(KernelLimits, LargerNumbersAreRounded) {
  constexpr double most = 0x1p22 + 1;
  check("f32", "f32", clip(-most, most, "f32") + "%r = Round(%c) : @f32[N]",
        nearHalves(300),
        [](double x) { return std::nearbyint(limited(x, -most, most)); });
}

TEST_F(KernelLimits, SmallNumbersBecomeIntegers) {
  for (int64_t most : {127, 1 << 30, (1 << 30) + 128})
    for (const char *type : {"i32", "i64"})
      check("f32", type,
            clip(-most, most, "f32") + "%r = Cast(%c) : @" + type + "[N]",
            nearHalves(130), [&](double x) {
              double end = static_cast<float>(most);
              return std::isnan(x) ? 0 : std::trunc(limited(x, -end, end));
            });
}

TEST_F(KernelLimits, UnsignedIntegersHaveNoNegativeOnes) {
  check("f32", "ui32", clip(-100, 100, "f32") + "%r = Cast(%c) : @ui32[N]",
        nearHalves(110), [](double x) {
          return std::isnan(x) ? 0 : std::trunc(limited(x, 0, 100));
        });
}

/// As QuantizeLinear is: before the zero point and behind it.
TEST_F(KernelLimits, QuantisedNumbersAreLimitedTwice) {
  std::string body =
      clip(-256, 256, "f32") +
      "%d = Round(%c) : @f32[N]\n"
      "%p = Constant() {value = dense<-7.0> : tensor<f32>} : @f32[]\n"
      "%e = Add(%d, %p) : @f32[N]\n"
      "%a = Constant() {value = dense<-128.0> : tensor<f32>} : @f32[]\n"
      "%b = Constant() {value = dense<127.0> : tensor<f32>} : @f32[]\n"
      "%f = Clip(%e, %a, %b) : @f32[N]\n%r = Cast(%f) : @i8[N]";
  check("f32", "i8", body, nearHalves(300), [](double x) {
    return std::isnan(x) ? 0 : limited(std::nearbyint(x) - 7, -128, 127);
  });
}

/// Whatever is done in the place of a division: around each number at which a
/// step begins, and at those that no step holds.
TEST_F(KernelLimits, QuotientsAreRoundedAsDivisionsAre) {
  for (float scale : {0.03f, 1.0f / 3, 0.0123456789f, 255.0f, 0.25f, 7e-5f}) {
    Values x = {NAN, -NAN, INFINITY, -INFINITY, 3e38, -3e38, 0.0, -0.0, 1e-45};
    for (int step = -300; step < 300; ++step) {
      auto number = static_cast<float>((step + 0.5) * scale);
      for (int i = 0; i < 3; ++i)
        number = std::nextafter(number, -INFINITY);
      for (int i = 0; i < 7; ++i, number = std::nextafter(number, INFINITY))
        x.push_back(number);
    }
    std::ostringstream text;
    text << std::setprecision(9) << std::scientific << scale;
    std::string body =
        "%s = Constant() {value = dense<" + text.str() +
        "> : tensor<f32>} : @f32[]\n%q = Div(%0, %s) : @f32[N]\n";
    std::string limits = clip(-135, 120, "f32");
    body += limits.replace(limits.find("Clip(%0"), 7, "Clip(%q");
    body += "%d = Round(%c) : @f32[N]\n"
            "%p = Constant() {value = dense<7.0> : tensor<f32>} : @f32[]\n"
            "%e = Add(%d, %p) : @f32[N]\n%r = Cast(%e) : @i8[N]";
    check("f32", "i8", body, x, [&](double value) {
      float quotient = static_cast<float>(value) / scale;
      return std::isnan(value)
                 ? 0
                 : limited(std::nearbyint(quotient), -135, 120) + 7;
    });
  }
}

/// A limit on one side, and one that the run knows.
TEST_F(KernelLimits, OtherNumbersSaturate) {
  const Values x = {0.5, 3e9, -3e9, 60000, NAN, INFINITY, -INFINITY};
  auto i32 = [](double value) {
    return std::isnan(value) ? 0
                             : std::trunc(limited(value, -0x1p31, 0x1p31 - 1));
  };
  std::string most =
      "%h = Constant() {value = dense<9.0> : tensor<f32>} : @f32[]\n";
  check("f32", "i32",
        most + "%c = Clip(%0, _, %h) : @f32[N]\n%r = Cast(%c) : @i32[N]", x,
        [&](double v) { return i32(v > 9 ? 9 : v); });
  check("f32", "i32",
        most + "%m = ReduceMin(%0, _) : @f32[1]\n"
               "%n = Squeeze(%m, _) : @f32[]\n"
               "%c = Clip(%0, %n, %h) : @f32[N]\n%r = Cast(%c) : @i32[N]",
        {0.5, 3e9, -3e9, 60000, INFINITY, -INFINITY},
        [&](double v) { return i32(v > 9 ? 9 : v); });
}

} // namespace
