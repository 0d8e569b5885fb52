#include "runtime/src/ops/Ops.h"

namespace dycc::rt {

KeyReader::KeyReader(const DyccOpTensor &tensor)
    : data(static_cast<const uint8_t *>(tensor.data)),
      sign(uint64_t(1) << (tensor.bits - 1)), infinity(0),
      bytes(elementBytes(tensor.bits)), isSigned(tensor.code == kDLInt) {
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

/// The key of an element in a signed number of its own width, so that vectors
/// of them are compared: that of a NaN is the largest, those of unsigned
/// integers begin at the least.
template <typename Bits, typename Key>
Key KeyReader::narrowKey(Bits bits) const {
  constexpr Key largest = Key(Bits(-1) >> 1);
  if (infinity) {
    Key magnitude = Key(bits & largest);
    Key key = bits > Bits(largest) ? Key(-magnitude) : magnitude;
    return magnitude > Key(infinity) ? largest : key;
  }
  return isSigned ? Key(bits) : Key(bits ^ Bits(sign));
}

/// Most elements are not beyond: blocks of them are only asked whether any is.
template <typename Bits, typename Key>
int64_t KeyReader::findNarrow(int64_t from, int64_t end, int64_t limit,
                              bool above) const {
  constexpr int64_t block = 16;
  bool isShifted = !infinity && !isSigned && bytes < 8;
  Key last = infinity && limit == INT64_MAX
                 ? Key(Bits(-1) >> 1)
                 : Key(isShifted ? limit - int64_t(sign) : limit);
  auto search = [&](auto isBeyond) {
    auto at = [&](int64_t index) {
      return isBeyond(narrowKey<Bits, Key>(loadAt<Bits>(data, index)));
    };
    for (; from + block <= end; from += block) {
      Bits any = 0;
      for (int64_t i = 0; i < block; ++i)
        any |= at(from + i) ? 1 : 0;
      if (any)
        break;
    }
    while (from < end && !at(from))
      ++from;
    return from;
  };
  return above ? search([=](Key key) { return key > last; })
               : search([=](Key key) { return key < last; });
}

int64_t KeyReader::findBeyond(int64_t from, int64_t end, int64_t limit,
                              bool above) const {
  switch (bytes) {
  case 1:
    return findNarrow<uint8_t, int8_t>(from, end, limit, above);
  case 2:
    return findNarrow<uint16_t, int16_t>(from, end, limit, above);
  case 4:
    return findNarrow<uint32_t, int32_t>(from, end, limit, above);
  default:
    return findNarrow<uint64_t, int64_t>(from, end, limit, above);
  }
}

} // namespace dycc::rt
