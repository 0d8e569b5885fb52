// NonMaxSuppression against its definition.
#include "test/unit/RuntimeOpsFixture.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace dycc::test {
namespace {

using RuntimeSuppression = RuntimeOps;

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

TEST_F(RuntimeSuppression, TakesTheBestBoxes) {
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

TEST_F(RuntimeSuppression, ReadsCentersAndOptionalInputs) {
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

TEST_F(RuntimeSuppression, RefusesShapesThatDoNotFit) {
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
