// Convolutions of eight bits, which are sums of dot products, against their
// definition.
#include "KernelConvolutionCase.h"

using namespace dycc::test;

namespace {

const std::string groups = "panels<16, group 4>";

/// A convolution of u8 by s8 with a zero point in its padding.
struct Bytes : Case {
  bool hasPoint = true;
  bool isCast = false; ///< The image is made of floats in the kernel.
  bool isSigned = false;
};

Bytes bytes(Case c, bool hasPoint = true, bool isCast = false,
            bool isSigned = false) {
  c.bias = false;
  if (c.weightLayout == packed && c.group != c.channels)
    c.weightLayout = groups;
  return {c, hasPoint, isCast, isSigned};
}

GroupText groupOf(const Bytes &c) {
  GroupText text = dycc::test::groupOf(static_cast<const Case &>(c));
  auto replace = [](std::string &in, const std::string &from,
                    const std::string &to) {
    for (size_t at = 0; (at = in.find(from, at)) != std::string::npos;
         at += to.size())
      in.replace(at, from.size(), to);
  };
  std::string image = text.inputs[0].substr(0, text.inputs[0].find(';'));
  replace(image, "@f32", "@ui8");
  if (image.back() != ']')
    image += "]";
  for (std::string *part : {&text.results[0], &text.body})
    replace(*part, "@f32", "@i32");
  if (!c.isCast)
    replace(text.inputs[0], "@f32", c.isSigned ? "@i8" : "@ui8");
  replace(text.inputs[1], "@f32", "@i8");
  for (size_t i = 2; i < text.inputs.size(); ++i)
    replace(text.inputs[i], "@f32", "@i32");
  text.inputs.insert(text.inputs.begin() + 2, c.isSigned ? "@i8[]" : "@ui8[]");
  replace(text.body, "Conv(%0, %1, _) {",
          std::string("ConvInteger(") + (c.isCast ? "%p" : "%0") + ", %1, " +
              (c.hasPoint ? "%2" : "_") + ", _) {onnx.padded_with_point, ");
  if (c.isCast)
    text.body = "%p = Cast(%0) {to = 2 : i64} : " + image + "\n" + text.body;
  return text;
}

/// By definition. What the point adds to a sum is the same everywhere.
Values sumsOf(const Bytes &c, ImageSize size, const std::vector<Values> &in) {
  double point = c.hasPoint ? in[2][0] : 0;
  std::vector<Values> moved = in;
  for (double &value : moved[0])
    value -= point;
  Case plain = c;
  plain.residual = plain.prologue = false;
  Values sums = reference(plain, size, moved);
  size_t filters = static_cast<size_t>(c.filters);
  size_t taps = in[1].size() / filters;
  size_t images = static_cast<size_t>(size.n);
  for (size_t i = 0; i < sums.size(); ++i) {
    size_t filter = i * images * filters / sums.size() % filters;
    for (size_t t = 0; t < taps; ++t)
      sums[i] += point * in[1][filter * taps + t];
    if (c.residual)
      sums[i] = std::max(sums[i] + in[3][i], 0.0);
  }
  return sums;
}

std::vector<Values> integersFor(const Bytes &c, ImageSize size) {
  int64_t pixels = size.n * c.rows(size) * size.w;
  int64_t taps = c.window(0).kernel * c.window(1).kernel;
  std::vector<Values> in = {
      c.isSigned ? randomValues(pixels * c.channels, -128, 128, 1, true)
                 : randomValues(pixels * c.channels, 0, 256, 1, true),
      randomValues(c.filters * (c.channels / c.group) * taps, -128, 128, 2,
                   true),
      {c.isSigned ? -77.0 : 77.0}};
  if (c.residual)
    in.push_back(randomValues(pixels * c.filters, -90000, 90000, 4, true));
  return in;
}

const Bytes cases[] = {
    bytes({.name = "3x3", .channels = 32, .filters = 32, .residual = true}),
    bytes({.name = "without a point", .channels = 8, .filters = 20},
          /*hasPoint=*/false),
    bytes({.name = "1x1",
           .channels = 16,
           .filters = 48,
           .kernel = {1, 1},
           .pads = noPads}),
    bytes({.name = "1x1 of channels that are no whole groups",
           .channels = 7,
           .filters = 40,
           .kernel = {1, 1},
           .pads = noPads}),
    bytes({.name = "1x1 from plain to plain",
           .channels = 7,
           .filters = 40,
           .kernel = {1, 1},
           .pads = noPads,
           .inputLayout = "",
           .outputLayout = ""}),
    bytes({.name = "1x1 in strides",
           .channels = 8,
           .filters = 16,
           .kernel = {1, 1},
           .pads = noPads,
           .strides = {2, 2}}),
    bytes({.name = "odd channels", .channels = 5, .filters = 25}),
    bytes({.name = "one channel", .channels = 1, .filters = 3}),
    bytes({.name = "first layer",
           .channels = 3,
           .filters = 16,
           .kernel = {7, 7},
           .pads = {3, 3, 3, 3},
           .strides = {2, 2},
           .inputLayout = ""}),
    bytes({.name = "of floats", .channels = 6, .filters = 16},
          /*hasPoint=*/true, /*isCast=*/true),
    bytes({.name = "1x1 of floats",
           .channels = 16,
           .filters = 16,
           .kernel = {1, 1},
           .pads = noPads},
          /*hasPoint=*/true, /*isCast=*/true),
    bytes({.name = "dilated",
           .channels = 8,
           .filters = 16,
           .pads = {2, 3, 2, 3},
           .dilations = {2, 3}}),
    bytes({.name = "in strides",
           .channels = 16,
           .filters = 16,
           .kernel = {3, 4},
           .pads = {0, 2, 1, 1},
           .strides = {2, 3}}),
    bytes({.name = "plain filters",
           .channels = 4,
           .filters = 20,
           .kernel = {3, 2},
           .pads = {0, 1, 2, 0},
           .strides = {1, 2},
           .inputLayout = "",
           .weightLayout = "",
           .outputLayout = ""}),
    bytes({.name = "many channels", .channels = 256, .filters = 64}),
    bytes({.name = "1-D",
           .channels = 6,
           .filters = 16,
           .kernel = {3},
           .pads = {1, 1},
           .strides = {1},
           .dilations = {1},
           .inputLayout = "",
           .outputLayout = ""}),
    bytes({.name = "groups", .channels = 32, .filters = 64, .group = 4}),
    bytes({.name = "a dot product for each filter",
           .channels = 64,
           .filters = 16,
           .group = 16}),
    bytes({.name = "groups across panels",
           .channels = 24,
           .filters = 36,
           .group = 3,
           .kernel = {3, 2},
           .pads = {0, 1, 2, 0},
           .strides = {1, 2},
           .inputLayout = "",
           .outputLayout = ""}),
    bytes({.name = "depthwise",
           .channels = 48,
           .filters = 48,
           .group = 48,
           .inputLayout = vectors,
           .outputLayout = vectors,
           .residual = true}),
    bytes({.name = "odd depthwise without a point",
           .channels = 37,
           .filters = 37,
           .group = 37,
           .kernel = {5, 5},
           .pads = {2, 2, 2, 2},
           .strides = {2, 2},
           .inputLayout = vectors,
           .outputLayout = vectors},
          /*hasPoint=*/false),
    bytes({.name = "depthwise of rows that may be padding",
           .channels = 16,
           .filters = 16,
           .group = 16,
           .kernel = {3, 2},
           .pads = {4, 0, 5, 3},
           .strides = {3, 1},
           .dilations = {1, 2},
           .inputLayout = vectors,
           .outputLayout = vectors}),
    bytes({.name = "depthwise in half vectors",
           .channels = 24,
           .filters = 24,
           .group = 24}),
    bytes({.name = "1-D depthwise",
           .channels = 20,
           .filters = 20,
           .group = 20,
           .kernel = {3},
           .pads = {2, 0},
           .strides = {1},
           .dilations = {1},
           .inputLayout = vectors,
           .outputLayout = vectors}),
    bytes({.name = "depthwise in rows",
           .channels = 5,
           .filters = 5,
           .group = 5,
           .pads = {1, 2, 0, 1},
           .inputLayout = "",
           .outputLayout = ""}),
    bytes({.name = "depthwise of signed images",
           .channels = 16,
           .filters = 16,
           .group = 16,
           .inputLayout = vectors,
           .outputLayout = vectors},
          /*hasPoint=*/true, /*isCast=*/false, /*isSigned=*/true),
};

class KernelIntegerConvolution : public KernelImages {
protected:
  static void check(LoadedKernel &kernel, const Bytes &c, ImageSize size) {
    std::vector<Values> in = integersFor(c, size);
    expectNear(kernel.run(size.symbols(), in)[0], sumsOf(c, size, in), 0, 0);
  }
};

TEST_F(KernelIntegerConvolution, SumsAreExact) {
  checkAll<Bytes>(cases,
                  {{1, 7, 7}, {2, 13, 17}, {1, 37, 11}, {1, 5, 46}, {0, 8, 8}},
                  check);
}

// The largest numbers that there are: pairs of their products do not fit 16
// bits.
TEST_F(KernelIntegerConvolution, LargestSumsAreExact) {
  auto kernel = compile(groupOf(cases[14]));
  ASSERT_TRUE(kernel);
  ImageSize size{1, 5, 9};
  std::vector<Values> in = integersFor(cases[14], size);
  in[0].assign(in[0].size(), 255);
  in[1].assign(in[1].size(), -128);
  in[2] = {255};
  expectNear(kernel->run(size.symbols(), in)[0], sumsOf(cases[14], size, in), 0,
             0);
}

TEST_F(KernelIntegerConvolution, OtherFormsAreRefused) {
  GroupText text = groupOf(cases[2]);
  std::string mark = "onnx.padded_with_point, ";
  text.body.erase(text.body.find(mark), mark.size());
  EXPECT_NE(compileError(text).find(
                "expects constant filters for all channels, for one each or "
                "for groups of four, whose sums i32 holds, and zero points of "
                "known rank"),
            std::string::npos);
}

} // namespace
