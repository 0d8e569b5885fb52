#ifndef DYCC_DIALECTS_DYN_MEMORYDIMS_H
#define DYCC_DIALECTS_DYN_MEMORYDIMS_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// The dims with the padding of the layout: their product is what the tensor
/// takes in memory, in elements.
llvm::SmallVector<ExprAttr> getDimsInMemory(mlir::Type type);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_MEMORYDIMS_H
