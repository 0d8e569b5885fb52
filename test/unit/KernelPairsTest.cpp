// Products of bf16 whose weights lie in pairs along their sums: with the
// machine's dot products, and without them.
#include "KernelConvolutionCase.h"

#include "codegen/halide/HalideTarget.h"

using namespace dycc::test;
using dycc::codegen::TargetInfo;

namespace {

class KernelPairs : public KernelConvolution {};

/// Of a processor without such instructions, which any x86-64 of today is.
class KernelPairsWithout : public KernelPairs {
protected:
  KernelPairsWithout() {
    target = llvm::cantFail(TargetInfo::get("", "x86-64-v3", ""));
    EXPECT_FALSE(dycc::halide::hasBf16Products(target));
  }
};

/// As memory has them: a bf16 is the upper half of an f32.
Values rounded(Values values) {
  for (double &value : values) {
    float narrow = static_cast<float>(value);
    uint32_t bits;
    std::memcpy(&bits, &narrow, sizeof bits);
    bits = (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
    std::memcpy(&narrow, &bits, sizeof bits);
    value = narrow;
  }
  return values;
}

std::string text(int64_t value) { return std::to_string(value); }

struct Size {
  int64_t k, n;
};

// With a panel that is not full, and so many that threads share them.
const Size sizes[] = {{0, 5}, {2, 1}, {6, 40}, {72, 33}, {130, 700}};
const int64_t rowCounts[] = {0, 1, 2, 14, 31, 150};

/// The panels are as wide on all x86-64.
std::string weights(Size s) {
  return "@bf16[" + text(s.k) + ", " + text(s.n) + "; panels<48, group 2>]";
}

/// The sums as f32, which a Cast in their kernel reads.
GroupText product(Size s, const std::string &before, const std::string &of) {
  std::string n = text(s.n), k = text(s.k);
  return {{"@bf16[M, " + k + "]", weights(s), "@bf16[" + n + "]"},
          {"@f32[M, " + n + "]"},
          before + "%c = " + of + " : @bf16[M, " + n +
              "]\n%r = Cast(%c) {to = 1 : i64} : @f32[M, " + n + "]",
          "%r"};
}

/// By definition, and what the roundings of its sums may add up to: each of the
/// products is exact in f32, each sum is off by half a place.
struct Sums {
  Values values, bounds;

  Sums(const Values &a, const Values &b, int64_t rows, Size s) {
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < s.n; ++column) {
        double sum = 0, magnitude = 0;
        for (int64_t k = 0; k < s.k; ++k) {
          double product = a[row * s.k + k] * b[k * s.n + column];
          sum += product;
          magnitude += std::abs(product);
        }
        values.push_back(sum);
        bounds.push_back(s.k * 0x1p-24 * magnitude + s.k * 0x1p-126);
      }
  }
};

void expectWithin(const Values &got, const Sums &wanted) {
  ASSERT_EQ(got.size(), wanted.values.size());
  for (size_t i = 0; i < got.size(); ++i)
    ASSERT_LE(std::abs(got[i] - wanted.values[i]), wanted.bounds[i]) << i;
}

void checkProducts(const std::vector<std::unique_ptr<LoadedKernel>> &kernels) {
  ASSERT_EQ(kernels.size(), std::size(sizes));
  for (auto [kernel, s] : llvm::zip(kernels, sizes))
    for (int64_t rows : rowCounts) {
      SCOPED_TRACE(text(rows) + " rows of " + text(s.k) + ", " + text(s.n));
      Values a = rounded(randomValues(rows * s.k, -2, 2, 1)),
             b = rounded(randomValues(s.k * s.n, -2, 2, 2));
      expectWithin(kernel->run({{"M", rows}}, {a, b, Values(s.n, 0)})[0],
                   Sums(a, b, rows, s));
    }
}

std::vector<GroupText> products() {
  std::vector<GroupText> texts;
  for (Size s : sizes)
    texts.push_back(product(s, "", "MatMul(%0, %1)"));
  return texts;
}

TEST_F(KernelPairs, ProductsAreWithinTheRoundingsOfTheirSums) {
  checkProducts(compileAll(products()));
}

TEST_F(KernelPairsWithout, ProductsAreWithinTheRoundingsOfTheirSums) {
  checkProducts(compileAll(products()));
}

// A left side that is computed is rounded to bf16, as a result of that type is.
TEST_F(KernelPairs, LeftSidesThatAreComputed) {
  std::vector<GroupText> texts;
  for (Size s : sizes)
    texts.push_back(product(s, "%s = Neg(%0) : @bf16[M, " + text(s.k) + "]\n",
                            "Gemm(%s, %1, %2) {alpha = 0.5 : f32}"));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [kernel, s] : llvm::zip(kernels, sizes))
    for (int64_t rows : rowCounts) {
      Values a = eighths(rows * s.k, 1), b = eighths(s.k * s.n, 2),
             c = eighths(s.n, 3);
      Values wanted = Sums(a, b, rows, s).values;
      for (auto [i, value] : llvm::enumerate(wanted))
        value = c[i % c.size()] - value / 2;
      expectNear(kernel->run({{"M", rows}}, {a, b, c})[0], wanted, 0, 0);
    }
}

