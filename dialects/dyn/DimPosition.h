// Where symbols stand in the shapes of values.
#ifndef DYCC_DIALECTS_DYN_DIMPOSITION_H
#define DYCC_DIALECTS_DYN_DIMPOSITION_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// Dim `axis` of value `index`.
struct DimPosition {
  unsigned index, axis;
};

/// The first extent that is just `symbol`, in tensors of these types; types
/// without an encoding have none.
std::optional<DimPosition> findDim(mlir::TypeRange types,
                                   llvm::StringRef symbol);

/// Whether `expr` is over any of these symbols (references to `dyn.symbol`).
bool usesAnyOf(mlir::ArrayAttr symbols, ExprAttr expr);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_DIMPOSITION_H
