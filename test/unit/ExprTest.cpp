#include "dialects/dyn/Expr.h"
#include "dialects/dyn/ExprDetail.h" // Registering an attribute needs its storage.
#include "dialects/dyn/ExprValues.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/MLIRContext.h"
#include "test/unit/Patience.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace dycc::dyn;

namespace {
/// Gives the parser of expressions a syntax of its own: `#test.e<...>`.
class TestDialect : public Dialect {
public:
  static StringRef getDialectNamespace() { return "test"; }
  explicit TestDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context, TypeID::get<TestDialect>()) {
    addAttributes<ExprAttr>();
  }
  Attribute parseAttribute(DialectAsmParser &parser, Type) const override {
    StringRef keyword;
    if (parser.parseKeyword(&keyword) || parser.parseLess())
      return {};
    ExprAttr expr = parseExpr(parser);
    return expr && succeeded(parser.parseGreater()) ? expr : ExprAttr();
  }
};

class Expr : public ::testing::Test {
protected:
  Expr() { context.loadDialect<TestDialect>(); }

  ExprAttr parse(StringRef text) {
    return llvm::cast_or_null<ExprAttr>(
        parseAttribute(("#test.e<" + text + ">").str(), &context));
  }
  std::string normal(StringRef text) {
    ExprAttr expr = parse(text);
    return expr ? expr.str() : "error";
  }
  std::string simple(StringRef text) {
    return simplify(parse(text), facts).str();
  }
  std::string errorOf(StringRef text) {
    std::string message;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      message = diagnostic.str();
      return success();
    });
    return parse(text) ? "no error" : message;
  }
  std::pair<int64_t, int64_t> range(StringRef text) {
    Interval interval = rangeOf(parse(text), facts);
    return {interval.lower, interval.upper};
  }
  using Ends = std::pair<int64_t, int64_t>;

  MLIRContext context;
  SymbolFacts facts;
};

TEST_F(Expr, SumsAndProductsHaveOneForm) {
  EXPECT_EQ(normal("N * W - 1 + H + H"), "2 * H + N * W - 1");
  EXPECT_EQ(parse("(H + 1) * W"), parse("W * H + W"));
  EXPECT_EQ(parse("H - H"), parse("0"));
  EXPECT_EQ(normal("-H + 3"), "-H + 3");
  EXPECT_NE(parse("H * H"), parse("H"));
}

TEST_F(Expr, QuotientsByConstantsHaveOneForm) {
  EXPECT_EQ(normal("(H + 1) floordiv 2"), "(H + 1) floordiv 2");
  EXPECT_EQ(normal("(4 * H + 3) floordiv 2"), "2 * H + 1");
  EXPECT_EQ(normal("(H - 1) floordiv 2 + 1"), "(H + 1) floordiv 2");
  EXPECT_EQ(parse("H ceildiv 2"), parse("(H + 1) floordiv 2"));
  EXPECT_EQ(normal("(H floordiv 2) floordiv 3"), "H floordiv 6");
  EXPECT_EQ(normal("(2 * H) floordiv 6"), "H floordiv 3");
  EXPECT_EQ(normal("H floordiv 0"), "?");
  EXPECT_EQ(normal("(4 * H + 3) mod 2"), "1");
  EXPECT_EQ(parse("H mod 4"), parse("H - 4 * (H floordiv 4)"));
}

TEST_F(Expr, QuotientsCancelWhatBothSidesShare) {
  EXPECT_EQ(normal("(N * C * H * W) floordiv (N * C)"), "H * W");
  EXPECT_EQ(normal("(N * C) floordiv (N * 2)"), "C floordiv 2");
  EXPECT_EQ(normal("((H + 1) * (W - 2) * N) floordiv (W - 2)"), "H * N + N");
  EXPECT_EQ(normal("(2 * H) truncdiv (4 * W)"), "H truncdiv (2 * W)");
}

