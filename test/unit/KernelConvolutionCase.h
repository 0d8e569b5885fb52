// One convolution as a case: its kernel, its operands, its result by
// definition.
#ifndef DYCC_TEST_UNIT_KERNELCONVOLUTIONCASE_H
#define DYCC_TEST_UNIT_KERNELCONVOLUTIONCASE_H

#include "KernelImages.h"

#include <cmath>
#include <cstdlib>

namespace dycc::test {

inline const std::string image = "channels_last<8>", packed = "panels<16>";
// Whole vectors on every machine.
inline const std::string vectors = "channels_last<16>", wide = "panels<32>";
/// Padding of two axes.
inline const std::vector<int64_t> noPads = {0, 0, 0, 0};

/// How the window moves along one axis.
struct Window {
  int64_t kernel = 1, stride = 1, dilation = 1, begin = 0, end = 0;

  /// Where tap `tap` of output `index` reads.
  int64_t at(int64_t index, int64_t tap) const {
    return index * stride + tap * dilation - begin;
  }
  int64_t outputs(int64_t extent) const {
    return (extent + begin + end - (kernel - 1) * dilation - 1) / stride + 1;
  }
};

/// One convolution: how its tensors lie and how the window moves.
struct Case {
  std::string name;
  int64_t channels, filters, group = 1;
  std::vector<int64_t> kernel = {3, 3}, pads = {1, 1, 1, 1};
  std::vector<int64_t> strides = {1, 1}, dilations = {1, 1};
  std::string inputLayout = image, weightLayout = packed, outputLayout = image;
  bool bias = true, residual = false;
  bool prologue =
      false; ///< A sigmoid before it, whose padding is 0 all the same.
  std::string element = "f32"; ///< Of all tensors.

  bool isHalf() const { return element != "f32"; }

