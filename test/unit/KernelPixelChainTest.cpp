// Two convolutions of single pixels in one kernel, whatever is between them.
#include "KernelReference.h"

#include "llvm/ADT/STLExtras.h"

using namespace dycc::test;

namespace {

class KernelPixelChain : public KernelTest {};

const Place sizes[] = {{1, 1, 1},  {1, 1, 13}, {2, 3, 14}, {1, 5, 15},
                       {1, 7, 29}, {2, 1, 60}, {0, 4, 4},  {1, 0, 3}};

/// The image behind a convolution of single pixels.
Array pixels(const Array &x, const Array &filter, const Array &bias) {
  Place dims = x.dims;
  dims[1] = filter.dims[0];
  return {dims, build(dims, [&](const Place &at) {
            double sum = bias.values.empty() ? 0 : bias.values[at[1]];
            for (int64_t i = 0; i < x.dims[1]; ++i)
              sum += filter({at[1], i, 0, 0}) * x({at[0], i, at[2], at[3]});
            return sum;
          })};
}

std::string text(int64_t value) { return std::to_string(value); }

std::string imageOf(int64_t channels, bool isLast = true) {
  return "@f32[N, " + text(channels) + ", H, W" +
         (isLast ? "; channels_last<8>]" : "]");
}

std::string filterOf(int64_t outputs, int64_t inputs) {
  unsigned width = 2 * dycc::codegen::TargetInfo::host().lanes(4);
  return "@f32[" + text(outputs) + ", " + text(inputs) + ", 1, 1; panels<" +
         text(width) + ">]";
}

/// `between` leads from %a to %b; both have as many channels. More inputs are
/// %4 and so on.
GroupText chain(int64_t inputs, int64_t inner, int64_t outputs,
                const std::string &between, bool isLast = true,
                const std::vector<std::string> &more = {}) {
  std::vector<std::string> all{imageOf(inputs, isLast), filterOf(inner, inputs),
                               filterOf(outputs, inner),
                               "@f32[" + text(inner) + "]"};
  all.insert(all.end(), more.begin(), more.end());
  std::string result = "@f32[N, " + text(outputs) + ", H, W]";
  return {all,
          {imageOf(outputs)},
          "%a = Conv(%0, %1, %3) : " + imageOf(inner, false) + "\n" + between +
              "\n%c = Conv(%b, %2, _) : " + result +
              "\n%r = Neg(%c) : " + result,
          "%r"};
}

std::string relu(int64_t inner) {
  return "%b = Relu(%a) : " + imageOf(inner, false);
}

struct Widths {
  int64_t inputs, inner, outputs;
};

TEST_F(KernelPixelChain, NumbersOfChannels) {
  const Widths widths[] = {{32, 96, 25}, {5, 40, 3}, {16, 7, 64}, {1, 1, 1}};
  std::vector<GroupText> texts;
  for (Widths w : widths)
    texts.push_back(chain(w.inputs, w.inner, w.outputs, relu(w.inner)));
  // An image that does not have its channels innermost.
  texts.push_back(chain(32, 96, 25, relu(96), /*isLast=*/false));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [i, kernel] : llvm::enumerate(kernels))
    for (const Place &s : sizes) {
      SCOPED_TRACE(testing::Message() << i << ": " << s[1] << " x " << s[2]);
      Widths w = widths[i % std::size(widths)];
      Array x = Array::random({s[0], w.inputs, s[1], s[2]}, -1, 1, 1),
            f = Array::random({w.inner, w.inputs, 1, 1}, -1, 1, 2),
            g = Array::random({w.outputs, w.inner, 1, 1}, -1, 1, 3),
            bias = Array::random({w.inner}, -1, 1, 4);
      Array between = pixels(x, f, bias);
      for (double &value : between.values)
        value = std::max(value, 0.0);
      Array expected = pixels(between, g, {{0}, {}});
      for (double &value : expected.values)
        value = -value;
      expectNear(kernel->run({{"N", s[0]}, {"H", s[1]}, {"W", s[2]}},
                             {x.values, f.values, g.values, bias.values})[0],
                 expected.values, 1e-5, 1e-5);
    }
}

// What is read between the two ends where the image ends; an operand with a row
// only keeps the axes of the image apart.
TEST_F(KernelPixelChain, OtherImagesBetween) {
  auto kernels =
      compileAll({chain(16, 40, 20, "%b = Add(%a, %4) : " + imageOf(40, false),
                        true, {imageOf(40)}),
                  chain(16, 40, 20,
                        "%s = Add(%a, %4) : " + imageOf(40, false) +
                            "\n%b = Add(%s, %5) : " + imageOf(40, false),
                        true, {imageOf(40), "@f32[N, 1, 1, W]"})});
  ASSERT_EQ(kernels.size(), 2u);
  for (auto [i, kernel] : llvm::enumerate(kernels))
    for (const Place &s : sizes) {
      SCOPED_TRACE(testing::Message() << i << ": " << s[1] << " x " << s[2]);
      Array x = Array::random({s[0], 16, s[1], s[2]}, -1, 1, 1),
            f = Array::random({40, 16, 1, 1}, -1, 1, 2),
            g = Array::random({20, 40, 1, 1}, -1, 1, 3),
            bias = Array::random({40}, -1, 1, 4),
            image = Array::random({s[0], 40, s[1], s[2]}, -1, 1, 5),
            row = Array::random({s[0], 1, 1, s[2]}, -1, 1, 6);
      Array between = pixels(x, f, bias);
      between.values = build(between.dims, [&](const Place &at) {
        return between(at) + image(at) + (i ? row({at[0], 0, 0, at[3]}) : 0);
      });
      Array expected = pixels(between, g, {{0}, {}});
      for (double &value : expected.values)
        value = -value;
      std::vector<Values> inputs{x.values, f.values, g.values, bias.values,
                                 image.values};
      if (i)
        inputs.push_back(row.values);
      expectNear(
          kernel->run({{"N", s[0]}, {"H", s[1]}, {"W", s[2]}}, inputs)[0],
          expected.values, 1e-5, 1e-5);
    }
}

} // namespace
