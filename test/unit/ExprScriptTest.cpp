// Expressions as JavaScript; test/report runs what is made here in a browser.
#include "compiler/report/ExprScript.h"
#include "compiler/report/Html.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {
namespace {

class ExprScriptTest : public ::testing::Test {
protected:
  ExprScriptTest() {
    context.loadDialect<dyn::DynDialect>();
    module = mlir::parseSourceString<mlir::ModuleOp>(
        "dyn.symbol @N in [0, 64]\n"
        "dyn.symbol @H in [0, 64]\n"
        "dyn.symbol @d0 in [0, 4096] is N * H + 1\n",
        &context);
  }

  ExprAttr symbol(llvm::StringRef name) {
    return ExprAttr::symbol(&context, name);
  }
  ExprAttr constant(int64_t value) {
    return ExprAttr::constant(&context, value);
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

TEST_F(ExprScriptTest, ComputesEachExpressionOnce) {
  ExprScript script(*module);
  ExprAttr half = ExprAttr::floorDiv(symbol("H"), constant(2));
  EXPECT_EQ(script.emit(half), "e0");
  EXPECT_EQ(script.emit(half.times(4)), "e1");
  EXPECT_EQ(script.emit(half), "e0");
  EXPECT_EQ(script.definitions(), "  const e0 = floorDiv(symbols[1], 2n);\n"
                                  "  const e1 = 4n * e0;\n");
}

TEST_F(ExprScriptTest, ComputesDerivedSymbols) {
  ExprScript script(*module);
  EXPECT_EQ(script.emit(symbol("d0")), "e1");
  EXPECT_EQ(script.definitions(), "  const e0 = symbols[1] * symbols[0];\n"
                                  "  const e1 = e0 + 1n;\n");
}

TEST_F(ExprScriptTest, WritesLiteralsAsBigInts) {
  ExprScript script(*module);
  EXPECT_EQ(script.emit(constant(INT64_MAX)), "9223372036854775807n");
  EXPECT_EQ(script.emit(constant(-3)), "(-3n)");
  EXPECT_EQ(script.definitions(), "");
}

TEST_F(ExprScriptTest, RoundsFloats) {
  ExprScript script(*module);
  ExprAttr n = ExprAttr::get(ExprKind::IntToF32, {symbol("N")});
  ExprAttr scaled = ExprAttr::get(ExprKind::F32Mul,
                                  {n, ExprAttr::constantF32(&context, 1.5F)});
  script.emit(ExprAttr::get(ExprKind::F32ToInt, {scaled}));
  EXPECT_NE(script.definitions().find("toF32(symbols[0])"), std::string::npos);
  EXPECT_NE(script.definitions().find("f32FromBits(1069547520n)"),
            std::string::npos);
  EXPECT_NE(script.definitions().find("Math.fround("), std::string::npos);
  EXPECT_NE(script.definitions().find("toInteger("), std::string::npos);
}

TEST(Html, EscapesWhatIsNoText) {
  EXPECT_EQ(html::escape("<a href='x'>&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
  EXPECT_EQ(html::escape("\xE6\x97\xA5 \xFF\x01"),
            "\xE6\x97\xA5 \xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Html, CutsBetweenLetters) {
  EXPECT_EQ(html::cut("convolution", 11), "convolution");
  EXPECT_EQ(html::cut("convolution", 5), "conv\xE2\x80\xA6");
  EXPECT_EQ(html::cutFront("model/conv", 5), "\xE2\x80\xA6"
                                             "conv");
  // Of a letter that is not ASCII the width is 2.
  EXPECT_EQ(html::cut("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 4),
            "\xE6\x97\xA5\xE2\x80\xA6");
}

TEST(Html, WritesNumbersAsThePageDoes) {
  EXPECT_EQ(html::groupDigits(0), "0");
  EXPECT_EQ(html::groupDigits(12345678), "12,345,678");
  EXPECT_EQ(html::bytesText(1023), "1023 B");
  EXPECT_EQ(html::bytesText(3LL << 30), "3.0 GiB");
  EXPECT_EQ(html::timeText(12.3456e-3), "12.3 ms");
}

} // namespace
} // namespace dycc
