// Pictures on their way through the client.
#ifndef DYDCA_CLIENT_FRAME_H
#define DYDCA_CLIENT_FRAME_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dydca {

/// 8-bit RGB as models take and make it: red, green and blue, each row by row.
struct Frame {
  int64_t height = 0, width = 0;
  std::vector<uint8_t> planes;

  /// Keeps its memory where it is large enough.
  void resize(int64_t rows, int64_t columns) {
    height = rows;
    width = columns;
    planes.resize(static_cast<size_t>(3 * rows * columns));
  }
  uint8_t *plane(int c) { return planes.data() + c * height * width; }
  const uint8_t *plane(int c) const {
    return planes.data() + c * height * width;
  }
};

/// One frame of the video. A frame that could not be decoded is `lost`: what
/// was shown before it is shown again.
struct Picture {
  int64_t number = 0;
  bool lost = false;
  Frame low, high;
};

} // namespace dydca

#endif // DYDCA_CLIENT_FRAME_H
