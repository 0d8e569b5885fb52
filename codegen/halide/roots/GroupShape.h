// How a group of a device's threads shares a reduction.
#ifndef DYCC_CODEGEN_HALIDE_ROOTS_GROUPSHAPE_H
#define DYCC_CODEGEN_HALIDE_ROOTS_GROUPSHAPE_H

#include "codegen/halide/Tensor.h"
#include "llvm/ADT/ArrayRef.h"

namespace dycc::halide {

/// The threads of a group: `lanes` of them reduce every lanes-th element along
/// an axis to one total; `totals` totals that are neighbours have lanes of
/// their own.
struct GroupShape {
  int lanes = 0; ///< A power of two; 0: no group shares it.
  int totals = 1;
  int laneAxis = 0;   ///< Of the space, reduced.
  int totalAxis = -1; ///< Of the space, kept, that totals are neighbours along.
  /// Neighbours in memory are lanes, else totals.
  bool lanesAlongMemory = true;

  /// What a thread of the second step adds up.
  int perThread() const;
};

/// The shape of a group of about `threads` threads. `order` are the axes of the
/// space, innermost in memory first, `reduced` says of each whether it is.
GroupShape chooseGroup(int threads, dyn::KernelOp kernel, const Dims &dims,
                       llvm::ArrayRef<unsigned> order,
                       const std::vector<bool> &reduced);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ROOTS_GROUPSHAPE_H
