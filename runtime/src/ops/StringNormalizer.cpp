// StringNormalizer: x ([C] or [1, C]), stop words (a vector) -> the strings of
// x that are no stop word, in another case of letters where that is asked for;
// one empty string where none is left.
#include "runtime/src/ops/LetterCase.h"
#include "runtime/src/ops/StringOps.h"

namespace dycc::rt {
namespace {

/// What a string is compared as.
struct Comparison {
  Strings &strings;
  bool isSensitive;

  uint64_t operator()(uint64_t handle) const {
    return isSensitive ? handle : withCase(strings, handle, /*isUpper=*/false);
  }
};

/// Whether the stop words, which are as they are compared, have `key`.
bool isStopWord(const uint64_t *words, int64_t count, uint64_t key) {
  for (int64_t i = 0; i < count; ++i)
    if (words[i] == key)
      return true;
  return false;
}

/// Memory of the run for handles.
struct Handles {
  DyccFrame *frame;
  void *place = nullptr;

  explicit Handles(DyccFrame *frame) : frame(frame) {}
  Handles(const Handles &) = delete;
  Handles &operator=(const Handles &) = delete;
  ~Handles() { dycc_rt_release(frame, &place); }
  int32_t allocate(const char *node, int64_t count) {
    return dycc_rt_allocate(frame, node, &place, &count, 1, sizeof(uint64_t));
  }
  uint64_t &operator[](int64_t i) { return static_cast<uint64_t *>(place)[i]; }
  const uint64_t *data() const { return static_cast<uint64_t *>(place); }
};

/// Puts those that stay in `kept`, as the result has them, and returns how many
/// they are; -1 where there is no memory.
int64_t keep(const DyccOpTensor &x, Comparison compared, const Handles &words,
             int64_t numWords, int64_t letterCase, Handles &kept) {
  int64_t count = 0;
  for (int64_t i = 0, size = elementCount(x); i < size; ++i) {
    auto handle = loadAt<uint64_t>(x.data, i);
    uint64_t key = numWords ? compared(handle) : 0;
    if (numWords && isStopWord(words.data(), numWords, key))
      continue;
    if (letterCase != DYCC_CASE_NONE)
      handle =
          withCase(compared.strings, handle, letterCase == DYCC_CASE_UPPER);
    if (key == Strings::kNone || handle == Strings::kNone)
      return -1;
    kept[count++] = handle;
  }
  return count;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_string_normalizer(DyccFrame *frame, const char *node,
                                  const DyccOpTensor *inputs, int32_t,
                                  DyccOpTensor *outputs, int32_t,
                                  const int64_t *attributes) {
  Comparison compared = {stringsOf(frame),
                         attributes[DYCC_NORMALIZER_IS_SENSITIVE] != 0};
  int64_t numWords = elementCount(inputs[1]), size = elementCount(inputs[0]);
  Handles words(frame), kept(frame);
  if (int32_t status = words.allocate(node, numWords))
    return status;
  if (int32_t status = kept.allocate(node, size + 1))
    return status;
  for (int64_t i = 0; i < numWords; ++i)
    if ((words[i] = compared(loadAt<uint64_t>(inputs[1].data, i))) ==
        Strings::kNone)
      return refuseStrings(frame, node);
  kept[0] = 0;
  int64_t count = keep(inputs[0], compared, words, numWords,
                       attributes[DYCC_NORMALIZER_CASE], kept);
  if (count < 0)
    return refuseStrings(frame, node);
  DyccOpTensor &y = outputs[0];
  count = count ? count : 1;
  y.dims[y.rank - 1] = count;
  if (int32_t status = provide(frame, node, y))
    return status;
  memcpy(y.data, kept.data(), count * sizeof(uint64_t));
  return DYCC_OK;
}
