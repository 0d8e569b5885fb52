#include "runtime/src/Text.h"

namespace dycc::rt {

void Text::add(char c) {
  if (used + 1 >= bytes)
    return;
  buffer[used++] = c;
  buffer[used] = 0;
}

Text &Text::operator<<(const char *text) {
  for (; *text; ++text)
    add(*text);
  return *this;
}

/// Whether a byte goes on with a character of UTF-8.
static bool goesOn(char byte) { return (uint8_t(byte) & 0xc0) == 0x80; }

void Text::addName(const char *name) {
  size_t length = strlen(name), head = length, tail = length;
  if (length > kLongestName) {
    head = kLongestName * 2 / 3;
    tail = length - kLongestName / 3;
    while (head && goesOn(name[head]))
      --head;
    while (goesOn(name[tail]))
      ++tail;
  }
  for (size_t i = 0; i < head; ++i)
    add(name[i]);
  if (head < length)
    *this << "...";
  *this << name + tail;
}

Text &Text::operator<<(int64_t value) {
  char digits[24];
  int count = 0;
  uint64_t rest = value < 0 ? 0 - uint64_t(value) : uint64_t(value);
  do
    digits[count++] = char('0' + rest % 10);
  while (rest /= 10);
  if (value < 0)
    add('-');
  while (count)
    add(digits[--count]);
  return *this;
}

void Text::format(const char *format, const int64_t *arguments, int32_t count) {
  int32_t next = 0;
  // A whole text is passed on as it is.
  bool isWhole = strcmp(format, "%s") == 0;
  for (; *format; ++format) {
    if (*format != '%') {
      add(*format);
      continue;
    }
    char kind = *++format;
    if (kind == 0)
      return;
    if (kind == 's' && next < count && isWhole)
      *this << reinterpret_cast<const char *>(arguments[next++]);
    else if (kind == 's' && next < count)
      addName(reinterpret_cast<const char *>(arguments[next++]));
    else if (kind == 'd' && next < count)
      *this << arguments[next++];
    else
      add(kind);
  }
}

dycc_status failWith(dycc_message *message, dycc_status status,
                     const char *format, const int64_t *arguments,
                     int32_t count) {
  if (message)
    Text(message->text, kLongestText).format(format, arguments, count);
  return status;
}

const char *typeName(uint8_t code, uint8_t bits, char (&buffer)[32]) {
  Text text(buffer);
  if (code == DYCC_DTYPE_BOOL && bits == 8)
    text << "bool";
  else if (code == DYCC_DTYPE_STRING)
    text << "string";
  else if (const char *name = dycc_narrow_float(code))
    text << name;
  else if (code <= kDLFloat || code == kDLBfloat)
    text << (code == kDLInt     ? "i"
             : code == kDLUInt  ? "u"
             : code == kDLFloat ? "f"
                                : "bf")
         << int64_t(bits);
  else
    text << "type " << int64_t(code) << ":" << int64_t(bits);
  return buffer;
}

const char *statusName(dycc_status status) {
  static const char *const names[] = {"DYCC_OK",
                                      "DYCC_INVALID_ARGUMENT",
                                      "DYCC_OUT_OF_MEMORY",
                                      "DYCC_ARENA_TOO_SMALL",
                                      "DYCC_CANCELLED",
                                      "DYCC_UNSUPPORTED",
                                      "DYCC_MODEL_ERROR",
                                      "DYCC_INTERNAL"};
  uint32_t index = uint32_t(status);
  return index < sizeof(names) / sizeof(*names) ? names[index]
                                                : "unknown status";
}

} // namespace dycc::rt
