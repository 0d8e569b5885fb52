// RegexFullMatch: x (strings), a program (i32, runtime/abi/Regex.h) -> bool:
// whether the whole of a string matches. All ways through the program are
// followed at once, so that the time is the product of its length and the
// string's. A byte that is no UTF-8 is in no set.
#include "runtime/abi/Regex.h"
#include "runtime/src/ops/StringOps.h"
#include "runtime/src/ops/Utf8.h"

namespace dycc::rt {
namespace {

/// No character: before the first one, behind the last one, no UTF-8.
constexpr uint32_t kNone = UINT32_MAX;

bool isWord(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_';
}

/// Between two characters of a string.
struct Place {
  uint32_t before, behind;
  bool isBegin, isEnd;

  bool is(int32_t kind) const {
    switch (kind) {
    case DYCC_REGEX_BEGIN_TEXT:
      return isBegin;
    case DYCC_REGEX_END_TEXT:
      return isEnd;
    case DYCC_REGEX_BEGIN_LINE:
      return isBegin || before == '\n';
    case DYCC_REGEX_END_LINE:
      return isEnd || behind == '\n';
    case DYCC_REGEX_WORD_BOUNDARY:
      return isWord(before) != isWord(behind);
    default:
      return isWord(before) == isWord(behind);
    }
  }
};

/// Instructions of sets and the match that are reached at a place.
struct Reached {
  int32_t *list;
  int64_t count;
};

class Matcher {
public:
  Matcher(DyccFrame *frame, const DyccOpTensor &program)
      : frame(frame), program(program), size(word(0)) {}
  Matcher(const Matcher &) = delete;
  Matcher &operator=(const Matcher &) = delete;
  ~Matcher() { dycc_rt_release(frame, &memory); }

  int32_t allocate(const char *node) {
    // Two lists, the marks, and a stack onto which each instruction pushes two.
    int64_t words = 5 * size + 1;
    return dycc_rt_allocate(frame, node, &memory, &words, 1, sizeof(int32_t));
  }
  bool matches(const dycc_string &text);

private:
  int32_t word(int64_t index) const {
    return loadAt<int32_t>(program.data, index);
  }
  int32_t field(int32_t instruction, int which) const {
    return word(1 + int64_t(instruction) * DYCC_REGEX_WORDS + which);
  }
  bool isIn(int32_t set, uint32_t c) const;
  void reach(Reached &reached, int32_t instruction, const Place &place);
  void forgetMarks() { memset(marks(), 0, size * sizeof(int32_t)); }

  int32_t *words() const { return static_cast<int32_t *>(memory); }
  int32_t *marks() const { return words() + 2 * size; }
  int32_t *stack() const { return words() + 3 * size; }

  DyccFrame *frame;
  const DyccOpTensor &program;
  int64_t size; ///< How many instructions there are.
  void *memory = nullptr;
};

bool Matcher::isIn(int32_t set, uint32_t c) const {
  int64_t low = 0, count = field(set, 2), high = count;
  int64_t first = field(set, 1);
  while (low < high) { // The first range that does not end before it.
    int64_t middle = (low + high) / 2;
    if (uint32_t(word(first + 2 * middle + 1)) < c)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && uint32_t(word(first + 2 * low)) <= c;
}

/// Adds what is reached from `instruction` without a character.
void Matcher::reach(Reached &reached, int32_t instruction, const Place &place) {
  int64_t depth = 0;
  stack()[depth++] = instruction;
  while (depth > 0) {
    int32_t at = stack()[--depth];
    if (marks()[at])
      continue;
    marks()[at] = 1;
    int32_t kind = field(at, 0);
    if (kind == DYCC_REGEX_MATCH || kind == DYCC_REGEX_SET) {
      reached.list[reached.count++] = at;
    } else if (kind == DYCC_REGEX_JUMP || kind == DYCC_REGEX_SPLIT) {
      stack()[depth++] = field(at, 1);
      if (kind == DYCC_REGEX_SPLIT)
        stack()[depth++] = field(at, 2);
    } else if (place.is(kind)) {
      stack()[depth++] = at + 1;
    }
  }
}

bool Matcher::matches(const dycc_string &text) {
  auto read = [&](uint64_t at) {
    Character c = at < text.size ? readCharacter(text.data + at, text.size - at)
                                 : Character{kNone, 0, false};
    return c.isText ? c : Character{kNone, c.bytes, false};
  };
  Reached now = {words(), 0}, next = {words() + size, 0};
  uint64_t at = 0;
  Character c = read(0);
  forgetMarks();
  reach(now, 0, {kNone, c.code, true, text.size == 0});
  while (at < text.size && now.count > 0) {
    at += c.bytes;
    Character behind = read(at);
    Place place = {c.code, behind.code, false, at == text.size};
    next.count = 0;
    forgetMarks();
    for (int64_t i = 0; i < now.count; ++i)
      if (field(now.list[i], 0) == DYCC_REGEX_SET && c.code != kNone &&
          isIn(now.list[i], c.code))
        reach(next, now.list[i] + 1, place);
    Reached last = now;
    now = next;
    next = last;
    c = behind;
  }
  for (int64_t i = 0; i < now.count; ++i)
    if (at == text.size && field(now.list[i], 0) == DYCC_REGEX_MATCH)
      return true;
  return false;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_regex_full_match(DyccFrame *frame, const char *node,
                                 const DyccOpTensor *inputs, int32_t,
                                 DyccOpTensor *outputs, int32_t,
                                 const int64_t *) {
  Matcher matcher(frame, inputs[1]);
  if (int32_t status = matcher.allocate(node))
    return status;
  for (int64_t i = 0, count = elementCount(inputs[0]); i < count; ++i) {
    bool isMatch = matcher.matches(stringAt(stringsOf(frame), inputs[0], i));
    storeAt(outputs[0].data, i, uint8_t(isMatch));
  }
  return DYCC_OK;
}
