// Strings of a compiled model. In its memory an element of a tensor of strings
// is a handle, a number of 64 bits, and equal strings have equal handles: what
// moves and compares elements needs to know no more. 0 is the empty string, 1
// to numStrings are those of DyccModelDesc, and beyond them are the ones that
// a run meets (docs/decisions/0026-strings.md).
#ifndef DYCC_RUNTIME_ABI_STRINGS_H
#define DYCC_RUNTIME_ABI_STRINGS_H

#include "runtime/abi/Check.h"

#include <string.h>

/// Bits of a handle.
#define DYCC_HANDLE_BITS 64

/// A string of a model's constants.
typedef struct DyccString {
  const char *data; ///< With a 0 behind it.
  uint64_t size;
} DyccString;

DYCC_ABI_CHECK(DyccString, 16, size, 8);

/// What a table of strings is searched by, here and in the compiler.
static inline uint64_t dycc_hash_string(const char *data, uint64_t size) {
  uint64_t hash = size + 1, word;
  for (; size; data += sizeof(word), size -= sizeof(word)) {
    uint64_t part = size < sizeof(word) ? size : sizeof(word);
    word = 0;
    memcpy(&word, data, part);
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
    if (part == size)
      break;
  }
  return hash ^ hash >> 32;
}

/// Entries of a table for so many strings: a power of two, at most half of them
/// in use. Entry (hash + i) % entries holds the handle of a string for the
/// least i that was free; 0: free.
static inline uint32_t dycc_string_slots(uint32_t strings) {
  uint32_t slots = 4;
  while (slots / 2 < strings)
    slots *= 2;
  return slots;
}

#endif // DYCC_RUNTIME_ABI_STRINGS_H
