#include "codegen/kernels/Channel.h"

#include <cerrno>
#include <sys/socket.h>

namespace dycc::codegen {

void Channel::write(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = ::send(file, bytes, count, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return;
    bytes += written;
    count -= static_cast<size_t>(written);
  }
}

bool Channel::read(char *bytes, size_t count) {
  while (count > 0) {
    ssize_t got = ::recv(file, bytes, count, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    bytes += got;
    count -= static_cast<size_t>(got);
  }
  return true;
}

void Channel::writeNumber(uint64_t number) {
  write(reinterpret_cast<const char *>(&number), sizeof(number));
}

void Channel::writeText(const std::string &text) {
  writeNumber(text.size());
  write(text.data(), text.size());
}

std::optional<uint64_t> Channel::readNumber() {
  uint64_t number = 0;
  if (!read(reinterpret_cast<char *>(&number), sizeof(number)))
    return std::nullopt;
  return number;
}

bool Channel::readText(std::string &text) {
  std::optional<uint64_t> size = readNumber();
  if (!size)
    return false;
  text.resize(*size);
  return read(text.data(), text.size());
}

} // namespace dycc::codegen
