// dydca-client: plays a low-resolution video with its upscaling model.
#include "Failure.h"
#include "Options.h"
#include "Player.h"
#include "VideoWriter.h"
#include "Window.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>
#include <sys/resource.h>

extern "C" {
#include <libavutil/log.h>
}

using namespace dydca;

static std::atomic<int> interrupted{0};
static_assert(std::atomic<int>::is_always_lock_free);

static void catchSignals() {
  struct sigaction action{};
  action.sa_handler = [](int number) { interrupted = number; };
  for (int number : {SIGINT, SIGTERM})
    sigaction(number, &action, nullptr);
}

/// The smallest of the upper 1 % and such.
static double quantile(std::vector<double> values, double part) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  return values[size_t(part * double(values.size() - 1) + 0.5)];
}

static void print(const std::string &name, const Figures &found) {
  double alone = 0;
  for (double seconds : found.seconds)
    alone += seconds;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "dydca-client: %s, %lld frames; upscaling alone %.2f frames/s (median "
      "%.3f ms, p99 %.3f ms), with decoding and encoding %.2f frames/s; peak "
      "memory %.1f MiB\n",
      name.c_str(), static_cast<long long>(found.frames),
      alone > 0 ? double(found.seconds.size()) / alone : 0,
      1e3 * quantile(found.seconds, 0.5), 1e3 * quantile(found.seconds, 0.99),
      double(found.frames) / found.whole, double(usage.ru_maxrss) / 1024);
  if (found.lost)
    std::printf("dydca-client: %lld frames were broken: the one before was "
                "shown again\n",
                static_cast<long long>(found.lost));
}

static int play(const Options &options) {
  std::optional<Bits> bits;
  if (!options.bits.empty())
    bits = Bits::read(options.bits);
  VideoReader reader(options.low);
  std::unique_ptr<Sink> sink =
      options.show
          ? makeWindow(reader.rate())
          : std::make_unique<VideoWriter>(options.output, reader.rate());
  auto upscaler = makeUpscaler(options.threads, bits ? &*bits : nullptr);
  Player player(reader, *upscaler, *sink, bits ? &*bits : nullptr,
                options.ahead);
  Figures found = player.play(interrupted);
  if (interrupted) {
    std::fputs("dydca-client: interrupted\n", stderr);
    return 128 + interrupted;
  }
  sink->finish();
  print(options.show ? "shown" : options.output, found);
  return 0;
}

int main(int count, char **words) {
  try {
    Options options = parse(count, words);
    if (options.help) {
      std::fputs(usage, stdout);
      return 0;
    }
    // What is wrong with a frame is counted, what is wrong else is an error.
    av_log_set_level(AV_LOG_QUIET);
    catchSignals();
    return play(options);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "dydca-client: error: %s\n", error.what());
    return 1;
  }
}
