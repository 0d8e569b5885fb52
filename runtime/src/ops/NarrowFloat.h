// Floats of 16 bits, without what a processor or compiler-rt has for them.
#ifndef DYCC_RUNTIME_SRC_OPS_NARROWFLOAT_H
#define DYCC_RUNTIME_SRC_OPS_NARROWFLOAT_H

#include <stdint.h>
#include <string.h>

namespace dycc::rt {

inline float floatOf(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

inline uint32_t bitsOf(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof(bits));
  return bits;
}

inline double fromBfloat(uint16_t bits) {
  return double(floatOf(uint32_t(bits) << 16));
}

inline double fromHalf(uint16_t bits) {
  uint32_t sign = uint32_t(bits & 0x8000) << 16;
  uint32_t magnitude = uint32_t(bits & 0x7fff) << 13;
  if (magnitude >= 0x7c00u << 13) // Infinite, or a NaN.
    return double(floatOf(sign | 0x7f800000 | magnitude));
  return double(floatOf(sign | magnitude)) * 0x1p112;
}

/// The upper half, rounded to nearest, halves to even.
inline uint16_t toBfloat(float value) {
  uint32_t bits = bitsOf(value);
  if (value != value)
    return uint16_t(bits >> 16 | 0x40);
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/// Rounded to nearest, halves to even.
inline uint16_t toHalf(float value) {
  uint32_t bits = bitsOf(value), sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;
  if (bits > 0x7f800000)
    return uint16_t(sign | 0x7e00);
  if (bits >= 0x477ff000) // 65520 is half a step above the largest.
    return uint16_t(sign | 0x7c00);
  if (bits < 0x38800000) { // A multiple of 2^-24, which the sum rounds to.
    float multiple = floatOf(bits) * 0x1p24f + 0x1p23f;
    return uint16_t(sign | (bitsOf(multiple) & 0x7fffff));
  }
  bits += 0xfff + (bits >> 13 & 1);
  return uint16_t(sign | (bits - 0x38000000) >> 13);
}

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_OPS_NARROWFLOAT_H
