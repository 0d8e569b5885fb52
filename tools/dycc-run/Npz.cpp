// An .npz file is a zip archive of .npy files: a directory at its end says
// where each begins.
#include "tools/dycc-run/Npz.h"

#include "tools/dycc-run/Npy.h"

#include <algorithm>

namespace dycc::run {
namespace {

/// Of the zip format: signatures, and bytes of records without their names.
constexpr std::string_view kEnd = "PK\5\6", kEntry = "PK\1\2",
                           kLocal = "PK\3\4";
constexpr size_t kEndBytes = 22, kEntryBytes = 46, kLocalBytes = 30;
/// In the place of a number that 32 bits do not hold.
constexpr uint32_t kElsewhere = UINT32_MAX;
constexpr std::string_view kSuffix = ".npy";

/// A zip archive in memory.
class Archive {
public:
  Archive(std::string_view file, const std::string &path)
      : file(file), path(path) {}

  std::vector<NamedTensor> read() const {
    size_t end = file.rfind(kEnd);
    if (end == file.npos || file.size() - end < kEndBytes)
      refuse("is no .npz file, or is cut off");
    std::vector<NamedTensor> tensors;
    size_t at = number(end + 16, 4);
    for (uint32_t i = 0, count = number(end + 10, 2); i < count; ++i)
      readEntry(at, tensors);
    return tensors;
  }

private:
  [[noreturn]] void refuse(const std::string &why) const {
    throw Refusal(fmt::format("'{}': {}", path, why));
  }

  std::string_view part(size_t at, size_t bytes) const {
    if (at > file.size() || bytes > file.size() - at)
      refuse("is damaged: a record leads behind its end");
    return file.substr(at, bytes);
  }

  /// An integer of so many bytes, the lowest first.
  uint32_t number(size_t at, size_t bytes) const {
    std::string_view digits = part(at, bytes);
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
      value |= uint32_t(uint8_t(digits[i])) << 8 * i;
    return value;
  }

  /// Reads the array of the directory's entry at `at`, which then is the next.
  void readEntry(size_t &at, std::vector<NamedTensor> &tensors) const {
    if (part(at, kEntryBytes).substr(0, kEntry.size()) != kEntry)
      refuse("is damaged: has no entry where its directory has one");
    size_t nameBytes = number(at + 28, 2);
    std::string name(part(at + kEntryBytes, nameBytes));
    uint32_t method = number(at + 10, 2), bytes = number(at + 20, 4),
             local = number(at + 42, 4);
    at += kEntryBytes + nameBytes + number(at + 30, 2) + number(at + 32, 2);
    if (!name.ends_with(kSuffix))
      return;
    name.resize(name.size() - kSuffix.size());
    if (method != 0)
      refuse(fmt::format("array '{}' is compressed, expects a file of "
                         "numpy.savez()",
                         name));
    if (bytes == kElsewhere || local == kElsewhere)
      refuse(fmt::format("array '{}' lies beyond 4 GB", name));
    if (part(local, kLocalBytes).substr(0, kLocal.size()) != kLocal)
      refuse(fmt::format("is damaged: array '{}' is not where it should be",
                         name));
    size_t begin =
        local + kLocalBytes + number(local + 26, 2) + number(local + 28, 2);
    tensors.push_back(
        {name, parseNpy(part(begin, bytes),
                        fmt::format("{}' array '{}", path, name))});
  }

  std::string_view file;
  const std::string &path;
};

} // namespace

std::vector<NamedTensor> readNpz(const std::string &path) {
  std::string file = readFile(path);
  return Archive(file, path).read();
}

} // namespace dycc::run
