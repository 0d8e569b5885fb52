// RandomUniform: -> f32 or f64 of any shape, each at least 0 and below 1.
//
// Element i of draw number d is a function of (i, d) and a key alone: Philox
// 4x32 with ten rounds (J. Salmon et al., "Parallel random numbers: as easy as
// 1, 2, 3", SC 2011). A context counts its draws from run to run, so that each
// gives other numbers; the same runs in the same order give the same ones.
#include "runtime/src/ops/Random.h"

#include "runtime/src/Model.h"
#include "runtime/src/ops/Ops.h"

using namespace dycc::rt;

namespace {

/// 24 bits of a word, or 53 of two, as a fraction.
void store(void *data, int64_t index, float, const uint32_t *words) {
  storeAt<float>(data, index, static_cast<float>(*words >> 8) * 0x1p-24F);
}

void store(void *data, int64_t index, double, const uint32_t *words) {
  uint64_t bits = (uint64_t(words[1]) << 32 | words[0]) >> 11;
  storeAt<double>(data, index, static_cast<double>(bits) * 0x1p-53);
}

template <typename T>
void fill(const DyccOpTensor &result, uint64_t draw, uint64_t key) {
  constexpr int64_t perBlock = 16 / sizeof(T), words = sizeof(T) / 4;
  int64_t count = elementCount(result);
  for (int64_t block = 0; block * perBlock < count; ++block) {
    RandomBlock random = philox(static_cast<uint64_t>(block), draw, key);
    for (int64_t i = 0; i < perBlock && block * perBlock + i < count; ++i)
      store(result.data, block * perBlock + i, T(), random.words + i * words);
  }
}

} // namespace

int32_t dycc_op_random_uniform(DyccFrame *frame, const char *,
                               const DyccOpTensor *, int32_t,
                               DyccOpTensor *outputs, int32_t,
                               const int64_t *attributes) {
  RandomState &state = *static_cast<FrameBase *>(frame)->random;
  auto seed = static_cast<uint64_t>(attributes[DYCC_RANDOM_UNIFORM_SEED]);
  uint64_t key = attributes[DYCC_RANDOM_UNIFORM_HAS_SEED] ? seed : state.seed;
  uint64_t draw = state.draws++;
  if (outputs[0].bits == 64)
    fill<double>(outputs[0], draw, key);
  else
    fill<float>(outputs[0], draw, key);
  return DYCC_OK;
}
