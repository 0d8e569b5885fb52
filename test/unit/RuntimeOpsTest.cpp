// The runtime's operators against straightforward references.
#include "runtime/src/ops/Ops.h"
#include "test/unit/RuntimeModel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

namespace dycc::test {
namespace {

/// A tensor at an address that is not aligned, as a caller's may be.
struct OpTensor {
  std::vector<int64_t> dims;
  std::vector<uint8_t> memory;
  uint8_t code, bits;

  OpTensor(uint8_t code, uint8_t bits, std::vector<int64_t> extents)
      : dims(std::move(extents)), code(code), bits(bits) {
    memory.resize(count() * bits / 8 + 1);
  }
  int64_t count() const {
    int64_t result = 1;
    for (int64_t extent : dims)
      result *= extent;
    return result;
  }
  DyccOpTensor view() {
    return {
        memory.data() + 1, dims.data(), int32_t(dims.size()), code, bits, 0};
  }
  template <typename T>
  T get(int64_t i) const {
    return rt::loadAt<T>(memory.data() + 1, i);
  }
  template <typename T>
  void set(int64_t i, T value) {
    rt::storeAt<T>(memory.data() + 1, i, value);
  }
};

template <typename T>
OpTensor makeTensor(std::vector<int64_t> dims) {
  uint8_t code = std::is_same_v<T, bool> ? uint8_t(DYCC_DTYPE_BOOL)
                 : std::is_floating_point_v<T> || std::is_same_v<T, _Float16>
                     ? kDLFloat
                 : std::is_signed_v<T> ? kDLInt
                                       : kDLUInt;
  return OpTensor(code, sizeof(T) * 8, std::move(dims));
}

/// Few different values, so that many are equal; signs, both zeros.
template <typename T>
OpTensor makeRandom(std::vector<int64_t> dims, std::mt19937 &random) {
  OpTensor tensor = makeTensor<T>(std::move(dims));
  for (int64_t i = 0; i < tensor.count(); ++i) {
    int value = int(random() % 7);
    if constexpr (std::is_same_v<T, bool>)
      tensor.set<uint8_t>(i, value % 2);
    else if constexpr (std::is_integral_v<T> && !std::is_signed_v<T>)
      tensor.set<T>(i, value == 6 ? T(-1) : T(value)); // The top bit as well.
    else
      tensor.set<T>(i, value == 6 ? T(-0.0) : T(value - 3));
  }
  return tensor;
}

struct RuntimeOps : testing::Test {
  Session session;
  std::mt19937 random{7};

