// How far results of a model may be from what is expected of them. Nothing but
// the C++17 standard library and dycc's own header, as proto_tensor.hpp.
#ifndef DYCC_COMPARE_HPP
#define DYCC_COMPARE_HPP

#include "narrow.hpp"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace dycc::data {

/// How far floats may deviate: |found - expected| <= atol + rtol * |expected|.
/// Integers and bools are compared exactly.
struct Tolerance {
  double rtol = 1e-3;
  /// Below 0: `ofLargest` times the largest finite |expected|.
  double atol = -1;
  double ofLargest = 1e-4;
};

/// Elements in row-major order, of somebody else.
struct Elements {
  DLDataType type;
  const char *bytes;
  std::int64_t count;
};

inline bool isFloat(DLDataType type) {
  return type.code == kDLFloat || type.code == kDLBfloat || isNarrowFloat(type);
}

inline bool isSame(DLDataType a, DLDataType b) {
  return a.code == b.code && a.bits == b.bits && a.lanes == b.lanes;
}

namespace detail {

template <typename T>
double readAs(const char *from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return static_cast<double>(value);
}

/// IEEE half, which C++17 has no type for.
inline double readHalf(const char *from) {
  std::uint16_t bits;
  std::memcpy(&bits, from, sizeof(bits));
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 0   ? std::ldexp(fraction, -24)
                 : exponent < 31 ? std::ldexp(fraction + 1024, exponent - 25)
                 : fraction == 0 ? HUGE_VAL
                                 : std::nan("");
  return bits >> 15 ? -value : value;
}

/// bfloat16: the upper half of a float.
inline double readBfloat(const char *from) {
  std::uint16_t bits;
  std::memcpy(&bits, from, sizeof(bits));
  std::uint32_t wide = std::uint32_t(bits) << 16;
  return readAs<float>(reinterpret_cast<const char *>(&wide));
}

} // namespace detail

/// The i-th element; integers beyond 2^53 are rounded.
inline double elementAt(const Elements &tensor, std::int64_t i) {
  using namespace detail;
  auto bytes = static_cast<std::int64_t>(dycc_element_bytes(tensor.type));
  const char *from = tensor.bytes + i * bytes;
  bool isSigned = tensor.type.code == kDLInt;
  if (isNarrowFloat(tensor.type))
    return readNarrow(tensor.type, static_cast<std::uint8_t>(*from));
  if (tensor.type.code == kDLBfloat)
    return readBfloat(from);
  if (tensor.type.code == kDLFloat)
    return tensor.type.bits == 16   ? readHalf(from)
           : tensor.type.bits == 32 ? readAs<float>(from)
                                    : readAs<double>(from);
  switch (bytes) {
  case 1:
    return isSigned ? readAs<std::int8_t>(from) : readAs<std::uint8_t>(from);
  case 2:
    return isSigned ? readAs<std::int16_t>(from) : readAs<std::uint16_t>(from);
  case 4:
    return isSigned ? readAs<std::int32_t>(from) : readAs<std::uint32_t>(from);
  default:
    return isSigned ? readAs<std::int64_t>(from) : readAs<std::uint64_t>(from);
  }
}

/// What a comparison came to.
struct Deviation {
  std::int64_t beyond = 0; ///< Elements that deviate too far.
  std::int64_t worst = -1; ///< Index of the one that is farthest; -1: none is.
  double by = 0;           ///< How far that one is.
  /// Index of the one that is farthest beyond what it may; -1: none is.
  std::int64_t wrong = -1;
};

namespace detail {

inline double largest(const Elements &tensor) {
  double result = 0;
  for (std::int64_t i = 0; i < tensor.count; ++i) {
    double value = std::fabs(elementAt(tensor, i));
    if (std::isfinite(value) && value > result)
      result = value;
  }
  return result;
}

/// The deviation of element i; infinite where it cannot be measured.
inline double deviation(const Elements &found, const Elements &expected,
                        std::int64_t i) {
  auto size = static_cast<std::int64_t>(dycc_element_bytes(found.type));
  if (std::memcmp(found.bytes + i * size, expected.bytes + i * size,
                  std::size_t(size)) == 0)
    return 0;
  double a = elementAt(found, i), b = elementAt(expected, i);
  if (!isFloat(found.type)) // 0 for integers that differ beyond 2^53.
    return std::fmax(1.0, std::fabs(a - b));
  if (a == b || (std::isnan(a) && std::isnan(b)))
    return 0;
  double difference = std::fabs(a - b);
  return std::isfinite(difference) ? difference : HUGE_VAL;
}

} // namespace detail

/// Compares tensors of one type and one count. NaN matches NaN, an infinity
/// only itself.
inline Deviation deviationOf(const Elements &found, const Elements &expected,
                             const Tolerance &tolerance) {
  double rtol = 0, atol = 0;
  if (isFloat(found.type)) {
    rtol = tolerance.rtol;
    atol = tolerance.atol < 0 ? tolerance.ofLargest * detail::largest(expected)
                              : tolerance.atol;
  }
  Deviation result;
  double excess = 0;
  for (std::int64_t i = 0; i < found.count; ++i) {
    double by = detail::deviation(found, expected, i);
    double allowed = atol + rtol * std::fabs(elementAt(expected, i));
    if (by > allowed || by == HUGE_VAL) {
      ++result.beyond;
      if (result.wrong < 0 || by - allowed > excess) {
        result.wrong = i;
        excess = by - allowed;
      }
    }
    if (by > result.by) {
      result.by = by;
      result.worst = i;
    }
  }
  return result;
}

} // namespace dycc::data

#endif // DYCC_COMPARE_HPP
