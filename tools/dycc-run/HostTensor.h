// Tensors of dycc-run: where inputs come from and outputs go to.
#ifndef DYCC_TOOLS_DYCC_RUN_HOSTTENSOR_H
#define DYCC_TOOLS_DYCC_RUN_HOSTTENSOR_H

#include "dycc/runtime.h"
#include "tools/model-test/compare.hpp"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dycc::run {

/// The model, or data for it, is refused: exit code 1.
struct Refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The command line is wrong: exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The model reports a defect of the compiler: exit code 3.
struct InternalError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// "f32", "i64", "u8", "bool", "f16", "bf16", "f8e4m3fn" and so on.
std::string nameOf(DLDataType type);
std::optional<DLDataType> parseType(std::string_view name);
/// The type in which NumPy has the elements of one that it does not have, their
/// bits or the same numbers; of others the type itself.
DLDataType carrierOf(DLDataType type);
using data::isSame;

/// A compact tensor with memory of its own.
struct HostTensor {
  DLDataType type = {};
  std::vector<int64_t> shape;
  std::vector<char> bytes; ///< Of strings what view() points to.
  std::vector<std::string> strings;

  HostTensor() = default;
  HostTensor(DLDataType type, std::vector<int64_t> shape);
  /// A copy of what a model lent.
  explicit HostTensor(const DLTensor &tensor);

  bool isString() const { return type.code == DYCC_DTYPE_STRING; }
  int64_t count() const;
  /// Of numbers.
  data::Elements elements() const { return {type, bytes.data(), count()}; }
  /// The i-th number; integers beyond 2^53 are rounded.
  double at(int64_t i) const { return data::elementAt(elements(), i); }
  /// Converts and stores. Floats are cut to whole numbers for integers.
  void set(int64_t i, double value);
  /// The i-th element for a person: a number with so many digits, a string in
  /// quotes.
  std::string text(int64_t i, int digits) const;
  /// Valid as long as the tensor is.
  DLTensor view();
  /// "f32[1, 3, 64, 64]".
  std::string describe() const;
};

/// Number of elements; throws a Refusal where it is not sensible.
int64_t countElements(const std::vector<int64_t> &shape);

/// A tensor as the command line writes it: extents and a type, "1x3x64xf32",
/// "f32" for a scalar; filled with ":7" or at random from ":-1..1" (default:
/// floats -1..1, integers 0..10, strings "s0" to "s9"). Equal seeds give equal
/// tensors. Throws a UsageError that quotes the text.
HostTensor makeTensor(std::string_view text, uint64_t seed);

/// Strings as a JSON list of them, of lists and so on, ["a", "b"], or a single
/// one. Throws a Refusal that begins with `origin`.
HostTensor parseStrings(std::string_view json, std::string_view origin);
/// That list.
std::string jsonOf(const HostTensor &strings);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_HOSTTENSOR_H
