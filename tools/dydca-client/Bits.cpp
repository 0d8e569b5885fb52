#include "Bits.h"

#include "Failure.h"
#include "ModelFacts.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <zlib.h>

namespace dydca {

constexpr char magic[] = "DYDCABIT";
constexpr size_t checksumAt = 28, headerBytes = 32;

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

static uint32_t numberAt(const std::vector<uint8_t> &data, size_t at,
                         size_t bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < bytes; ++i)
    value |= uint32_t{data[at + i]} << 8 * i;
  return value;
}

static int64_t bitsOfCell() {
  int64_t bits = 0;
  while (int64_t{1} << bits < classes)
    ++bits;
  return bits;
}

int64_t Bits::lowHeight() const { return ceilDiv(highHeight, scale); }
int64_t Bits::lowWidth() const { return ceilDiv(highWidth, scale); }

int64_t Bits::cells() const {
  return ceilDiv(lowHeight(), cellHeight) * ceilDiv(lowWidth(), cellWidth);
}

int64_t Bits::bytesPerFrame() const {
  return ceilDiv(cells() * bitsOfCell(), 8);
}

Bits Bits::read(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  std::vector<uint8_t> data(std::istreambuf_iterator<char>(stream), {});
  if (!stream.is_open() || stream.bad())
    throw Failure(path + ": cannot be read: " + std::strerror(errno));
  Bits bits;
  bits.file = path;
  bits.readHeader(data);
  bits.checkBody(data);
  bits.body.assign(data.begin() + headerBytes, data.end());
  return bits;
}

void Bits::readHeader(const std::vector<uint8_t> &data) {
  if (data.size() < 8 || std::memcmp(data.data(), magic, 8) != 0)
    throw Failure(file + ": no file of routing bits, which begins with \"" +
                  magic + "\"");
  if (data.size() < headerBytes)
    throw Failure(file + ": has " + std::to_string(data.size()) +
                  " bytes, expects a header of " + std::to_string(headerBytes));
  auto expect = [&](const char *what, uint32_t found, int64_t expected) {
    if (found != expected)
      throw Failure(file + ": has " + what + " " + std::to_string(found) +
                    ", this program expects " + std::to_string(expected));
  };
  expect("version", numberAt(data, 8, 2), 1);
  expect("scale", data[10], scale);
  expect("classes", data[11], classes);
  expect("cells of height", numberAt(data, 12, 2), cellHeight);
  expect("cells of width", numberAt(data, 14, 2), cellWidth);
  highHeight = numberAt(data, 16, 4);
  highWidth = numberAt(data, 20, 4);
  frameCount = numberAt(data, 24, 4);
}

void Bits::checkBody(const std::vector<uint8_t> &data) const {
  uint64_t expected = headerBytes + uint64_t(frameCount) * bytesPerFrame();
  if (!highHeight || !highWidth || data.size() != expected)
    throw Failure(file + ": has " + std::to_string(data.size()) +
                  " bytes, expects " + std::to_string(expected) + " for " +
                  std::to_string(frameCount) + " frames of " +
                  std::to_string(highWidth) + "x" + std::to_string(highHeight));
  uLong sum = crc32_z(0, data.data(), checksumAt);
  sum = crc32_z(sum, data.data() + headerBytes, data.size() - headerBytes);
  if (sum != numberAt(data, checksumAt, 4))
    throw Failure(file + ": damaged: its checksum is not that of its content");
}

std::vector<uint8_t> Bits::classesOf(int64_t frame) const {
  const uint8_t *row = body.data() + frame * bytesPerFrame();
  std::vector<uint8_t> result(static_cast<size_t>(cells()));
  int64_t at = 0;
  for (uint8_t &value : result) {
    for (int64_t b = bitsOfCell(); b > 0; --b, ++at)
      value = uint8_t(value << 1 | (row[at / 8] >> (7 - at % 8) & 1));
    if (value >= classes)
      throw Failure(file + ": has a cell of class " + std::to_string(value) +
                    ", expects fewer than " + std::to_string(classes));
  }
  return result;
}

} // namespace dydca
