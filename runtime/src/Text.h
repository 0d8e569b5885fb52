// Error texts: every failure of the runtime and of the compiled program is
// put together here.
#ifndef DYCC_RUNTIME_SRC_TEXT_H
#define DYCC_RUNTIME_SRC_TEXT_H

#include "runtime/src/Support.h"

namespace dycc::rt {

/// Error texts are for a screen: bytes of one, with the 0 at its end, and of a
/// name or a formula in it.
constexpr size_t kLongestText = 400, kLongestName = 120;
static_assert(kLongestText <= sizeof(dycc_message::text));

/// Text in a buffer of fixed size; what does not fit is cut.
class Text {
public:
  Text(char *buffer, size_t bytes) : buffer(buffer), bytes(bytes) {
    buffer[0] = 0;
  }
  template <size_t n>
  explicit Text(char (&buffer)[n]) : Text(buffer, n) {}

  Text &operator<<(const char *text);
  Text &operator<<(int64_t value);
  /// `format` with each %s or %d replaced by the next argument, %% by %. Of a
  /// long name the beginning and the end stay.
  void format(const char *format, const int64_t *arguments, int32_t count);
  /// True until something was added.
  bool empty() const { return used == 0; }

private:
  void add(char c);
  void addName(const char *name);

  char *buffer;
  size_t bytes;
  size_t used = 0;
};

inline int64_t toArgument(int64_t value) { return value; }
inline int64_t toArgument(int32_t value) { return value; }
inline int64_t toArgument(uint32_t value) { return value; }
inline int64_t toArgument(uint64_t value) { return int64_t(value); }
inline int64_t toArgument(const char *text) { return int64_t(text); }

/// Writes the text into `message`, which may be null, and returns `status`.
dycc_status failWith(dycc_message *message, dycc_status status,
                     const char *format, const int64_t *arguments,
                     int32_t count);

template <typename... T>
dycc_status fail(dycc_message *message, dycc_status status, const char *format,
                 T... arguments) {
  const int64_t list[] = {toArgument(arguments)..., 0};
  return failWith(message, status, format, list, sizeof...(T));
}

/// "f32", "u8", "bool"; "type <code>:<bits>" for what ONNX does not have.
const char *typeName(uint8_t code, uint8_t bits, char (&buffer)[32]);

const char *statusName(dycc_status status);

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_TEXT_H
