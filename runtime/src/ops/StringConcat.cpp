// StringConcat: x, y -> the strings of x followed by those of y; both are
// broadcast to the result.
#include "runtime/src/ops/StringOps.h"

namespace dycc::rt {
namespace {

/// Where the element of an operand lies that is broadcast to `flat` of the
/// result.
int64_t broadcastIndex(const DyccOpTensor &operand, const DyccOpTensor &result,
                       int64_t flat) {
  int64_t index = 0, stride = 1;
  for (int32_t d = result.rank, own = operand.rank; own > 0; --own) {
    --d;
    int64_t extent = operand.dims[own - 1];
    index += extent == 1 ? 0 : flat % result.dims[d] * stride;
    flat /= result.dims[d];
    stride *= extent;
  }
  return index;
}

/// Strings::kNone where there is no memory.
uint64_t join(Strings &strings, uint64_t x, uint64_t y) {
  if (!x || !y) // One is empty.
    return x | y;
  dycc_string a = strings.at(x), b = strings.at(y);
  char *room = strings.room(a.size + b.size);
  if (!room)
    return Strings::kNone;
  memcpy(room, a.data, a.size);
  memcpy(room + a.size, b.data, b.size);
  return strings.commit(a.size + b.size);
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_string_concat(DyccFrame *frame, const char *node,
                              const DyccOpTensor *inputs, int32_t,
                              DyccOpTensor *outputs, int32_t, const int64_t *) {
  const DyccOpTensor &z = outputs[0];
  for (int64_t i = 0, count = elementCount(z); i < count; ++i) {
    auto x = loadAt<uint64_t>(inputs[0].data, broadcastIndex(inputs[0], z, i));
    auto y = loadAt<uint64_t>(inputs[1].data, broadcastIndex(inputs[1], z, i));
    uint64_t handle = join(stringsOf(frame), x, y);
    if (handle == Strings::kNone)
      return refuseStrings(frame, node);
    storeAt(z.data, i, handle);
  }
  return DYCC_OK;
}
