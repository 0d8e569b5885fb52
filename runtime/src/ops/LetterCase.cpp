#include "runtime/src/ops/LetterCase.h"

namespace dycc::rt {
namespace {

/// Letters `first`, first + step, ... up to `last`, each with another one in
/// the other case at a distance of `delta`.
struct LetterRange {
  uint32_t first, last;
  int32_t delta;
  uint32_t step;
};

#include "runtime/src/ops/LetterCase.inc"

template <size_t n>
uint32_t mapped(const LetterRange (&ranges)[n], uint32_t letter) {
  size_t low = 0, high = n; // The first range that ends at or behind it.
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (ranges[middle].last < letter)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == n || letter < ranges[low].first ||
      (letter - ranges[low].first) % ranges[low].step)
    return letter;
  return letter + uint32_t(ranges[low].delta);
}

/// The character at `text`, of which there are `left` bytes, and its length; a
/// byte that begins none is one of its own, with `isText` false.
struct Character {
  uint32_t code;
  uint64_t bytes;
  bool isText;
};

Character readCharacter(const char *text, uint64_t left) {
  auto byte = [&](uint64_t i) { return uint32_t(uint8_t(text[i])); };
  uint32_t lead = byte(0);
  uint64_t bytes = lead < 0x80    ? 1
                   : lead < 0xc2  ? 0
                   : lead < 0xe0  ? 2
                   : lead < 0xf0  ? 3
                   : lead <= 0xf4 ? 4
                                  : 0;
  if (bytes == 0 || bytes > left)
    return {lead, 1, false};
  uint32_t code = bytes == 1 ? lead : lead & (0x7fu >> bytes);
  for (uint64_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {lead, 1, false};
    code = code << 6 | (byte(i) & 0x3f);
  }
  return {code, bytes, true};
}

/// Writes a character and returns its length.
uint64_t writeCharacter(char *to, uint32_t code) {
  if (code < 0x80) {
    to[0] = char(code);
    return 1;
  }
  uint64_t bytes = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (uint64_t i = bytes; --i > 0; code >>= 6)
    to[i] = char(0x80 | (code & 0x3f));
  to[0] = char((0xf00u >> bytes & 0xff) | code);
  return bytes;
}

} // namespace

uint64_t withCase(Strings &strings, uint64_t handle, bool isUpper) {
  dycc_string text = strings.at(handle);
  // A character of two bytes may get three, none gets more.
  char *room = strings.room(text.size / 2 * 3 + 4);
  if (!room)
    return Strings::kNone;
  uint64_t written = 0;
  for (uint64_t at = 0; at < text.size;) {
    Character character = readCharacter(text.data + at, text.size - at);
    if (character.isText)
      written += writeCharacter(room + written,
                                isUpper ? mapped(kUpper, character.code)
                                        : mapped(kLower, character.code));
    else
      room[written++] = text.data[at];
    at += character.bytes;
  }
  return strings.commit(written);
}

} // namespace dycc::rt
