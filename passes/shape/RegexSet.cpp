#include "passes/shape/RegexSyntax.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using llvm::StringRef;

namespace dycc::regex {

void CharacterSet::normalize() {
  llvm::sort(ranges);
  std::vector<std::pair<uint32_t, uint32_t>> merged;
  for (auto [first, last] : ranges)
    if (!merged.empty() && first <= merged.back().second + 1)
      merged.back().second = std::max(merged.back().second, last);
    else
      merged.push_back({first, last});
  ranges = std::move(merged);
}

CharacterSet CharacterSet::complement() const {
  CharacterSet result;
  uint32_t next = 0;
  for (auto [first, last] : ranges) {
    if (first > next)
      result.add(next, first - 1);
    next = last + 1;
  }
  if (next <= kLast)
    result.add(next, kLast);
  return result;
}

bool CharacterSet::isBeyondAscii() const {
  return llvm::any_of(ranges, [](auto range) { return range.second > 0x7f; });
}

void CharacterSet::addOtherCase() {
  normalize();
  auto addShifted = [&](uint32_t low, uint32_t high, int32_t shift) {
    for (auto [first, last] : std::vector(ranges)) {
      uint32_t from = std::max(first, low), to = std::min(last, high);
      if (from <= to)
        add(from + shift, to + shift);
    }
  };
  addShifted('A', 'Z', 'a' - 'A');
  addShifted('a', 'z', 'A' - 'a');
  // The signs of Kelvin and of a long s fold to them.
  addShifted('k', 'k', 0x212a - 'k');
  addShifted('s', 's', 0x17f - 's');
  normalize();
}

CharacterSet classOf(char letter) {
  CharacterSet set;
  switch (llvm::toLower(letter)) {
  case 'd':
    set.add('0', '9');
    break;
  case 'w':
    set.add('0', '9');
    set.add('A', 'Z');
    set.add('_', '_');
    set.add('a', 'z');
    break;
  case 's':
    set.add('\t', '\n');
    set.add('\f', '\r');
    set.add(' ', ' ');
    break;
  default:
    return set;
  }
  return llvm::isUpper(letter) ? set.complement() : set;
}

CharacterSet namedClass(StringRef name) {
  CharacterSet set;
  auto addAll = [&](std::initializer_list<std::pair<char, char>> ranges) {
    for (auto [first, last] : ranges)
      set.add(uint32_t(first), uint32_t(last));
  };
  if (name == "alnum")
    addAll({{'0', '9'}, {'A', 'Z'}, {'a', 'z'}});
  else if (name == "alpha")
    addAll({{'A', 'Z'}, {'a', 'z'}});
  else if (name == "ascii")
    addAll({{'\0', '\x7f'}});
  else if (name == "blank")
    addAll({{'\t', '\t'}, {' ', ' '}});
  else if (name == "cntrl")
    addAll({{'\0', '\x1f'}, {'\x7f', '\x7f'}});
  else if (name == "digit")
    addAll({{'0', '9'}});
  else if (name == "graph")
    addAll({{'!', '~'}});
  else if (name == "lower")
    addAll({{'a', 'z'}});
  else if (name == "print")
    addAll({{' ', '~'}});
  else if (name == "punct")
    addAll({{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}});
  else if (name == "space")
    addAll({{'\t', '\r'}, {' ', ' '}});
  else if (name == "upper")
    addAll({{'A', 'Z'}});
  else if (name == "word")
    return classOf('w');
  else if (name == "xdigit")
    addAll({{'0', '9'}, {'A', 'F'}, {'a', 'f'}});
  return set;
}

} // namespace dycc::regex
