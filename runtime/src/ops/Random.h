// Random bits by number.
#ifndef DYCC_RUNTIME_SRC_OPS_RANDOM_H
#define DYCC_RUNTIME_SRC_OPS_RANDOM_H

#include <stdint.h>

namespace dycc::rt {

struct RandomBlock {
  uint32_t words[4];
};

/// Philox 4x32-10 of a counter of 128 bits, `low` its lower half.
inline RandomBlock philox(uint64_t low, uint64_t high, uint64_t key) {
  uint32_t c[4] = {uint32_t(low), uint32_t(low >> 32), uint32_t(high),
                   uint32_t(high >> 32)};
  uint32_t k[2] = {uint32_t(key), uint32_t(key >> 32)};
  for (int round = 0; round < 10; ++round) {
    uint64_t even = uint64_t(0xD2511F53) * c[0],
             odd = uint64_t(0xCD9E8D57) * c[2];
    uint32_t next[4] = {uint32_t(odd >> 32) ^ c[1] ^ k[0], uint32_t(odd),
                        uint32_t(even >> 32) ^ c[3] ^ k[1], uint32_t(even)};
    for (int i = 0; i < 4; ++i)
      c[i] = next[i];
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return {{c[0], c[1], c[2], c[3]}};
}

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_OPS_RANDOM_H
