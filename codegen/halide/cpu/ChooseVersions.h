#ifndef DYCC_CODEGEN_HALIDE_CPU_CHOOSEVERSIONS_H
#define DYCC_CODEGEN_HALIDE_CPU_CHOOSEVERSIONS_H

#include "dialects/dyn/DynOps.h"

namespace dycc::halide {

/// The versions of a kernel, where `plan` is the best one for all symbols. They
/// may be impossible for the values that its symbols have.
mlir::ArrayAttr chooseVersions(dyn::KernelOp kernel, dyn::KernelPlanAttr plan);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CHOOSEVERSIONS_H
