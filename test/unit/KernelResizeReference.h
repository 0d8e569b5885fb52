// Resize by the formulas of ONNX, in double.
#ifndef DYCC_TEST_UNIT_KERNELRESIZEREFERENCE_H
#define DYCC_TEST_UNIT_KERNELRESIZEREFERENCE_H

#include "KernelReference.h"

#include <cmath>

namespace dycc::test {

/// The attributes of one Resize.
struct Settings {
  std::string mode = "nearest", coordinates = "half_pixel",
              nearest = "round_prefer_floor";
  bool exclude = false;
  double roiStart = 0, roiEnd = 1;
  bool antialias = false;

  std::string text() const {
    return "{mode = \"" + mode + "\", coordinate_transformation_mode = \"" +
           coordinates + "\", nearest_mode = \"" + nearest +
           "\", extrapolation_value = 7.5 : f32, exclude_outside = " +
           (exclude ? "1" : "0") + " : i64" +
           (antialias ? ", antialias = 1 : i64}" : "}");
  }
};

inline double original(const Settings &s, double d, double scale, int64_t in,
                       int64_t out) {
  double n = static_cast<double>(in), length = scale * n;
  double half = (d + 0.5) / scale - 0.5;
  if (s.coordinates == "half_pixel")
    return half;
  if (s.coordinates == "pytorch_half_pixel")
    return out == 1 ? 0 : half;
  if (s.coordinates == "half_pixel_symmetric")
    return n / 2 * (1 - static_cast<double>(out) / length) + half;
  if (s.coordinates == "asymmetric")
    return d / scale;
  if (s.coordinates == "align_corners")
    return length == 1 ? 0 : d * (n - 1) / (length - 1);
  double width = (s.roiEnd - s.roiStart) * (n - 1);
  return (length == 1 ? width / 2 : d * width / (length - 1)) +
         s.roiStart * (n - 1);
}

inline double cubic(double d) {
  const double a = -0.75;
  d = std::abs(d);
  if (d <= 1)
    return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

/// Interpolates a row at position `p`. With antialias the window is wider by
/// 1 / `scale` where that is above 1.
inline double sample(const Settings &s, double p, const Values &row,
                     double scale = 1) {
  int64_t n = static_cast<int64_t>(row.size());
  auto at = [&](int64_t i) { return row[std::clamp<int64_t>(i, 0, n - 1)]; };
  int64_t below = static_cast<int64_t>(std::floor(p));
  double rest = p - std::floor(p);
  if (s.mode == "nearest") {
    bool up = s.nearest == "ceil"                 ? rest > 0
              : s.nearest == "round_prefer_floor" ? rest > 0.5
              : s.nearest == "round_prefer_ceil"  ? rest >= 0.5
                                                  : false;
    return at(below + up);
  }
  double total = 0, weights = 0;
  double shrink = s.antialias ? std::min(scale, 1.0) : 1;
  int64_t reach =
      static_cast<int64_t>(std::ceil((s.mode == "cubic" ? 2 : 1) / shrink));
  for (int64_t i = below - reach + 1; i <= below + reach; ++i) {
    double d = (p - static_cast<double>(i)) * shrink;
    double w = s.mode == "cubic" ? cubic(d) : std::max(1 - std::abs(d), 0.0);
    if (s.exclude && (i < 0 || i >= n))
      w = 0;
    total += w * at(i);
    weights += w;
  }
  return total / weights;
}

/// Resizes the last axis of a matrix.
inline Values resizeRows(const Settings &s, const Array &x, int64_t out,
                         double scale) {
  return build({x.dims[0], out}, [&](const Place &at) {
    double p = original(s, static_cast<double>(at[1]), scale, x.dims[1], out);
    if (s.coordinates == "tf_crop_and_resize" &&
        (p < 0 || p > static_cast<double>(x.dims[1] - 1)))
      return 7.5;
    Values row;
    for (int64_t i = 0; i < x.dims[1]; ++i)
      row.push_back(x({at[0], i}));
    return sample(s, p, row, scale);
  });
}

/// The same of the last two axes of an image.
inline Values resizeImage(const Settings &s, const Array &x, int64_t h,
                          int64_t w, double yScale, double xScale) {
  return build({x.dims[0], x.dims[1], h, w}, [&](const Place &at) {
    double d = static_cast<double>(at[2]), e = static_cast<double>(at[3]);
    Values column;
    for (int64_t y = 0; y < x.dims[2]; ++y) {
      Values row;
      for (int64_t i = 0; i < x.dims[3]; ++i)
        row.push_back(x({at[0], at[1], y, i}));
      double p = original(s, e, xScale, x.dims[3], w);
      column.push_back(sample(s, p, row, xScale));
    }
    return sample(s, original(s, d, yScale, x.dims[2], h), column, yScale);
  });
}

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELRESIZEREFERENCE_H
