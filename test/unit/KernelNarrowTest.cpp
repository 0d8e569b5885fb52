// Elements of at most 8 bits. A tensor of such floats has their bits as values
// here; what they are LLVM's APFloat says.
#include "KernelReference.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/bit.h"

#include <cmath>
#include <random>

using namespace dycc::test;
using llvm::APFloat;

namespace {

const double kNaN = std::nan("");

GroupText castText(const std::string &from, const std::string &to,
                   const std::string &attributes = "") {
  return {{"@" + from + "[N]"},
          {"@" + to + "[N]"},
          "%r = Cast(%0) " + attributes + " : @" + to + "[N]",
          "%r"};
}

Values countedTo(int64_t end) {
  Values values(static_cast<size_t>(end));
  std::iota(values.begin(), values.end(), 0.0);
  return values;
}

/// A format by its name in MLIR.
class Format {
public:
  Format(const std::string &name, mlir::MLIRContext *context)
      : name(name),
        type(mlir::cast<mlir::FloatType>(mlir::parseType(name, context))) {}

  const std::string &text() const { return name; }
  int64_t numCodes() const { return int64_t{1} << width(); }
  double largest() const {
    return APFloat::getLargest(semantics()).convertToDouble();
  }
  bool hasNaN() const { return APFloat::semanticsHasNaN(semantics()); }
  double valueOf(double code) const {
    APFloat value(semantics(),
                  llvm::APInt(width(), static_cast<uint64_t>(code)));
    return value.isNaN() ? kNaN : value.convertToDouble();
  }
  /// The code of a number that fits.
  double codeOf(double number) const {
    APFloat value(number);
    bool isLossy = false;
    value.convert(semantics(), APFloat::rmNearestTiesToEven, &isLossy);
    return static_cast<double>(value.bitcastToAPInt().getZExtValue());
  }
  /// What `number` becomes, as a number.
  double rounded(double number, bool saturates) const {
    if (std::isnan(number))
      return hasNaN() ? number : std::signbit(number) ? 0.0 : -0.0;
    bool isBeyond = std::fabs(number) > largest();
    if (isBeyond && (saturates || !hasNaN()))
      return std::copysign(largest(), number);
    return valueOf(codeOf(number));
  }

private:
  unsigned width() const { return type.getIntOrFloatBitWidth(); }
  const llvm::fltSemantics &semantics() const {
    return type.getFloatSemantics();
  }

  std::string name;
  mlir::FloatType type;
};

/// Numbers between which an f32 is rounded, those next to them, and any.
Values testNumbers(const Format &format) {
  Values numbers = {0.0,       -0.0,   kNaN,  -kNaN,  INFINITY,
                    -INFINITY, 1e30,   -1e30, 1e-30,  -1e-30,
                    1e-42,     -1e-45, 500,   -65536, 3.4e38};
  auto add = [&](float number) {
    for (float near : {number, std::nextafter(number, INFINITY),
                       std::nextafter(number, -INFINITY)})
      numbers.push_back(near);
  };
  Values values;
  for (double code : countedTo(format.numCodes()))
    if (double value = format.valueOf(code); std::isfinite(value))
      values.push_back(value);
  std::sort(values.begin(), values.end());
  for (size_t i = 0; i < values.size(); ++i) {
    add(static_cast<float>(values[i]));
    if (i > 0)
      add(static_cast<float>((values[i - 1] + values[i]) / 2));
  }
  double step = values.back() - values[values.size() - 2];
  add(static_cast<float>(values.back() + step / 2)); // Rounds to beyond it.
  add(static_cast<float>(values.front() - step / 2));
  std::mt19937 engine(17);
  for (int i = 0; i < 4000; ++i)
    if (auto any = llvm::bit_cast<float>(static_cast<uint32_t>(engine()));
        !std::isnan(any))
      numbers.push_back(any);
  return numbers;
}

class KernelNarrow : public KernelTest {
protected:
  std::vector<Format> formats(bool withScales) {
    std::vector<Format> result;
    for (const char *name : {"f8E4M3FN", "f8E4M3FNUZ", "f8E5M2", "f8E5M2FNUZ",
                             "f6E2M3FN", "f6E3M2FN", "f4E2M1FN"})
      result.emplace_back(name, &context);
    if (withScales)
      result.emplace_back("f8E8M0FNU", &context);
    return result;
  }
  Values run(LoadedKernel &kernel, const Values &x) {
    return kernel.run({{"N", static_cast<int64_t>(x.size())}}, {x})[0];
  }
};

/// Numbers, NaN as such, and the sign of zeros too.
void expectSame(const Values &found, const Values &expected, const Values &of,
                const std::string &what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    bool isSame = std::isnan(expected[i])
                      ? std::isnan(found[i])
                      : found[i] == expected[i] &&
                            std::signbit(found[i]) == std::signbit(expected[i]);
    ASSERT_TRUE(isSame) << what << ": of " << of[i] << " expects "
                        << expected[i] << ", got " << found[i];
  }
}

