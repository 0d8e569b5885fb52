// What calls of dycc's C++17 headers return: a value or a failure. A caller
// asks which, or takes the value and gets an exception where there is none.
#ifndef DYCC_RESULT_HPP
#define DYCC_RESULT_HPP

#include "dycc/runtime.h"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace dycc {

/// Why a call did not succeed.
struct Failure {
  dycc_status status = DYCC_INTERNAL; ///< Never DYCC_OK.
  std::string text; ///< Names the culprit, what was found and expected.
};

/// A failure as an exception: what() is its text.
class Error : public std::runtime_error {
public:
  explicit Error(const Failure &failure)
      : std::runtime_error(failure.text), code(failure.status) {}
  dycc_status status() const noexcept { return code; }

private:
  dycc_status code;
};

namespace detail {

/// Throws an Error; a program that is built without exceptions ends here.
[[noreturn]] inline void raise(const Failure &failure) {
#ifdef __cpp_exceptions
  throw Error(failure);
#else
  (void)failure;
  std::abort();
#endif
}

} // namespace detail

/// A T, or why there is none.
///
///     auto result = context.run(inputs);
///     if (!result)
///       return complain(result.failure().text);
///     use(*result);
///
/// or, with exceptions, `use(context.run(inputs).value())`.
template <typename T>
class [[nodiscard]] Result {
public:
  Result(T value) : content(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure)
      : content(std::in_place_index<1>, std::move(failure)) {}

  bool ok() const noexcept { return content.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  /// The value; throws an Error where there is none.
  T &value() & { return check(), std::get<0>(content); }
  const T &value() const & { return check(), std::get<0>(content); }
  T &&value() && { return check(), std::get<0>(std::move(content)); }

  /// The value of a result that is ok().
  T &operator*() & { return *std::get_if<0>(&content); }
  const T &operator*() const & { return *std::get_if<0>(&content); }
  T &&operator*() && { return std::move(*std::get_if<0>(&content)); }
  T *operator->() { return std::get_if<0>(&content); }
  const T *operator->() const { return std::get_if<0>(&content); }

  /// The failure of a result that is not ok().
  const Failure &failure() const { return *std::get_if<1>(&content); }

private:
  void check() const {
    if (!ok())
      detail::raise(failure());
  }

  std::variant<T, Failure> content;
};

/// Success, or a failure.
template <>
class [[nodiscard]] Result<void> {
public:
  Result() = default;
  Result(Failure failure) : content(std::move(failure)) {}

  bool ok() const noexcept { return content.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  /// Throws an Error of a failure.
  void value() const {
    if (!ok())
      detail::raise(failure());
  }
  /// The failure of a result that is not ok().
  const Failure &failure() const { return *std::get_if<1>(&content); }

private:
  std::variant<std::monostate, Failure> content;
};

} // namespace dycc

#endif // DYCC_RESULT_HPP
