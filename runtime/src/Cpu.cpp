// The check that turns a wrong processor into a status at load, instead of
// an illegal instruction in the first kernel.
#include "runtime/src/Model.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace dycc::rt {
namespace {

#if defined(__x86_64__)

/// Where a feature's bit is: a register of a cpuid leaf, and what the operating
/// system must save for it (bits of XCR0).
enum Word : uint8_t {
  kLeaf1C,
  kLeaf1D,
  kLeaf7B,
  kLeaf7C,
  kLeaf7D,
  kLeaf71A,
  kExtC,
  kExtD,
  kWords
};
constexpr uint32_t kNoState = 0, kAvxState = 0x6, kZmmState = 0xe6;

struct Feature {
  const char *name;
  Word word;
  uint8_t bit;
  uint32_t state;
};

constexpr Feature kFeatures[] = {
    {"cmov", kLeaf1D, 15, kNoState},
    {"cx8", kLeaf1D, 8, kNoState},
    {"fxsr", kLeaf1D, 24, kNoState},
    {"mmx", kLeaf1D, 23, kNoState},
    {"sse", kLeaf1D, 25, kNoState},
    {"sse2", kLeaf1D, 26, kNoState},
    {"sse3", kLeaf1C, 0, kNoState},
    {"pclmul", kLeaf1C, 1, kNoState},
    {"ssse3", kLeaf1C, 9, kNoState},
    {"fma", kLeaf1C, 12, kAvxState},
    {"cx16", kLeaf1C, 13, kNoState},
    {"sse4.1", kLeaf1C, 19, kNoState},
    {"sse4.2", kLeaf1C, 20, kNoState},
    {"movbe", kLeaf1C, 22, kNoState},
    {"popcnt", kLeaf1C, 23, kNoState},
    {"aes", kLeaf1C, 25, kNoState},
    {"xsave", kLeaf1C, 26, kNoState},
    {"avx", kLeaf1C, 28, kAvxState},
    {"f16c", kLeaf1C, 29, kAvxState},
    {"bmi", kLeaf7B, 3, kNoState},
    {"avx2", kLeaf7B, 5, kAvxState},
    {"bmi2", kLeaf7B, 8, kNoState},
    {"avx512f", kLeaf7B, 16, kZmmState},
    {"avx512dq", kLeaf7B, 17, kZmmState},
    {"adx", kLeaf7B, 19, kNoState},
    {"avx512ifma", kLeaf7B, 21, kZmmState},
    {"avx512cd", kLeaf7B, 28, kZmmState},
    {"avx512bw", kLeaf7B, 30, kZmmState},
    {"avx512vl", kLeaf7B, 31, kZmmState},
    {"avx512vbmi", kLeaf7C, 1, kZmmState},
    {"avx512vbmi2", kLeaf7C, 6, kZmmState},
    {"vpclmulqdq", kLeaf7C, 10, kAvxState},
    {"vaes", kLeaf7C, 9, kAvxState},
    {"avx512vnni", kLeaf7C, 11, kZmmState},
    {"avx512bitalg", kLeaf7C, 12, kZmmState},
    {"avx512vpopcntdq", kLeaf7C, 14, kZmmState},
    {"avx512fp16", kLeaf7D, 23, kZmmState},
    {"avxvnni", kLeaf71A, 4, kAvxState},
    {"avx512bf16", kLeaf71A, 5, kZmmState},
    {"sahf", kExtC, 0, kNoState},
    {"lzcnt", kExtC, 5, kNoState},
    {"64bit", kExtD, 29, kNoState},
};

bool savedBySystem(uint32_t leaf1c, uint32_t state) {
  if (state == kNoState)
    return true;
  if (!(leaf1c & (1u << 27))) // No OSXSAVE: xgetbv itself would trap.
    return false;
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & state) == state;
}

struct Processor {
  uint32_t words[kWords] = {};

  Processor() {
    uint32_t a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d)) {
      words[kLeaf1C] = c;
      words[kLeaf1D] = d;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
      words[kLeaf7B] = b;
      words[kLeaf7C] = c;
      words[kLeaf7D] = d;
      if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d))
        words[kLeaf71A] = a;
    }
    if (__get_cpuid(0x80000001u, &a, &b, &c, &d)) {
      words[kExtC] = c;
      words[kExtD] = d;
    }
  }
  bool has(const Feature &feature) const {
    return (words[feature.word] >> feature.bit & 1) &&
           savedBySystem(words[kLeaf1C], feature.state);
  }
};

#elif defined(__aarch64__)

struct Feature {
  const char *name;
  uint8_t word; ///< 0: AT_HWCAP, 1: AT_HWCAP2.
  uint8_t bit;
};

constexpr Feature kFeatures[] = {
    {"fp-armv8", 0, 0}, {"neon", 0, 1},      {"aes", 0, 3},  {"crc", 0, 7},
    {"lse", 0, 8},      {"fullfp16", 0, 10}, {"rdm", 0, 12}, {"dotprod", 0, 20},
    {"sve", 0, 22},     {"fp16fml", 0, 23},  {"sve2", 1, 1}, {"i8mm", 1, 13},
    {"bf16", 1, 14},
};

struct Processor {
  unsigned long words[2] = {getauxval(AT_HWCAP), getauxval(AT_HWCAP2)};

  bool has(const Feature &feature) const {
    return words[feature.word] >> feature.bit & 1;
  }
};

#endif

/// A name that is not in the table counts as missing: running on would be a
/// guess.
bool hasFeature(const Processor &processor, const char *name, size_t length) {
  for (const Feature &feature : kFeatures)
    if (strlen(feature.name) == length &&
        memcmp(feature.name, name, length) == 0)
      return processor.has(feature);
  return false;
}

} // namespace

void listMissingFeatures(const char *features, Text &missing) {
  Processor processor;
  while (*features) {
    size_t length = strcspn(features, ",");
    char name[64];
    size_t shown = length < sizeof(name) ? length : sizeof(name) - 1;
    memcpy(name, features, shown);
    name[shown] = 0;
    if (length && !hasFeature(processor, features, length))
      missing << (missing.empty() ? "" : ", ") << name;
    features += length + (features[length] == ',');
  }
}

} // namespace dycc::rt
