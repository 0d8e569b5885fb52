// Characters of UTF-8.
#ifndef DYCC_RUNTIME_SRC_OPS_UTF8_H
#define DYCC_RUNTIME_SRC_OPS_UTF8_H

#include <stdint.h>

namespace dycc::rt {

/// A character and its length in bytes; a byte that begins none is one of its
/// own, with `isText` false.
struct Character {
  uint32_t code;
  uint64_t bytes;
  bool isText;
};

/// The one at `text`, of which there are `left` bytes.
inline Character readCharacter(const char *text, uint64_t left) {
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

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_OPS_UTF8_H
