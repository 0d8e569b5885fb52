#ifndef DYCC_DIALECTS_DYN_VALUES_H
#define DYCC_DIALECTS_DYN_VALUES_H

#include "dialects/dyn/DynOps.h"

namespace dycc::dyn {

/// The dims of a tensor type as a person reads them, "[N, 3, 2 * H]"; each as
/// `text` writes it, if there is one.
std::string getDimsText(mlir::Type type,
                        llvm::function_ref<std::string(ExprAttr)> text = {});

/// Whether `test` holds for a value that results of `op` are made of: an
/// operand of it, or what a region of it yields.
bool isMadeOfAny(mlir::Operation *op,
                 llvm::function_ref<bool(mlir::Value)> test);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_VALUES_H
