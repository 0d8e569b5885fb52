// A queue between two threads that holds few pictures: a fast thread waits for
// a slow one, so memory does not grow with the length of a video.
#ifndef DYDCA_CLIENT_QUEUE_H
#define DYDCA_CLIENT_QUEUE_H

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

namespace dydca {

/// Thread rule: any number of calls at a time.
template <typename T>
class Queue {
public:
  explicit Queue(size_t capacity) : capacity(capacity) {}

  /// Waits for room. False where nobody takes anything any more.
  bool push(T item) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return items.size() < capacity || isStopped; });
    if (isStopped)
      return false;
    items.push_back(std::move(item));
    changed.notify_all();
    return true;
  }

  /// Waits for the next one. None behind the last, or when stopped.
  std::optional<T> pop() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !items.empty() || isClosed || isStopped; });
    if (isStopped || items.empty())
      return std::nullopt;
    T item = std::move(items.front());
    items.pop_front();
    changed.notify_all();
    return item;
  }

  /// What is there is still taken, nothing is added.
  void close() { set(isClosed); }
  /// Nobody waits any more.
  void stop() { set(isStopped); }

private:
  void set(bool &flag) {
    std::lock_guard lock(mutex);
    flag = true;
    changed.notify_all();
  }

  const size_t capacity;
  std::deque<T> items;
  bool isClosed = false, isStopped = false;
  std::mutex mutex;
  std::condition_variable changed;
};

} // namespace dydca

#endif // DYDCA_CLIENT_QUEUE_H
