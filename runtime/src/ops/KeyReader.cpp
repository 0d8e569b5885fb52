#include "runtime/src/ops/Ops.h"

namespace dycc::rt {

KeyReader::KeyReader(const DyccOpTensor &tensor)
    : data(static_cast<const uint8_t *>(tensor.data)),
      sign(uint64_t(1) << (tensor.bits - 1)), infinity(0),
      bytes(tensor.bits / 8), isSigned(tensor.code == kDLInt) {
  if (tensor.code == kDLBfloat)
    infinity = 0x7f80;
  else if (tensor.code == kDLFloat)
    infinity = tensor.bits == 16   ? 0x7c00
               : tensor.bits == 32 ? 0x7f800000
                                   : 0x7ff0000000000000;
}

uint64_t KeyReader::bitsAt(int64_t index) const {
  switch (bytes) {
  case 1:
    return data[index];
  case 2:
    return loadAt<uint16_t>(data, index);
  case 4:
    return loadAt<uint32_t>(data, index);
  default:
    return loadAt<uint64_t>(data, index);
  }
}

int64_t KeyReader::operator()(int64_t index) const {
  uint64_t bits = bitsAt(index);
  if (infinity) {
    uint64_t magnitude = bits & (sign - 1);
    if (magnitude > infinity)
      return INT64_MAX;
    return bits & sign ? -int64_t(magnitude) : int64_t(magnitude);
  }
  if (isSigned) // Extends the sign.
    return int64_t((bits ^ sign) - sign);
  return bytes == 8 ? int64_t(bits ^ sign) : int64_t(bits);
}

} // namespace dycc::rt
