#ifndef DYCC_TOOLS_DYCC_CALIBRATE_SUBJECT_H
#define DYCC_TOOLS_DYCC_CALIBRATE_SUBJECT_H

#include "compiler/driver/Frontend.h"
#include "compiler/driver/Prediction.h"
#include "compiler/tune/MachineFile.h"
#include "compiler/tune/RecordedShapes.h"

#include "llvm/ADT/StringMap.h"

namespace dycc::calibrate {

/// Amounts of work, by name, and what they took.
struct Launch {
  std::string kernel; ///< The function.
  std::string kind;
  std::map<std::string, double> counts;
  double nanoseconds;
};

/// A model as the compiler has planned it, beside what was measured of it.
class Subject {
public:
  /// Reads and plans the ONNX file `path` for runs on so many threads; throws a
  /// Refusal where the compiler refuses it, after it has said why.
  Subject(const std::string &path, unsigned threads);

  /// The machine's title, as a file has it.
  std::string machine() { return frontend.getMachines().front().title(); }

  /// What a launch that was recorded consists of; nothing where that is not
  /// known.
  std::optional<Launch> launchOf(const tune::RecordedShape &shape) const;

  /// Throws a Refusal where the file cannot be read.
  std::vector<tune::RecordedShape> read(const std::string &path);

  /// Takes the prices of `file` from here on.
  void price(const tune::MachineFile &file);
  /// Seconds of a run at "H=..." with those prices.
  double predict(llvm::ArrayRef<std::string> at) const;

private:
  struct Version {
    codegen::LaunchWork work;
    std::vector<std::string> symbols; ///< Of the kernel.
  };

  CompileOptions options;
  Frontend frontend;
  llvm::StringMap<Version> versions; ///< By their functions.
  std::optional<Prediction> prediction;
};

} // namespace dycc::calibrate

#endif // DYCC_TOOLS_DYCC_CALIBRATE_SUBJECT_H