  int32_t call(DyccOp op, std::vector<OpTensor *> in,
               std::vector<OpTensor *> out,
               std::vector<int64_t> attributes = {}) {
    std::vector<DyccOpTensor> inViews, outViews;
    for (OpTensor *tensor : in)
      inViews.push_back(tensor->view());
    for (OpTensor *tensor : out)
      outViews.push_back(tensor->view());
    return op(&session.context->frames[0], "node", inViews.data(),
              int32_t(in.size()), outViews.data(), int32_t(out.size()),
              attributes.data());
  }
};

/// Stands for T among the test's types: _Float16 itself has no type_info.
template <typename T>
struct Of {
  using Type = T;
};
template <typename T>
struct RuntimeTypedOps : RuntimeOps {
  using Element = typename T::Type;
};
using Types = testing::Types<Of<float>, Of<double>, Of<_Float16>, Of<int8_t>,
                             Of<int16_t>, Of<int32_t>, Of<int64_t>, Of<uint8_t>,
                             Of<uint16_t>, Of<uint32_t>, Of<uint64_t>>;
TYPED_TEST_SUITE(RuntimeTypedOps, Types);

TYPED_TEST(RuntimeTypedOps, NonZeroListsIndices) {
  using Element = typename TestFixture::Element;
  for (std::vector<int64_t> dims :
       {std::vector<int64_t>{3, 4, 5}, {7}, {0, 3}, {2, 1, 1, 6}}) {
    OpTensor x = makeRandom<Element>(dims, this->random);
    int64_t rank = dims.size();
    OpTensor y = makeTensor<int64_t>({rank, x.count()});
    ASSERT_EQ(this->call(dycc_op_non_zero, {&x}, {&y}), DYCC_OK);
    std::vector<int64_t> flat;
    for (int64_t i = 0; i < x.count(); ++i)
      if (x.get<Element>(i) != Element(0))
        flat.push_back(i);
    ASSERT_EQ(y.dims[1], int64_t(flat.size()));
    for (size_t n = 0; n < flat.size(); ++n) {
      int64_t index = 0;
      for (int64_t d = 0; d < rank; ++d)
        index = index * dims[d] + y.get<int64_t>(d * flat.size() + n);
      EXPECT_EQ(index, flat[n]);
    }
  }
}

TYPED_TEST(RuntimeTypedOps, TopKSelectsAlongAnyAxis) {
  using Element = typename TestFixture::Element;
  std::vector<int64_t> dims = {3, 20, 4};
  for (int64_t axis : {0, 1, 2})
    for (int64_t largest : {0, 1})
      for (int64_t k : {int64_t(0), int64_t(1), int64_t(2), dims[axis]}) {
        OpTensor x = makeRandom<Element>(dims, this->random);
        std::vector<int64_t> outDims = dims;
        outDims[axis] = k;
        OpTensor values = makeTensor<Element>(outDims),
                 indices = makeTensor<int64_t>(outDims);
        ASSERT_EQ(this->call(dycc_op_top_k, {&x}, {&values, &indices},
                             {axis, k, largest, 1}),
                  DYCC_OK);
        rt::AxisView view(dims.data(), 3, axis);
        for (int64_t o = 0; o < view.outer; ++o)
          for (int64_t i = 0; i < view.inner; ++i) {
            auto at = [&](int64_t n) {
              return x.get<Element>((o * view.extent + n) * view.inner + i);
            };
            std::vector<int64_t> order(view.extent);
            for (int64_t n = 0; n < view.extent; ++n)
              order[n] = n;
            std::stable_sort(order.begin(), order.end(),
                             [&](int64_t a, int64_t b) {
                               return largest ? at(a) > at(b) : at(a) < at(b);
                             });
            for (int64_t n = 0; n < k; ++n) {
              int64_t to = (o * k + n) * view.inner + i;
              ASSERT_EQ(indices.get<int64_t>(to), order[n]);
              ASSERT_EQ(values.get<Element>(to), at(order[n]));
            }
          }
      }
}

TEST_F(RuntimeOps, TopKCountsNanAsLargest) {
  OpTensor x = makeTensor<float>({4}), values = makeTensor<float>({2}),
           indices = makeTensor<int64_t>({2});
  float data[] = {1, INFINITY, -NAN, -INFINITY};
  for (int i = 0; i < 4; ++i)
    x.set<float>(i, data[i]);
  ASSERT_EQ(call(dycc_op_top_k, {&x}, {&values, &indices}, {0, 2, 1, 1}),
            DYCC_OK);
  EXPECT_EQ(indices.get<int64_t>(0), 2);
  EXPECT_EQ(indices.get<int64_t>(1), 1);
  ASSERT_EQ(call(dycc_op_top_k, {&x}, {&values, &indices}, {0, 2, 0, 1}),
            DYCC_OK);
  EXPECT_EQ(indices.get<int64_t>(0), 3);
  EXPECT_EQ(indices.get<int64_t>(1), 0);
}

TEST_F(RuntimeOps, TopKRefusesMoreThanThereAre) {
  OpTensor x = makeTensor<float>({2, 3}), values = makeTensor<float>({2, 4}),
           indices = makeTensor<int64_t>({2, 4});
  EXPECT_EQ(call(dycc_op_top_k, {&x}, {&values, &indices}, {1, 4, 1, 1}),
            DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(), "node 'node': k is 4, expects 0 to 3 (axis 1)");
}

TEST_F(RuntimeOps, NonZeroKnowsNanBoolAndScalar) {
  OpTensor x = makeTensor<float>({3}), y = makeTensor<int64_t>({1, 3});
  x.set<float>(0, NAN);
  x.set<float>(1, -0.f);
  x.set<float>(2, 1e-45f);
  ASSERT_EQ(call(dycc_op_non_zero, {&x}, {&y}), DYCC_OK);
  ASSERT_EQ(y.dims[1], 2);
  EXPECT_EQ(y.get<int64_t>(1), 2);
  OpTensor scalar = makeTensor<bool>({}), one = makeTensor<int64_t>({1, 1});
  scalar.set<uint8_t>(0, 1);
  ASSERT_EQ(call(dycc_op_non_zero, {&scalar}, {&one}), DYCC_OK);
  EXPECT_EQ(one.dims[1], 1);
  EXPECT_EQ(one.get<int64_t>(0), 0);
}

TYPED_TEST(RuntimeTypedOps, CompressKeepsTrueSlices) {
  using Element = typename TestFixture::Element;
  std::vector<int64_t> dims = {3, 4, 5};
  for (int64_t axis : {-1, 0, 1, 2})
    for (int64_t length : {2, 3, 70}) {
      OpTensor x = makeRandom<Element>(dims, this->random);
      OpTensor condition = makeRandom<bool>({length}, this->random);
      OpTensor y =
          makeTensor<Element>(axis < 0 ? std::vector<int64_t>{60} : dims);
      ASSERT_EQ(this->call(dycc_op_compress, {&x, &condition}, {&y}, {axis}),
                DYCC_OK);
      std::vector<Element> expected;
      int64_t flat[] = {60};
      rt::AxisView view(axis < 0 ? flat : dims.data(), axis < 0 ? 1 : 3,
                        std::max<int64_t>(axis, 0));
      int64_t kept = 0;
      for (int64_t i = 0; i < x.count(); ++i) {
        int64_t n = i / view.inner % view.extent;
        if (n < length && condition.get<uint8_t>(n))
          expected.push_back(x.get<Element>(i));
      }
      for (int64_t n = 0; n < std::min(length, view.extent); ++n)
        kept += condition.get<uint8_t>(n);
      EXPECT_EQ(y.dims[std::max<int64_t>(axis, 0)], kept);
      ASSERT_EQ(y.count(), int64_t(expected.size()));
      for (size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(y.get<Element>(i), expected[i]);
    }
}

/// Distinct rows of a matrix by a map: first occurrence and count.
template <typename T>
void checkUnique(RuntimeOps &test, OpTensor &x, int64_t axis, bool sorted) {
  std::vector<int64_t> flat = {x.count()};
  const std::vector<int64_t> &dims = axis < 0 ? flat : x.dims;
  rt::AxisView view(dims.data(), int32_t(dims.size()),
                    std::max<int64_t>(axis, 0));
  std::vector<std::vector<double>> items(view.extent);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t n = 0; n < view.extent; ++n)
      for (int64_t i = 0; i < view.inner; ++i)
        items[n].push_back(
            double(x.get<T>((o * view.extent + n) * view.inner + i)));
  std::map<std::vector<double>, std::vector<int64_t>> groups;
  for (int64_t n = 0; n < view.extent; ++n)
    groups[items[n]].push_back(n);
  std::vector<std::vector<int64_t>> ordered;
  for (auto &[item, members] : groups)
    ordered.push_back(members);
  if (!sorted)
    std::sort(ordered.begin(), ordered.end());

  OpTensor y = makeTensor<T>(dims),
           indices = makeTensor<int64_t>({view.extent}),
           inverse = makeTensor<int64_t>({view.extent}),
           counts = makeTensor<int64_t>({view.extent});
  ASSERT_EQ(test.call(dycc_op_unique, {&x}, {&y, &indices, &inverse, &counts},
                      {axis, sorted}),
            DYCC_OK);
  int64_t found = int64_t(ordered.size());
  ASSERT_EQ(y.dims[std::max<int64_t>(axis, 0)], found);
  ASSERT_EQ(indices.dims[0], found);
  ASSERT_EQ(inverse.dims[0], view.extent);
  ASSERT_EQ(counts.dims[0], found);
  for (int64_t g = 0; g < found; ++g) {
    EXPECT_EQ(indices.get<int64_t>(g), ordered[g][0]);
    EXPECT_EQ(counts.get<int64_t>(g), int64_t(ordered[g].size()));
    for (int64_t member : ordered[g])
      EXPECT_EQ(inverse.get<int64_t>(member), g);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i)
        EXPECT_EQ(y.get<T>((o * found + g) * view.inner + i),
                  x.get<T>((o * view.extent + ordered[g][0]) * view.inner + i));
  }
}

TYPED_TEST(RuntimeTypedOps, UniqueFindsDistinctElements) {
  using Element = typename TestFixture::Element;
  for (bool sorted : {true, false}) {
    OpTensor flat = makeRandom<Element>({3, 11}, this->random);
    checkUnique<Element>(*this, flat, -1, sorted);
    OpTensor rows = makeRandom<Element>({30, 1}, this->random);
    checkUnique<Element>(*this, rows, 0, sorted);
    OpTensor middle = makeRandom<Element>({2, 60, 1}, this->random);
    checkUnique<Element>(*this, middle, 1, sorted);
    OpTensor empty = makeRandom<Element>({0}, this->random);
    checkUnique<Element>(*this, empty, -1, sorted);
  }
}

TEST_F(RuntimeOps, UniqueTakesNanAsOneElement) {
  OpTensor x = makeTensor<float>({4}), y = makeTensor<float>({4});
  float data[] = {NAN, 0, -NAN, -0.f};
  for (int i = 0; i < 4; ++i)
    x.set<float>(i, data[i]);
  ASSERT_EQ(call(dycc_op_unique, {&x}, {&y}, {-1, 1}), DYCC_OK);
  ASSERT_EQ(y.dims[0], 2);
  EXPECT_EQ(y.get<float>(0), 0);
  EXPECT_TRUE(std::isnan(y.get<float>(1)));
}

/// As the definition says it: sort all, then test each against those taken.
std::vector<std::array<int64_t, 3>> suppress(const OpTensor &boxes,
                                             const OpTensor &scores,
                                             int64_t most, double iou,
                                             double threshold) {
  int64_t n = boxes.dims[1];
  std::vector<std::array<int64_t, 3>> result;
  for (int64_t b = 0; b < scores.dims[0]; ++b)
    for (int64_t c = 0; c < scores.dims[1]; ++c) {
      auto score = [&](int64_t i) {
        return scores.get<float>((b * scores.dims[1] + c) * n + i);
      };
      auto side = [&](int64_t box, int axis, bool upper) {
        double p = boxes.get<float>((b * n + box) * 4 + axis);
        double q = boxes.get<float>((b * n + box) * 4 + axis + 2);
        return upper ? std::max(p, q) : std::min(p, q);
      };
      auto overlap = [&](int64_t p, int64_t q) {
        double shared = 1, areaP = 1, areaQ = 1;
        for (int axis : {0, 1}) {
          shared *= std::max(
              0.0, std::min(side(p, axis, true), side(q, axis, true)) -
                       std::max(side(p, axis, false), side(q, axis, false)));
          areaP *= side(p, axis, true) - side(p, axis, false);
          areaQ *= side(q, axis, true) - side(q, axis, false);
        }
        return shared / (areaP + areaQ - shared);
      };
      std::vector<int64_t> order, taken;
      for (int64_t i = 0; i < n; ++i)
        if (score(i) > threshold)
          order.push_back(i);
      std::stable_sort(order.begin(), order.end(), [&](int64_t p, int64_t q) {
        return score(p) > score(q);
      });
      for (int64_t i : order)
        if (int64_t(taken.size()) < most &&
            std::none_of(taken.begin(), taken.end(),
                         [&](int64_t t) { return overlap(i, t) > iou; })) {
          taken.push_back(i);
          result.push_back({b, c, i});
        }
    }
  return result;
}

TEST_F(RuntimeOps, NonMaxSuppressionTakesTheBestBoxes) {
  for (int64_t most : {0, 3, 100}) {
    OpTensor boxes = makeTensor<float>({2, 40, 4}),
             scores = makeTensor<float>({2, 3, 40});
    for (int64_t i = 0; i < boxes.count(); ++i)
      boxes.set<float>(i, float(random() % 64)); // Corners in any order.
    for (int64_t i = 0; i < scores.count(); ++i)
      scores.set<float>(i, float(random() % 16) / 16);
    OpTensor count = makeTensor<int64_t>({}), iou = makeTensor<float>({}),
             threshold = makeTensor<float>({1});
    count.set<int64_t>(0, most);
    iou.set<float>(0, 0.3f);
    threshold.set<float>(0, 0.25f);
    OpTensor y = makeTensor<int64_t>({240, 3});
    ASSERT_EQ(call(dycc_op_non_max_suppression,
                   {&boxes, &scores, &count, &iou, &threshold}, {&y}, {0, 7}),
              DYCC_OK);
    auto expected = suppress(boxes, scores, most, 0.3, 0.25);
    ASSERT_EQ(y.dims[0], int64_t(expected.size()));
    EXPECT_EQ(expected.empty(), most == 0);
    for (size_t i = 0; i < expected.size(); ++i)
      for (int j = 0; j < 3; ++j)
        ASSERT_EQ(y.get<int64_t>(i * 3 + j), expected[i][j]);
  }
}

TEST_F(RuntimeOps, NonMaxSuppressionReadsCentersAndOptionalInputs) {
  OpTensor boxes = makeTensor<float>({1, 3, 4}),
           scores = makeTensor<float>({1, 1, 3});
  // x, y, width, height: the first two overlap by a third.
  float data[] = {1, 1, 2, 2, 2, 1, 2, 2, 9, 9, 1, 1};
  for (int i = 0; i < 12; ++i)
    boxes.set<float>(i, data[i]);
  scores.set<float>(0, -1);
  scores.set<float>(1, 2);
  scores.set<float>(2, NAN);
  OpTensor most = makeTensor<int64_t>({}), y = makeTensor<int64_t>({3, 3});
  most.set<int64_t>(0, 9);
  // No IoU threshold is 0: the second box suppresses the first.
  ASSERT_EQ(
      call(dycc_op_non_max_suppression, {&boxes, &scores, &most}, {&y}, {1, 1}),
      DYCC_OK);
  ASSERT_EQ(y.dims[0], 1);
  EXPECT_EQ(y.get<int64_t>(2), 1);
  // Without a score threshold negative scores count as well.
  OpTensor iou = makeTensor<float>({});
  iou.set<float>(0, 0.5f);
  ASSERT_EQ(call(dycc_op_non_max_suppression, {&boxes, &scores, &most, &iou},
                 {&y}, {1, 3}),
            DYCC_OK);
  ASSERT_EQ(y.dims[0], 2);
  EXPECT_EQ(y.get<int64_t>(5), 0);
}

TEST_F(RuntimeOps, NonMaxSuppressionRefusesShapesThatDoNotFit) {
  OpTensor boxes = makeTensor<float>({1, 3, 4}),
           scores = makeTensor<float>({1, 1, 2}),
           y = makeTensor<int64_t>({3, 3});
  EXPECT_EQ(call(dycc_op_non_max_suppression, {&boxes, &scores}, {&y}, {0, 0}),
            DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(),
            "node 'node': boxes are [1, 3, 4] and scores [1, 1, 2], expects "
            "[b, n, 4] and [b, c, n]");
}

} // namespace
} // namespace dycc::test
