// The compiled model.
#ifndef DYDCA_CLIENT_UPSCALER_H
#define DYDCA_CLIENT_UPSCALER_H

#include "Bits.h"
#include "Frame.h"

#include <memory>

namespace dydca {

/// Thread rule: one call at a time.
class Upscaler {
public:
  virtual ~Upscaler() = default;
  /// Writes picture.high, of `scale` times the pixels of picture.low, less
  /// where the bits say so. Fails where they are for another size.
  virtual void upscale(Picture &picture) = 0;
};

/// `threads` of the model, 0: all processors. With bits form A1 runs by them,
/// which outlive the result, else form B, if the program has it.
std::unique_ptr<Upscaler> makeUpscaler(uint32_t threads, const Bits *bits);

} // namespace dydca

#endif // DYDCA_CLIENT_UPSCALER_H
