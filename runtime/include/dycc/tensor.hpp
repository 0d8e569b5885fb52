// Typed views of tensors for C++17: elements in a row, extents beside them.
#ifndef DYCC_TENSOR_HPP
#define DYCC_TENSOR_HPP

#include "dycc/runtime.h"

#include <array>
#include <cstddef>
#include <cstdint>
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

/// DLPack's name of an element type.
template <typename T>
constexpr DLDataType dataTypeOf() {
  static_assert(std::is_arithmetic_v<T> || std::is_same_v<T, Float16> ||
                    std::is_same_v<T, BFloat16>,
                "expects an element type of ONNX");
  std::uint8_t code =
      std::is_same_v<T, bool>       ? DYCC_DTYPE_BOOL
      : std::is_same_v<T, BFloat16> ? std::uint8_t{kDLBfloat}
      : std::is_floating_point_v<T> || std::is_same_v<T, Float16>
          ? std::uint8_t{kDLFloat}
      : std::is_signed_v<T> ? std::uint8_t{kDLInt}
                            : std::uint8_t{kDLUInt};
  return {code, std::uint8_t{8 * sizeof(T)}, 1};
}

} // namespace dycc

#endif // DYCC_TENSOR_HPP
