// Convolutions whose filters have symbolic extents, against their definition.
#include "KernelReference.h"

using namespace dycc::test;

namespace {

class KernelRuntimeFilter : public KernelTest {};

/// The attributes of a convolution that runs over all axes alike.
struct Attributes {
  int64_t groups = 1, stride = 1, dilation = 1, before = 0;
};

/// Calls `visit(out place, in place, filter tap)` for each tap that lies in the
/// input, where `place` and `tap` have spatial axes only.
template <typename Visit>
void forEachTap(const Place &out, const Place &in, const Place &window,
                const Attributes &a, Visit visit) {
  Place at(out.size()), tap(out.size()), from(out.size());
  for (int64_t i = 0; i < count(out); ++i)
    for (int64_t t = 0; t < count(window); ++t) {
      int64_t place = i, rest = t;
      bool inside = true;
      for (size_t axis = out.size(); axis-- > 0;) {
        at[axis] = place % out[axis];
        tap[axis] = rest % window[axis];
        place /= out[axis];
        rest /= window[axis];
        from[axis] = at[axis] * a.stride + tap[axis] * a.dilation - a.before;
        inside &= from[axis] >= 0 && from[axis] < in[axis];
      }
      if (inside)
        visit(at, from, tap);
    }
}

Place join(Place a, const Place &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Place spatial(const Place &dims) { return {dims.begin() + 2, dims.end()}; }

int64_t flat(const Place &dims, const Place &at) {
  int64_t result = 0;
  for (size_t axis = 0; axis < dims.size(); ++axis)
    result = result * dims[axis] + at[axis];
  return result;
}

Values convolve(const Array &x, const Array &w, const Place &out,
                const Attributes &a) {
  Values result(count(out));
  int64_t outputs = out[1] / a.groups, inputs = w.dims[1];
  for (int64_t n = 0; n < out[0]; ++n)
    for (int64_t o = 0; o < out[1]; ++o)
      for (int64_t i = 0; i < inputs; ++i)
        forEachTap(spatial(out), spatial(x.dims), spatial(w.dims), a,
                   [&](const Place &at, const Place &from, const Place &tap) {
                     int64_t c = o / outputs * inputs + i;
                     result[flat(out, join({n, o}, at))] +=
                         x(join({n, c}, from)) * w(join({o, i}, tap));
                   });
  return result;
}

/// The same with input and result in each other's place.
Values spread(const Array &x, const Array &w, const Place &out,
              const Attributes &a) {
  Values result(count(out));
  int64_t inputs = x.dims[1] / a.groups, outputs = w.dims[1];
  for (int64_t n = 0; n < out[0]; ++n)
    for (int64_t c = 0; c < x.dims[1]; ++c)
      for (int64_t o = 0; o < outputs; ++o)
        forEachTap(spatial(x.dims), spatial(out), spatial(w.dims), a,
                   [&](const Place &from, const Place &at, const Place &tap) {
                     int64_t channel = c / inputs * outputs + o;
                     result[flat(out, join({n, channel}, at))] +=
                         x(join({n, c}, from)) * w(join({c, o}, tap));
                   });
  return result;
}

void expectRun(LoadedKernel &kernel, const Symbols &symbols, const Array &x,
               const Array &w, const Values &expected) {
  expectNear(kernel.run(symbols, {x.values, w.values})[0], expected, 1e-5,
             1e-5);
}

TEST_F(KernelRuntimeFilter, ChannelsAreSymbolic) {
  auto kernels = compileAll(
      {{{"@f32[N, C, H, W]", "@f32[O, C, 3, 3]"},
        {"@f32[N, O, H, W]"},
        "%r = Conv(%0, %1, _) {pads = array<i64: 1, 1, 1, 1>} "
        ": @f32[N, O, H, W]",
        "%r"},
       {{"@f32[N, 2 * C, H, W]", "@f32[2 * C, O, 3, 3]"},
        {"@f32[N, 2 * O, 2 * H + 1, 2 * W + 1]"},
        "%r = ConvTranspose(%0, %1, _) {group = 2 : i64, strides = array<i64: "
        "2, 2>} : @f32[N, 2 * O, 2 * H + 1, 2 * W + 1]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (Place d : {Place{1, 2, 3, 5, 6}, Place{2, 1, 1, 1, 1},
                  Place{1, 5, 9, 10, 4}, Place{0, 1, 2, 3, 3}}) {
    Symbols symbols{
        {"N", d[0]}, {"C", d[1]}, {"O", d[2]}, {"H", d[3]}, {"W", d[4]}};
    Array x = Array::random({d[0], d[1], d[3], d[4]}, -1, 1, 1);
    Array w = Array::random({d[2], d[1], 3, 3}, -1, 1, 2);
    expectRun(*kernels[0], symbols, x, w,
              convolve(x, w, {d[0], d[2], d[3], d[4]}, {1, 1, 1, 1}));
    Array wide = Array::random({d[0], 2 * d[1], d[3], d[4]}, -1, 1, 3);
    Array v = Array::random({2 * d[1], d[2], 3, 3}, -1, 1, 4);
    Place out{d[0], 2 * d[2], 2 * d[3] + 1, 2 * d[4] + 1};
    expectRun(*kernels[1], symbols, wide, v, spread(wide, v, out, {2, 2}));
  }
}

// A depthwise correlation with a template, as trackers have it.
TEST_F(KernelRuntimeFilter, WindowIsSymbolic) {
  auto kernel =
      compile({{"@f32[1, 4, H, W; channels_last<8>]", "@f32[4, 1, P, Q]"},
               {"@f32[1, 4, H - P + 1, W - Q + 1; channels_last<8>]"},
               "%r = Conv(%0, %1, _) {group = 4 : i64} "
               ": @f32[1, 4, H - P + 1, W - Q + 1]",
               "%r"});
  ASSERT_TRUE(kernel);
  for (Place d : {Place{9, 8, 3, 2}, Place{5, 5, 5, 5}, Place{7, 40, 1, 13}}) {
    Array x = Array::random({1, 4, d[0], d[1]}, -1, 1, 1);
    Array w = Array::random({4, 1, d[2], d[3]}, -1, 1, 2);
    expectRun(*kernel, {{"H", d[0]}, {"W", d[1]}, {"P", d[2]}, {"Q", d[3]}}, x,
              w, convolve(x, w, {1, 4, d[0] - d[2] + 1, d[1] - d[3] + 1}, {4}));
  }
}

TEST_F(KernelRuntimeFilter, SignalsAndVolumesWithStridesAndDilations) {
  auto kernels = compileAll(
      {{{"@f32[N, C, T]", "@f32[O, C, K]", "@f32[O]"},
        {"@f32[N, O, (T - 2 * K) floordiv 3 + 2]"},
        "%r = Conv(%0, %1, %2) {strides = array<i64: 3>, dilations = "
        "array<i64: 2>, pads = array<i64: 1, 1>} "
        ": @f32[N, O, (T - 2 * K) floordiv 3 + 2]",
        "%r"},
       {{"@f64[1, 2, D, H, W]", "@f64[3, 2, K, 1, K]"},
        {"@f64[1, 3, D - K + 1, H, W - K + 1]"},
        "%r = Conv(%0, %1, _) : @f64[1, 3, D - K + 1, H, W - K + 1]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (Place d : {Place{2, 3, 4, 17, 3}, Place{1, 1, 1, 4, 1}}) {
    int64_t to = (d[3] - 2 * d[4]) / 3 + 2;
    Array x = Array::random({d[0], d[1], d[3]}, -1, 1, 1);
    Array w = Array::random({d[2], d[1], d[4]}, -1, 1, 2);
    Values bias = randomValues(d[2], -1, 1, 3);
    Values expected = convolve(x, w, {d[0], d[2], to}, {1, 3, 2, 1});
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] += bias[i / to % d[2]];
    expectNear(
        kernels[0]->run(
            {{"N", d[0]}, {"C", d[1]}, {"O", d[2]}, {"T", d[3]}, {"K", d[4]}},
            {x.values, w.values, bias})[0],
        expected, 1e-5, 1e-5);
  }
  Array x = Array::random({1, 2, 4, 3, 9}, -1, 1, 1);
  Array w = Array::random({3, 2, 3, 1, 3}, -1, 1, 2);
  expectRun(*kernels[1], {{"D", 4}, {"H", 3}, {"W", 9}, {"K", 3}}, x, w,
            convolve(x, w, {1, 3, 2, 3, 7}, {}));
}

/// auto_pad asks for what a result of this extent needs.
TEST_F(KernelRuntimeFilter, PadsFollowTheResult) {
  auto text = [](const std::string &op, const std::string &out,
                 const std::string &mode) {
    std::string result = "@f32[1, 1, " + out + "]";
    return GroupText{{"@f32[1, 1, T]", "@f32[1, 1, K]"},
                     {result},
                     "%r = " + op + "(%0, %1, _) {auto_pad = \"" + mode +
                         "\", strides = array<i64: 2>} : " + result,
                     "%r"};
  };
  auto kernels = compileAll({text("Conv", "(T + 1) floordiv 2", "SAME_UPPER"),
                             text("Conv", "(T + 1) floordiv 2", "SAME_LOWER"),
                             text("Conv", "(T - K) floordiv 2 + 1", "VALID"),
                             text("ConvTranspose", "2 * T", "SAME_UPPER"),
                             text("ConvTranspose", "2 * T", "SAME_LOWER")});
  ASSERT_EQ(kernels.size(), 5u);
  for (auto [t, k] : {std::pair<int64_t, int64_t>{9, 4}, {8, 3}, {5, 5}}) {
    SCOPED_TRACE(t);
    Symbols symbols{{"T", t}, {"K", k}};
    Array x = Array::random({1, 1, t}, -1, 1, 1);
    Array w = Array::random({1, 1, k}, -1, 1, 2);
    int64_t half = (t + 1) / 2;
    int64_t pad = std::max<int64_t>((half - 1) * 2 + k - t, 0);
    for (int64_t lower : {0, 1})
      expectRun(*kernels[lower], symbols, x, w,
                convolve(x, w, {1, 1, half}, {1, 2, 1, (pad + lower) / 2}));
    expectRun(*kernels[2], symbols, x, w,
              convolve(x, w, {1, 1, (t - k) / 2 + 1}, {1, 2}));
    int64_t cut = std::max<int64_t>((t - 1) * 2 + k - 2 * t, 0);
    expectRun(*kernels[3], symbols, x, w,
              spread(x, w, {1, 1, 2 * t}, {1, 2, 1, cut / 2}));
    expectRun(*kernels[4], symbols, x, w,
              spread(x, w, {1, 1, 2 * t}, {1, 2, 1, cut - cut / 2}));
  }
}

} // namespace
