// Where upscaled frames go.
#ifndef DYDCA_CLIENT_SINK_H
#define DYDCA_CLIENT_SINK_H

#include "Frame.h"

namespace dydca {

/// Thread rule: one call at a time, all from one thread.
class Sink {
public:
  virtual ~Sink() = default;
  /// False where the user wants no more.
  virtual bool write(const Frame &frame) = 0;
  /// After the last frame. Without it nothing is left of what was written.
  virtual void finish() = 0;
};

} // namespace dydca

#endif // DYDCA_CLIENT_SINK_H
