// What dycc shows on the error stream while it works.
#ifndef DYCC_TOOLS_DYCC_CONSOLE_H
#define DYCC_TOOLS_DYCC_CONSOLE_H

#include "compiler/driver/Progress.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace dycc {

/// How much is said beside errors.
enum class Talk { Quiet, Usual, Verbose };

/// The error stream. On a terminal its last line is a live one, which says what
/// is done and goes when there is other text: the step, how many kernels of
/// how many are there and were in the cache, and seconds. Elsewhere there is
/// none. `Verbose` says of each step how long it took, wherever.
/// Thread rule: one thread writes and tells; the line has a thread of its own.
class Console final : public llvm::raw_ostream, public Progress {
public:
  /// `file` is a descriptor, which stays the caller's.
  explicit Console(int file);
  ~Console() override;

  /// Until then there is no live line. `isLive`: there may be one.
  void begin(Talk talk, bool isLive);
  /// What is worked at behind the next steps, where it is not the model.
  void setWhat(std::string what);
  void onStep(llvm::StringRef step) override;
  void onKernels(size_t done, size_t all, size_t cached) override;
  /// Ends the last step and takes the line away.
  void finish();
  /// Says on a terminal, and to who wants to hear more, how it went.
  void sayDone(const std::string &what);

  /// Behind finish() too: what `Usual` says.
  bool isQuiet() const { return talk == Talk::Quiet; }

private:
  using Clock = std::chrono::steady_clock;

  void write_impl(const char *text, size_t size) override;
  uint64_t current_pos() const override { return position; }
  void endStep();
  std::string kernelText() const;
  // With the lock:
  void draw();
  void erase();
  // The thread that draws while nothing is told.
  void startTicking();
  void stopTicking();

  const int file;
  Talk talk = Talk::Usual;
  bool isLive = false, isDrawn = false, isLineOpen = false;
  uint64_t position = 0;
  Clock::time_point begun = Clock::now(), stepBegun = begun, drawn;
  std::string what, step;               ///< The step with what it is of.
  size_t done = 0, all = 0, cached = 0; ///< Kernels of this step.
  size_t allKernels = 0, allCached = 0; ///< Of the model.
  std::mutex lock;
  std::condition_variable wake;
  bool isEnding = false;
  std::thread ticker;
};

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_CONSOLE_H
