// Sequences and optionals of the caller, as the tensors that a run takes.
#ifndef DYCC_RUNTIME_SRC_VALUES_H
#define DYCC_RUNTIME_SRC_VALUES_H

#include "runtime/src/Context.h"

namespace dycc::rt {

/// Tensors of one sequence.
constexpr uint64_t kMaxItems = INT32_MAX;

/// The tensor that `value` is; null for the default of an input.
dycc_status unpackTensor(dycc_context &context, const char *role,
                         const DyccTensorDesc &desc, const dycc_value &value,
                         DLTensor *&tensor);
/// Writes the inputs that `value` is to `parts`. What it packs is in memory of
/// the context until its next call.
dycc_status packInput(dycc_context &context, const DyccValueDesc &desc,
                      const dycc_value &value, DLTensor **parts);
/// Writes the outputs that `value` will be to `parts`: those of a sequence are
/// lent.
dycc_status expectOutput(dycc_context &context, const DyccValueDesc &desc,
                         const dycc_value &value, DLTensor **parts);
/// Makes `value` of what a run gave.
dycc_status unpackOutput(dycc_context &context, const DyccValueDesc &desc,
                         DLTensor *const *parts, dycc_value &value);

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_VALUES_H