TEST_F(KernelNarrow, EachCodeIsANumberAndComesBack) {
  std::vector<GroupText> texts;
  for (const Format &format : formats(true)) {
    texts.push_back(castText(format.text(), "f32"));
    std::string type = "@" + format.text() + "[N]";
    texts.push_back({{type}, {type}, "%r = Reshape(%0, %s) : " + type, "%r"});
    texts.back().body = "%s = dyn.symbolic [N] : @i64[1]\n" + texts.back().body;
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [i, format] : llvm::enumerate(formats(true))) {
    Values codes = countedTo(format.numCodes()), numbers;
    for (double code : codes)
      numbers.push_back(format.valueOf(code));
    expectSame(run(*kernels[2 * i], codes), numbers, codes, format.text());
    expectSame(run(*kernels[2 * i + 1], codes), codes, codes, format.text());
  }
}

TEST_F(KernelNarrow, WhatIsNoNumberIsFound) {
  std::vector<GroupText> texts;
  std::vector<Format> eight = formats(false);
  eight.erase(eight.begin() + 4, eight.end()); // Those below a byte.
  for (const Format &format : eight)
    for (const char *test : {"IsNaN", "IsInf"})
      texts.push_back({{"@" + format.text() + "[N]"},
                       {"@i1[N]"},
                       std::string("%r = ") + test + "(%0) : @i1[N]",
                       "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [i, format] : llvm::enumerate(eight)) {
    Values codes = countedTo(256), areNaN, areInfinite;
    for (double code : codes) {
      areNaN.push_back(std::isnan(format.valueOf(code)));
      areInfinite.push_back(std::isinf(format.valueOf(code)));
    }
    expectSame(run(*kernels[2 * i], codes), areNaN, codes, format.text());
    expectSame(run(*kernels[2 * i + 1], codes), areInfinite, codes,
               format.text());
  }
}

TEST_F(KernelNarrow, FloatsAreRoundedToTheNearest) {
  std::vector<GroupText> texts;
  for (const Format &format : formats(false))
    for (const char *saturate : {"", "{saturate = 0 : i64}"})
      texts.push_back(castText("f32", format.text(), saturate));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [i, format] : llvm::enumerate(formats(false)))
    for (bool saturates : {true, false}) {
      Values x = testNumbers(format), found, expected;
      for (double code : run(*kernels[2 * i + !saturates], x))
        found.push_back(format.valueOf(code));
      for (double number : x)
        expected.push_back(format.rounded(number, saturates));
      expectSame(found, expected, x, texts[2 * i + !saturates].body);
    }
}

/// Of what lies between two halves of a step in f32 the first rounding would be
/// the wrong one.
TEST_F(KernelNarrow, DoublesAreRoundedOnce) {
  auto kernel = compile(castText("f64", "f8E4M3FN"));
  ASSERT_TRUE(kernel);
  Format format("f8E4M3FN", &context);
  Values x = {1.0625 + 0x1p-40,
              1.0625,
              1.0625 - 0x1p-40,
              -1.1875 - 0x1p-40,
              1e300,
              -1e-300,
              448,
              kNaN};
  Values found, expected;
  for (double code : run(*kernel, x))
    found.push_back(format.valueOf(code));
  for (double number : x)
    expected.push_back(format.rounded(number, true));
  expectSame(found, expected, x, "f64");
}

