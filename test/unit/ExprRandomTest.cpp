// Builds expressions at random and checks what the factories, the
// simplification, the ranges and the proofs claim of them against values that
// are computed straight from the operations, in 128 bits.
#include "dialects/dyn/Expr.h"
#include "dialects/dyn/ExprDetail.h" // Registering an attribute needs its storage.
#include "dialects/dyn/ExprValues.h"

#include "mlir/IR/BuiltinDialect.h"
#include "mlir/IR/MLIRContext.h"
#include <array>
#include <cstdlib>
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace dycc::dyn;

namespace {
class RandomExprDialect : public Dialect {
public:
  static StringRef getDialectNamespace() { return "random"; }
  explicit RandomExprDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context,
                TypeID::get<RandomExprDialect>()) {
    addAttributes<ExprAttr>();
  }
};

constexpr int kSamples = 24;
constexpr std::array<const char *, 4> kNames = {"H", "N", "W", "e0"};
using Wide = __int128;
/// The values at each sample; none where it divides by zero or overflows.
using Values = std::array<std::optional<Wide>, kSamples>;

/// An expression and what it must be worth.
struct Sample {
  ExprAttr expr;
  Values values;
};

std::optional<Wide> checked(std::optional<Wide> value) {
  if (value && (*value > INT64_MAX || *value < INT64_MIN))
    return std::nullopt;
  return value;
}

