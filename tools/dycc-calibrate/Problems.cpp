// What is measured: networks of the layers that a compiled model has, in widths
// of which some fill vectors and panels and others do not. What is held out has
// other widths side by side, and extents that nothing else is measured at.
#include "tools/dycc-calibrate/Problems.h"

#include "tools/dycc-calibrate/Network.h"

namespace dycc::calibrate {
namespace {

using Widths = std::vector<int64_t>;

const std::vector<std::string> kImage{"1", "3", "H", "W"};

/// Super-resolution by blocks of a wide and a narrow convolution of single
/// pixels and one of 3 x 3 (WDSR-B); twice as large a result.
Network superResolution(int blocks, int64_t width, int64_t wide,
                        int64_t narrow) {
  constexpr int64_t kPixels = 4, kColours = 3, kTaps = 3;
  Network net(kImage);
  net.convolve(kColours, width, kTaps);
  for (int block = 0; block < blocks; ++block) {
    std::string input = net.value;
    net.convolve(width, wide, 1);
    net.apply("Relu");
    net.convolve(wide, narrow, 1);
    net.convolve(narrow, width, kTaps);
    net.apply("Add", {input});
  }
  net.convolve(width, kPixels * kColours, kTaps);
  setInt(net.apply("DepthToSpace"), "blocksize", 2);
  return net;
}

/// Convolutions one after the other, each but the last with a Relu.
Network chain(const Widths &widths, int64_t size, int64_t stride = 1) {
  constexpr int64_t kColours = 3;
  Network net(kImage);
  int64_t inputs = kColours;
  for (size_t i = 0; i < widths.size(); ++i) {
    net.convolve(inputs, widths[i], size, i % 2 ? stride : 1);
    if (i + 1 < widths.size())
      net.apply("Relu");
    inputs = widths[i];
  }
  return net;
}

/// A classifier of depthwise convolutions, as for phones.
Network classifier(int64_t width) {
  constexpr int64_t kColours = 3, kClasses = 100;
  Network net(kImage);
  net.convolve(kColours, width, 3, 2);
  net.apply("Relu");
  for (int64_t size : {3, 5}) {
    net.convolve(width, width, size, 1, width);
    net.apply("HardSwish");
    net.convolve(width, 2 * width, 1);
    std::string gate = net.value;
    net.apply("Sigmoid");
    net.apply("Mul", {gate});
    net.convolve(2 * width, 2 * width, size, 2, 2 * width);
    net.convolve(2 * width, width, 1);
    net.pool(size == 3 ? "MaxPool" : "AveragePool", 3, 1);
  }
  net.enlarge(2);
  net.convolve(width, width, 3);
  net.apply("GlobalAveragePool");
  setInt(net.apply("Flatten"), "axis", 1);
  net.multiply(width, kClasses);
  setInt(net.apply("Softmax"), "axis", -1);
  return net;
}

/// A layer of an encoder, with one head and plain parts: each operator is in
/// networks where others share its kernel and where none does.
Network encoder(int64_t width) {
  Network net({"1", "T", std::to_string(width)});
  std::string input = net.value;
  net.normalize(width);
  std::string normal = net.value;
  std::vector<std::string> parts;
  for (int part = 0; part < 3; ++part) {
    net.value = normal;
    net.multiply(width, width);
    parts.push_back(net.value);
  }
  net.matrices(parts[0], parts[1], /*isTransposed=*/true);
  setInt(net.apply("Softmax"), "axis", -1);
  net.matrices(net.value, parts[2]);
  net.multiply(width, width);
  net.apply("Add", {input});
  std::string sum = net.value;
  net.normalize(width);
  net.multiply(width, 4 * width);
  net.apply("Tanh");
  net.multiply(4 * width, width);
  net.apply("Add", {sum});
  return net;
}

/// Operators element by element, and movements.
Network elements(int64_t width) {
  Network net({"1", std::to_string(width), "H", "W"});
  std::string input = net.value;
  net.apply("Relu");
  net.apply("Add", {input});
  setInts(net.apply("Transpose"), "perm", {0, 2, 3, 1});
  net.apply("Exp");
  setInt(net.apply("Softmax"), "axis", -1);
  net.apply("Tanh");
  setInts(net.apply("Transpose"), "perm", {0, 3, 1, 2});
  net.apply("Mul", {input});
  setInt(net.apply("Concat", {input}), "axis", 1);
  net.pool("MaxPool", 3, 2);
  net.apply("Erf");
  return net;
}

std::vector<Extents>
images(const std::vector<std::pair<int64_t, int64_t>> &sizes) {
  std::vector<Extents> points;
  for (auto [height, width] : sizes)
    points.push_back({{"H", height}, {"W", width}});
  return points;
}

std::vector<Extents> lengths(const Widths &tokens) {
  std::vector<Extents> points;
  for (int64_t count : tokens)
    points.push_back({{"T", count}});
  return points;
}

std::string nameOf(const std::string &what, const Widths &widths) {
  std::string name = what;
  for (int64_t width : widths)
    name += "_" + std::to_string(width);
  return name;
}

/// Problems of which the last `heldOut` of `all` are held out.
template <typename Make>
void add(std::vector<Problem> &list, const std::string &what,
         const std::vector<Widths> &all, size_t heldOut,
         const std::vector<Extents> &points, const std::vector<Extents> &others,
         Make make) {
  for (size_t i = 0; i < all.size(); ++i) {
    bool isHeldOut = i + heldOut >= all.size();
    list.push_back({nameOf(what, all[i]), isHeldOut, make(all[i]).text(),
                    isHeldOut ? others : points});
  }
}

} // namespace

std::vector<Problem> problems() {
  std::vector<Extents> points = images({{16, 16},
                                        {19, 31},
                                        {32, 48},
                                        {45, 67},
                                        {64, 96},
                                        {97, 131},
                                        {135, 240},
                                        {180, 320}});
  std::vector<Extents> others =
      images({{24, 24}, {27, 45}, {72, 128}, {120, 213}, {160, 284}});
  std::vector<Problem> list;
  add(list, "wdsr",
      {{1, 8, 48, 6},
       {1, 12, 64, 10},
       {1, 16, 96, 13},
       {1, 24, 144, 20},
       {1, 32, 192, 24},
       {1, 20, 100, 16},
       {1, 40, 200, 32},
       {1, 48, 288, 40},
       {1, 64, 128, 48},
       {2, 13, 78, 11},
       {2, 20, 120, 17},
       {2, 25, 150, 21},
       {3, 28, 168, 22},
       {2, 36, 216, 30}},
      5, points, others, [](const Widths &w) {
        return superResolution(int(w[0]), w[1], w[2], w[3]);
      });
  auto plain = [](const Widths &w) { return chain(w, 3); };
  add(list, "chain3",
      {{8, 16, 24, 32, 48, 64, 40, 16},
       {12, 20, 36, 96, 64, 128, 32},
       {10, 18, 44, 72, 56, 28, 13}},
      1, points, others, plain);
  add(list, "chain5", {{16, 32, 24, 8, 12}, {48, 20, 36}, {12, 28, 40, 10}}, 1,
      points, others, [](const Widths &w) { return chain(w, 5); });
  add(list, "strided", {{16, 32, 64, 48}, {24, 40, 96}, {20, 36, 56}}, 1,
      points, others, [](const Widths &w) { return chain(w, 3, 2); });
  add(list, "pixels",
      {{16, 64, 24, 96, 40}, {32, 128, 48}, {24, 96, 32, 64}, {20, 80, 30, 56}},
      1, points, others, [](const Widths &w) { return chain(w, 1); });
  add(list, "classifier", {{16}, {24}, {32}, {48}, {40}}, 1, points, others,
      [](const Widths &w) { return classifier(w[0]); });
  add(list, "elements", {{8}, {16}, {3}, {5}, {24}, {12}}, 1, points, others,
      [](const Widths &w) { return elements(w[0]); });
  add(list, "encoder", {{64}, {128}, {256}, {192}}, 1,
      lengths({1, 5, 16, 33, 64, 128, 300}), lengths({3, 24, 80, 200}),
      [](const Widths &w) { return encoder(w[0]); });
  return list;
}

} // namespace dycc::calibrate