TEST_F(KernelPairs, VectorsAndBatchesOnTheLeft) {
  Size s{72, 100};
  GroupText batch{{"@bf16[B, M, 72]", weights(s)},
                  {"@f32[B, M, 100]"},
                  "%c = MatMul(%0, %1) : @bf16[B, M, 100]\n"
                  "%r = Cast(%c) {to = 1 : i64} : @f32[B, M, 100]",
                  "%r"};
  GroupText row{{"@bf16[72]", weights(s)},
                {"@f32[100]"},
                "%s = Neg(%0) : @bf16[72]\n%c = MatMul(%s, %1) : @bf16[100]\n"
                "%r = Cast(%c) {to = 1 : i64} : @f32[100]",
                "%r"};
  auto kernels = compileAll({batch, row});
  ASSERT_EQ(kernels.size(), 2u);
  Values b = eighths(s.k * s.n, 2), a = eighths(6 * s.k, 1);
  expectNear(kernels[0]->run({{"B", 2}, {"M", 3}}, {a, b})[0],
             Sums(a, b, 6, s).values, 0, 0);
  a.resize(s.k);
  Values wanted = Sums(a, b, 1, s).values;
  for (double &value : wanted)
    value = -value;
  expectNear(kernels[1]->run({}, {a, b})[0], wanted, 0, 0);
}

// Infinities and NaN are those of the row alone; numbers below the smallest one
// with a full mantissa count as zero, or as what they are.
TEST_F(KernelPairs, NumbersThatAreNoneAndSmallOnes) {
  Size s{6, 40};
  auto kernel = compile(product(s, "", "MatMul(%0, %1)"));
  ASSERT_TRUE(kernel);
  double infinity = std::numeric_limits<double>::infinity(), tiny = 0x1p-130;
  Values a(4 * s.k, 1), b(s.k * s.n, 1);
  a[3] = infinity;
  a[s.k] = std::nan("");
  std::fill(a.begin() + 2 * s.k, a.begin() + 3 * s.k, tiny);
  Values got = kernel->run({{"M", 4}}, {a, b, Values(s.n, 0)})[0];
  for (int64_t column = 0; column < s.n; ++column) {
    EXPECT_EQ(got[column], infinity);
    EXPECT_TRUE(std::isnan(got[s.n + column]));
    EXPECT_LE(std::abs(got[2 * s.n + column]), 6 * tiny);
    EXPECT_EQ(got[3 * s.n + column], 6);
  }
}

