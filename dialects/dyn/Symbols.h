// Where a pass that needs a symbol declares it.
#ifndef DYCC_DIALECTS_DYN_SYMBOLS_H
#define DYCC_DIALECTS_DYN_SYMBOLS_H

#include "dialects/dyn/DynOps.h"

#include "mlir/IR/BuiltinOps.h"

namespace dycc::dyn {

/// A builder behind the symbols of the module, so that a definition comes after
/// those that it names.
mlir::OpBuilder behindSymbols(mlir::ModuleOp module);
/// `prefix` with the first number from `next` on that is free; `next` is behind
/// it then.
std::string freeName(mlir::ModuleOp module, llvm::StringRef prefix,
                     unsigned &next);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_SYMBOLS_H
