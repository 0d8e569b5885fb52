// FFmpeg's objects with an owner.
#ifndef DYDCA_CLIENT_HANDLES_H
#define DYDCA_CLIENT_HANDLES_H

#include <memory>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

namespace dydca {

struct Free {
  void operator()(AVFormatContext *it) const { avformat_close_input(&it); }
  void operator()(AVCodecContext *it) const { avcodec_free_context(&it); }
  void operator()(AVPacket *it) const { av_packet_free(&it); }
  void operator()(AVFrame *it) const { av_frame_free(&it); }
  void operator()(SwsContext *it) const { sws_freeContext(it); }
};

using Format = std::unique_ptr<AVFormatContext, Free>;
using Codec = std::unique_ptr<AVCodecContext, Free>;
using Packet = std::unique_ptr<AVPacket, Free>;
using Image = std::unique_ptr<AVFrame, Free>;
using Scaler = std::unique_ptr<SwsContext, Free>;

} // namespace dydca

#endif // DYDCA_CLIENT_HANDLES_H
