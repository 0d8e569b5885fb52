// Files of plans: what is written is read, and each damage is told by line and
// column. What compilations make of them is in test/tools/plans.onnxtxt.
#include "compiler/tune/PlanFile.h"

#include "mlir/IR/Diagnostics.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

using namespace dycc::tune;

namespace {

class TunePlanFile : public ::testing::Test {
protected:
  TunePlanFile() {
    context.loadDialect<dycc::dyn::DynDialect>();
    path = (std::filesystem::temp_directory_path() /
            ("dycc-plans-" + std::to_string(::getpid())))
               .string();
  }
  ~TunePlanFile() override { std::filesystem::remove(path); }

  void write(const std::string &text) { std::ofstream(path) << text; }

  /// What is said of a file with `text` as its second line.
  std::string problem(const std::string &text) {
    write("dycc plans 1\n" + text + "\n");
    std::string said;
    mlir::ScopedDiagnosticHandler handler(
        &context, [&](mlir::Diagnostic &diagnostic) {
          auto at = mlir::cast<mlir::FileLineColLoc>(diagnostic.getLocation());
          EXPECT_EQ(at.getFilename().getValue(), path);
          said = std::to_string(at.getLine()) + ":" +
                 std::to_string(at.getColumn()) + ": " + diagnostic.str();
          return mlir::success();
        });
    EXPECT_TRUE(mlir::failed(PlanFile(path, &context).read()));
    return said;
  }

  TunedPlan plan(const std::string &kernel, int64_t task) {
    return {kernel,
            "any",
            "x86-64-v3 znver3",
            dycc::dyn::KernelPlanAttr::get(&context, 32, task,
                                           mlir::ArrayAttr::get(&context, {})),
            "a \"node\"",
            81230,
            62110};
  }

  mlir::MLIRContext context;
  std::string path;
};

const std::string text =
    R"({kernel = "01", version = "any", machine = "x86-64-v3 znver3", )"
    R"(nodes = "a \22node\22", nanoseconds = array<i64: 81230, 62110>, )"
    R"(plan = #dyn.kernel_plan<vector = 32, task = 0, steps = []>})";

TEST_F(TunePlanFile, ReadsWhatItWrites) {
  PlanFile file(path, &context);
  file.set(plan("01", 0));
  file.set(plan("02", 32768));
  EXPECT_EQ(file.getLines().front().text, text);
  write(file.text());
  PlanFile again(path, &context);
  ASSERT_TRUE(mlir::succeeded(again.read()));
  EXPECT_EQ(again.text(), file.text());
  const TunedPlan &read = *again.getLines()[1].plan;
  EXPECT_TRUE(read.isForSame(plan("02", 0)));
  EXPECT_EQ(read.plan, plan("02", 32768).plan);
  EXPECT_EQ(read.nodes, "a \"node\"");
  EXPECT_EQ(read.before, 81230);
  EXPECT_EQ(read.after, 62110);
}

/// A plan takes the place of the one for the same kernel; the rest stays.
TEST_F(TunePlanFile, KeepsOtherLines) {
  write("dycc plans 1\n\n  // Mine.\n" + text + "\n");
  PlanFile file(path, &context);
  ASSERT_TRUE(mlir::succeeded(file.read()));
  file.set(plan("01", 32768));
  TunedPlan other = plan("01", 0);
  other.machine = "x86-64-v4";
  file.set(other);
  EXPECT_EQ(file.text(), "dycc plans 1\n\n  // Mine.\n" +
                             plan("01", 32768).text() + "\n" + other.text() +
                             "\n");
}

TEST_F(TunePlanFile, TellsWhereItIsDamaged) {
  auto without = [](const std::string &part) {
    std::string less = text;
    return less.erase(less.find(part), part.size());
  };
  EXPECT_EQ(problem("x"), "2:1: expected attribute value");
  EXPECT_EQ(problem(text + " x"), "2:" + std::to_string(text.size() + 2) +
                                      ": found trailing characters: 'x'");
  EXPECT_EQ(problem("32 : i64"),
            "2:1: expects a plan in braces: {kernel = ..., version = ..., "
            "machine = ..., plan = ...}");
  EXPECT_EQ(problem(without(R"(kernel = "01", )")),
            "2:1: expects a string as 'kernel'");
  EXPECT_EQ(problem(without(R"("x86-64-v3 znver3")")).substr(0, 2), "2:");
  EXPECT_EQ(problem("{kernel = \"\", version = \"\", machine = 3}"),
            "2:1: expects a string as 'machine'");
  EXPECT_EQ(problem("{kernel = \"\", version = \"\", machine = \"\"}"),
            "2:1: expects a #dyn.kernel_plan as 'plan'");
  std::string times = "array<i64: 81230, 62110>", wrong = text;
  EXPECT_EQ(problem(wrong.replace(wrong.find(times), times.size(), "3")),
            "2:1: expects array<i64: BEFORE, AFTER> as 'nanoseconds'");
  wrong = text;
  EXPECT_EQ(problem(wrong.replace(1, 0, "ratio = 2, ")),
            "2:1: expects no 'ratio' in a plan");
}

} // namespace
