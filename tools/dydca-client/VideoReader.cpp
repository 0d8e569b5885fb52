#include "VideoReader.h"

#include "Failure.h"

extern "C" {
#include <libavutil/display.h>
}

#include <cmath>

namespace dydca {

static Format openFile(const std::string &path) {
  AVFormatContext *found = nullptr;
  check(avformat_open_input(&found, path.c_str(), nullptr, nullptr),
        path + ": cannot be read");
  return Format(found);
}

static AVRational rateOf(const AVStream *stream) {
  for (AVRational rate : {stream->avg_frame_rate, stream->r_frame_rate})
    if (rate.num > 0 && rate.den > 0)
      return rate;
  return {25, 1};
}

static void refuseTurned(const std::string &path, const AVStream *stream) {
  uint8_t *matrix =
      av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  double angle =
      matrix ? av_display_rotation_get(reinterpret_cast<int32_t *>(matrix)) : 0;
  if (std::isnan(angle) || std::abs(angle) > 0.5)
    throw Failure(path + ": its frames are to be turned when they are shown, "
                         "expects those of `dydca prepare`, which are not");
}

VideoReader::VideoReader(const std::string &path)
    : path(path), format(openFile(path)), packet(av_packet_alloc()),
      image(av_frame_alloc()) {
  check(avformat_find_stream_info(format.get(), nullptr),
        path + ": cannot be read");
  const AVCodec *decoder = nullptr;
  stream = av_find_best_stream(format.get(), AVMEDIA_TYPE_VIDEO, -1, -1,
                               &decoder, 0);
  check(stream, path + ": no video in it that can be decoded");
  const AVStream *video = format->streams[stream];
  refuseTurned(path, video);
  frameRate = rateOf(video);
  codec.reset(avcodec_alloc_context3(decoder));
  check(avcodec_parameters_to_context(codec.get(), video->codecpar),
        path + ": cannot be read");
  // A thread that decodes ahead would tell of a broken frame too late.
  codec->thread_count = 1;
  check(avcodec_open2(codec.get(), decoder, nullptr),
        path + ": cannot be read");
}

int64_t VideoReader::numberByTime() const {
  if (image->best_effort_timestamp == AV_NOPTS_VALUE)
    return -1;
  const AVStream *video = format->streams[stream];
  int64_t time = image->best_effort_timestamp;
  if (video->start_time != AV_NOPTS_VALUE)
    time -= video->start_time;
  return av_rescale_q(time, video->time_base, av_inv_q(frameRate));
}

/// Decodes up to the next image. False behind the last one.
bool VideoReader::decode() {
  for (;;) {
    int code = avcodec_receive_frame(codec.get(), image.get());
    if (code == AVERROR_EOF)
      return false;
    if (code >= 0)
      return true;
    if (code != AVERROR(EAGAIN)) {
      broken += code == AVERROR_INVALIDDATA;
      check(code == AVERROR_INVALIDDATA ? 0 : code, path + ": cannot be read");
      continue;
    }
    do {
      av_packet_unref(packet.get());
      code = av_read_frame(format.get(), packet.get());
    } while (code >= 0 && packet->stream_index != stream);
    if (code < 0 && code != AVERROR_EOF)
      throw Failure(path + ": cannot be read: " + reasonOf(code));
    code = avcodec_send_packet(codec.get(), code < 0 ? nullptr : packet.get());
    if (code == AVERROR_INVALIDDATA)
      ++broken;
    else
      check(code, path + ": cannot be read");
  }
}

/// How many frames are lost in front of this image, or behind the last one.
void VideoReader::count() {
  int64_t byTime = hasImage ? numberByTime() : -1;
  missing = broken == 0  ? 0
            : byTime < 0 ? broken
                         : std::max<int64_t>(byTime - number, 0);
  broken = 0;
}

void VideoReader::convert(Frame &frame) {
  int w = image->width, h = image->height;
  if (!width)
    width = w, height = h;
  if (w != width || h != height)
    throw Failure(path + ": frame " + std::to_string(number) + " has " +
                  std::to_string(w) + "x" + std::to_string(h) +
                  " pixels, expects " + std::to_string(width) + "x" +
                  std::to_string(height) + " as those before");
  scaler.reset(sws_getCachedContext(
      scaler.release(), w, h, AVPixelFormat(image->format), w, h,
      AV_PIX_FMT_RGB24, SWS_BICUBIC, nullptr, nullptr, nullptr));
  if (!scaler)
    throw Failure(path + ": its pixels are of a kind that cannot be converted");
  pixels.resize(size_t(3) * w * h);
  uint8_t *planes[] = {pixels.data()};
  int pitch[] = {3 * w};
  sws_scale(scaler.get(), image->data, image->linesize, 0, h, planes, pitch);
  frame.resize(h, w);
  for (int c = 0; c < 3; ++c)
    for (int64_t i = 0; i < int64_t{h} * w; ++i)
      frame.plane(c)[i] = pixels[3 * i + c];
}

bool VideoReader::next(Picture &picture) {
  if (!hasImage && !isLast) {
    hasImage = decode();
    isLast = !hasImage;
    count();
  }
  if (!hasImage && !missing)
    return false;
  picture.number = number;
  picture.lost = missing > 0;
  if (missing) {
    --missing;
  } else {
    convert(picture.low);
    hasImage = false;
  }
  ++number;
  return true;
}

} // namespace dydca
