// StringSplit: x, delimiter (one string) -> the pieces of each string, with
// empty strings behind the last where another one has more, and how many each
// has (i64). An empty delimiter is white space, of which any amount splits and
// none is left at the ends.
// What follows the last split that is allowed stays in one piece. White space
// is ASCII's.
#include "runtime/src/ops/StringOps.h"

namespace dycc::rt {
namespace {

bool isSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

/// The pieces of one string, one after the other.
class Pieces {
public:
  Pieces(const dycc_string &text, const dycc_string &delimiter, int64_t splits)
      : at(text.data), end(text.data + text.size), delimiter(delimiter),
        splits(splits) {
    skipSpace();
  }

  /// False behind the last one.
  bool next(dycc_string &piece) {
    if (isDone || (delimiter.size == 0 && at == end))
      return false;
    const char *stop = splits-- > 0 ? findDelimiter() : nullptr;
    piece = {at, uint64_t((stop ? stop : end) - at)};
    isDone = !stop;
    if (stop) {
      at = stop + delimiter.size;
      skipSpace();
    }
    return true;
  }

private:
  void skipSpace() {
    while (delimiter.size == 0 && at < end && isSpace(*at))
      ++at;
  }
  /// The next one; null where there is none.
  const char *findDelimiter() const {
    for (const char *stop = at; stop + delimiter.size <= end; ++stop)
      if (delimiter.size ? !memcmp(stop, delimiter.data, delimiter.size)
                         : stop < end && isSpace(*stop))
        return stop;
    return nullptr;
  }

  const char *at, *end;
  const dycc_string delimiter;
  int64_t splits; ///< How many are left.
  bool isDone = false;
};

/// Fills the row of a result with the pieces of a string.
bool split(Strings &strings, Pieces pieces, const DyccOpTensor &y, int64_t row,
           int64_t width) {
  dycc_string piece;
  for (int64_t i = 0; i < width; ++i) {
    uint64_t handle =
        pieces.next(piece) ? strings.intern(piece.data, piece.size) : 0;
    if (handle == Strings::kNone)
      return false;
    storeAt(y.data, row * width + i, handle);
  }
  return true;
}

} // namespace
} // namespace dycc::rt

using namespace dycc::rt;

int32_t dycc_op_string_split(DyccFrame *frame, const char *node,
                             const DyccOpTensor *inputs, int32_t,
                             DyccOpTensor *outputs, int32_t,
                             const int64_t *attributes) {
  Strings &strings = stringsOf(frame);
  const DyccOpTensor &x = inputs[0];
  DyccOpTensor &y = outputs[0];
  dycc_string delimiter = stringAt(strings, inputs[1], 0);
  auto piecesOf = [&](int64_t row) {
    return Pieces(stringAt(strings, x, row), delimiter,
                  attributes[DYCC_SPLIT_MOST]);
  };
  int64_t rows = elementCount(x), width = 0;
  for (int64_t row = 0; row < rows; ++row) {
    Pieces pieces = piecesOf(row);
    int64_t count = 0;
    for (dycc_string piece; pieces.next(piece);)
      ++count;
    storeAt(outputs[1].data, row, count);
    width = count > width ? count : width;
  }
  y.dims[y.rank - 1] = width;
  if (int32_t status = provide(frame, node, y))
    return status;
  for (int64_t row = 0; row < rows; ++row)
    if (!split(strings, piecesOf(row), y, row, width))
      return refuseStrings(frame, node);
  return DYCC_OK;
}
