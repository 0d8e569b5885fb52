#ifndef DYCC_COMPILER_DRIVER_SHAPEPOINT_H
#define DYCC_COMPILER_DRIVER_SHAPEPOINT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace dycc {

/// An input symbol, and the number that stands for it.
struct SymbolValue {
  std::string name;
  int64_t lower, upper, multiple;
  int64_t value = 0;
};

/// The input symbols of a module, without values.
std::vector<SymbolValue> symbolValues(mlir::ModuleOp module);

/// Gives each symbol what `at` ("N=1", "H=720") says; one that it does not name
/// the middle of a range that the model declares, else 64. Errors name
/// `option`.
llvm::Error setValues(llvm::MutableArrayRef<SymbolValue> symbols,
                      llvm::ArrayRef<std::string> at,
                      llvm::StringRef option = "--at");

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SHAPEPOINT_H
