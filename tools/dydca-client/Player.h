// The pipeline: one thread decodes, one upscales, the caller's writes or shows.
#ifndef DYDCA_CLIENT_PLAYER_H
#define DYDCA_CLIENT_PLAYER_H

#include "Queue.h"
#include "Sink.h"
#include "Upscaler.h"
#include "VideoReader.h"

#include <atomic>
#include <exception>
#include <vector>

namespace dydca {

/// What a video took.
struct Figures {
  std::vector<double> seconds; ///< Of upscaling, for each frame that was.
  double whole = 0;            ///< Seconds with decoding and encoding.
  int64_t frames = 0, lost = 0;
  bool isWhole = true; ///< False where it was ended before.
};

/// Upscales one video.
class Player {
public:
  /// `bits` may be null. All arguments outlive the player.
  Player(VideoReader &reader, Upscaler &upscaler, Sink &sink, const Bits *bits,
         size_t ahead)
      : reader(reader), upscaler(upscaler), sink(sink), bits(bits),
        decoded(ahead), upscaled(ahead) {}

  /// Plays until the video ends or `isInterrupted`. Fails with what failed
  /// first, in whichever thread. Does not finish the sink.
  Figures play(const std::atomic<int> &isInterrupted);

private:
  void decode(const std::atomic<int> &isInterrupted);
  void upscale();
  void write();
  template <typename Work>
  void guarded(const Work &work);

  VideoReader &reader;
  Upscaler &upscaler;
  Sink &sink;
  const Bits *bits;
  Queue<Picture> decoded, upscaled;
  Figures figures;
  std::mutex failing;
  std::exception_ptr failure;
};

} // namespace dydca

#endif // DYDCA_CLIENT_PLAYER_H
