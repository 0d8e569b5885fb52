// Caches of the caller that grow in place (DyccModelDesc::caches).
#ifndef DYCC_RUNTIME_SRC_CACHES_H
#define DYCC_RUNTIME_SRC_CACHES_H

#include "runtime/src/Context.h"

namespace dycc::rt {

/// The cache that tensor `number` is of, on that side of it; null for none.
const DyccCacheDesc *findCache(const DyccModelDesc &desc,
                               uint32_t DyccCacheDesc::*side, uint32_t number);

/// How many places the memory of `tensor` has along `axis`, by its strides; its
/// extent where these are compact or none that room explains.
int64_t placesAlong(const DLTensor &tensor, int32_t axis);

/// After the inputs were checked: what their strides say, into `rooms`, and the
/// memory that they take with it, into `inputBytes`.
dycc_status readRooms(dycc_context &context, const DLTensor *const *inputs);

/// Checks the output of a cache, and of one that grows in place fills the
/// capacity. Where the input's strides say nothing of its room, since it is
/// empty or all axes outside have one element, the output's memory does.
dycc_status checkCache(dycc_context &context, uint32_t number,
                       const DLTensor &output, const uint8_t *donated);

/// How many places an output that grows in place has along `axis`; 0 of any
/// other, and -1 for the axis of one that is of no cache.
int64_t roomOfOutput(const dycc_context &context, uint32_t output,
                     int32_t &axis);

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_CACHES_H
