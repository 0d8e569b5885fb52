#ifndef DYCC_COMPILER_IMPORT_MODELFILE_H
#define DYCC_COMPILER_IMPORT_MODELFILE_H

#include "compiler/import/Proto.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace dycc::import {

/// A part of a file, alive as long as `owner`.
struct FileRange {
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<const void> owner;
};

/// A model's files: the model itself, and those with its external data.
class ModelFile {
public:
  /// Maps and parses the file; "-" is the standard input.
  static llvm::Expected<ModelFile> open(llvm::StringRef path);
  /// Parses a model in memory. External data lies in `folder`; it is refused
  /// where that is empty.
  static llvm::Expected<ModelFile> parse(std::unique_ptr<llvm::MemoryBuffer>,
                                         llvm::StringRef folder);
  /// Lets links to external data lead into these folders too.
  void allowLinks(llvm::ArrayRef<std::string> folders) {
    linkFolders.assign(folders.begin(), folders.end());
  }

  /// Refuses external data that a write to one of these files would destroy.
  void keepFrom(llvm::ArrayRef<std::string> files) {
    outputs.assign(files.begin(), files.end());
  }

  const proto::ModelProto &model() const { return *parsed; }
  /// Files with external data that was read so far, in order of their names.
  std::vector<std::string> externalFiles() const;

  /// Bytes of the model's own file.
  llvm::Expected<FileRange> range(uint64_t offset, uint64_t length) const;
  /// Bytes of the file at `location`, a path that must stay in the model's
  /// folder; symbolic links are followed and must stay there too, or lead into
  /// a folder that is allowed.
  llvm::Expected<FileRange> external(llvm::StringRef location, uint64_t offset,
                                     uint64_t length);

private:
  using Buffer = std::shared_ptr<llvm::MemoryBuffer>;
  llvm::Expected<Buffer> openExternal(llvm::StringRef location);

  Buffer file;
  std::string folder;
  std::vector<std::string> linkFolders, outputs;
  std::unique_ptr<proto::ModelProto> parsed;
  llvm::StringMap<Buffer> externals;
};

} // namespace dycc::import

#endif // DYCC_COMPILER_IMPORT_MODELFILE_H
