// The file of routing bits, as docs/dydca.md describes it.
#ifndef DYDCA_CLIENT_BITS_H
#define DYDCA_CLIENT_BITS_H

#include <cstdint>
#include <string>
#include <vector>

namespace dydca {

class Bits {
public:
  /// Fails where the file is not one, is not all of one, or is for another
  /// model than this program has.
  static Bits read(const std::string &path);

  int64_t frames() const { return frameCount; }
  /// Of an upscaled frame.
  int64_t height() const { return highHeight; }
  int64_t width() const { return highWidth; }
  /// Of a frame that is sent.
  int64_t lowHeight() const;
  int64_t lowWidth() const;
  /// The class of each cell of a frame, row by row.
  std::vector<uint8_t> classesOf(int64_t frame) const;
  const std::string &path() const { return file; }

private:
  int64_t cells() const;
  int64_t bytesPerFrame() const;
  void readHeader(const std::vector<uint8_t> &data);
  void checkBody(const std::vector<uint8_t> &data) const;

  std::string file;
  int64_t highHeight = 0, highWidth = 0, frameCount = 0;
  std::vector<uint8_t> body;
};

} // namespace dydca

#endif // DYDCA_CLIENT_BITS_H
