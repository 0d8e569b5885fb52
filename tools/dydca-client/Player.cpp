#include "Player.h"

#include "Failure.h"

#include <chrono>
#include <thread>

namespace dydca {

using Clock = std::chrono::steady_clock;

static double since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Keeps the first failure, and ends the other threads.
template <typename Work>
void Player::guarded(const Work &work) {
  try {
    work();
  } catch (...) {
    std::lock_guard lock(failing);
    if (!failure)
      failure = std::current_exception();
    decoded.stop();
    upscaled.stop();
  }
}

void Player::decode(const std::atomic<int> &isInterrupted) {
  int64_t count = 0;
  for (Picture picture; !isInterrupted && reader.next(picture); ++count)
    if (!decoded.push(std::move(picture)))
      return;
  if (bits && !isInterrupted && count < bits->frames())
    throw Failure("the video ends before frame " + std::to_string(count) +
                  ", " + bits->path() + " has " +
                  std::to_string(bits->frames()));
  decoded.close();
}

void Player::upscale() {
  Frame last;
  while (std::optional<Picture> picture = decoded.pop()) {
    if (picture->lost && last.planes.empty())
      throw Failure("frame " + std::to_string(picture->number) +
                    " is broken, and there is none before it to show");
    auto start = Clock::now();
    if (picture->lost) {
      picture->high = last;
      ++figures.lost;
    } else {
      upscaler.upscale(*picture);
      figures.seconds.push_back(since(start));
      last = picture->high;
    }
    if (!upscaled.push(std::move(*picture)))
      return;
  }
  upscaled.close();
}

void Player::write() {
  while (std::optional<Picture> picture = upscaled.pop()) {
    ++figures.frames;
    if (sink.write(picture->high))
      continue;
    figures.isWhole = false;
    decoded.stop();
    upscaled.stop();
  }
}

Figures Player::play(const std::atomic<int> &isInterrupted) {
  auto start = Clock::now();
  std::thread decoding([&] { guarded([&] { decode(isInterrupted); }); });
  std::thread upscaling([&] { guarded([&] { upscale(); }); });
  guarded([&] { write(); });
  decoding.join();
  upscaling.join();
  if (failure)
    std::rethrow_exception(failure);
  figures.whole = since(start);
  figures.isWhole = figures.isWhole && !isInterrupted;
  return std::move(figures);
}

} // namespace dydca
