// NonZero: x -> i64[rank, count], the indices of the elements that are not
// zero, in row-major order. NaN is not zero, both zeros are.
#include "runtime/src/ops/Ops.h"

namespace dycc::rt {
namespace {

/// Calls function(flat index) for each element that is not zero. `mask` hides
/// the sign of a float's zero.
template <typename T, typename F>
void forEachNonZero(const void *data, int64_t count, uint64_t mask,
                    F function) {
  for (int64_t i = 0; i < count; ++i)
    if (loadAt<T>(data, i) & T(mask))
      function(i);
}

template <typename F>
void forEachNonZero(const DyccOpTensor &x, F function) {
  int64_t count = elementCount(x);
  bool isFloat = x.code == kDLFloat || x.code == kDLBfloat;
  uint64_t sign = isFloat ? uint64_t(1) << (x.bits - 1) : 0;
  switch (x.bits) {
  case 8:
    return forEachNonZero<uint8_t>(x.data, count, ~sign, function);
  case 16:
    return forEachNonZero<uint16_t>(x.data, count, ~sign, function);
  case 32:
    return forEachNonZero<uint32_t>(x.data, count, ~sign, function);
  default:
    return forEachNonZero<uint64_t>(x.data, count, ~sign, function);
  }
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

/// The count decides where each row starts: it is taken first.
int32_t dycc_op_non_zero(DyccFrame *frame, const char *node,
                         const DyccOpTensor *inputs, int32_t,
                         DyccOpTensor *outputs, int32_t, const int64_t *) {
  const DyccOpTensor &x = inputs[0];
  int64_t count = 0;
  forEachNonZero(x, [&](int64_t) { ++count; });
  outputs[0].dims[1] = count;
  if (int32_t status = provide(frame, node, outputs[0]))
    return status;
  int64_t next = 0;
  forEachNonZero(x, [&](int64_t flat) {
    for (int32_t d = x.rank; d-- > 0; flat /= x.dims[d])
      storeAt<int64_t>(outputs[0].data, d * count + next, flat % x.dims[d]);
    ++next;
  });
  return DYCC_OK;
}
