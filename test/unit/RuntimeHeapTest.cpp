#include "test/unit/RuntimeModel.h"

#include <algorithm>

namespace dycc::test {
namespace {

using rt::BlockPool;

class RuntimeHeap : public testing::Test {
protected:
  void TearDown() override {
    behaviour.resultAsked = 0;
    behaviour.failLate = false;
  }

  CountingAllocator counter;
  dycc_allocator allocator = counter.table();
};

TEST_F(RuntimeHeap, UsesTheSmallestKeptBlockThatSuffices) {
  BlockPool pool;
  void *large = pool.take(allocator, 10000), *small = pool.take(allocator, 500);
  pool.give(large);
  pool.give(small);
  int calls = counter.calls;
  EXPECT_EQ(pool.take(allocator, 400), small);
  EXPECT_EQ(pool.take(allocator, 400), large);
  EXPECT_EQ(counter.calls, calls);
  pool.giveAll();
  pool.releaseKept(allocator);
  EXPECT_EQ(counter.bytes, 0);
}

TEST_F(RuntimeHeap, ReplacesTheLargestKeptBlockThatIsTooSmall) {
  BlockPool pool;
  void *first = pool.take(allocator, 1000);
  pool.give(first);
  int64_t before = counter.bytes;
  void *second = pool.take(allocator, 4000);
  EXPECT_LT(counter.bytes, before + 4000);
  EXPECT_GE(BlockPool::capacity(second), 4000u);
  EXPECT_EQ(pool.heldBytes(), uint64_t(counter.bytes));
  pool.giveAll();
  pool.releaseKept(allocator);
}

TEST_F(RuntimeHeap, NeedsTheAllocatorNoMoreForTheSameRequests) {
  BlockPool pool;
  auto round = [&] {
    std::vector<void *> live;
    for (uint64_t i = 0; i < 200; ++i) {
      live.push_back(pool.take(allocator, 64 + i * 7919 % 20011));
      if (i % 3)
        pool.give(live[i / 2]), live[i / 2] = live.back(), live.pop_back();
      while (live.size() <= i / 2 + 1)
        live.push_back(pool.take(allocator, 100));
    }
    pool.giveAll();
  };
  for (int i = 0; i < 20; ++i)
    round();
  int calls = counter.calls;
  round();
  EXPECT_EQ(counter.calls, calls);
  pool.releaseKept(allocator);
  EXPECT_EQ(counter.bytes, 0);
}

TEST_F(RuntimeHeap, GivesUpKeptBlocksBeforeTheLimit) {
  BlockPool pool;
  void *a = pool.take(allocator, 1000, 8000),
       *b = pool.take(allocator, 1000, 8000);
  pool.give(a);
  void *c = pool.take(allocator, 6000, 8000);
  ASSERT_NE(c, nullptr);
  EXPECT_LE(pool.heldBytes(), 8000u);
  EXPECT_EQ(pool.take(allocator, 2000, 8000), nullptr);
  EXPECT_TRUE(pool.overlaps(static_cast<uint8_t *>(b) + 999, 1));
  EXPECT_FALSE(pool.overlaps(reinterpret_cast<uint8_t *>(&pool), 8));
  pool.giveAll();
  pool.releaseKept(allocator);
  EXPECT_EQ(counter.bytes, 0);
}

/// A context that takes its memory from `counter`.
class HeapSession : public Session {
public:
  HeapSession(const dycc_allocator &allocator, uint64_t limit = 0)
      : Session(kModel, 1, makeOptions(allocator, limit)) {
    frame = &context->frames[0];
  }
  DyccFrame *frame;

private:
  static dycc_context_options makeOptions(const dycc_allocator &allocator,
                                          uint64_t limit) {
    dycc_context_options options = {};
    options.allocator = &allocator;
    options.heap_limit = limit;
    return options;
  }
};

TEST_F(RuntimeHeap, GrowsGeometricallyAndKeepsTheContents) {
  HeapSession session(allocator);
  void *place = nullptr;
  int calls = counter.calls;
  constexpr int64_t trips = 5000;
  for (int64_t i = 0; i < trips; ++i) {
    ASSERT_EQ(dycc_rt_grow(session.frame, "n", &place, i * 8, 8), DYCC_OK);
    static_cast<int64_t *>(place)[i] = i;
  }
  EXPECT_LT(counter.calls, calls + 20);
  for (int64_t i = 0; i < trips; ++i)
    EXPECT_EQ(static_cast<int64_t *>(place)[i], i);
  dycc_rt_release(session.frame, &place);
  EXPECT_EQ(place, nullptr);
  dycc_rt_release(session.frame, &place);
  calls = counter.calls;
  for (int64_t i = 0; i < trips; ++i)
    ASSERT_EQ(dycc_rt_grow(session.frame, "n", &place, i * 8, 8), DYCC_OK);
  EXPECT_LE(counter.calls, calls + 1);
}

TEST_F(RuntimeHeap, GrowsByWhatIsNeededWhereTwiceAsMuchIsTooMuch) {
  HeapSession session(allocator, 12000);
  void *place = nullptr;
  ASSERT_EQ(dycc_rt_grow(session.frame, "n", &place, 0, 4000), DYCC_OK);
  ASSERT_EQ(dycc_rt_grow(session.frame, "n", &place, 4000, 3000), DYCC_OK);
  EXPECT_EQ(dycc_rt_grow(session.frame, "n", &place, 7000, 60000),
            DYCC_OUT_OF_MEMORY);
  EXPECT_NE(session.error().find("node 'n': no memory for a result of 67000 "
                                 "bytes ("),
            std::string::npos)
      << session.error();
}

TEST_F(RuntimeHeap, RefusesExtentsThatNoKernelTakes) {
  HeapSession session(allocator);
  void *place = nullptr;
  const int64_t negative[] = {2, -3}, large[] = {1 << 20, 1 << 20};
  EXPECT_EQ(dycc_rt_allocate(session.frame, "n", &place, negative, 2, 4),
            DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(),
            "node 'n': a result has the extents [2, -3], expected none that is "
            "negative and at most 2147483647 elements");
  HeapSession other(allocator);
  EXPECT_EQ(dycc_rt_allocate(other.frame, "n", &place, large, 2, 4),
            DYCC_MODEL_ERROR);
  EXPECT_EQ(place, nullptr);
}

TEST_F(RuntimeHeap, KeepsBlocksFromRunToRun) {
  HeapSession session(allocator);
  behaviour.resultAsked = 4096;
  session.runAndCheck(8, 64);
  int calls = counter.calls;
  for (int i = 0; i < 3; ++i)
    session.runAndCheck(8, 64);
  behaviour.failLate = true;
  Tensor x({8, 3, 64}), y({8}), z({8, 64}), p({512});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_MODEL_ERROR);
  behaviour.failLate = false;
  session.runAndCheck(8, 64);
  EXPECT_EQ(counter.calls, calls);
  int64_t bytes = counter.bytes;
  ASSERT_EQ(session.api->reserve(session.context, nullptr, nullptr), DYCC_OK);
  EXPECT_LT(counter.bytes, bytes);
}

TEST_F(RuntimeHeap, SaysTheNodeAndTheLimit) {
  HeapSession session(allocator, 2000);
  behaviour.resultAsked = 4096;
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(session.error(), "node 'p': no memory for a result of 4096 bytes "
                             "(0 of at most 2000 bytes are in use)");
  behaviour.resultAsked = 64;
  session.runAndCheck(1, 4);
}

TEST_F(RuntimeHeap, RefusesWhatItLentAsAnInput) {
  HeapSession session(allocator);
  behaviour.resultAsked = 4096;
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p = Tensor::lent(1);
  ASSERT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
  Tensor q({4});
  y.view.data = p.view.data;
  EXPECT_EQ(session.run({&x, &y}, {&z, &q}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error().substr(0, 47),
            "input \"y\": lies in the context's arena, expects");
}

TEST_F(RuntimeHeap, TakesOptionsOfCallersWithoutALimit) {
  dycc_context_options options = {};
  options.size = offsetof(dycc_context_options, heap_limit);
  options.heap_limit = 1; // Beyond what the caller has.
  Session session;
  dycc_context *context;
  ASSERT_EQ(
      session.api->context_create(session.model, &options, &context, nullptr),
      DYCC_OK);
  EXPECT_EQ(context->heapLimit, 0u);
  session.api->context_destroy(context);
}

TEST_F(RuntimeHeap, ThePeakSaysHowManyResultsNothingBounds) {
  DyccModelDesc desc = kModel;
  desc.numUnbounded = 3;
  Session session(desc);
  const int64_t symbols[] = {2, 8};
  dycc_peak peak;
  ASSERT_EQ(session.api->peak_bytes(session.model, symbols, 1, &peak, nullptr),
            DYCC_OK);
  EXPECT_EQ(peak.unbounded, 3u);
  EXPECT_EQ(peak.exact, 0u);
}

} // namespace
} // namespace dycc::test
