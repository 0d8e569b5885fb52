// What codegen/halide relies on in Halide itself. Where a new Halide changes
// one of these facts, the wrappers and docs/kernels.md want another look.
#include "codegen/halide/Float.h"
#include "codegen/halide/Integer.h"
#include "codegen/halide/Reporter.h"
#include "codegen/halide/SymbolicExpr.h"
#include "codegen/halide/lowering/Opaque.h"
#include "codegen/kernels/WorkerPool.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <unistd.h>

using namespace dycc::halide;
using dycc::codegen::runWorkers;
using dycc::codegen::TaskEnd;
using Halide::Expr;

namespace {

/// Evaluates `build` at `x` by Halide's own just-in-time compiler.
float evaluate(float x, Expr (*build)(Expr)) {
  Halide::Buffer<float> in(1);
  in(0) = x;
  Halide::ImageParam param(Halide::Float(32), 1);
  Halide::Var i;
  Halide::Func f;
  f(i) = Halide::cast<float>(build(param(i)));
  param.set(in);
  Halide::Pipeline pipeline(f);
  addFloatWriter(pipeline, /*isFused=*/true);
  Halide::Buffer<float> out = pipeline.realize({1});
  return out(0);
}

int evaluateInt(int a, int b, Expr (*build)(Expr, Expr)) {
  // Tensors without axes, as scalars of models are: Halide has bounds of those.
  Halide::ImageParam pa(Halide::Int(32), 0), pb(Halide::Int(32), 0);
  pa.set(Halide::Buffer<int>::make_scalar(&a));
  pb.set(Halide::Buffer<int>::make_scalar(&b));
  Halide::Func f;
  f() = build(pa(), pb());
  Halide::Pipeline pipeline(f);
  addOpaques(pipeline);
  Halide::Buffer<int> out = pipeline.realize({});
  return out();
}

// Without assertions such a kernel writes beyond what it has.
TEST(KernelRules, AKernelThatIsSureToFailIsAnError) {
  Halide::Var x("x");
  Halide::Func part("part"), whole("whole");
  part(x) = x;
  whole(x) = part(x) + part(x + 8);
  part.compute_root().bound_extent(x, 4);
  Reporter reporter;
  try {
    whole.compile_to_module({}, "sure_to_fail");
    ADD_FAILURE() << "expects an error";
  } catch (const KernelError &error) {
    EXPECT_NE(std::string(error.what()).find("guaranteed to fail"),
              std::string::npos)
        << error.what();
  }
}

TEST(KernelRules, PlainFloatsForgetNaNAndInfinity) {
  float inf = INFINITY, nan = NAN;
  EXPECT_EQ(evaluate(inf, [](Expr x) { return x - x; }), 0);
  EXPECT_TRUE(std::isnan(evaluate(inf, [](Expr x) { return strict(x - x); })));
  EXPECT_TRUE(
      std::isnan(evaluate(nan, [](Expr x) { return maxNaN(x, Expr(0.0f)); })));
  EXPECT_TRUE(std::isnan(evaluate(
      nan, [](Expr x) { return Halide::select(isLess(x, 0.0f), 0.0f, x); })));
  std::printf("plain exp(inf): %g, max(NaN, 0): %g\n",
              evaluate(inf, [](Expr x) { return Halide::exp(x); }),
              evaluate(nan, [](Expr x) { return Halide::max(x, 0.0f); }));
  EXPECT_EQ(evaluate(inf, math::exp), inf);
  EXPECT_EQ(evaluate(-inf, math::exp), 0);
}

TEST(KernelRules, StrictLessEqualIsTrueForNaN) {
  EXPECT_EQ(evaluate(NAN, [](Expr x) { return strict(x <= 0.0f); }), 1);
  EXPECT_EQ(evaluate(NAN, [](Expr x) { return strict(x >= 0.0f); }), 1);
  EXPECT_EQ(evaluate(NAN, [](Expr x) { return isLessEqual(0.0f, x); }), 0);
}

TEST(KernelRules, DivisionFloors) {
  auto divide = [](Expr a, Expr b) { return a / b; };
  auto modulo = [](Expr a, Expr b) { return a % b; };
  EXPECT_EQ(evaluateInt(-7, 2, divide), -4);
  EXPECT_EQ(evaluateInt(-7, 2, modulo), 1);
  EXPECT_EQ(evaluateInt(7, 0, divide), 0);
  EXPECT_EQ(evaluateInt(-7, 2, truncDiv), -3);
  EXPECT_EQ(evaluateInt(-7, 2, truncMod), -1);
  EXPECT_EQ(evaluateInt(7, 0, truncDiv), 0);
}

/// Compiles a small kernel into `path`.
void compileSmall(const std::string &path) {
  Halide::ImageParam in(Halide::Float(32), 2, "in");
  Halide::Func f("f"), g("g");
  Halide::Var x("x"), y("y");
  g(x, y) = in(x, y) * 2;
  f(x, y) = g(x, y) + g(x, y + 1);
  g.compute_at(f, y);
  f.vectorize(x, 8, Halide::TailStrategy::GuardWithIf);
  Halide::Target target("x86-64-linux-avx-avx2-fma-sse41-no_runtime");
  f.compile_to({{Halide::OutputFileType::object, path}}, {in}, "f", target);
}

std::string readFile(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(KernelRules, OneProcessPerKernelGivesEqualBytes) {
  std::string base = "/tmp/dycc-rules-" + std::to_string(::getpid());
  std::vector<std::function<std::string()>> tasks;
  for (const char *suffix : {".1", ".2"})
    tasks.push_back([=] {
      compileSmall(base + suffix);
      return std::string();
    });
  // A third process compiles it twice.
  tasks.push_back([=] {
    compileSmall(base + ".3");
    compileSmall(base + ".4");
    return std::string();
  });
  auto start = std::chrono::steady_clock::now();
  for (const TaskEnd &end : runWorkers(tasks, 1))
    EXPECT_EQ(end.error, "");
  std::chrono::duration<double, std::milli> time =
      std::chrono::steady_clock::now() - start;
  std::string first = readFile(base + ".1"), second = readFile(base + ".2");
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(first, second);
  EXPECT_EQ(first, readFile(base + ".3"));
  std::printf("compiled second in one process: %s bytes; %.0f ms a kernel\n",
              first == readFile(base + ".4") ? "the same" : "other",
              time.count() / 4);
  for (const char *suffix : {".1", ".2", ".3", ".4"})
    ::unlink((base + suffix).c_str());
}

/// What the world around it did is no defect; what it threw, or a crash, is.
TEST(KernelRules, ACrashIsAnError) {
  std::vector<std::function<std::string()>> tasks = {
      [] { return std::string("said so"); },
      []() -> std::string { throw std::runtime_error("thrown"); },
      []() -> std::string { throw std::runtime_error(""); },
      []() -> std::string { ::abort(); },
      []() -> std::string { ::_exit(3); },
      [] { return std::string(); },
      []() -> std::string {
        ::raise(SIGKILL);
        return "";
      },
  };
  std::vector<TaskEnd> ends = runWorkers(tasks, 2);
  std::vector<std::string> errors = {"said so",
                                     "thrown",
                                     "failed without a text",
                                     "kernel compiler stopped by signal 6",
                                     "kernel compiler ended with status 3",
                                     "",
                                     "kernel compiler stopped by signal 9"};
  std::vector<bool> defects = {false, true, true, true, false, false, false};
  for (size_t i = 0; i < ends.size(); ++i) {
    EXPECT_EQ(ends[i].error.substr(0, errors[i].size()), errors[i]);
    EXPECT_EQ(ends[i].isDefect, defects[i]) << errors[i];
  }
}

// Bounds of what only one side of a branch computes have it: what scratch takes
// is read back from them.
TEST(KernelRules, SizesWithBranchesAreFunctionsOfTheShape) {
  using Halide::Internal::Call;
  mlir::MLIRContext context;
  context.loadDialect<dycc::dyn::DynDialect>();
  Halide::Param<int> symbol("s0");
  auto branch = [&](std::vector<Expr> arguments) {
    return fromHalide(Call::make(Halide::Int(32), Call::if_then_else, arguments,
                                 Call::PureIntrinsic),
                      &context);
  };
  dycc::dyn::ExprAttr both =
      branch({Expr(symbol) == 0, Expr(3), Expr(symbol) * 4});
  ASSERT_TRUE(both);
  auto at = [&](int64_t value) {
    return both.evaluate([&](llvm::StringRef) { return value; });
  };
  EXPECT_EQ(at(0), 3);
  EXPECT_EQ(at(5), 20);
  EXPECT_FALSE(branch({Expr(symbol) == 0, Expr(3)}));
}

TEST(KernelRules, IntegerPowersWrap) {
  EXPECT_EQ(evaluateInt(3, 4, wrapPow), 81);
  EXPECT_EQ(evaluateInt(2, 32, wrapPow), 0);
  EXPECT_EQ(evaluateInt(-1, -3, wrapPow), -1);
  EXPECT_EQ(evaluateInt(5, -1, wrapPow), 0);
}

/// `a` to the constant power `b`, which Halide learns of late.
template <int b>
Expr constantPower(Expr a, Expr) {
  Halide::Func exponent;
  exponent() = b;
  return wrapPow(a, exponent());
}

// Squarings that were put into each other took the compiler forever.
TEST(KernelRules, IntegerPowersOfConstantExponentsEnd) {
  EXPECT_EQ(evaluateInt(7, 0, constantPower<0>), 1);
  EXPECT_EQ(evaluateInt(-7, 0, constantPower<2>), 49);
  EXPECT_EQ(evaluateInt(3, 0, constantPower<63>), 2111105451);
  EXPECT_EQ(evaluateInt(-1, 0, constantPower<-3>), -1);
}

} // namespace