TEST_F(Expr, ChoicesFold) {
  EXPECT_EQ(normal("max(1, H, 3, H + 2)"), "max(3, H + 2)");
  EXPECT_EQ(normal("min(H, H + 1)"), "H");
  EXPECT_EQ(normal("ite(eq(H, W), N, N)"), "N");
  EXPECT_EQ(normal("ite(not(lt(H, 2)), 1, 0)"), "le(2, H)");
  EXPECT_EQ(normal("ite(lt(1, 2), H, W)"), "H");
}

TEST_F(Expr, ConditionsHaveOneForm) {
  EXPECT_EQ(parse("lt(H, W)"), parse("lt(2 * H - W, H)"));
  EXPECT_EQ(parse("le(2 * H, 5)"), parse("lt(H, 3)"));
  EXPECT_EQ(normal("eq(2 * H, 5)"), "0");
  EXPECT_EQ(parse("eq(H, W)"), parse("eq(W, H)"));
  EXPECT_EQ(normal("and(lt(H, 2), le(2, H))"), "0");
  EXPECT_EQ(normal("or(lt(H, 2), 0)"), "le(H, 1)");
  EXPECT_EQ(normal("le(2, (H + 1) floordiv 4)"), "le(7, H)");
  EXPECT_EQ(normal("lt((H + 1) floordiv 4, 2)"), "le(H, 6)");
  EXPECT_EQ(normal("eq(H, min(7, H))"), "le(H, 7)");
  EXPECT_EQ(normal("eq(max(7, H), H)"), "le(7, H)");
}

TEST_F(Expr, UnknownAbsorbs) {
  EXPECT_TRUE(parse("? + H").isUnknown());
  EXPECT_TRUE(parse("0 * ?").isUnknown());
  EXPECT_TRUE(parse("max(1, ?)").isUnknown());
  EXPECT_FALSE(provablyEqual(parse("?"), parse("?"), facts));
}

TEST_F(Expr, OverflowOfACoefficientIsUnknown) {
  EXPECT_EQ(normal("9223372036854775807 + 1"), "?");
  EXPECT_EQ(normal("4611686018427387904 * H * 4"), "?");
  EXPECT_EQ(normal("-9223372036854775808"), "-9223372036854775808");
}

TEST_F(Expr, LiteralsBringTheirSign) {
  EXPECT_EQ(normal("H + -1"), "H - 1");
  EXPECT_EQ(normal("H - -1"), "H + 1");
  EXPECT_EQ(normal("H * -3 + -16"), "-3 * H - 16");
  EXPECT_EQ(normal("max(H + -1, -2)"), "max(-2, H - 1)");
  EXPECT_EQ(normal("H + -9223372036854775808"), "H - 9223372036854775808");
}

TEST_F(Expr, PrintedFormIsReadBack) {
  for (StringRef text :
       {"2 * H + N * W - 1", "-(H floordiv 3) + 2", "N * (H floordiv 2)",
        "(H + W) ceildiv N", "-H floordiv W", "H truncdiv (W floordiv 2)",
        "\"a b\" + \"max\"", "ite(lt(H, 2), min(H, W), max(H, W))",
        "to_int(f32_floor(f32_mul(to_f32(H), f32(1.25e-1))))",
        "to_int(f32_mul(f32(-3.0e+10), to_f32(H)))", "-9223372036854775808",
        "H - 9223372036854775808", "and(eq(H, W), or(lt(H, 2), le(9, N)))",
        "lt(to_f32(H), f32_bits(2143289344))",
        "to_int(f32_mul(to_f32(H), f32_from_bits(W)))", "?"}) {
    ExprAttr expr = parse(text);
    ASSERT_TRUE(expr) << text.str();
    EXPECT_EQ(parse(expr.str()), expr) << text.str() << " -> " << expr.str();
  }
}

