#include "runtime/src/ops/LetterCase.h"

#include "runtime/src/ops/Utf8.h"

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
