#include "tools/dycc/Console.h"

#include "compiler/driver/Diagnostics.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace dycc {

constexpr std::chrono::milliseconds kTick(100);

Console::Console(int file) : raw_ostream(/*unbuffered=*/true), file(file) {
  enable_colors(showsColours(file));
}

Console::~Console() { finish(); }

static double secondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
      .count();
}

static void writeAll(int file, std::string_view text) {
  while (!text.empty()) {
    ssize_t count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return;
    text.remove_prefix(size_t(count));
  }
}

/// Whether a line can be written over there.
static bool isTerminal(int file) {
  const char *type = getenv("TERM");
  return isatty(file) && type && *type && llvm::StringRef(type) != "dumb";
}

void Console::begin(Talk wanted, bool mayBeLive) {
  talk = wanted;
  isLive = mayBeLive && talk != Talk::Quiet && isTerminal(file);
}

void Console::setWhat(std::string text) { what = std::move(text); }

void Console::onStep(llvm::StringRef name) {
  endStep();
  // What forks now has to have one thread.
  bool isForking = name == "import" || name.starts_with("verify");
  if (isForking)
    stopTicking();
  std::lock_guard guard(lock);
  step = what.empty() ? name.str() : what + ": " + name.str();
  stepBegun = Clock::now();
  draw();
  if (!isForking)
    startTicking();
}

void Console::onKernels(size_t isDone, size_t ofAll, size_t fromCache) {
  std::lock_guard guard(lock);
  done = isDone;
  all = ofAll;
  cached = fromCache;
  if (done == all || Clock::now() - drawn > kTick / 2)
    draw();
}

/// ": 12 of 40 kernels, 8 from the cache"
std::string Console::kernelText() const {
  if (!all)
    return "";
  return fmt::format(": {} of {} kernels{}", done, all,
                     cached ? fmt::format(", {} from the cache", cached) : "");
}

void Console::endStep() {
  std::string text;
  {
    std::lock_guard guard(lock);
    if (!step.empty() && talk == Talk::Verbose)
      text = fmt::format("dycc: {}{}: {:.3f} s\n", step, kernelText(),
                         secondsSince(stepBegun));
    if (what.empty()) {
      allKernels += all;
      allCached += cached;
    }
    step.clear();
    done = all = cached = 0;
  }
  if (!text.empty())
    *this << text;
}

void Console::finish() {
  endStep();
  stopTicking();
  std::lock_guard guard(lock);
  erase();
}

void Console::sayDone(const std::string &made) {
  finish();
  if (talk == Talk::Verbose || isLive)
    *this << fmt::format(
        "dycc: {}: {} kernels{}, {:.1f} s\n", made, allKernels,
        allCached ? fmt::format(", {} from the cache", allCached) : "",
        secondsSince(begun));
}

void Console::write_impl(const char *text, size_t size) {
  std::lock_guard guard(lock);
  erase();
  writeAll(file, {text, size});
  position += size;
  isLineOpen = size && text[size - 1] != '\n';
}

void Console::draw() {
  if (!isLive || isLineOpen || step.empty())
    return;
  std::string line = fmt::format("dycc: {}{}, {:.1f} s", step, kernelText(),
                                 secondsSince(begun));
  winsize size = {};
  size_t columns =
      ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
  // A longer one would go on in a second line, which stays.
  if (line.size() >= columns)
    line.resize(columns - 1);
  writeAll(file, "\r\x1b[K" + line);
  isDrawn = true;
  drawn = Clock::now();
}

void Console::erase() {
  if (isDrawn)
    writeAll(file, "\r\x1b[K");
  isDrawn = false;
}

void Console::startTicking() {
  if (!isLive || ticker.joinable())
    return;
  isEnding = false;
  ticker = std::thread([this] {
    std::unique_lock guard(lock);
    while (!wake.wait_for(guard, kTick, [this] { return isEnding; }))
      draw();
  });
}

void Console::stopTicking() {
  if (!ticker.joinable())
    return;
  {
    std::lock_guard guard(lock);
    isEnding = true;
  }
  wake.notify_all();
  ticker.join();
}

} // namespace dycc
