#include "KernelHarness.h"

#include <cstdio>

using namespace dycc::test;

namespace {

class KernelMatMul : public KernelTest {};

/// (batch, m, k) times (k, n), both row-major.
Values product(const Values &a, const Values &b, int64_t batch, int64_t m,
               int64_t n, int64_t k, bool sharedRight) {
  Values result;
  for (int64_t i = 0; i < batch; ++i)
    for (int64_t row = 0; row < m; ++row)
      for (int64_t column = 0; column < n; ++column) {
        double sum = 0;
        for (int64_t j = 0; j < k; ++j)
          sum += a[(i * m + row) * k + j] *
                 b[((sharedRight ? 0 : i) * k + j) * n + column];
        result.push_back(sum);
      }
  return result;
}

struct Size {
  int64_t m, n, k;
};
const Size sizes[] = {{1, 1, 1},    {7, 5, 3},    {13, 33, 17},
                      {64, 48, 40}, {64, 64, 40}, {3, 67, 5},
                      {47, 131, 9}, {0, 8, 8},    {5, 9, 0}};

/// M x K times packed K x N, in panels of some vectors of columns.
GroupText packedProduct(const std::string &m, unsigned vectors,
                        const std::string &k = "K") {
  unsigned width = vectors * dycc::codegen::TargetInfo::host().lanes(4);
  std::string result = "@f32[" + m + ", N]";
  return {{"@f32[" + m + ", " + k + "]",
           "@f32[" + k + ", N; panels<" + std::to_string(width) + ">]"},
          {result},
          "%c = MatMul(%0, %1) : " + result,
          "%c"};
}

TEST_F(KernelMatMul, MultipliesPackedWeights) {
  auto kernels = compileAll(
      {packedProduct("M", 2), packedProduct("M", 3), packedProduct("M", 4)});
  ASSERT_EQ(kernels.size(), 3u);
  for (auto &kernel : kernels)
    for (Size s : sizes) {
      SCOPED_TRACE(s.n);
      Values a = randomValues(s.m * s.k, -1, 1, 1);
      Values b = randomValues(s.k * s.n, -1, 1, 2);
      expectNear(kernel->run({{"M", s.m}, {"N", s.n}, {"K", s.k}}, {a, b})[0],
                 product(a, b, 1, s.m, s.n, s.k, true), 1e-5, 1e-5);
    }
}

// Weights beyond 4 MiB: a single row, or one behind whole tiles, asks for them
// some pages ahead, and for what lies behind the last one.
TEST_F(KernelMatMul, StreamsLargeWeightsPastARow) {
  auto kernels = compileAll({packedProduct("M", 2), packedProduct("1", 2),
                             packedProduct("M", 2, "1100")});
  ASSERT_EQ(kernels.size(), 3u);
  for (size_t number = 0; number < kernels.size(); ++number)
    for (Size s : {Size{1, 1000, 1100}, {15, 1000, 1100}, {1, 900, 1100}}) {
      if (number == 1)
        s.m = 1;
      Values a = randomValues(s.m * s.k, -1, 1, 1);
      Values b = randomValues(s.k * s.n, -1, 1, 2);
      expectNear(
          kernels[number]->run({{"M", s.m}, {"N", s.n}, {"K", s.k}}, {a, b})[0],
          product(a, b, 1, s.m, s.n, s.k, true), 1e-5, 1e-4);
    }
}

// Behind the whole tiles there can be any number of rows, each with a tile of
// its own height; none of them may read or write beyond its rows.
TEST_F(KernelMatMul, AnyNumberOfRowsIsLeftBehindTheTiles) {
  auto kernels =
      compileAll({packedProduct("M", 2), packedProduct("M", 3),
                  packedProduct("M", 4), packedProduct("1", 3),
                  packedProduct("7", 2), packedProduct("M", 3, "10")});
  ASSERT_EQ(kernels.size(), 6u);
  auto check = [&](LoadedKernel &kernel, int64_t m, int64_t k = 11) {
    SCOPED_TRACE(m);
    int64_t n = 50;
    Values a = randomValues(m * k, -1, 1, 1), b = randomValues(k * n, -1, 1, 2);
    expectNear(kernel.run({{"M", m}, {"N", n}, {"K", k}}, {a, b})[0],
               product(a, b, 1, m, n, k, true), 1e-5, 1e-5);
  };
  for (size_t i = 0; i < 3; ++i)
    for (int64_t m = 1; m <= 20; ++m)
      check(*kernels[i], m);
  check(*kernels[3], 1);
  check(*kernels[4], 7);
  // An even depth is summed up in two parts by low tiles.
  for (int64_t m = 1; m <= 20; ++m)
    check(*kernels[5], m, 10);
}

TEST_F(KernelMatMul, ComputesItsRightSideInItsPanels) {
  auto kernel = compile({{"@f32[B, M, K]", "@f32[B, K, N]"},
                         {"@f32[B, M, N]"},
                         "%n = Neg(%1) : @f32[B, K, N]\n"
                         "%c = MatMul(%0, %n) : @f32[B, M, N]",
                         "%c"});
  ASSERT_TRUE(kernel);
  for (Size s : sizes) {
    SCOPED_TRACE(s.n);
    Values a = randomValues(2 * s.m * s.k, -1, 1, 1);
    Values b = randomValues(2 * s.k * s.n, -1, 1, 2), negated = b;
    for (double &value : negated)
      value = -value;
    expectNear(
        kernel->run({{"B", 2}, {"M", s.m}, {"N", s.n}, {"K", s.k}}, {a, b})[0],
        product(a, negated, 2, s.m, s.n, s.k, false), 1e-5, 1e-5);
  }
}

TEST_F(KernelMatMul, OverNothingIsZero) {
  auto k = compile({{"@f32[9, 0]", "@f32[0, N]"},
                    {"@f32[9, N]"},
                    "%r = MatMul(%0, %1) : @f32[9, N]",
                    "%r"});
  ASSERT_TRUE(k);
  expectNear(k->run({{"N", 5}}, {{}, {}})[0], Values(45, 0), 0, 0);
}

TEST_F(KernelMatMul, MultipliesBatchesOfValues) {
  auto kernel = compile({{"@f32[B, M, K]", "@f32[B, K, N]"},
                         {"@f32[B, M, N]"},
                         "%c = MatMul(%0, %1) : @f32[B, M, N]",
                         "%c"});
  ASSERT_TRUE(kernel);
  for (Size s : sizes) {
    SCOPED_TRACE(s.n);
    Values a = randomValues(3 * s.m * s.k, -1, 1, 1);
    Values b = randomValues(3 * s.k * s.n, -1, 1, 2);
    expectNear(
        kernel->run({{"B", 3}, {"M", s.m}, {"N", s.n}, {"K", s.k}}, {a, b})[0],
        product(a, b, 3, s.m, s.n, s.k, false), 1e-5, 1e-5);
  }
}

TEST_F(KernelMatMul, BroadcastsBatchesAndTakesEpilogues) {
  auto kernel = compile({{"@f32[B, 2, M, K]", "@f32[1, K, N]", "@f32[N]"},
                         {"@f32[B, 2, M, N]"},
                         "%c = MatMul(%0, %1) : @f32[B, 2, M, N]\n"
                         "%d = Add(%c, %2) : @f32[B, 2, M, N]\n"
                         "%e = Relu(%d) : @f32[B, 2, M, N]",
                         "%e"});
  ASSERT_TRUE(kernel);
  for (Size s : sizes) {
    Values a = randomValues(4 * s.m * s.k, -1, 1, 1);
    Values b = randomValues(s.k * s.n, -1, 1, 2);
    Values bias = randomValues(s.n, -1, 1, 3);
    Values expected = product(a, b, 4, s.m, s.n, s.k, true);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] = std::max(expected[i] + bias[i % s.n], 0.0);
    expectNear(kernel->run({{"B", 2}, {"M", s.m}, {"N", s.n}, {"K", s.k}},
                           {a, b, bias})[0],
               expected, 1e-5, 1e-5);
  }
}