  /// The window along rows (0) or columns (1); a convolution of one spatial
  /// axis has one row.
  Window window(size_t axis) const {
    size_t rank = kernel.size();
    if (axis + rank < 2)
      return {};
    size_t i = axis + rank - 2;
    return {kernel[i], strides[i], dilations[i], pads[i], pads[i + rank]};
  }
  int64_t rows(ImageSize size) const { return kernel.size() == 1 ? 1 : size.h; }
};

inline std::string join(const std::vector<int64_t> &values) {
  std::string text;
  for (int64_t value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return text;
}

/// Output extents as expressions over H and W.
inline std::string outputDims(const Case &c) {
  std::string dims;
  for (size_t axis = 2 - c.kernel.size(); axis < 2; ++axis) {
    Window w = c.window(axis);
    int64_t total = w.begin + w.end - (w.kernel - 1) * w.dilation - 1;
    dims += std::string(dims.empty() ? "" : ", ") + "(" + "HW"[axis] +
            (total < 0 ? " - " : " + ") + std::to_string(std::abs(total)) +
            ") floordiv " + std::to_string(w.stride) + " + 1";
  }
  return dims;
}

inline GroupText groupOf(const Case &c) {
  std::string input = c.kernel.size() == 1 ? "W" : "H, W";
  auto layout = [](const std::string &text) {
    return text.empty() ? "]" : "; " + text + "]";
  };
  std::string channels = std::to_string(c.channels);
  std::string filters = std::to_string(c.filters);
  std::string weight = "@" + c.element + "[" + filters + ", " +
                       std::to_string(c.channels / c.group) + ", " +
                       join(c.kernel);
  std::string result =
      "@" + c.element + "[N, " + filters + ", " + outputDims(c);
  GroupText text;
  std::string data = "@" + c.element + "[N, " + channels + ", " + input;
  text.inputs = {data + layout(c.inputLayout), weight + layout(c.weightLayout)};
  text.results = {result + layout(c.outputLayout)};
  if (c.bias)
    text.inputs.push_back("@" + c.element + "[" + filters + "]");
  if (c.prologue)
    text.body = "%p = Sigmoid(%0) : " + data + "]\n";
  text.body +=
      std::string("%c = Conv(") + (c.prologue ? "%p" : "%0") + ", %1, " +
      (c.bias ? "%2" : "_") + ") {group = " + std::to_string(c.group) +
      " : i64, strides = array<i64: " + join(c.strides) +
      ">, dilations = array<i64: " + join(c.dilations) +
      ">, pads = array<i64: " + join(c.pads) + ">} : " + result + "]\n";
  text.yield = "%c";
  if (c.residual) {
    text.inputs.push_back(result + layout(c.outputLayout));
    text.body +=
        "%a = Add(%c, %3) : " + result + "]\n%r = Relu(%a) : " + result + "]\n";
    text.yield = "%r";
  }
  return text;
}

/// The sum of products by definition, in double.
inline Values reference(const Case &c, ImageSize size,
                        const std::vector<Values> &in) {
  Window rows = c.window(0), columns = c.window(1);
  int64_t h = c.rows(size), w = size.w;
  int64_t oh = rows.outputs(h), ow = columns.outputs(w);
  int64_t per = c.channels / c.group, outPer = c.filters / c.group;
  Values result;
  for (int64_t b = 0; b < size.n; ++b)
    for (int64_t o = 0; o < c.filters; ++o)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t x = 0; x < ow; ++x) {
          double sum = c.bias ? in[2][o] : 0;
          for (int64_t i = 0; i < per; ++i)
            for (int64_t ky = 0; ky < rows.kernel; ++ky)
              for (int64_t kx = 0; kx < columns.kernel; ++kx) {
                int64_t iy = rows.at(y, ky), ix = columns.at(x, kx);
                if (iy < 0 || iy >= h || ix < 0 || ix >= w)
                  continue;
                int64_t ch = o / outPer * per + i;
                double value = in[0][((b * c.channels + ch) * h + iy) * w + ix];
                if (c.prologue)
                  value = 1 / (1 + std::exp(-value));
                sum +=
                    value *
                    in[1][((o * per + i) * rows.kernel + ky) * columns.kernel +
                          kx];
              }
          if (c.residual)
            sum = std::max(sum + in.back()[result.size()], 0.0);
          result.push_back(sum);
        }
  return result;
}

inline std::vector<Values> inputsOf(const Case &c, ImageSize size) {
  int64_t pixels = size.n * c.rows(size) * size.w;
  int64_t taps = c.window(0).kernel * c.window(1).kernel;
  std::vector<Values> in = {
      randomValues(pixels * c.channels, -1, 1, 1),
      randomValues(c.filters * (c.channels / c.group) * taps, -1, 1, 2)};
  if (c.bias)
    in.push_back(randomValues(c.filters, -1, 1, 3));
  if (c.residual) // As large as the input: only windows of that kind have it.
    in.push_back(randomValues(pixels * c.filters, -1, 1, 4));
  if (c.isHalf()) // Numbers that any float holds.
    for (Values &values : in)
      for (double &value : values)
        value = std::round(8 * value) / 8;
  return in;
}

class KernelConvolution : public KernelImages {
protected:
  static void check(LoadedKernel &kernel, const Case &c, ImageSize size) {
    expectFor(kernel, c, size, inputsOf(c, size));
  }

  static void expectFor(LoadedKernel &kernel, const Case &c, ImageSize size,
                        const std::vector<Values> &in) {
    Values wanted = reference(c, size, in);
    Values got = kernel.run(size.symbols(), in)[0];
    if (c.isHalf()) { // One rounding, where the result is stored.
      double rounding = c.element == "f16" ? 0x1p-11 : 0x1p-8;
      return expectNear(got, wanted, rounding, 1e-5);
    }
    if (c.weightLayout.find("winograd") == std::string::npos)
      return expectNear(got, wanted, 1e-5, 1e-4);
    double largest = 0;
    for (double value : wanted)
      largest = std::max(largest, std::abs(value));
    expectNear(got, wanted, 0, 2e-5 * largest); // What `--winograd safe` says.
  }
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELCONVOLUTIONCASE_H
