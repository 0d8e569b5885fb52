// Each worker has a mailbox with a state; every change of it is one atomic
// operation, so that no lock is held while tasks run:
//
//   caller: idle|asleep -> posted     worker: posted -> running -> idle
//   caller: posted -> idle (taken back: the caller runs it itself)
//   worker: idle -> asleep            caller: idle|asleep -> quit
//
// Sleeping is a futex on the state: glibc's condition variables have two
// versions, and a library linked without glibc would get the old one.
#include "runtime/src/Pool.h"

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace dycc::rt {

enum : uint32_t { kIdle, kPosted, kRunning, kAsleep, kQuit };

/// Turns of the waiting loop before a worker sleeps, and before a caller lets
/// other threads have its processor: some ten microseconds.
constexpr int kSpins = 2000;

static void pauseBriefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

static uint32_t load(const uint32_t &state) {
  return __atomic_load_n(&state, __ATOMIC_ACQUIRE);
}

static bool change(uint32_t &state, uint32_t from, uint32_t to) {
  return __atomic_compare_exchange_n(&state, &from, to, /*weak=*/false,
                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

static void sleepWhile(uint32_t &state, uint32_t value) {
  syscall(SYS_futex, &state, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

static void wake(uint32_t &state) {
  syscall(SYS_futex, &state, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

uint32_t countProcessors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof(set); ++i)
      count += __builtin_popcount(reinterpret_cast<uint8_t *>(&set)[i]);
    return count ? count : 1;
  }
#if defined(__ANDROID__)
  constexpr int online = 97; // Its numbers are not those of glibc.
#else
  constexpr int online = _SC_NPROCESSORS_ONLN;
#endif
  long count = sysconf(online);
  return count > 0 ? uint32_t(count) : 1;
}

uint64_t Pool::memoryBytes(uint32_t threads) {
  return (threads - 1) * sizeof(Worker);
}

void Pool::init(uint8_t *memory, uint32_t threads) {
  workers = reinterpret_cast<Worker *>(memory);
  memset(memory, 0, memoryBytes(threads));
  capacity = threads;
  started = 1;
  busy = starting = 0;
}

void Pool::start(uint32_t threads) {
  while (__atomic_exchange_n(&starting, 1, __ATOMIC_ACQUIRE))
    sched_yield();
  uint32_t wanted = threads < capacity ? threads : capacity;
  pthread_attr_t attributes;
  if (started < wanted && pthread_attr_init(&attributes) == 0) {
    pthread_attr_setstacksize(&attributes, kStackBytes);
    uint32_t count = started;
    while (count < wanted) {
      Worker &worker = workers[count - 1];
      worker.index = count;
      if (pthread_create(&worker.thread, &attributes, loop, &worker) != 0)
        break;
      ++count;
    }
    pthread_attr_destroy(&attributes);
    __atomic_store_n(&started, count, __ATOMIC_RELEASE);
  }
  __atomic_store_n(&starting, 0, __ATOMIC_RELEASE);
}

void Pool::stop() {
  for (uint32_t i = 1; i < started; ++i) {
    Worker &worker = workers[i - 1];
    if (__atomic_exchange_n(&worker.state, kQuit, __ATOMIC_ACQ_REL) == kAsleep)
      wake(worker.state);
    pthread_join(worker.thread, nullptr);
  }
  started = 1;
}

void *Pool::loop(void *argument) {
  Worker &worker = *static_cast<Worker *>(argument);
  int spins = 0;
  for (;;) {
    uint32_t state = load(worker.state);
    if (state == kQuit)
      return nullptr;
    if (state == kPosted && change(worker.state, kPosted, kRunning)) {
      worker.task(worker.data, worker.index);
      __atomic_store_n(&worker.state, kIdle, __ATOMIC_RELEASE);
      spins = 0;
    } else if (++spins < kSpins) {
      pauseBriefly();
    } else {
      if (state == kIdle)
        change(worker.state, kIdle, kAsleep);
      sleepWhile(worker.state, kAsleep);
    }
  }
}

void Pool::post(Worker &worker, Task task, void *data) {
  worker.task = task;
  worker.data = data;
  if (__atomic_exchange_n(&worker.state, kPosted, __ATOMIC_ACQ_REL) == kAsleep)
    wake(worker.state);
}

/// A worker that has not woken up by now is not waited for.
void Pool::retractOrWait(Worker &worker, Task task, void *data) {
  if (change(worker.state, kPosted, kIdle))
    return task(data, worker.index);
  for (int spins = 0; load(worker.state) == kRunning; ++spins)
    if (spins < kSpins)
      pauseBriefly();
    else
      sched_yield();
}

void Pool::parallelFor(void *user, uint32_t count, Task task, void *data) {
  Pool &pool = *static_cast<Pool *>(user);
  uint32_t shared = 1;
  bool mine =
      count > 1 && !__atomic_exchange_n(&pool.busy, 1, __ATOMIC_ACQUIRE);
  if (mine) {
    uint32_t started = __atomic_load_n(&pool.started, __ATOMIC_ACQUIRE);
    shared = count < started ? count : started;
  }
  for (uint32_t i = 1; i < shared; ++i)
    post(pool.workers[i - 1], task, data);
  task(data, 0);
  for (uint32_t i = shared; i < count; ++i)
    task(data, i);
  for (uint32_t i = 1; i < shared; ++i)
    retractOrWait(pool.workers[i - 1], task, data);
  if (mine)
    __atomic_store_n(&pool.busy, 0, __ATOMIC_RELEASE);
}

} // namespace dycc::rt
