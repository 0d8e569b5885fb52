// Versions for launches whose symbols have certain values.
#ifndef DYCC_CODEGEN_HALIDE_CPU_FIXEDKERNEL_H
#define DYCC_CODEGEN_HALIDE_CPU_FIXEDKERNEL_H

#include "dialects/dyn/DynOps.h"

namespace dycc::halide {

/// The condition that the symbols of `kernel` have these values.
dyn::ExprAttr whenFixed(dyn::KernelOp kernel, llvm::ArrayRef<int64_t> values);

/// A kernel with numbers in the place of the symbols that a condition fixes,
/// which are those of its terms eq(symbol, number). Its parameters are as they
/// were. It is in no module.
class FixedKernel {
public:
  FixedKernel(dyn::KernelOp kernel, dyn::ExprAttr when);
  ~FixedKernel() {
    if (made)
      made->destroy();
  }
  FixedKernel(const FixedKernel &) = delete;
  FixedKernel &operator=(const FixedKernel &) = delete;

  /// The original where nothing is fixed.
  dyn::KernelOp get() const { return made ? made : original; }

private:
  dyn::KernelOp original, made;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_FIXEDKERNEL_H
