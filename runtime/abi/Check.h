// The contract between a compiled model and the runtime linked into it: what
// both sides include, so that nothing of it is written twice. Plain C, and
// nothing but fixed-width types and pointers of 8 bytes: every target lays the
// structs out alike.
#ifndef DYCC_RUNTIME_ABI_CHECK_H
#define DYCC_RUNTIME_ABI_CHECK_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/// Checks what the compiler relies on when it writes the struct for another
/// target: its size, and where its last field lies, thus no hidden padding. An
/// error here means that the contract changes: raise DYCC_MODEL_DESC_VERSION.
#define DYCC_ABI_CHECK(type, bytes, last, offset)                              \
  static_assert(sizeof(type) == (bytes) && offsetof(type, last) == (offset),   \
                "the contract has changed: raise its version")

#endif // DYCC_RUNTIME_ABI_CHECK_H
