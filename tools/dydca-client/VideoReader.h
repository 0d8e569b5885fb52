// Frames of a video through FFmpeg's libraries.
#ifndef DYDCA_CLIENT_VIDEOREADER_H
#define DYDCA_CLIENT_VIDEOREADER_H

#include "Frame.h"
#include "Handles.h"

#include <string>

namespace dydca {

/// Thread rule: one call at a time.
class VideoReader {
public:
  /// Fails where there is no video that this FFmpeg decodes.
  explicit VideoReader(const std::string &path);

  /// Frames per second: the average, else the base rate, else 25.
  AVRational rate() const { return frameRate; }

  /// The next frame; false behind the last. A broken one counts as a frame
  /// that is lost: where the next good one says when it is shown, its time
  /// tells how many there were. Fails where the size changes.
  bool next(Picture &picture);

private:
  bool decode();
  void count();
  void convert(Frame &frame);
  /// The frame's number by its time, or -1.
  int64_t numberByTime() const;

  std::string path;
  Format format;
  Codec codec;
  Packet packet;
  Image image;
  Scaler scaler;
  AVRational frameRate{};
  int stream = -1;
  int64_t number = 0;  // Of the next frame that is given out.
  int64_t broken = 0;  // Since the last good frame.
  int64_t missing = 0; // Lost frames in front of `image`.
  int64_t width = 0, height = 0;
  bool isLast = false, hasImage = false;
  std::vector<uint8_t> pixels;
};

} // namespace dydca

#endif // DYDCA_CLIENT_VIDEOREADER_H
