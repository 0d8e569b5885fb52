// Libraries that are compiled beside the one that was asked for, to be run
// here.
#ifndef DYCC_TOOLS_DYCC_BESIDE_H
#define DYCC_TOOLS_DYCC_BESIDE_H

#include "compiler/driver/Compile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace dycc {

/// A folder that goes with it.
class TemporaryFolder {
public:
  explicit TemporaryFolder(const char *name)
      : error(llvm::sys::fs::createUniqueDirectory(name, path)) {}
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    if (!error)
      llvm::sys::fs::remove_directories(path);
  }

  std::string file(llvm::StringRef name) const {
    llvm::SmallString<128> whole(path);
    llvm::sys::path::append(whole, name);
    return std::string(whole);
  }

  /// Why there is none.
  std::error_code getError() const { return error; }

private:
  llvm::SmallString<128> path;
  std::error_code error;
};

/// What makes a library for this machine of the model and the settings of
/// `options`, with no other file and no word beside errors.
CompileOptions besideOptions(const CompileOptions &options,
                             const std::string &output);

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_BESIDE_H
