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
#define DYCC_X86_FEATURE(name, word, bit, state, use)                          \
  {name, k##word, bit, k##state},
#include "runtime/abi/Features.def"
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
#define DYCC_ARM_FEATURE(name, word, bit, use) {name, word, bit},
#include "runtime/abi/Features.def"
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
