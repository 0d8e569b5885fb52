#ifndef DYCC_CODEGEN_KERNELS_KERNELCACHE_H
#define DYCC_CODEGEN_KERNELS_KERNELCACHE_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <utility>

namespace dycc::codegen {

/// One kernel on disk: a digest of the rest, a line of text and the object.
/// Written under another name and renamed, so that readers and other writers
/// see all of it or none.
class KernelFile {
public:
  explicit KernelFile(std::string path) : file(std::move(path)) {}

  const std::string &path() const { return file; }
  /// Whether the file is there, and holds what was written.
  bool exists() const;
  /// A name beside the file that no other process uses.
  std::string temporary(llvm::StringRef suffix) const;
  /// Makes the file from `line` and the file `object`, which goes away.
  /// Returns an error text, or an empty one.
  std::string publish(llvm::StringRef line, const std::string &object) const;
  /// The line and the object; both empty where the file cannot be read or
  /// does not hold what was written.
  std::pair<std::string, std::string> read() const;

private:
  std::string file;
};

/// A folder of kernels by content. Safe to share between processes. What was
/// not read for 30 days goes, and the oldest beyond 1 GiB; it is looked through
/// every 20 minutes at most. Without a path, or where nothing can be written
/// there (a home that is read-only), it is a temporary folder that goes away
/// with the object.
class KernelCache {
public:
  explicit KernelCache(llvm::StringRef path);
  ~KernelCache();
  KernelCache(const KernelCache &) = delete;
  KernelCache &operator=(const KernelCache &) = delete;

  /// The folder.
  const std::string &path() const { return folder; }
  /// The file of the kernel that `content` describes, for this build of dycc.
  KernelFile file(llvm::StringRef content) const;

private:
  std::string folder;
  bool isTemporary = false;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_KERNELS_KERNELCACHE_H
