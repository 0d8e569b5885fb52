#include "Failure.h"

extern "C" {
#include <libavutil/error.h>
}

namespace dydca {

std::string reasonOf(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

void check(int code, const std::string &what) {
  if (code < 0)
    throw Failure(what + ": " + reasonOf(code));
}

} // namespace dydca