Wide floorDivide(Wide a, Wide b) {
  Wide quotient = a / b;
  return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

std::optional<Wide> apply(ExprKind kind, Wide a, Wide b) {
  if (kind >= ExprKind::FloorDiv && kind <= ExprKind::TruncMod && b == 0)
    return std::nullopt;
  switch (kind) {
  case ExprKind::Add:
    return a + b;
  case ExprKind::Mul:
    return a * b;
  case ExprKind::FloorDiv:
    return floorDivide(a, b);
  case ExprKind::CeilDiv:
    return -floorDivide(-a, b);
  case ExprKind::TruncDiv:
    return a / b;
  case ExprKind::Mod:
    return a - b * floorDivide(a, b);
  case ExprKind::TruncMod:
    return a % b;
  case ExprKind::Min:
    return a < b ? a : b;
  case ExprKind::Max:
    return a < b ? b : a;
  case ExprKind::Eq:
    return a == b;
  case ExprKind::Lt:
    return a < b;
  case ExprKind::Le:
    return a <= b;
  case ExprKind::Not:
    return a == 0;
  case ExprKind::And:
    return a != 0 && b != 0;
  case ExprKind::Or:
    return a != 0 || b != 0;
  // The scale of a Resize: f32 all the way, then truncated.
  default:
    return Wide(float(a) * 1.5f);
  }
}

class RandomExpr : public ::testing::TestWithParam<unsigned> {
protected:
  RandomExpr() : random(seed()) {
    context.loadDialect<RandomExprDialect>();
    for (const char *name : kNames)
      addSymbol(name);
  }

  static unsigned seed() {
    const char *text = std::getenv("DYCC_SEED");
    return GetParam() +
           static_cast<unsigned>(text ? std::strtoul(text, nullptr, 10) : 0);
  }
  int64_t between(int64_t lower, int64_t upper) {
    return std::uniform_int_distribution<int64_t>(lower, upper)(random);
  }

  void addSymbol(StringRef name) {
    int64_t multiple = between(1, 4);
    int64_t lower = multiple * between(name == "e0" ? -5 : 0, 6);
    int64_t upper = lower + multiple * between(0, 40);
    facts[name] = {{lower, upper}, multiple};
    Sample symbol{ExprAttr::symbol(&context, name), {}};
    for (auto &value : symbol.values)
      value = lower + multiple * between(0, (upper - lower) / multiple);
    pool.push_back(symbol);
  }

  const Sample &pick() {
    // Mostly what was built lately, so that expressions nest.
    int64_t last = int64_t(pool.size()) - 1;
    return pool[between(between(0, 1) ? std::max<int64_t>(0, last - 6) : 0,
                        last)];
  }

  ExprAttr build(ExprKind kind, ExprAttr a, ExprAttr b) {
    if (kind == ExprKind::Not)
      return ExprAttr::get(kind, {a});
    if (kind != ExprKind::F32ToInt)
      return ExprAttr::get(kind, {a, b});
    ExprAttr product = ExprAttr::get(ExprKind::F32Mul,
                                     {ExprAttr::get(ExprKind::IntToF32, {a}),
                                      ExprAttr::constantF32(&context, 1.5f)});
    return ExprAttr::get(ExprKind::F32ToInt, {product});
  }

  Sample grow() {
    if (between(0, 5) == 0) {
      int64_t constant = between(-8, 8);
      Sample sample{ExprAttr::constant(&context, constant), {}};
      sample.values.fill(constant);
      return sample;
    }
    Sample a = pick(), b = pick(), result;
    if (between(0, 9) == 0) {
      Sample c = pick();
      result.expr = ExprAttr::ite(c.expr, a.expr, b.expr);
      for (int i = 0; i != kSamples; ++i)
        if (c.values[i])
          result.values[i] = *c.values[i] ? a.values[i] : b.values[i];
      return result;
    }
    constexpr ExprKind kinds[] = {
        ExprKind::Add,      ExprKind::Add,      ExprKind::Mul,
        ExprKind::FloorDiv, ExprKind::CeilDiv,  ExprKind::TruncDiv,
        ExprKind::Mod,      ExprKind::TruncMod, ExprKind::Min,
        ExprKind::Max,      ExprKind::Eq,       ExprKind::Lt,
        ExprKind::Le,       ExprKind::Not,      ExprKind::And,
        ExprKind::Or,       ExprKind::F32ToInt};
    ExprKind kind = kinds[between(0, std::size(kinds) - 1)];
    result.expr = build(kind, a.expr, b.expr);
    for (int i = 0; i != kSamples; ++i)
      if (a.values[i] && b.values[i])
        result.values[i] = checked(apply(kind, *a.values[i], *b.values[i]));
    return result;
  }

  std::optional<int64_t> valueOf(ExprAttr expr, int sample) {
    return expr.evaluate([&](StringRef name) -> std::optional<int64_t> {
      for (size_t i = 0; i != kNames.size(); ++i)
        if (name == kNames[i])
          return int64_t(*pool[i].values[sample]);
      return std::nullopt;
    });
  }

  void expectValue(ExprAttr expr, const Sample &sample, const char *what) {
    if (expr.isUnknown()) // Claims nothing.
      return;
    for (int i = 0; i != kSamples; ++i) {
      if (!sample.values[i])
        continue;
      std::optional<int64_t> value = valueOf(expr, i);
      ASSERT_TRUE(value && *value == *sample.values[i])
          << "seed " << seed() << ", " << what << ": " << sample.expr.str()
          << " became " << expr.str() << ", expected "
          << int64_t(*sample.values[i]) << ", got " << value.value_or(-1);
      ExprValues values;
      for (size_t k = 0; k != kNames.size(); ++k)
        values.set(kNames[k], int64_t(*pool[k].values[i]));
      ASSERT_EQ(values.get(expr), value)
          << "seed " << seed() << ", " << what << ": " << expr.str();
    }
  }

  void expectClaims(const Sample &sample) {
    if (sample.expr.isUnknown())
      return;
    Interval range = rangeOf(sample.expr, facts);
    int64_t divisor = divisorOf(sample.expr, facts);
    for (std::optional<int64_t> value : probe(sample.expr, facts))
      ASSERT_TRUE(!value || (*value >= range.lower && *value <= range.upper))
          << "seed " << seed() << ": " << sample.expr.str() << " probed as "
          << *value;
    for (const auto &value : sample.values) {
      if (!value)
        continue;
      ASSERT_TRUE(*value >= range.lower && *value <= range.upper)
          << "seed " << seed() << ": " << sample.expr.str() << " is "
          << int64_t(*value) << ", claimed in [" << range.lower << ", "
          << range.upper << "]";
      ASSERT_TRUE(divisor ? *value % divisor == 0 : *value == 0)
          << "seed " << seed() << ": " << sample.expr.str() << " is "
          << int64_t(*value) << ", claimed a multiple of " << divisor;
    }
  }

  void expectProofs(const Sample &a, const Sample &b) {
    bool lessEqual = provablyLessEqual(a.expr, b.expr, facts);
    bool equal = provablyEqual(a.expr, b.expr, facts);
    bool notEqual = provablyNotEqual(a.expr, b.expr, facts);
    for (int i = 0; i != kSamples; ++i) {
      if (!a.values[i] || !b.values[i])
        continue;
      Wide x = *a.values[i], y = *b.values[i];
      ASSERT_TRUE((!lessEqual || x <= y) && (!equal || x == y) &&
                  (!notEqual || x != y))
          << "seed " << seed() << ": " << a.expr.str() << " is " << int64_t(x)
          << ", " << b.expr.str() << " is " << int64_t(y);
    }
  }

  void expectBound(const Sample &sample) {
    ExprAttr bound =
        upperBound(sample.expr, facts, [](StringRef n) { return n == "H"; });
    if (!bound || bound.isUnknown())
      return;
    bound.forEachSymbol([](StringRef name) { EXPECT_EQ(name, "H"); });
    for (int i = 0; i != kSamples; ++i) {
      std::optional<int64_t> value = valueOf(bound, i);
      if (sample.values[i] && value)
        ASSERT_GE(*value, int64_t(*sample.values[i]))
            << "seed " << seed() << ": " << sample.expr.str()
            << " is bounded by " << bound.str();
    }
  }

  MLIRContext context;
  SymbolFacts facts;
  std::mt19937_64 random;
  std::vector<Sample> pool;
};

TEST_P(RandomExpr, KeepsItsValue) {
  for (int step = 0; step != 60; ++step) {
    Sample sample = grow();
    ASSERT_NO_FATAL_FAILURE(expectValue(sample.expr, sample, "normal form"));
    ASSERT_NO_FATAL_FAILURE(
        expectValue(simplify(sample.expr, facts), sample, "simplified"));
    ASSERT_NO_FATAL_FAILURE(expectClaims(sample));
    ASSERT_NO_FATAL_FAILURE(expectProofs(sample, pick()));
    ASSERT_NO_FATAL_FAILURE(expectBound(sample));
    if (sample.expr.str().size() < 200)
      pool.push_back(sample);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomExpr, ::testing::Range(1u, 201u));
} // namespace
