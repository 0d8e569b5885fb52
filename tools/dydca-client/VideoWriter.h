// Frames into a video through FFmpeg's libraries.
#ifndef DYDCA_CLIENT_VIDEOWRITER_H
#define DYDCA_CLIENT_VIDEOWRITER_H

#include "Handles.h"
#include "Sink.h"

#include <string>

namespace dydca {

/// The file has its name when it is whole. A .mkv keeps every bit (FFV1), a
/// .mp4 is H.264, as those of `dydca run`.
class VideoWriter final : public Sink {
public:
  VideoWriter(std::string path, AVRational rate);
  ~VideoWriter() override;

  bool write(const Frame &frame) override;
  void finish() override;

private:
  void open(const Frame &frame);
  void encode(const AVFrame *frame);
  void convert(const Frame &frame);

  std::string path, unfinished;
  AVRational rate;
  AVFormatContext *format = nullptr;
  Codec codec;
  Packet packet;
  Image image;
  Scaler scaler;
  std::vector<uint8_t> pixels;
  int64_t number = 0;
};

} // namespace dydca

#endif // DYDCA_CLIENT_VIDEOWRITER_H
