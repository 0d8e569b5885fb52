#ifndef DYCC_CODEGEN_HALIDE_HALIDETARGET_H
#define DYCC_CODEGEN_HALIDE_HALIDETARGET_H

#include "codegen/halide/lowering/DotProducts.h"
#include "codegen/target/TargetInfo.h"
#include <optional>

namespace dycc::halide {

/// A machine as Halide knows it.
struct HalideTarget {
  Halide::Target target;
  std::optional<DotProducts> dotProducts; ///< Of a kernel that has some.
  bool hasBf16Products = false; ///< That kernel may have them of bf16.
};

/// Whether the machine has an instruction for dot products of bf16 that Halide
/// can write.
bool hasBf16Products(const codegen::TargetInfo &info);

/// The machine for a kernel. Only one with dot products gets the features that
/// these need, which Halide ties to whole processors: other kernels are the
/// same with and without them.
HalideTarget halideTarget(const codegen::TargetInfo &info, bool hasDotProducts);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_HALIDETARGET_H
