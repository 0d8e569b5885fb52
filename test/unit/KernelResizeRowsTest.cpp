// Resize of images in row-major order, whose rows are interpolated once.
#include "KernelResizeReference.h"

using namespace dycc::test;

namespace {

class KernelResizeRows : public KernelTest {};

/// One way to say how much larger an image of H by W gets.
struct Case {
  std::string type, dims, result, operands, attributes;
  Settings settings;
  double yScale, xScale;
};

GroupText groupOf(const Case &c) {
  std::string result = c.type + c.result;
  return {{c.type + c.dims},
          {result},
          c.operands + "%y = Resize(%0, " + c.attributes + " : " + result +
              "\n%r = Neg(%y) : " + result,
          "%r"};
}

const std::string scales =
    "%s = Constant() {value = dense<[1.0, 1.0, 2.0, 1.5]> : tensor<4xf32>} "
    ": @f32[4]\n";
const std::string twice = "%s = dyn.symbolic [2 * H, 2 * W] : @i64[2]\n";
const std::string twiceAndHalf =
    "%s = dyn.symbolic [H floordiv 2, 2 * W] : @i64[2]\n";
const std::string images = "_, _, %s) {axes = array<i64: 2, 3>, ";

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const char *mode : {"linear", "cubic"})
    for (const char *where : {"half_pixel", "align_corners"}) {
      Settings s{mode, where};
      result.push_back({"@f32", "[N, 3, H, W]",
                        "[N, 3, 2 * H, 3 * W floordiv 2]", scales,
                        "_, %s, _) " + s.text(), s, 2, 1.5});
      result.push_back({"@f64", "[N, 3, H, W]", "[N, 3, 2 * H, 2 * W]", twice,
                        images + s.text().substr(1), s, 2, 2});
      // Half of the rows are left out: by a cubic, each is read all the same.
      result.push_back({"@f32", "[N, 3, H, W]", "[N, 3, H floordiv 2, 2 * W]",
                        twiceAndHalf, images + s.text().substr(1), s, 0.5, 2});
    }
  return result;
}

TEST_F(KernelResizeRows, FollowTheFormulas) {
  std::vector<Case> all = cases();
  std::vector<GroupText> texts;
  for (const Case &c : all)
    texts.push_back(groupOf(c));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), all.size());
  for (Place d : {Place{2, 3, 8, 22}, Place{1, 3, 2, 2}, Place{1, 3, 10, 74},
                  Place{0, 3, 4, 4}})
    for (size_t i = 0; i < all.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random(d, -1, 1, 4);
      const Case &c = all[i];
      auto scaled = [](int64_t extent, double scale) {
        return static_cast<int64_t>(static_cast<double>(extent) * scale);
      };
      Values expected = resizeImage(c.settings, x, scaled(d[2], c.yScale),
                                    scaled(d[3], c.xScale), c.yScale, c.xScale);
      for (double &value : expected)
        value = -value;
      // Places in a row of the input are an f32 each.
      expectNear(kernels[i]->run({{"N", d[0]}, {"H", d[2]}, {"W", d[3]}},
                                 {x.values})[0],
                 expected, 1e-4, 5e-5);
    }
}

/// One image without further axes, and one whose first axis grows as well.
TEST_F(KernelResizeRows, OfAllAxes) {
  Settings s{"linear", "half_pixel"};
  auto kernels =
      compileAll({{{"@f32[H, W]"},
                   {"@f32[2 * H, 2 * W]"},
                   "%s = dyn.symbolic [2 * H, 2 * W] : @i64[2]\n%r = "
                   "Resize(%0, _, _, %s) " +
                       s.text() + " : @f32[2 * H, 2 * W]",
                   "%r"},
                  {{"@f32[2, 1, H, W]"},
                   {"@f32[2, 2, 2 * H, 2 * W]"},
                   "%s = dyn.symbolic [2, 2, 2 * H, 2 * W] : @i64[4]\n"
                   "%r = Resize(%0, _, _, %s) " +
                       s.text() + " : @f32[2, 2, 2 * H, 2 * W]",
                   "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (auto [h, w] : {std::pair<int64_t, int64_t>{1, 1}, {7, 30}, {40, 9}}) {
    Array x = Array::random({2, 1, h, w}, -1, 1, 4);
    Values image = resizeImage(s, x, 2 * h, 2 * w, 2, 2), both;
    size_t pixels = size_t(4 * h * w);
    Values first(image.begin(), image.begin() + pixels);
    Symbols symbols{{"H", h}, {"W", w}};
    Values input(x.values.begin(), x.values.begin() + h * w);
    expectNear(kernels[0]->run(symbols, {input})[0], first, 1e-5, 1e-5);
    for (int64_t copy = 0; copy < 4; ++copy)
      both.insert(both.end(), image.begin() + copy / 2 * pixels,
                  image.begin() + (copy / 2 + 1) * pixels);
    expectNear(kernels[1]->run(symbols, {x.values})[0], both, 1e-5, 1e-5);
  }
}

/// The loop over one channel runs once: what is kept of it is kept for the
/// images.
TEST_F(KernelResizeRows, OfOneChannel) {
  Settings s{"linear", "align_corners"};
  std::vector<GroupText> texts;
  for (const char *outer : {"@f32[1, 1, ", "@f32[N, 1, "}) {
    std::string result = std::string(outer) + "2 * H, 2 * W]";
    texts.push_back({{std::string(outer) + "H, W]"},
                     {result},
                     twice + "%r = Resize(%0, " + images + s.text().substr(1) +
                         " : " + result,
                     "%r"});
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 2u);
  for (auto [h, w] : {std::pair<int64_t, int64_t>{1, 2}, {7, 30}, {40, 9}}) {
    Array one = Array::random({1, 1, h, w}, -1, 1, 4);
    expectNear(kernels[0]->run({{"H", h}, {"W", w}}, {one.values})[0],
               resizeImage(s, one, 2 * h, 2 * w, 2, 2), 1e-5, 1e-5);
    Array three = Array::random({3, 1, h, w}, -1, 1, 5);
    expectNear(
        kernels[1]->run({{"N", 3}, {"H", h}, {"W", w}}, {three.values})[0],
        resizeImage(s, three, 2 * h, 2 * w, 2, 2), 1e-5, 1e-5);
  }
}

} // namespace
