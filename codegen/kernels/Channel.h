#ifndef DYCC_CODEGEN_KERNELS_CHANNEL_H
#define DYCC_CODEGEN_KERNELS_CHANNEL_H

#include <cstdint>
#include <optional>
#include <string>

namespace dycc::codegen {

/// Numbers and texts through one end of a socket between two processes of one
/// program. Once the other end is gone nothing is read and what is written is
/// lost.
class Channel {
public:
  /// `file` stays the caller's.
  explicit Channel(int file) : file(file) {}

  void writeNumber(uint64_t number);
  void writeText(const std::string &text);
  std::optional<uint64_t> readNumber();
  /// False where the other end is gone.
  bool readText(std::string &text);

private:
  void write(const char *bytes, size_t count);
  bool read(char *bytes, size_t count);

  int file;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_KERNELS_CHANNEL_H
