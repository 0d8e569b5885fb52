#ifndef DYCC_COMPILER_DRIVER_SLOTVALUES_H
#define DYCC_COMPILER_DRIVER_SLOTVALUES_H

#include "compiler/driver/Steps.h"

namespace dycc {

/// A value that has memory in a slot of the arena.
struct SlotValue {
  std::string node; ///< Whose result it is, as the ONNX file names it.
  mlir::Type type;
  std::string over;   ///< The node over whose result it is written, or empty.
  int64_t output;     ///< Which output it is, -1 for none.
  bool isCarried;     ///< One of the two halves of a value that a loop carries.
  size_t first, last; ///< The steps from which and up to which it is there.
};

/// The values of each slot of a planned function, in order of time.
std::vector<std::vector<SlotValue>>
collectSlotValues(mlir::func::FuncOp main, const plan::Liveness &liveness,
                  const Steps &steps);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SLOTVALUES_H