TEST_F(Expr, ErrorsNameWhatIsExpected) {
  EXPECT_EQ(errorOf("H + "), "expected a symbolic expression");
  EXPECT_EQ(errorOf("ite(H, 1)"), "'ite' expects 3 operands, got 2");
  EXPECT_EQ(errorOf("max()"), "'max' expects one or more operands, got 0");
  EXPECT_EQ(errorOf("\"\""), "expected a symbol, got \"\"");
  EXPECT_EQ(errorOf("9223372036854775808"), "expected an integer of 64 bits");
  EXPECT_EQ(errorOf("f32(1.0) + 1"),
            "expected integers beside an operator, got f32");
  EXPECT_EQ(errorOf("f32_floor(H)"), "'f32_floor' expects an f32 as operand 0");
  EXPECT_EQ(errorOf("max(H, f32(1.0))"),
            "'max' expects an integer as operand 1");
  EXPECT_EQ(errorOf(std::string(5000, '(') + "H" + std::string(5000, ')')),
            "expected a less deeply nested expression");
}

TEST_F(Expr, RangesKnowWhatTermsShare) {
  facts["H"] = {{16, 1080}, 4};
  EXPECT_EQ(range("2 * H - 1"), Ends(31, 2159));
  EXPECT_EQ(range("H mod 3"), Ends(0, 2));
  EXPECT_EQ(range("H - min(H, W)"), Ends(0, 1080));
  EXPECT_EQ(range("H - (H + 1) floordiv 2").first, 8);
  EXPECT_EQ(range("max(H, W) - H").first, 0);
  EXPECT_EQ(range("H * W"), Ends(0, INT64_MAX));
  EXPECT_EQ(range("to_int(f32_mul(to_f32(H), f32(0.5)))"), Ends(8, 540));
  EXPECT_EQ(range("to_int(f32_mul(to_f32(H), f32_from_bits(W)))"),
            Ends(INT64_MIN, INT64_MAX));
}

TEST_F(Expr, FactsSimplify) {
  facts["H"] = {{16, 1080}, 4};
  facts["B"] = {{0, 1}, 1};
  EXPECT_EQ(simple("4 * (H floordiv 4)"), "H");
  EXPECT_EQ(simple("2 * (H floordiv 4)"), "H floordiv 2");
  EXPECT_EQ(simple("N + H - (H floordiv 4)"), "N + (3 * H) floordiv 4");
  EXPECT_EQ(simple("W - (W floordiv 2)"), "W - W floordiv 2");
  EXPECT_EQ(simple("(H + W + 3) floordiv 4"),
            "H floordiv 4 + (W + 3) floordiv 4");
  EXPECT_EQ(simple("(H + 3) floordiv 4"), "H floordiv 4");
  EXPECT_EQ(simple("H mod 2"), "0");
  EXPECT_EQ(simple("max(H, 3)"), "H");
  EXPECT_EQ(simple("min(H, W + H)"), "H");
  EXPECT_EQ(simple("ite(lt(H, 16), 1, W)"), "W");
  EXPECT_EQ(simple("eq(H, 17)"), "0");
  EXPECT_EQ(simple("H truncdiv 3"), "H floordiv 3");
  EXPECT_EQ(simple("not(eq(B, 0))"), "B");
}

TEST_F(Expr, ExactF32BecomesAnInteger) {
  facts["H"] = {{0, 10000}, 1};
  EXPECT_EQ(simple("to_int(f32_floor(f32_mul(to_f32(H), f32(2.0))))"), "2 * H");
  EXPECT_EQ(simple("to_int(f32_floor(f32_mul(to_f32(H), f32(0.5))))"),
            "H floordiv 2");
  ExprAttr inexact = parse("to_int(f32_floor(f32_mul(to_f32(H), f32(0.3))))");
  EXPECT_EQ(simplify(inexact, facts), inexact);
  facts["H"] = {{0, INT64_MAX}, 1};
  ExprAttr wide = parse("to_int(f32_mul(to_f32(H), f32(2.0)))");
  EXPECT_EQ(simplify(wide, facts), wide);
}

