#include "test/unit/RuntimeModel.h"

#include <mutex>
#include <set>
#include <thread>

namespace dycc::test {
namespace {

/// A pool with memory of its own.
struct OwnedPool : rt::Pool {
  std::vector<uint8_t> memory;
  explicit OwnedPool(uint32_t threads) : memory(memoryBytes(threads) + 128) {
    auto address = rt::alignUp(uintptr_t(memory.data()));
    init(reinterpret_cast<uint8_t *>(address), threads);
    start(threads);
  }
  ~OwnedPool() { stop(); }
};

struct Count {
  std::atomic<int> calls[8] = {};
  std::mutex mutex;
  std::set<std::thread::id> threads;

  static void task(void *data, uint32_t index) {
    auto &self = *static_cast<Count *>(data);
    ++self.calls[index];
    std::lock_guard lock(self.mutex);
    self.threads.insert(std::this_thread::get_id());
  }
};

TEST(RuntimePool, CallsEachIndexOnce) {
  OwnedPool pool(4);
  for (uint32_t count = 0; count <= 4; ++count)
    for (int round = 0; round < 500; ++round) {
      Count seen;
      rt::Pool::parallelFor(&pool, count, Count::task, &seen);
      for (uint32_t i = 0; i < 8; ++i)
        ASSERT_EQ(seen.calls[i], count == 0 ? i == 0 : i < count) << count;
    }
}

TEST(RuntimePool, WakesThreadsThatSleep) {
  OwnedPool pool(3);
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    // Both wait for the other: neither thread can do it alone.
    struct Meeting {
      std::atomic<int> arrived{0};
    } meeting;
    rt::Pool::parallelFor(
        &pool, 2,
        [](void *data, uint32_t) {
          auto &meeting = *static_cast<Meeting *>(data);
          ++meeting.arrived;
          while (meeting.arrived < 2)
            std::this_thread::yield();
        },
        &meeting);
    EXPECT_EQ(meeting.arrived, 2);
  }
}

TEST(RuntimePool, RunsALoopAloneWhileItIsBusy) {
  OwnedPool pool(2);
  struct Nested {
    OwnedPool *pool;
    Count inner[2];
  } nested{&pool, {}};
  rt::Pool::parallelFor(
      &pool, 2,
      [](void *data, uint32_t index) {
        auto &nested = *static_cast<Nested *>(data);
        rt::Pool::parallelFor(nested.pool, 2, Count::task,
                              &nested.inner[index]);
      },
      &nested);
  for (Count &inner : nested.inner) {
    EXPECT_EQ(inner.calls[0], 1);
    EXPECT_EQ(inner.calls[1], 1);
    EXPECT_EQ(inner.threads.size(), 1u);
  }
}

TEST(RuntimeThreads, GiveTheSameAnswer) {
  for (uint32_t threads : {1, 2, 5, 16}) {
    Session session(kModel, threads);
    for (int round = 0; round < 50; ++round)
      session.runAndCheck(1 + round % 8, 60);
  }
}

TEST(RuntimeThreads, RunEachRowOnce) {
  Session session(kModel, 3);
  behaviour.tasks = 0;
  session.runAndCheck(8, 64);
  EXPECT_EQ(behaviour.tasks, 8);
}

TEST(RuntimeThreads, RunContextsOfOneModelAtATime) {
  Session session(kModel, 2);
  auto work = [&session] {
    Session other(kModel, 2);
    dycc_context *context;
    ASSERT_EQ(
        session.api->context_create(session.model, nullptr, &context, nullptr),
        DYCC_OK);
    for (int round = 0; round < 200; ++round) {
      Tensor x({8, 3, 60}), y({8}, 2), z({8, 60}), p({480});
      DLTensor *in[] = {&x.view, &y.view}, *out[] = {&z.view, &p.view};
      ASSERT_EQ(session.api->run(context, in, out, nullptr), DYCC_OK);
      for (int i = 0; i < 480; ++i) {
        const float *row = &x.values[i / 60 * 180 + i % 60];
        ASSERT_EQ(z.values[i],
                  y.values[i / 60] * (row[0] + row[60] + row[120]));
      }
    }
    session.api->context_destroy(context);
  };
  std::thread one(work), two(work), three(work);
  one.join();
  two.join();
  three.join();
}

TEST(RuntimeThreads, AreTheExecutorsWhereThereIsOne) {
  struct Executor {
    int loops = 0;
    uint32_t most = 0;
  } state;
  dycc_executor executor = {};
  executor.max_threads = 3;
  executor.user = &state;
  executor.parallel_for = [](void *user, uint32_t count,
                             void (*task)(void *, uint32_t), void *data) {
    auto &state = *static_cast<Executor *>(user);
    ++state.loops;
    state.most = std::max(state.most, count);
    std::vector<std::thread> threads;
    for (uint32_t i = count; i-- > 0;)
      threads.emplace_back(task, data, i);
    for (std::thread &thread : threads)
      thread.join();
  };
  dycc_context_options options = {};
  options.executor = &executor;
  Session session(kModel, 1, options);
  session.runAndCheck(8, 64);
  session.runAndCheck(2, 64);
  EXPECT_EQ(state.loops, 2);
  EXPECT_EQ(state.most, 3u);
  behaviour.scratchAsked = 1000;
  session.runAndCheck(8, 64);
  behaviour.scratchAsked = 0;
}

TEST(RuntimeThreads, StopALoopAtTheFirstFailure) {
  Session session(kModel, 4);
  behaviour.kernelError = true;
  Tensor x({8, 3, 4 * 3}), y({8}), z({8, 12}), p({96});
  for (int round = 0; round < 50; ++round) {
    EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_INTERNAL);
    EXPECT_EQ(session.error(), "kernel failed: row 1 is refused");
  }
  behaviour.kernelError = false;
  session.runAndCheck(8, 64);
}

} // namespace
} // namespace dycc::test
