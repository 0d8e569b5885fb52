// Floats of at most 8 bits as numbers and back. Nothing but the C++17 standard
// library and dycc's own header, as its neighbours.
#ifndef DYCC_NARROW_HPP
#define DYCC_NARROW_HPP

#include <dycc/runtime.h>

#include <cmath>
#include <cstdint>

namespace dycc::data {

inline bool isNarrowFloat(DLDataType type) {
  return dycc_narrow_float(type.code) != nullptr;
}

namespace detail {

/// A sign but where there is no mantissa, exponent, mantissa.
struct NarrowFormat {
  int mantissaBits, bias;
  /// The first magnitude that is no number, and what the byte of a NaN is.
  int infinity, nan;
};

inline NarrowFormat narrowFormat(std::uint8_t code) {
  constexpr int none = 0x100;
  constexpr NarrowFormat formats[] = {{3, 7, none, 0x7f},   {3, 8, none, 0x80},
                                      {2, 15, 0x7c, 0x7e},  {2, 16, none, 0x80},
                                      {0, 127, none, 0xff}, {3, 1, none, none},
                                      {2, 3, none, none},   {1, 1, none, none}};
  return formats[code - DYCC_DTYPE_FLOAT8_E4M3FN];
}

} // namespace detail

/// What the low bits of `byte` are as an element of `type`.
inline double readNarrow(DLDataType type, std::uint8_t byte) {
  auto [mantissaBits, bias, infinity, nan] = detail::narrowFormat(type.code);
  bool isScale = mantissaBits == 0; // Powers of two, from the smallest one on.
  int signBit = isScale ? 0 : 1 << (type.bits - 1);
  int magnitude = byte & (isScale ? 0xff : signBit - 1);
  int exponent = magnitude >> mantissaBits, whole = 1 << mantissaBits;
  int mantissa = magnitude & (whole - 1);
  bool isFnuz = nan == 0x80;
  double value =
      (isFnuz ? byte : magnitude) == nan || magnitude > infinity ? std::nan("")
      : magnitude == infinity                                    ? HUGE_VAL
      : exponent == 0 && !isScale
          ? std::ldexp(mantissa, 1 - bias - mantissaBits)
          : std::ldexp(whole + mantissa, exponent - bias - mantissaBits);
  return byte & signBit ? -value : value;
}

/// The byte whose value is nearest, of two the even one; of what is beyond all
/// numbers the last. A NaN where the type has none is 0.
inline std::uint8_t writeNarrow(DLDataType type, double value) {
  int best = 0;
  double least = HUGE_VAL;
  for (int byte = 0; byte < 1 << type.bits; ++byte) {
    double here = readNarrow(type, std::uint8_t(byte));
    if (std::isnan(value) && std::isnan(here))
      return std::uint8_t(byte);
    double off = std::fabs(value - here);
    bool isSameSign = std::signbit(here) == std::signbit(value);
    if (std::isfinite(here) &&
        (off < least || (off == least && isSameSign && byte % 2 == 0))) {
      best = byte;
      least = off;
    }
  }
  return std::uint8_t(best);
}

} // namespace dycc::data

#endif // DYCC_NARROW_HPP
