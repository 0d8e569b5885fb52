// Cast of strings: x -> numbers, as ONNX Runtime reads them: the number that a
// string begins with, behind white space. Floats are plain or scientific,
// "INF", "-INF" or "NaN" in any case of letters; integers are decimal and keep
// the low bits where the result has fewer; a bool is an integer that is not 0.
// A string that begins with no number, or with one beyond f64 or 64 bits, is an
// error.
#include "runtime/src/ops/NarrowFloat.h"
#include "runtime/src/ops/StringOps.h"

#include <stdlib.h>

namespace dycc::rt {
namespace {

bool isSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// False where there is none. In the locale "C".
bool readFloat(const dycc_string &text, double &value) {
  char *end;
  value = strtod(text.data, &end);
  if (end == text.data)
    return false;
  if (!__builtin_isinf(value))
    return true;
  // It was written so, or it is too large.
  const char *at = text.data;
  while (isSpace(*at) || *at == '+' || *at == '-')
    ++at;
  return *at == 'i' || *at == 'I';
}

/// The integer as 64 bits, of which a negative one has the complement.
bool readInteger(const dycc_string &text, bool isSigned, uint64_t &value) {
  const char *at = text.data; // A 0 ends it.
  while (isSpace(*at))
    ++at;
  bool isNegative = *at == '-';
  at += isNegative || *at == '+';
  if (*at < '0' || *at > '9')
    return false;
  for (value = 0; *at >= '0' && *at <= '9'; ++at)
    if (__builtin_mul_overflow(value, uint64_t(10), &value) ||
        __builtin_add_overflow(value, uint64_t(*at - '0'), &value))
      return false;
  uint64_t most = isSigned ? uint64_t(INT64_MAX) + isNegative : UINT64_MAX;
  if (value > most)
    return false;
  value = isNegative ? 0 - value : value;
  return true;
}

void storeFloat(const DyccOpTensor &y, int64_t index, double value) {
  if (y.code == kDLBfloat)
    storeAt(y.data, index, toBfloat(float(value)));
  else if (y.bits == 16)
    storeAt(y.data, index, toHalf(float(value)));
  else if (y.bits == 32)
    storeAt(y.data, index, float(value));
  else
    storeAt(y.data, index, value);
}

bool convert(const dycc_string &text, const DyccOpTensor &y, int64_t index) {
  if (y.code == kDLFloat || y.code == kDLBfloat) {
    double value;
    if (!readFloat(text, value))
      return false;
    storeFloat(y, index, value);
    return true;
  }
  uint64_t value;
  if (!readInteger(text, y.code == kDLInt, value))
    return false;
  if (y.code == DYCC_DTYPE_BOOL)
    value = value != 0;
  // An integer of fewer bits is extended to its byte.
  unsigned unused = 64 - y.bits;
  if (y.code == kDLInt)
    value = uint64_t(int64_t(value << unused) >> unused);
  else
    value = value << unused >> unused;
  size_t bytes = elementBytes(y.bits);
  memcpy(static_cast<uint8_t *>(y.data) + index * bytes, &value, bytes);
  return true;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_string_to_number(DyccFrame *frame, const char *node,
                                 const DyccOpTensor *inputs, int32_t,
                                 DyccOpTensor *outputs, int32_t,
                                 const int64_t *) {
  PlainNumbers plain;
  for (int64_t i = 0, count = elementCount(inputs[0]); i < count; ++i) {
    dycc_string text = stringAt(stringsOf(frame), inputs[0], i);
    if (convert(text, outputs[0], i))
      continue;
    char buffer[32];
    return failAt(frame,
                  "node '%s': element %d is \"%s\", expects a number in the "
                  "range of %s",
                  node, i, text.data,
                  typeName(outputs[0].code, outputs[0].bits, buffer));
  }
  return DYCC_OK;
}
