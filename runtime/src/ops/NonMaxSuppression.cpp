// NonMaxSuppression: boxes (f32[batches, n, 4]), scores (f32[batches, classes,
// n]), then those given of: most boxes per class (i64), IoU threshold (f32),
// score threshold (f32) -> i64[count, 3]: batch, class, box. Per batch and
// class boxes are taken by falling score (of equal ones the first), unless
// they overlap a taken one by more than the IoU threshold.
// Without the optional ones: 0 boxes, IoU 0, no score threshold.
#include "runtime/src/ops/Ops.h"

namespace dycc::rt {
namespace {

struct Box {
  float y0, x0, y1, x1;

  float area() const { return (y1 - y0) * (x1 - x0); }
};

float lesser(float a, float b) { return a < b ? a : b; }
float greater(float a, float b) { return a > b ? a : b; }

Box loadBox(const void *boxes, int64_t index, bool isCenter) {
  float v[4];
  for (int i = 0; i < 4; ++i)
    v[i] = loadAt<float>(boxes, index * 4 + i);
  if (isCenter) // x, y, width, height.
    return {v[1] - v[3] / 2, v[0] - v[2] / 2, v[1] + v[3] / 2, v[0] + v[2] / 2};
  // Any two opposite corners.
  return {lesser(v[0], v[2]), lesser(v[1], v[3]), greater(v[0], v[2]),
          greater(v[1], v[3])};
}

bool overlaps(const Box &a, const Box &b, float threshold) {
  float height = lesser(a.y1, b.y1) - greater(a.y0, b.y0);
  float width = lesser(a.x1, b.x1) - greater(a.x0, b.x0);
  if (!(height > 0) || !(width > 0))
    return false;
  float shared = height * width, all = a.area() + b.area() - shared;
  return a.area() > 0 && b.area() > 0 && all > 0 && shared / all > threshold;
}

struct Parameters {
  int64_t most = 0;
  float iou = 0, score = 0;
  bool hasScore = false, isCenter;

  Parameters(const DyccOpTensor *inputs, const int64_t *attributes)
      : isCenter(attributes[DYCC_SUPPRESSION_CENTER] != 0) {
    const DyccOpTensor *next = inputs + 2;
    int64_t given = attributes[DYCC_SUPPRESSION_GIVEN];
    if (given & DYCC_SUPPRESSION_HAS_MOST)
      most = loadAt<int64_t>((next++)->data, 0);
    if (given & DYCC_SUPPRESSION_HAS_IOU)
      iou = loadAt<float>((next++)->data, 0);
    if (given & DYCC_SUPPRESSION_HAS_SCORE)
      score = loadAt<float>((next++)->data, 0);
    hasScore = given & DYCC_SUPPRESSION_HAS_SCORE;
  }
};

/// Takes boxes of one batch and class; appends rows of three to `rows` and
/// returns how many.
int64_t selectBoxes(const void *boxes, const void *scores, int64_t n,
                    const Parameters &parameters, int64_t *candidates,
                    const int64_t (&prefix)[2], Index *rows) {
  auto before = [&](int64_t a, int64_t b) {
    float x = loadAt<float>(scores, a), y = loadAt<float>(scores, b);
    return x > y || (x == y && a < b);
  };
  int64_t left = 0, taken = 0;
  for (int64_t i = 0; i < n; ++i) {
    float score = loadAt<float>(scores, i);
    // A score that is NaN could not be ordered.
    if (score == score && (!parameters.hasScore || score > parameters.score))
      candidates[left++] = i;
  }
  auto after = [&](int64_t a, int64_t b) { return before(b, a); };
  heapify(candidates, left, 1, after); // The best is on top.
  while (left > 0 && taken < parameters.most) {
    int64_t best = candidates[0];
    candidates[0] = candidates[--left];
    if (left)
      siftDown(candidates, 0, left, 1, after);
    Box box = loadBox(boxes, best, parameters.isCenter);
    bool free = true;
    for (int64_t t = 0; t < taken && free; ++t)
      free =
          !overlaps(box, loadBox(boxes, rows[t * 3 + 2], parameters.isCenter),
                    parameters.iou);
    if (!free)
      continue;
    rows[taken * 3] = prefix[0];
    rows[taken * 3 + 1] = prefix[1];
    rows[taken * 3 + 2] = best;
    ++taken;
  }
  return taken;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_non_max_suppression(DyccFrame *frame, const char *node,
                                    const DyccOpTensor *inputs, int32_t,
                                    DyccOpTensor *outputs, int32_t,
                                    const int64_t *attributes) {
  const DyccOpTensor &boxes = inputs[0], &scores = inputs[1];
  int64_t batches = boxes.dims[0], n = boxes.dims[1], classes = scores.dims[1];
  if (boxes.dims[2] != 4 || scores.dims[0] != batches || scores.dims[2] != n)
    return failAt(frame,
                  "node '%s': boxes are [%d, %d, %d] and scores [%d, %d, %d], "
                  "expects [b, n, 4] and [b, c, n]",
                  node, batches, n, boxes.dims[2], scores.dims[0], classes,
                  scores.dims[2]);
  Parameters parameters(inputs, attributes);
  ScratchArrays<kArraysOf_non_max_suppression> candidates(frame, n);
  if (!outputs[0].data) { // As many as there can be.
    int64_t most = parameters.most < n ? parameters.most : n, all;
    bool tooMany =
        __builtin_mul_overflow(batches * classes, most < 0 ? 0 : most, &all);
    outputs[0].dims[0] = tooMany ? INT64_MAX : all;
    if (int32_t status = provide(frame, node, outputs[0]))
      return status;
  }
  auto *rows = static_cast<Index *>(outputs[0].data);
  int64_t count = 0;
  for (int64_t b = 0; b < batches; ++b)
    for (int64_t c = 0; c < classes; ++c) {
      const int64_t prefix[] = {b, c};
      count += selectBoxes(
          static_cast<const uint8_t *>(boxes.data) + b * n * 4 * sizeof(float),
          static_cast<const uint8_t *>(scores.data) +
              (b * classes + c) * n * sizeof(float),
          n, parameters, candidates[0], prefix, rows + count * 3);
    }
  outputs[0].dims[0] = count;
  return DYCC_OK;
}
