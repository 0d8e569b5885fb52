#ifndef DYCC_CODEGEN_LINK_PROCESS_H
#define DYCC_CODEGEN_LINK_PROCESS_H

#include "codegen/link/Link.h"

namespace dycc::link {

/// Runs the program `tool` of LLVM ("ld.lld", "llvm-objcopy") and turns a
/// failure into an error with what it printed.
llvm::Error runTool(const LinkJob &job, llvm::StringRef tool,
                    std::vector<std::string> arguments, llvm::StringRef folder);

/// A folder beside the output for what is made on the way; goes with its
/// contents. The result is made in it and moved out of it when it is whole.
class WorkFolder {
public:
  static llvm::Expected<WorkFolder> create(const LinkJob &job);
  WorkFolder(WorkFolder &&other) noexcept : folder(std::move(other.folder)) {
    other.folder.clear();
  }
  ~WorkFolder();

  llvm::StringRef path() const { return folder; }
  std::string file(llvm::StringRef name) const;
  /// Moves one of its files to the output's place.
  llvm::Error publish(llvm::StringRef name, const LinkJob &job) const;

private:
  explicit WorkFolder(std::string path) : folder(std::move(path)) {}
  std::string folder;
};

} // namespace dycc::link

#endif // DYCC_CODEGEN_LINK_PROCESS_H
