#ifndef DYCC_COMPILER_DRIVER_SHAPEPOINT_H
#define DYCC_COMPILER_DRIVER_SHAPEPOINT_H

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

/// Gives each symbol what `at` ("N=1", "H=720") says; one that it does not name
/// the middle of a range that the model declares, else 64.
llvm::Error setValues(llvm::MutableArrayRef<SymbolValue> symbols,
                      llvm::ArrayRef<std::string> at);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_SHAPEPOINT_H
