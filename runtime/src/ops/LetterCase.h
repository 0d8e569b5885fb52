// Lower and upper case of strings.
#ifndef DYCC_RUNTIME_SRC_OPS_LETTERCASE_H
#define DYCC_RUNTIME_SRC_OPS_LETTERCASE_H

#include "runtime/src/Strings.h"

namespace dycc::rt {

/// The string of a handle with each letter in lower or upper case, by Unicode's
/// simple mapping in no language's own rules; bytes that are no UTF-8 stay as
/// they are. Strings::kNone where there is no memory.
uint64_t withCase(Strings &strings, uint64_t handle, bool isUpper);

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_OPS_LETTERCASE_H