// Rows of all matrices are one axis where one matrix is the right side and what
// else is read follows both axes; a term of rows alone keeps them apart.
TEST_F(KernelMatMul, RowsOfABatchAreRowsOfOneMatrix) {
  auto group = [](const std::string &addend) {
    return GroupText{{"@f32[B, 2, M, K]", "@f32[1, K, N]", "@f32[N]",
                      "@f32[B, 2, M, 1]", addend},
                     {"@f32[B, 2, M, N]"},
                     "%c = MatMul(%0, %1) : @f32[B, 2, M, N]\n"
                     "%d = Add(%c, %2) : @f32[B, 2, M, N]\n"
                     "%e = Mul(%d, %3) : @f32[B, 2, M, N]\n"
                     "%f = Add(%e, %4) : @f32[B, 2, M, N]",
                     "%f"};
  };
  auto kernels = compileAll({group("@f32[B, 2, M, N]"), group("@f32[M, N]")});
  ASSERT_EQ(kernels.size(), 2u);
  for (Size s : sizes)
    for (int64_t batch : {0, 1, 3})
      for (bool isWhole : {true, false}) {
        SCOPED_TRACE(testing::Message() << batch << " times " << s.m << "x"
                                        << s.n << "x" << s.k << isWhole);
        int64_t rows = batch * 2 * s.m;
        Values a = randomValues(rows * s.k, -1, 1, 1);
        Values b = randomValues(s.k * s.n, -1, 1, 2);
        Values bias = randomValues(s.n, -1, 1, 3);
        Values scale = randomValues(rows, -1, 1, 4);
        Values addend = randomValues((isWhole ? rows : s.m) * s.n, -1, 1, 5);
        Values expected = product(a, b, batch * 2, s.m, s.n, s.k, true);
        for (size_t i = 0; i < expected.size(); ++i)
          expected[i] = (expected[i] + bias[i % s.n]) * scale[i / s.n] +
                        addend[i % addend.size()];
        expectNear(kernels[isWhole ? 0 : 1]->run(
                       {{"B", batch}, {"M", s.m}, {"N", s.n}, {"K", s.k}},
                       {a, b, bias, scale, addend})[0],
                   expected, 1e-5, 1e-5);
      }
}