/// The code of the power of two that |x| becomes.
double scaleOf(double x, const std::string &rounding, bool saturates) {
  x = std::fabs(x);
  if (std::isnan(x))
    return 255;
  if (x < 0x1p-127)
    return saturates ? 0 : 255;
  if (std::isinf(x))
    return saturates ? 254 : 255;
  int below = std::ilogb(x);
  double part = x / std::ldexp(1, below);
  bool isUp =
      rounding == "up" ? part > 1 : rounding == "nearest" && part >= 1.5;
  return std::min(below + 127 + isUp, saturates ? 254 : 255);
}

TEST_F(KernelNarrow, ScalesAreRoundedAsAsked) {
  std::vector<GroupText> texts;
  for (std::string rounding : {"up", "down", "nearest"})
    for (const char *saturate : {"1", "0"})
      texts.push_back(castText("f32", "f8E8M0FNU",
                               "{round_mode = \"" + rounding +
                                   "\", saturate = " + saturate + " : i64}"));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  size_t next = 0;
  Values x = testNumbers(Format("f8E8M0FNU", &context));
  for (std::string rounding : {"up", "down", "nearest"})
    for (bool saturates : {true, false}) {
      Values expected;
      for (double number : x)
        expected.push_back(scaleOf(number, rounding, saturates));
      expectSame(run(*kernels[next], x), expected, x, texts[next].body);
      ++next;
    }
}

/// The low bits of an integer as a number of a type of so few.
double wrapped(int64_t value, int bits, bool isSigned) {
  int64_t end = int64_t{1} << bits, low = value & (end - 1);
  return static_cast<double>(isSigned && low >= end / 2 ? low - end : low);
}

/// Whatever the other bits of the byte are.
TEST_F(KernelNarrow, IntegersAreTheLowBits) {
  struct Case {
    std::string type;
    int bits;
    bool isSigned;
  };
  const Case cases[] = {
      {"i4", 4, true}, {"ui4", 4, false}, {"i2", 2, true}, {"ui2", 2, false}};
  std::vector<GroupText> texts;
  for (const Case &c : cases) {
    texts.push_back(castText("i32", c.type));
    texts.push_back(castText("f32", c.type));
    texts.push_back(castText(c.type, "i32"));
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  Values numbers = countedTo(600), bytes = countedTo(128);
  for (double &number : numbers)
    number -= 300;
  for (auto [i, c] : llvm::enumerate(cases)) {
    Values expected, ofBytes;
    for (double number : numbers)
      expected.push_back(
          wrapped(static_cast<int64_t>(number), c.bits, c.isSigned));
    for (double byte : bytes)
      ofBytes.push_back(
          wrapped(static_cast<int64_t>(byte), c.bits, c.isSigned));
    expectSame(run(*kernels[3 * i], numbers), expected, numbers, c.type);
    expectSame(run(*kernels[3 * i + 1], numbers), expected, numbers, c.type);
    expectSame(run(*kernels[3 * i + 2], bytes), ofBytes, bytes, c.type);
  }
}

TEST_F(KernelNarrow, BitsAreReadAsAnotherTypeOfTheirWidth) {
  auto bits = [](const std::string &from, const std::string &to) {
    GroupText text = castText(from, to);
    text.body = "%r = BitCast(%0) : @" + to + "[N]";
    return text;
  };
  auto kernels = compileAll({bits("ui8", "f8E5M2"), bits("f8E4M3FNUZ", "ui8"),
                             bits("f4E2M1FN", "i4"), bits("i4", "f4E2M1FN"),
                             bits("ui2", "i2")});
  ASSERT_EQ(kernels.size(), 5u);
  Values bytes = countedTo(256), halves = countedTo(16), asSigned, quarters;
  for (double code : halves)
    asSigned.push_back(wrapped(static_cast<int64_t>(code), 4, true));
  for (double code : countedTo(4))
    quarters.push_back(wrapped(static_cast<int64_t>(code), 2, true));
  expectSame(run(*kernels[0], bytes), bytes, bytes, "ui8");
  expectSame(run(*kernels[1], bytes), bytes, bytes, "f8E4M3FNUZ");
  expectSame(run(*kernels[2], halves), asSigned, halves, "f4E2M1FN");
  expectSame(run(*kernels[3], asSigned), halves, asSigned, "i4");
  expectSame(run(*kernels[4], countedTo(4)), quarters, quarters, "ui2");
}

} // namespace
