#ifndef DYCC_PASSES_VERSION_WORK_H
#define DYCC_PASSES_VERSION_WORK_H

#include "dialects/dyn/DynOps.h"

namespace dycc::version {

/// Floating-point operations of a launch, over the kernel's symbols: exact for
/// products and convolutions, a few per element for what is no sum.
dyn::ExprAttr operationsOf(dyn::KernelOp kernel);

/// Bytes that a launch reads and writes at least once.
dyn::ExprAttr bytesOf(dyn::KernelOp kernel);

} // namespace dycc::version

#endif // DYCC_PASSES_VERSION_WORK_H
