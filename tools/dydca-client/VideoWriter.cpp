#include "VideoWriter.h"

#include "Failure.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace dydca {

/// What a file is encoded by, after its name.
struct Encoding {
  const char *suffix, *encoder;
  AVPixelFormat pixels;
  const char *quality; // Of H.264; the other loses nothing.
};
constexpr Encoding encodings[] = {
    {".mkv", "ffv1", AV_PIX_FMT_BGR0, nullptr},
    {".mp4", "libx264", AV_PIX_FMT_YUV444P, "16"},
};

static const Encoding &encodingOf(const std::string &path) {
  std::string suffix = std::filesystem::path(path).extension();
  for (const Encoding &encoding : encodings)
    if (suffix == encoding.suffix)
      return encoding;
  throw Failure(path + ": a video ends in .mkv or .mp4, got \"" + suffix +
                "\"");
}

VideoWriter::VideoWriter(std::string name, AVRational rate)
    : path(std::move(name)), rate(rate), packet(av_packet_alloc()),
      image(av_frame_alloc()) {
  encodingOf(path);
  std::filesystem::path whole(path);
  unfinished = whole.replace_filename("." + std::to_string(getpid()) + "." +
                                      whole.filename().string());
}

VideoWriter::~VideoWriter() {
  if (format) {
    avio_closep(&format->pb);
    avformat_free_context(format);
  }
  std::remove(unfinished.c_str());
}

void VideoWriter::open(const Frame &frame) {
  const Encoding &encoding = encodingOf(path);
  const std::string failed = path + ": cannot be written";
  check(avformat_alloc_output_context2(&format, nullptr, nullptr,
                                       unfinished.c_str()),
        failed);
  const AVCodec *encoder = avcodec_find_encoder_by_name(encoding.encoder);
  if (!encoder)
    throw Failure(failed + ": FFmpeg has no encoder " + encoding.encoder);
  codec.reset(avcodec_alloc_context3(encoder));
  codec->width = int(frame.width);
  codec->height = int(frame.height);
  codec->pix_fmt = encoding.pixels;
  codec->time_base = av_inv_q(rate);
  codec->framerate = rate;
  if (format->oformat->flags & AVFMT_GLOBALHEADER)
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (encoding.quality)
    av_opt_set(codec->priv_data, "crf", encoding.quality, 0);
  check(avcodec_open2(codec.get(), encoder, nullptr), failed);
  AVStream *stream = avformat_new_stream(format, nullptr);
  stream->time_base = codec->time_base;
  stream->avg_frame_rate = rate;
  check(avcodec_parameters_from_context(stream->codecpar, codec.get()), failed);
  check(avio_open(&format->pb, unfinished.c_str(), AVIO_FLAG_WRITE), failed);
  check(avformat_write_header(format, nullptr), failed);
}

/// Whole pixels, and of these what the encoder takes.
void VideoWriter::convert(const Frame &frame) {
  int w = codec->width, h = codec->height;
  pixels.resize(size_t(3) * w * h);
  for (int c = 0; c < 3; ++c)
    for (int64_t i = 0; i < int64_t{h} * w; ++i)
      pixels[3 * i + c] = frame.plane(c)[i];
  av_frame_unref(image.get());
  image->width = w;
  image->height = h;
  image->format = codec->pix_fmt;
  check(av_frame_get_buffer(image.get(), 0), path + ": cannot be written");
  scaler.reset(sws_getCachedContext(scaler.release(), w, h, AV_PIX_FMT_RGB24, w,
                                    h, codec->pix_fmt, SWS_BICUBIC, nullptr,
                                    nullptr, nullptr));
  const uint8_t *planes[] = {pixels.data()};
  int pitch[] = {3 * w};
  sws_scale(scaler.get(), planes, pitch, 0, h, image->data, image->linesize);
}

void VideoWriter::encode(const AVFrame *frame) {
  const std::string failed = path + ": cannot be written";
  check(avcodec_send_frame(codec.get(), frame), failed);
  for (;;) {
    int code = avcodec_receive_packet(codec.get(), packet.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
      return;
    check(code, failed);
    av_packet_rescale_ts(packet.get(), codec->time_base,
                         format->streams[0]->time_base);
    packet->stream_index = 0;
    check(av_interleaved_write_frame(format, packet.get()), failed);
    check(format->pb->error, failed);
  }
}

bool VideoWriter::write(const Frame &frame) {
  if (!format)
    open(frame);
  convert(frame);
  image->pts = number++;
  encode(image.get());
  return true;
}

void VideoWriter::finish() {
  if (!format)
    throw Failure(path + ": cannot be written: there is no frame to write");
  encode(nullptr);
  const std::string failed = path + ": cannot be written";
  check(av_write_trailer(format), failed);
  check(format->pb->error, failed);
  check(avio_closep(&format->pb), failed);
  if (std::rename(unfinished.c_str(), path.c_str()))
    throw Failure(failed + ": " + std::strerror(errno));
}

} // namespace dydca