TEST_F(Expr, F32ThatNeverRoundsIsComparedAsIntegers) {
  facts["H"] = {{0, 10000}, 1};
  EXPECT_EQ(simple("lt(f32_mul(to_f32(H), f32(0.5)), f32(8.0))"), "le(H, 15)");
  EXPECT_EQ(simple("to_int(f32_max(to_f32(H), f32(2.5)))"),
            "max(5, 2 * H) floordiv 2");
}

/// What is rounded once may be far from exact, and is the same integer in the
/// end: every quotient below 2^24 by every small number.
TEST_F(Expr, QuotientsInF32RoundToTheIntegersOfExactOnes) {
  facts["H"] = {{0, (1 << 24) - 1}, 1};
  for (const char *rounding : {"f32_floor", "f32_ceil"})
    for (int divisor : {1, 3, 7, 10, 31, 49, 255, 4097}) {
      std::string text = std::string("to_int(") + rounding +
                         "(f32_div(to_f32(H), f32(" + std::to_string(divisor) +
                         ".0))))";
      ExprAttr inF32 = parse(text), exact = simplify(inF32, facts);
      EXPECT_EQ(exact.str().find("f32"), std::string::npos) << text;
      auto at = [](ExprAttr expr, int64_t h) {
        return expr.evaluate([&](llvm::StringRef) { return std::optional(h); });
      };
      for (int64_t q = 1; q * divisor < (1 << 24); q += 1 + q / 16)
        for (int64_t h : {q * divisor - 1, q * divisor, q * divisor + 1})
          EXPECT_EQ(at(inF32, h), at(exact, h)) << text << " at " << h;
    }
}

TEST_F(Expr, ProofsNeedFacts) {
  EXPECT_FALSE(provablyLessEqual(parse("H"), parse("W"), facts));
  EXPECT_FALSE(provablyNotEqual(parse("H"), parse("3"), facts));
  facts["H"] = {{0, 3}, 1};
  facts["W"] = {{4, 8}, 4};
  EXPECT_TRUE(provablyLessEqual(parse("H + 1"), parse("W"), facts));
  EXPECT_TRUE(provablyNotEqual(parse("H"), parse("W"), facts));
  EXPECT_TRUE(provablyNotEqual(parse("2 * W"), parse("8 * N + 1"), facts));
  EXPECT_TRUE(provablyEqual(parse("W + H - W"), parse("H"), facts));
}

TEST_F(Expr, ProbesAreValuesAtTheEndsAndBetween) {
  facts["H"] = {{1, 100}, 4};
  Probes probes = probe(parse("max(H, 20) - 1"), facts);
  EXPECT_EQ(probes[0], 19);
  EXPECT_EQ(probes[1], 99);
  ASSERT_TRUE(probes[2]);
  EXPECT_EQ((std::max<int64_t>(*probes[2], 20) + 1) % 4, 0);
}

TEST_F(Expr, ProbesOfAName) {
  facts["H"] = {{0, 9}, 1};
  facts["d"] = {{0, 20}, 1, parse("20 - 2 * H")};
  EXPECT_FALSE(probe(parse("H + d"), facts)[0]); // Nobody has probed it.
  facts["d"].probes = probe(parse("20 - 2 * H"), facts);
  EXPECT_EQ(probe(parse("H + d"), facts)[0], 20);
  EXPECT_EQ(probe(parse("H + d"), facts)[1], 11);
  facts["d"].range.upper = 10; // Outside of it a point says nothing.
  EXPECT_FALSE(probe(parse("H + d"), facts)[0]);
}

TEST_F(Expr, ProbesDoNotOverflow) {
  facts["H"] = facts["W"] = {{0, INT64_MAX / 2}, 1};
  EXPECT_EQ(probe(parse("H * W"), facts)[0], 0);
  EXPECT_FALSE(probe(parse("H * W"), facts)[1]);
  EXPECT_TRUE(provablyLessEqual(parse("0"), parse("H * W"), facts));
}

