// The threads of a model.
#ifndef DYCC_RUNTIME_SRC_POOL_H
#define DYCC_RUNTIME_SRC_POOL_H

#include "runtime/src/Support.h"

#include <pthread.h>

namespace dycc::rt {

/// Bytes of stack that each thread of a pool has; counted in the peak.
constexpr uint64_t kStackBytes = 512 * 1024;

/// The processors this process may use, at least 1.
uint32_t countProcessors();

/// Worker threads that wait for one parallel loop at a time: busily for some
/// microseconds, since kernels follow each other closely, then asleep.
/// A loop that finds the pool at work for another context runs on its own
/// thread alone: what is computed does not depend on it.
class Pool {
public:
  using Task = void (*)(void *data, uint32_t index);

  /// Bytes of memory that init() needs for so many threads.
  static uint64_t memoryBytes(uint32_t threads);
  /// Prepares for at most `threads` threads, the caller's among them.
  void init(uint8_t *memory, uint32_t threads);
  /// Starts threads until there are `threads`. Fewer are no failure.
  void start(uint32_t threads);
  /// Ends and joins all threads.
  void stop();

  uint32_t maxThreads() const { return capacity; }
  /// As dycc_executor::parallel_for, with a Pool as `user`.
  static void parallelFor(void *user, uint32_t count, Task task, void *data);

private:
  /// One worker's mailbox, on cache lines of its own.
  struct alignas(128) Worker {
    uint32_t state;
    Task task;
    void *data;
    uint32_t index;
    pthread_t thread;
  };
  static void *loop(void *worker);
  static void post(Worker &worker, Task task, void *data);
  static void retractOrWait(Worker &worker, Task task, void *data);

  Worker *workers; ///< Worker i runs index i + 1.
  uint32_t capacity;
  uint32_t started; ///< Threads, the caller's included.
  uint32_t busy;
  uint32_t starting;
};

} // namespace dycc::rt

#endif // DYCC_RUNTIME_SRC_POOL_H
