// What the operators on strings have in common: elements are handles.
#ifndef DYCC_RUNTIME_SRC_OPS_STRINGOPS_H
#define DYCC_RUNTIME_SRC_OPS_STRINGOPS_H

#include "runtime/src/Model.h"
#include "runtime/src/Strings.h"
#include "runtime/src/ops/Ops.h"

#include <locale.h>

namespace dycc::rt {

inline Strings &stringsOf(DyccFrame *frame) {
  return *static_cast<FrameBase *>(frame)->strings;
}

/// Negative, 0 or positive, by bytes: the order of code points in UTF-8.
inline int compareStrings(const dycc_string &a, const dycc_string &b) {
  int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
  return order ? order : (a.size > b.size) - (a.size < b.size);
}

/// What an operator returns that has no memory for a string.
inline int32_t refuseStrings(DyccFrame *frame, const char *node) {
  const int64_t arguments[] = {toArgument(node)};
  return dycc_rt_fail(frame, DYCC_OUT_OF_MEMORY,
                      "node '%s': no memory for its strings", arguments, 1);
}

inline dycc_string stringAt(const Strings &strings, const DyccOpTensor &tensor,
                            int64_t index) {
  return strings.at(loadAt<uint64_t>(tensor.data, index));
}

/// Numbers are written and read as in the locale "C" while it lives, whatever
/// the program's is.
class PlainNumbers {
public:
  PlainNumbers()
      : locale(newlocale(LC_ALL_MASK, "C", locale_t())),
        before(uselocale(locale)) {}
  PlainNumbers(const PlainNumbers &) = delete;
  PlainNumbers &operator=(const PlainNumbers &) = delete;
  ~PlainNumbers() {
    uselocale(before);
    if (locale)
      freelocale(locale);
  }

private:
  locale_t locale, before;
};

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_OPS_STRINGOPS_H
