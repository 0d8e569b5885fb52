// Types of elements that DLPack's headers have no names for, or have not had
// for long.
#ifndef DYCC_DTYPES_H
#define DYCC_DTYPES_H

#include <dlpack/dlpack.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// DLPack's type code of bool (8 bits), which its headers have since 0.8.
#define DYCC_DTYPE_BOOL 6u

/// DLPack's type codes of floats of at most 8 bits, which its headers have
/// since 1.1.
enum {
  DYCC_DTYPE_FLOAT8_E4M3FN = 10,
  DYCC_DTYPE_FLOAT8_E4M3FNUZ = 11,
  DYCC_DTYPE_FLOAT8_E5M2 = 12,
  DYCC_DTYPE_FLOAT8_E5M2FNUZ = 13,
  DYCC_DTYPE_FLOAT8_E8M0FNU = 14,
  DYCC_DTYPE_FLOAT6_E2M3FN = 15,
  DYCC_DTYPE_FLOAT6_E3M2FN = 16,
  DYCC_DTYPE_FLOAT4_E2M1FN = 17
};

/// What texts call such a float by its type code, "f8e4m3fn"; NULL for others.
static inline const char *dycc_narrow_float(uint8_t code) {
  static const char *const names[] = {"f8e4m3fn",   "f8e4m3fnuz", "f8e5m2",
                                      "f8e5m2fnuz", "f8e8m0fnu",  "f6e2m3fn",
                                      "f6e3m2fn",   "f4e2m1fn"};
  return code >= DYCC_DTYPE_FLOAT8_E4M3FN && code <= DYCC_DTYPE_FLOAT4_E2M1FN
             ? names[code - DYCC_DTYPE_FLOAT8_E4M3FN]
             : NULL;
}

/// The bytes of an element: one of fewer than 8 bits has a byte of its own, a
/// float the low bits of it, an integer all as the same number.
static inline uint64_t dycc_element_bytes(DLDataType type) {
  return (type.bits + 7u) / 8u;
}
/// The type code of strings, which DLPack has none for: elements are of type
/// dycc_string, 128 bits each.
#define DYCC_DTYPE_STRING 200u

/// A string: `size` bytes of UTF-8, any of them 0. `data` may be NULL where
/// `size` is 0. What a model gives has a zero byte behind it.
typedef struct dycc_string {
  const char *data;
  uint64_t size;
} dycc_string;

#ifdef __cplusplus
} // extern "C"
#endif

#endif // DYCC_DTYPES_H
