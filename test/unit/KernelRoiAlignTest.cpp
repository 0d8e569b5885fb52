// RoiAlign, against the formulas of ONNX in double.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

class KernelRoiAlign : public KernelTest {};

constexpr double scale = 0.5;

struct Pool {
  bool isMax, isHalfPixel;
  int64_t ratio;
  const char *layout;

  /// With cells of 3 x 2.
  GroupText text() const {
    std::string layouts(layout);
    return {{"@f32[N, 5, H, W" + layouts + "]", "@f32[R, 4]", "@i64[R]"},
            {"@f32[R, 5, 3, 2" + layouts + "]"},
            "%r = RoiAlign(%0, %1, %2) {mode = \"" +
                std::string(isMax ? "max" : "avg") +
                "\", coordinate_transformation_mode = \"" +
                (isHalfPixel ? "half_pixel" : "output_half_pixel") +
                "\", output_height = 3 : i64, output_width = 2 : i64, "
                "sampling_ratio = " +
                std::to_string(ratio) +
                " : i64, spatial_scale = " + "0.5 : f32} : @f32[R, 5, 3, 2]",
            "%r"};
  }

  /// Where a region begins along an axis, and how long it is.
  std::pair<double, double> side(const Array &regions, int64_t n,
                                 int64_t column) const {
    double shift = isHalfPixel ? 0.5 : 0;
    double begin = regions({n, column}) * scale - shift;
    double length = regions({n, column + 2}) * scale - shift - begin;
    return {begin, isHalfPixel ? length : std::max(length, 1.0)};
  }

  /// Positions of the samples of cell `cell` of `cells` in an axis of `extent`.
  std::vector<double> samples(std::pair<double, double> side, int64_t cell,
                              int64_t cells) const {
    double each = side.second / static_cast<double>(cells);
    int64_t count =
        ratio > 0 ? ratio
                  : std::max<int64_t>(static_cast<int64_t>(std::ceil(each)), 0);
    std::vector<double> result;
    for (int64_t i = 0; i < count; ++i)
      result.push_back(side.first + static_cast<double>(cell) * each +
                       (static_cast<double>(i) + 0.5) * each /
                           static_cast<double>(count));
    return result;
  }

  double sample(const Array &x, int64_t image, int64_t c, double y,
                double column) const {
    auto height = static_cast<double>(x.dims[2]),
         width = static_cast<double>(x.dims[3]);
    if (y < -1 || y > height || column < -1 || column > width)
      return 0;
    y = std::clamp(y, 0.0, height - 1);
    column = std::clamp(column, 0.0, width - 1);
    auto top = static_cast<int64_t>(y), left = static_cast<int64_t>(column);
    double below = y - std::floor(y), right = column - std::floor(column);
    double sum = 0, most = -INFINITY;
    for (int64_t dy : {0, 1})
      for (int64_t dx : {0, 1}) {
        double weight = (dy ? below : 1 - below) * (dx ? right : 1 - right);
        double value = weight * x({image, c, std::min(top + dy, x.dims[2] - 1),
                                   std::min(left + dx, x.dims[3] - 1)});
        sum += value;
        most = std::max(most, value);
      }
    return isMax ? most : sum;
  }

  double cell(const Array &x, const Array &regions, const Values &images,
              const Place &at) const {
    double sum = 0, most = -INFINITY;
    auto rows = samples(side(regions, at[0], 1), at[2], 3),
         columns = samples(side(regions, at[0], 0), at[3], 2);
    for (double y : rows)
      for (double column : columns) {
        auto image = static_cast<int64_t>(images[size_t(at[0])]);
        double value = sample(x, image, at[1], y, column);
        sum += value;
        most = std::max(most, value);
      }
    if (rows.empty() || columns.empty())
      return 0;
    return isMax ? most
                 : sum / static_cast<double>(rows.size() * columns.size());
  }
};

TEST_F(KernelRoiAlign, FollowsItsModes) {
  std::vector<Pool> pools;
  for (bool isMax : {false, true})
    for (bool isHalfPixel : {false, true})
      for (int64_t ratio : {0, 2})
        pools.push_back({isMax, isHalfPixel, ratio,
                         isMax == isHalfPixel ? "" : "; channels_last<8>"});
  std::vector<GroupText> texts;
  for (const Pool &pool : pools)
    texts.push_back(pool.text());
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), pools.size());
  // Inside, across the edges, beyond them, of no extent, turned around.
  Array regions{{6, 4}, {2, 3, 15, 12, -7, -4, 9, 40, 60, 60, 90, 70,
                         4, 4, 4,  4,  12, 9,  3, 2,  0,  0,  37, 21}};
  Values images{0, 1, 1, 0, 1, 0};
  for (Place size : {Place{9, 17}, Place{1, 1}, Place{11, 4}}) {
    Array x = Array::random({2, 5, size[0], size[1]}, -2, 2, 4);
    for (size_t i = 0; i < pools.size(); ++i) {
      SCOPED_TRACE(texts[i].body);
      Values expected = build({6, 5, 3, 2}, [&](const Place &at) {
        return pools[i].cell(x, regions, images, at);
      });
      expectNear(
          kernels[i]->run({{"N", 2}, {"H", size[0]}, {"W", size[1]}, {"R", 6}},
                          {x.values, regions.values, images})[0],
          expected, 1e-5, 1e-5);
    }
  }
}

} // namespace
