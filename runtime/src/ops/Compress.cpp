// Compress: x, condition (bool[m]) -> the slices of x along an axis whose
// condition is true. Slices beyond m are dropped; conditions beyond the extent
// are ignored.
// Without an axis x is flat, and so is the result.
#include "runtime/src/ops/Ops.h"

using namespace dycc::rt;

int32_t dycc_op_compress(DyccFrame *frame, const char *node,
                         const DyccOpTensor *inputs, int32_t,
                         DyccOpTensor *outputs, int32_t,
                         const int64_t *attributes) {
  const DyccOpTensor &x = inputs[0];
  auto *condition = static_cast<const uint8_t *>(inputs[1].data);
  int64_t axis = attributes[DYCC_COMPRESS_AXIS];
  AxisView view(x.dims, x.rank, axis);
  if (axis < 0) {
    view.extent = view.inner; // No axis was met: all extents are here.
    view.inner = 1;
  }
  int64_t tested =
      view.extent < inputs[1].dims[0] ? view.extent : inputs[1].dims[0];
  size_t bytes = view.inner * elementBytes(x.bits);
  auto *from = static_cast<const uint8_t *>(x.data);
  int64_t count = 0;
  for (int64_t i = 0; i < tested; ++i)
    count += condition[i] != 0;
  outputs[0].dims[axis < 0 ? 0 : axis] = count;
  if (int32_t status = provide(frame, node, outputs[0]))
    return status;
  if (bytes == 0)
    return DYCC_OK;
  auto *to = static_cast<uint8_t *>(outputs[0].data);
  for (int64_t o = 0; o < view.outer; ++o, from += view.extent * bytes)
    for (int64_t i = 0; i < tested; ++i)
      if (condition[i]) {
        memcpy(to, from + i * bytes, bytes);
        to += bytes;
      }
  return DYCC_OK;
}