TEST_F(KernelMatMul, MultipliesVectors) {
  auto kernels = compileAll({
      {{"@f32[K]", "@f32[K, N]"},
       {"@f32[N]"},
       "%c = MatMul(%0, %1) : @f32[N]",
       "%c"},
      {{"@f32[M, K]", "@f32[K]"},
       {"@f32[M]"},
       "%c = MatMul(%0, %1) : @f32[M]",
       "%c"},
      {{"@f32[K]", "@f32[K]"},
       {"@f32[]"},
       "%c = MatMul(%0, %1) : @f32[]",
       "%c"},
  });
  ASSERT_EQ(kernels.size(), 3u);
  Values m = randomValues(7 * 19, -1, 1, 1), v = randomValues(7, -1, 1, 2);
  dycc::test::Symbols symbols = {{"K", 7}, {"N", 19}, {"M", 19}};
  expectNear(kernels[0]->run(symbols, {v, m})[0],
             product(v, m, 1, 1, 19, 7, true), 1e-5, 1e-5);
  expectNear(kernels[1]->run(symbols, {m, v})[0],
             product(m, v, 1, 19, 1, 7, true), 1e-5, 1e-5);
  expectNear(kernels[2]->run(symbols, {v, v})[0],
             product(v, v, 1, 1, 1, 7, true), 1e-5, 1e-5);
}

TEST_F(KernelMatMul, GemmTransposesAndScales) {
  auto kernel = compile(
      {{"@f32[K, M]", "@f32[N, K]", "@f32[1, N]"},
       {"@f32[M, N]"},
       "%c = Gemm(%0, %1, %2) {transA = 1 : i64, transB = 1 : i64, alpha = "
       "5.000000e-01 : f32, beta = 2.000000e+00 : f32} : @f32[M, N]",
       "%c"});
  ASSERT_TRUE(kernel);
  // Whole and other panels, depths of whole tiles and others.
  const int64_t sizes[][3] = {
      {9, 21, 14}, {1, 64, 16}, {3, 130, 33}, {2, 5, 1}};
  for (auto [m, n, k] : sizes) {
    Values a = randomValues(m * k, -1, 1, 1), b = randomValues(k * n, -1, 1, 2);
    Values bias = randomValues(n, -1, 1, 3), at(m * k), bt(k * n);
    for (int64_t i = 0; i < k; ++i) {
      for (int64_t j = 0; j < m; ++j)
        at[j * k + i] = a[i * m + j];
      for (int64_t j = 0; j < n; ++j)
        bt[i * n + j] = b[j * k + i];
    }
    Values expected = product(at, bt, 1, m, n, k, true);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] = 0.5 * expected[i] + 2 * bias[i % n];
    expectNear(kernel->run({{"M", m}, {"N", n}, {"K", k}}, {a, b, bias})[0],
               expected, 1e-5, 1e-5);
  }
}

TEST_F(KernelMatMul, IntegersWrap) {
  auto kernel = compile({{"@i32[M, K]", "@i32[K, N]"},
                         {"@i32[M, N]"},
                         "%c = MatMul(%0, %1) : @i32[M, N]",
                         "%c"});
  ASSERT_TRUE(kernel);
  Values a(6, 2147483647.0), b(6, 2.0); // (2^31 - 1) * 2 is -2 in 32 bits.
  expectNear(kernel->run({{"M", 2}, {"N", 2}, {"K", 3}}, {a, b})[0],
             Values(4, -6), 0, 0);
}

