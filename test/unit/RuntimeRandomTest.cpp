// Random numbers: the generator's published answers, how they are distributed,
// and which ones a run draws.
#include "RuntimeOpsFixture.h"

#include "runtime/src/ops/Random.h"

using namespace dycc::rt;
using namespace dycc::test;

namespace {

class RuntimeRandom : public RuntimeOps {};

/// Of the reference implementation (Random123, kat_vectors).
TEST_F(RuntimeRandom, GivesThePublishedAnswers) {
  struct Answer {
    uint64_t low, high, key;
    uint32_t words[4];
  };
  const Answer answers[] = {
      {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {~0ull, ~0ull, ~0ull, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {0x85a308d3243f6a88,
       0x0370734413198a2e,
       0x299f31d0a4093822,
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  for (const Answer &answer : answers) {
    RandomBlock block = philox(answer.low, answer.high, answer.key);
    for (int i = 0; i < 4; ++i)
      EXPECT_EQ(block.words[i], answer.words[i]) << i;
  }
}

template <typename T>
std::vector<double> draw(RandomState &state, std::vector<int64_t> dims,
                         int64_t hasSeed = 0, int64_t seed = 0) {
  FrameBase frame{};
  frame.random = &state;
  OpTensor result = makeTensor<T>(std::move(dims));
  DyccOpTensor view = result.view();
  const int64_t attributes[] = {hasSeed, seed};
  EXPECT_EQ(
      dycc_op_random_uniform(&frame, "n", nullptr, 0, &view, 1, attributes),
      DYCC_OK);
  std::vector<double> values;
  for (int64_t i = 0; i < result.count(); ++i)
    values.push_back(static_cast<double>(result.get<T>(i)));
  return values;
}

template <typename T>
void expectEven() {
  RandomState state{};
  constexpr int bins = 32, count = 1 << 16;
  int found[bins] = {};
  for (double value : draw<T>(state, {count / 4, 4})) {
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    ++found[static_cast<int>(value * bins)];
  }
  double squares = 0, mean = double(count) / bins;
  for (int n : found)
    squares += (n - mean) * (n - mean) / mean;
  EXPECT_LT(squares, 61.1); // Chi-squared of 31, one in a thousand is above.
  EXPECT_GT(squares, 11);   // Nor too even to be true.
}

TEST_F(RuntimeRandom, IsEven) {
  expectEven<float>();
  expectEven<double>();
}

TEST_F(RuntimeRandom, EachDrawIsAnother) {
  RandomState state{}, same{}, seeded{7, 0};
  std::vector<double> first = draw<float>(state, {13}),
                      second = draw<float>(state, {13});
  EXPECT_NE(first, second);
  EXPECT_EQ(first, draw<float>(same, {13}));
  EXPECT_EQ(second, draw<float>(same, {13}));
  EXPECT_NE(first, draw<float>(seeded, {13}));
  // A node's own seed counts, and not the context's.
  RandomState a{1, 0}, b{2, 0};
  EXPECT_EQ(draw<float>(a, {5}, 1, 3), draw<float>(b, {5}, 1, 3));
  EXPECT_NE(draw<float>(a, {5}, 1, 3), draw<float>(b, {5}, 1, 4));
  EXPECT_TRUE(draw<float>(a, {0}).empty());
  EXPECT_EQ(a.draws, 3u);
}

TEST_F(RuntimeRandom, ARunMayHaveASeed) {
  Session session;
  dycc_run_options options = {sizeof(options), 0, nullptr, nullptr,
                              nullptr,         0, 0,       9};
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  session.context->random = {0, 5};
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK);
  EXPECT_EQ(session.context->random.draws, 5u);
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_OK);
  EXPECT_EQ(session.context->random.seed, 9u);
  EXPECT_EQ(session.context->random.draws, 0u);
  // Callers from before there was a seed.
  options.size = offsetof(dycc_run_options, seed);
  session.context->random = {0, 5};
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_OK);
  EXPECT_EQ(session.context->random.draws, 5u);
}

} // namespace
