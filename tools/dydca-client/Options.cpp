#include "Options.h"

#include "Failure.h"

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <map>

namespace dydca {

const char usage[] =
    "Plays a video that `dydca` prepared: decodes, upscales by the model in\n"
    "this program, and encodes or shows, all at the same time.\n"
    "\n"
    "  dydca-client --low low.mkv --bits routing.bits -o shown.mkv\n"
    "  dydca-client --low low.mkv --show\n"
    "\n"
    "  --low VIDEO      what was sent\n"
    "  --bits FILE      which cells take which path; without them form B\n"
    "                   decides by itself\n"
    "  -o, --output V   .mkv keeps every bit (FFV1), .mp4 is H.264\n"
    "  --show           in a window; Escape ends it\n"
    "  --threads N      of the model, 0 (default): all processors\n"
    "  --ahead N        pictures that wait for the model, and behind it\n"
    "                   (default 4)\n";

static uint32_t number(const std::string &name, const std::string &text,
                       long least) {
  char *end = nullptr;
  errno = 0;
  long value = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end || errno || value < least || value > 4096)
    throw Failure(name + ": expects a number from " + std::to_string(least) +
                  " to 4096, got \"" + text + "\"");
  return uint32_t(value);
}

static void require(bool holds, const char *text) {
  if (!holds)
    throw Failure(text);
}

Options parse(int count, char **words) {
  Options options;
  using Take = std::function<void(const std::string &, const std::string &)>;
  auto text = [](std::string &place) -> Take {
    return [&place](const std::string &, const std::string &v) { place = v; };
  };
  std::map<std::string, Take> taking = {
      {"--low", text(options.low)},
      {"--bits", text(options.bits)},
      {"--output", text(options.output)},
      {"-o", text(options.output)},
      {"--threads",
       [&](auto &n, auto &v) { options.threads = number(n, v, 0); }},
      {"--ahead", [&](auto &n, auto &v) { options.ahead = number(n, v, 1); }},
  };
  for (int i = 1; i < count; ++i) {
    std::string name = words[i];
    if (name == "--help" || name == "-h")
      options.help = true;
    else if (name == "--show")
      options.show = true;
    else if (auto found = taking.find(name); found == taking.end())
      throw Failure("unknown argument \"" + name + "\", see --help");
    else if (++i == count)
      throw Failure(name + ": has no value");
    else
      found->second(name, words[i]);
  }
  require(options.help || !options.low.empty(), "--low: is needed");
  require(options.help || options.show != !options.output.empty(),
          "expects one of --output and --show");
  return options;
}

} // namespace dydca