const Case convolutions[] = {
    {.name = "3x3", .channels = 32, .filters = 32, .residual = true},
    {.name = "few channels", .channels = 6, .filters = 25},
    {.name = "one pair", .channels = 2, .filters = 25},
    // Whose plan leaves taps out that no pixel of a tile has inside.
    {.name = "taps far apart, with a large filter",
     .channels = 256,
     .filters = 256,
     .pads = {5, 7, 5, 7},
     .dilations = {5, 7}},
    {.name = "taps far apart in a computed image",
     .channels = 256,
     .filters = 256,
     .pads = {5, 7, 5, 7},
     .dilations = {5, 7},
     .prologue = true},
    {.name = "1x1",
     .channels = 16,
     .filters = 48,
     .kernel = {1, 1},
     .pads = noPads},
    {.name = "1x1 of a computed image",
     .channels = 20,
     .filters = 70,
     .kernel = {1, 1},
     .pads = noPads,
     .prologue = true},
    {.name = "1x1 with a large filter",
     .channels = 1024,
     .filters = 600,
     .kernel = {1, 1},
     .pads = noPads},
    {.name = "3x3 with a large filter", .channels = 256, .filters = 256},
    {.name = "1x1 from plain to plain",
     .channels = 6,
     .filters = 40,
     .kernel = {1, 1},
     .pads = noPads,
     .inputLayout = "",
     .outputLayout = ""},
    {.name = "3x3 of a computed image",
     .channels = 16,
     .filters = 40,
     .prologue = true},
    {.name = "without padding, in strides",
     .channels = 8,
     .filters = 16,
     .kernel = {3, 2},
     .pads = noPads,
     .strides = {2, 2}},
    {.name = "1-D with holes",
     .channels = 8,
     .filters = 16,
     .kernel = {3},
     .pads = {2, 2},
     .strides = {1},
     .dilations = {2}},
};

std::vector<Case> cases() {
  std::vector<Case> result;
  for (Case c : convolutions) {
    c.element = "bf16";
    c.weightLayout = "panels<32, group 2>";
    result.push_back(c);
  }
  return result;
}

const std::vector<ImageSize> imageSizes = {
    {1, 7, 7}, {2, 13, 17}, {1, 5, 46}, {0, 8, 8}, {3, 3, 3}};

/// A computed image is rounded before its products: these are off by half a
/// place of what is at most 1, times the filter.
void checkConvolution(LoadedKernel &kernel, const Case &c, ImageSize size) {
  std::vector<Values> in = inputsOf(c, size);
  size_t taps = in[1].size() / static_cast<size_t>(c.filters);
  double largest = 0;
  for (size_t i = 0; c.prologue && i < in[1].size(); i += taps) {
    double sum = 0;
    for (size_t tap = i; tap < i + taps; ++tap)
      sum += std::abs(in[1][tap]);
    largest = std::max(largest, sum);
  }
  expectNear(kernel.run(size.symbols(), in)[0], reference(c, size, in), 0x1p-8,
             1e-5 + 0x1p-9 * largest);
}

TEST_F(KernelPairs, ConvolutionsFollowTheDefinition) {
  checkAll<Case>(cases(), imageSizes, checkConvolution);
}

TEST_F(KernelPairsWithout, ConvolutionsFollowTheDefinition) {
  checkAll<Case>(cases(), imageSizes, checkConvolution);
}

// The second convolution reads what the first one has left of a tile.
TEST_F(KernelPairs, ConvolutionsThatShareTiles) {
  std::string result = "@bf16[N, 30, H, W";
  auto kernel =
      compile({{"@bf16[N, 8, H, W; channels_last<8>]",
                "@bf16[40, 8, 1, 1; panels<32, group 2>]",
                "@bf16[30, 40, 1, 1; panels<32, group 2>]"},
               {result + "; channels_last<8>]"},
               "%a = Conv(%0, %1, _) : @bf16[N, 40, H, W]\n"
               "%b = Relu(%a) : @bf16[N, 40, H, W]\n%c = Conv(%b, %2, _) : " +
                   result + "]",
               "%c"});
  ASSERT_TRUE(kernel);
  for (ImageSize size : {ImageSize{1, 1, 1}, {2, 5, 15}, {1, 7, 29}}) {
    Case first{.name = "", .channels = 8, .filters = 40, .kernel = {1, 1}};
    first.pads = noPads;
    first.bias = false;
    Case second = first;
    second.channels = 40;
    second.filters = 30;
    // Sums that bf16 holds.
    int64_t pixels = size.n * size.h * size.w;
    Values x = randomValues(pixels * 8, -3, 3, 1, true),
           f = randomValues(40 * 8, -2, 2, 2, true),
           g = randomValues(30 * 40, -2, 2, 3, true);
    Values between = reference(first, size, {x, f});
    for (double &value : between)
      value = std::max(value, 0.0);
    expectNear(kernel->run(size.symbols(), {x, f, g})[0],
               reference(second, size, {between, g}), 0x1p-8, 0);
  }
}

} // namespace
