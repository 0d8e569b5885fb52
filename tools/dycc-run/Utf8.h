// Characters of UTF-8.
#ifndef DYCC_TOOLS_DYCC_RUN_UTF8_H
#define DYCC_TOOLS_DYCC_RUN_UTF8_H

#include <string>
#include <string_view>

namespace dycc::run {

/// What stands for bytes that are no character, and for what is none.
constexpr char32_t kReplacement = 0xfffd;

inline void appendUtf8(std::string &text, char32_t c) {
  if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
    c = kReplacement;
  if (c < 0x80) {
    text += char(c);
    return;
  }
  int rest = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  text += char((0xf80 >> rest & 0xff) | c >> 6 * rest);
  while (rest-- > 0)
    text += char(0x80 | (c >> 6 * rest & 0x3f));
}

/// Takes the first character off a text that is not empty.
inline char32_t takeUtf8(std::string_view &text) {
  auto byte = [&](size_t i) { return char32_t(uint8_t(text[i])); };
  char32_t lead = byte(0);
  size_t bytes = lead < 0x80    ? 1
                 : lead < 0xc2  ? 0
                 : lead < 0xe0  ? 2
                 : lead < 0xf0  ? 3
                 : lead <= 0xf4 ? 4
                                : 0;
  char32_t c = bytes == 1 ? lead : lead & (0x7f >> bytes);
  bool isGood = bytes && bytes <= text.size();
  for (size_t i = 1; isGood && i < bytes; ++i) {
    isGood = (byte(i) & 0xc0) == 0x80;
    c = c << 6 | (byte(i) & 0x3f);
  }
  text.remove_prefix(isGood ? bytes : 1);
  return isGood ? c : kReplacement;
}

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_UTF8_H
