// Typed views of tensors for C++17: elements in a row, extents beside them.
#ifndef DYCC_TENSOR_HPP
#define DYCC_TENSOR_HPP

#include "dycc/runtime.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace dycc {

/// Elements that somebody else owns: what std::span is since C++20. Made of
/// whatever has data() and size().
template <typename T>
class Span {
public:
  constexpr Span() = default;
  constexpr Span(T *data, std::size_t size) : first(data), count(size) {}
  template <std::size_t N>
  constexpr Span(T (&array)[N]) : first(array), count(N) {}
  template <typename C, typename = std::enable_if_t<std::is_convertible_v<
                            decltype(std::declval<C &>().data()), T *>>>
  constexpr Span(C &&container)
      : first(container.data()), count(container.size()) {}

  constexpr T *data() const { return first; }
  constexpr std::size_t size() const { return count; }
  constexpr bool empty() const { return count == 0; }
  constexpr T *begin() const { return first; }
  constexpr T *end() const { return first + count; }
  constexpr T &operator[](std::size_t i) const { return first[i]; }

private:
  T *first = nullptr;
  std::size_t count = 0;
};

/// Extents, the outermost first.
template <std::size_t Rank>
using Shape = std::array<std::int64_t, Rank>;

/// How many elements a tensor of these extents has.
template <std::size_t Rank>
constexpr std::size_t sizeOf(const Shape<Rank> &shape) {
  std::size_t size = 1;
  for (std::int64_t extent : shape)
    size *= extent > 0 ? static_cast<std::size_t>(extent) : 0;
  return size;
}

/// A tensor in row-major order, at any alignment. Owns nothing.
template <typename T, std::size_t Rank>
struct Tensor {
  using Element = std::remove_const_t<T>;
  static constexpr std::size_t rank = Rank;

  Span<T> elements;
  Shape<Rank> shape{};
};

/// IEEE half and bfloat16 have no type in C++17: their bits.
struct Float16 {
  std::uint16_t bits = 0;
};
struct BFloat16 {
  std::uint16_t bits = 0;
};

/// A string that somebody else owns: std::string_view in the form of the C
/// interface. Made of whatever becomes a view, and becomes one.
struct String : dycc_string {
  constexpr String() : dycc_string{nullptr, 0} {}
  template <typename T, typename = std::enable_if_t<
                            std::is_convertible_v<const T &, std::string_view>>>
  constexpr String(const T &text)
      : dycc_string{std::string_view(text).data(),
                    std::string_view(text).size()} {}
  constexpr operator std::string_view() const {
    return {data, static_cast<std::size_t>(size)};
  }
};

/// Neither have floats of at most 8 bits and integers of fewer: a byte, as
/// dycc_element_bytes() has it.
template <std::uint8_t Code, std::uint8_t Bits>
struct Narrow {
  std::uint8_t bits = 0;
};
using Float8E4M3FN = Narrow<DYCC_DTYPE_FLOAT8_E4M3FN, 8>;
using Float8E4M3FNUZ = Narrow<DYCC_DTYPE_FLOAT8_E4M3FNUZ, 8>;
using Float8E5M2 = Narrow<DYCC_DTYPE_FLOAT8_E5M2, 8>;
using Float8E5M2FNUZ = Narrow<DYCC_DTYPE_FLOAT8_E5M2FNUZ, 8>;
using Float8E8M0FNU = Narrow<DYCC_DTYPE_FLOAT8_E8M0FNU, 8>;
using Float6E2M3FN = Narrow<DYCC_DTYPE_FLOAT6_E2M3FN, 6>;
using Float6E3M2FN = Narrow<DYCC_DTYPE_FLOAT6_E3M2FN, 6>;
using Float4E2M1FN = Narrow<DYCC_DTYPE_FLOAT4_E2M1FN, 4>;
using Int4 = Narrow<kDLInt, 4>;
using UInt4 = Narrow<kDLUInt, 4>;
using Int2 = Narrow<kDLInt, 2>;
using UInt2 = Narrow<kDLUInt, 2>;

namespace detail {

template <typename T>
struct NarrowType {
  static constexpr bool isOne = false;
  static constexpr DLDataType type{};
};
template <std::uint8_t Code, std::uint8_t Bits>
struct NarrowType<Narrow<Code, Bits>> {
  static constexpr bool isOne = true;
  static constexpr DLDataType type{Code, Bits, 1};
};

} // namespace detail

/// DLPack's name of an element type.
template <typename T>
constexpr DLDataType dataTypeOf() {
  static_assert(std::is_arithmetic_v<T> || std::is_same_v<T, Float16> ||
                    std::is_same_v<T, BFloat16> || std::is_same_v<T, String> ||
                    detail::NarrowType<T>::isOne,
                "expects an element type of ONNX");
  if (detail::NarrowType<T>::isOne)
    return detail::NarrowType<T>::type;
  std::uint8_t code =
      std::is_same_v<T, bool>       ? DYCC_DTYPE_BOOL
      : std::is_same_v<T, String>   ? DYCC_DTYPE_STRING
      : std::is_same_v<T, BFloat16> ? std::uint8_t{kDLBfloat}
      : std::is_floating_point_v<T> || std::is_same_v<T, Float16>
          ? std::uint8_t{kDLFloat}
      : std::is_signed_v<T> ? std::uint8_t{kDLInt}
                            : std::uint8_t{kDLUInt};
  return {code, std::uint8_t{8 * sizeof(T)}, 1};
}

} // namespace dycc

#endif // DYCC_TENSOR_HPP
