// CheckIndices: indices (int32 or int64), read as rows of `count` components
// -> nothing. Fails where component j of a row is not in [-limit_j, limit_j),
// or in [0, limit_j) where negative ones mean nothing: kernels clamp their
// indices, so that a wrong one reads no foreign memory, and this is what
// reports it.
#include "runtime/src/ops/Ops.h"

using namespace dycc::rt;

/// The position of the first index beyond its limit, or -1.
template <typename Index>
static int64_t findBeyond(const void *indices, int64_t elements, int64_t count,
                          bool isFromEnd, const int64_t *limits) {
  for (int64_t row = 0; row < elements; row += count)
    for (int64_t j = 0; j < count; ++j) {
      int64_t index = loadAt<Index>(indices, row + j);
      if (index < (isFromEnd ? -limits[j] : 0) || index >= limits[j])
        return row + j;
    }
  return -1;
}

int32_t dycc_op_check_indices(DyccFrame *frame, const char *node,
                              const DyccOpTensor *inputs, int32_t,
                              DyccOpTensor *, int32_t,
                              const int64_t *attributes) {
  const DyccOpTensor &indices = inputs[0];
  int64_t elements = 1, count = attributes[DYCC_CHECK_INDICES_COUNT];
  for (int32_t d = 0; d < indices.rank; ++d)
    elements *= indices.dims[d];
  const int64_t *limits = attributes + DYCC_CHECK_INDICES_LIMITS;
  bool isFromEnd = attributes[DYCC_CHECK_INDICES_FROM_END] != 0;
  bool isWide = indices.bits == 64;
  int64_t at = isWide ? findBeyond<int64_t>(indices.data, elements, count,
                                            isFromEnd, limits)
                      : findBeyond<int32_t>(indices.data, elements, count,
                                            isFromEnd, limits);
  if (at < 0)
    return DYCC_OK;
  int64_t limit = limits[at % count];
  int64_t found = isWide ? loadAt<int64_t>(indices.data, at)
                         : loadAt<int32_t>(indices.data, at);
  int64_t arguments[] = {reinterpret_cast<int64_t>(node), at, found,
                         isFromEnd ? -limit : 0, limit - 1};
  return dycc_rt_fail(frame, DYCC_MODEL_ERROR,
                      "node '%s': index %d is %d, expects one in [%d, %d]",
                      arguments, 5);
}