TEST_F(Expr, UpperBoundLeavesFreeSymbols) {
  facts["n"] = {{0, 100}, 1};
  facts["m"] = {{0, INT64_MAX}, 1};
  auto isFree = [](StringRef name) { return name == "H"; };
  auto bound = [&](StringRef text) {
    ExprAttr expr = upperBound(parse(text), facts, isFree);
    return expr ? expr.str() : "none";
  };
  EXPECT_EQ(bound("2 * n + H"), "H + 200");
  EXPECT_EQ(bound("min(m, 3 * H)"), "3 * H");
  EXPECT_EQ(bound("H - n"), "H");
  EXPECT_EQ(bound("n * H"), "100 * H");
  EXPECT_EQ(bound("(n * H) floordiv 2"), "50 * H");
  EXPECT_EQ(bound("m + H"), "none");
  EXPECT_EQ(bound("ite(eq(n, 1), H, 7)"), "max(7, H)");
}

TEST_F(Expr, NothingBoundsAPartOfWhatIsRead) {
  facts["n"] = {{INT32_MIN, INT32_MAX}, 1};
  auto bound = [&](StringRef text) {
    ExprAttr expr =
        upperBound(parse(text), facts, [](StringRef) { return false; });
    return expr ? expr.str() : "none";
  };
  EXPECT_EQ(bound("n floordiv 2"), "none");
  EXPECT_EQ(bound("2 * (n floordiv 4) + 2"), "none");
  EXPECT_EQ(bound("n mod 8"), "7");
  EXPECT_EQ(bound("min(n, 4)"), "4");
}

TEST_F(Expr, UpperBoundUsesTheBoundsOfSymbols) {
  ExprAttr bound = upperBound(
      parse("max(n, 3) - n"), facts, [](StringRef name) { return name == "H"; },
      [&](StringRef name) {
        return name == "n" ? parse("2 * H") : ExprAttr();
      });
  EXPECT_EQ(bound.str(), "max(3, 2 * H)");
}

TEST_F(Expr, SubstitutesAndReplaces) {
  ExprAttr expr = parse("(H + W) floordiv 2 + H");
  ExprAttr result = expr.substitute([&](StringRef name) {
    return name == "H" ? parse("2 * N") : ExprAttr();
  });
  EXPECT_EQ(result.str(), "3 * N + W floordiv 2");
  EXPECT_EQ(expr.replace(parse("H + W"), parse("8")).str(), "H + 4");
  std::string order;
  expr.forEachSymbol([&](StringRef name) { order += name; });
  EXPECT_EQ(order.size(), 2u);
}

TEST_F(Expr, ValuesStopAtTheEnds) {
  ExprValues values;
  values.set("H", int64_t(1) << 62);
  values.set("N", 3);
  EXPECT_EQ(values.get(parse("N * N + H floordiv 2")), (int64_t(1) << 61) + 9);
  EXPECT_EQ(values.get(parse("4 * H")), INT64_MAX);
  EXPECT_EQ(values.get(parse("-4 * H")), INT64_MIN);
  // More than the largest number, whatever it is divided by.
  EXPECT_EQ(values.get(parse("(H * N) floordiv 1000")), INT64_MAX);
  EXPECT_EQ(values.get(parse("min(N, H * N)")), 3);
  EXPECT_EQ(values.get(parse("W + 1")), std::nullopt);
  EXPECT_EQ(values.get(parse("H floordiv (N - N)")), std::nullopt);
}

TEST_F(Expr, LongChainsStayCheap) {
  auto start = std::chrono::steady_clock::now();
  ExprAttr one = parse("1"), walk = parse("H"), grown = parse("H");
  for (int i = 0; i != 100000; ++i) {
    walk = ExprAttr::floorDiv(walk.plus(1), one.plus(i % 2)).plus(1);
    grown =
        ExprAttr::add(ExprAttr::max(grown, ExprAttr::mul(grown, walk)), one);
  }
  EXPECT_TRUE(grown.isUnknown());
  EXPECT_LT(std::chrono::steady_clock::now() - start,
            dycc::test::timeLimit(10));
}
} // namespace
