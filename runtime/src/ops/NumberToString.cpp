// Cast of numbers: x -> strings, as ONNX Runtime writes them: floats with up to
// 8 significant digits, in the shorter of plain and scientific form, "INF",
// "-INF" and "NaN"; integers with all digits, bools as 0 and 1.
#include "runtime/src/ops/NarrowFloat.h"
#include "runtime/src/ops/StringOps.h"

#include <stdio.h>

namespace dycc::rt {
namespace {

double floatAt(const DyccOpTensor &x, int64_t index) {
  if (x.code == kDLBfloat)
    return fromBfloat(loadAt<uint16_t>(x.data, index));
  switch (x.bits) {
  case 16:
    return fromHalf(loadAt<uint16_t>(x.data, index));
  case 32:
    return double(loadAt<float>(x.data, index));
  default:
    return loadAt<double>(x.data, index);
  }
}

/// Writes in `buffer`, with a 0 at the end.
void writeFloat(char (&buffer)[32], double value) {
  if (__builtin_isnan(value))
    memcpy(buffer, "NaN", 4);
  else if (__builtin_isinf(value))
    memcpy(buffer, value < 0 ? "-INF" : "INF", value < 0 ? 5 : 4);
  else
    snprintf(buffer, sizeof(buffer), "%.8g", value);
}

void writeInteger(char (&buffer)[32], const DyccOpTensor &x, int64_t index) {
  size_t bytes = elementBytes(x.bits);
  uint64_t bits = 0;
  memcpy(&bits, static_cast<const uint8_t *>(x.data) + index * bytes, bytes);
  uint64_t sign = uint64_t(1) << (8 * bytes - 1);
  if (x.code == kDLInt)
    snprintf(buffer, sizeof(buffer), "%lld",
             static_cast<long long>((bits ^ sign) - sign));
  else
    snprintf(buffer, sizeof(buffer), "%llu",
             static_cast<unsigned long long>(bits));
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_number_to_string(DyccFrame *frame, const char *node,
                                 const DyccOpTensor *inputs, int32_t,
                                 DyccOpTensor *outputs, int32_t,
                                 const int64_t *) {
  const DyccOpTensor &x = inputs[0];
  bool isFloat = x.code == kDLFloat || x.code == kDLBfloat;
  PlainNumbers plain;
  for (int64_t i = 0, count = elementCount(x); i < count; ++i) {
    char buffer[32];
    if (isFloat)
      writeFloat(buffer, floatAt(x, i));
    else
      writeInteger(buffer, x, i);
    uint64_t handle = stringsOf(frame).intern(buffer, strlen(buffer));
    if (handle == Strings::kNone)
      return refuseStrings(frame, node);
    storeAt(outputs[0].data, i, handle);
  }
  return DYCC_OK;
}
