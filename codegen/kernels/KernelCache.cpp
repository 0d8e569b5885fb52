#include "codegen/kernels/KernelCache.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/raw_ostream.h"
#include <unistd.h>

using namespace llvm;

namespace dycc::codegen {
namespace {

/// What llvm::pruneCache() takes for a cache's file; it leaves others alone.
constexpr StringLiteral kPrefix = "llvmcache-";

/// Size and time of the running program: another build makes other kernels.
std::string buildIdentity() {
  sys::fs::file_status status;
  if (sys::fs::status("/proc/self/exe", status))
    return "unknown";
  return std::to_string(status.getSize()) + " " +
         std::to_string(
             status.getLastModificationTime().time_since_epoch().count());
}

} // namespace

static std::string digest(StringRef bytes) {
  SHA256 hash;
  hash.update(bytes);
  return toHex(hash.final(), /*LowerCase=*/true);
}

bool KernelFile::exists() const { return !read().second.empty(); }

std::string KernelFile::temporary(StringRef suffix) const {
  return file + "." + std::to_string(::getpid()) + suffix.str();
}

std::string KernelFile::publish(StringRef line,
                                const std::string &object) const {
  auto bytes = MemoryBuffer::getFile(object);
  if (!bytes)
    return "expects an object file, got: " + bytes.getError().message();
  std::string partial = temporary(".part");
  std::error_code error;
  {
    raw_fd_ostream os(partial, error);
    if (!error) {
      std::string content = (line + "\n" + (*bytes)->getBuffer()).str();
      os << digest(content) << '\n' << content;
      os.close();
      error = os.error();
      os.clear_error();
    }
  }
  if (!error)
    error = sys::fs::rename(partial, file);
  sys::fs::remove(object);
  return error ? "cannot write '" + file + "': " + error.message() : "";
}

std::pair<std::string, std::string> KernelFile::read() const {
  auto bytes = MemoryBuffer::getFile(file);
  if (!bytes)
    return {};
  // A disk that was full, or anything else: what is not whole is not there.
  auto [expected, content] = (*bytes)->getBuffer().split('\n');
  if (digest(content) != expected)
    return {};
  auto [line, object] = content.split('\n');
  return {line.str(), object.str()};
}

static bool isWritableFolder(StringRef path) {
  return !path.empty() && !sys::fs::create_directories(path) &&
         ::access(path.str().c_str(), W_OK) == 0;
}

KernelCache::KernelCache(StringRef path)
    : folder(path), isTemporary(!isWritableFolder(path)) {
  SmallString<128> unique;
  if (isTemporary && !sys::fs::createUniqueDirectory("dycc-kernels", unique))
    folder = unique.str();
}

KernelCache::~KernelCache() {
  if (isTemporary) {
    sys::fs::remove_directories(folder);
    return;
  }
  CachePruningPolicy policy;
  policy.Expiration = std::chrono::days(30);
  policy.MaxSizeBytes = uint64_t(1) << 30;
  pruneCache(folder, policy);
}

KernelFile KernelCache::file(StringRef content) const {
  static const std::string build = buildIdentity();
  SHA256 hash;
  hash.update(build);
  hash.update(content);
  SmallString<128> path(folder);
  sys::path::append(
      path, kPrefix + toHex(hash.final(), /*LowerCase=*/true).substr(0, 40));
  return KernelFile(path.str().str());
}

} // namespace dycc::codegen
