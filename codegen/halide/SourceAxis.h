#ifndef DYCC_CODEGEN_HALIDE_SOURCEAXIS_H
#define DYCC_CODEGEN_HALIDE_SOURCEAXIS_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// The axis of `value` that is innermost in the memory which it is copied from;
/// none where that is no matter of permuted axes.
std::optional<int> sourceAxis(KernelBuilder &builder, mlir::Value value);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SOURCEAXIS_H