/// M x K of u8 times packed K x N of s8, in groups and panels. The left side
/// may have another name of K.
GroupText integerProduct(const std::string &m, unsigned vectors,
                         const std::string &k, const std::string &left = "") {
  unsigned width = vectors * dycc::codegen::TargetInfo::host().lanes(4);
  std::string result = "@i32[" + m + ", N]";
  return {{"@ui8[" + m + ", " + (left.empty() ? k : left) + "]",
           "@i8[" + k + ", N; panels<" + std::to_string(width) + ", group 4>]"},
          {result},
          "%c = MatMulInteger(%0, %1, _, _) : " + result,
          "%c"};
}

// The largest numbers that there are too: pairs of their products do not fit 16
// bits.
TEST_F(KernelMatMul, SumsOfBytesAreExact) {
  auto kernels = compileAll(
      {integerProduct("M", 2, "8"), integerProduct("M", 3, "100"),
       integerProduct("M", 4, "2052"), integerProduct("M", 2, "12", "K"),
       integerProduct("M", 2, "7"), integerProduct("M", 3, "101", "K"),
       integerProduct("M", 4, "1026"), integerProduct("M", 2, "3"),
       integerProduct("1", 3, "63"), integerProduct("1", 3, "64")});
  ASSERT_EQ(kernels.size(), 10u);
  int64_t depths[] = {8, 100, 2052, 12, 7, 101, 1026, 3, 63, 64};
  auto check = [&](size_t i, Size s) {
    SCOPED_TRACE(s.n);
    s.k = depths[i];
    for (bool isLargest : {false, true}) {
      Values a = randomValues(s.m * s.k, isLargest ? 255 : 0, 256, 1, true);
      Values b = randomValues(s.k * s.n, -128, isLargest ? -127 : 128, 2, true);
      expectNear(
          kernels[i]->run({{"M", s.m}, {"N", s.n}, {"K", s.k}}, {a, b})[0],
          product(a, b, 1, s.m, s.n, s.k, true), 0, 0);
    }
  };
  for (size_t i = 0; i < 8; ++i)
    for (Size s : sizes)
      check(i, s);
  for (size_t i : {8, 9})
    for (int64_t n : {1, 16, 47, 130})
      check(i, {1, n, depths[i]});
}

// Without panels too.
TEST_F(KernelMatMul, MultipliesBytesWhereTheyLie) {
  auto kernel = compile({{"@ui8[M, 7]", "@i8[7, N]"},
                         {"@i32[M, N]"},
                         "%c = MatMulInteger(%0, %1, _, _) : @i32[M, N]",
                         "%c"});
  ASSERT_TRUE(kernel);
  for (Size s : sizes) {
    Values a = randomValues(s.m * 7, 0, 256, 1, true);
    Values b = randomValues(7 * s.n, -128, 128, 2, true);
    expectNear(kernel->run({{"M", s.m}, {"N", s.n}}, {a, b})[0],
               product(a, b, 1, s.m, s.n, 7, true), 0, 0);
  }
}

TEST_F(KernelMatMul, ZeroPointsOfBytesAreRefused) {
  EXPECT_NE(compileError({{"@ui8[M, 8]", "@i8[8, N]", "@ui8[]"},
                          {"@i32[M, N]"},
                          "%c = MatMulInteger(%0, %1, %2, _) : @i32[M, N]",
                          "%c"})
                .find("expects operands without zero points"),
            std::string::npos);
}

TEST_F(KernelMatMul, ReachesItsSpeed) {
  auto kernels = compileAll({packedProduct("M", 4),
                             {{"@f32[M, K]", "@f32[K, N]"},
                              {"@f32[M, N]"},
                              "%c = MatMul(%0, %1) : @f32[M, N]",
                              "%c"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (auto &kernel : kernels)
    for (int64_t m : {384, 33, 7, 1}) {
      double seconds = kernel->time({{"M", m}, {"N", 768}, {"K", 768}}, 10);
      std::printf("product %ldx768x768 %s: %.3f ms, %.1f GFLOP/s\n", m,
                  &kernel == &kernels[0] ? "packed" : "plain", seconds * 1e3,
                  2.0 * m * 768 * 768 / seconds * 1e-9);
      EXPECT_GT(seconds, 0);
    }
}

} // namespace
