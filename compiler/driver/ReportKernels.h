#ifndef DYCC_COMPILER_DRIVER_REPORTKERNELS_H
#define DYCC_COMPILER_DRIVER_REPORTKERNELS_H

#include "dialects/dyn/DynOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "nlohmann/json.hpp"
#include "llvm/ADT/StringMap.h"
#include <optional>

namespace dycc {

/// Each launch: its kernel, operators and nodes.
nlohmann::json describeGroups(mlir::ModuleOp module);

/// Each kernel: operators, symbols, the nodes of its launches, and its
/// versions: when one is taken, how its loops run, what a launch is thought to
/// take.
nlohmann::json describeKernels(mlir::ModuleOp module);

/// What is known of a version once it is compiled.
struct CompiledVersion {
  dyn::ExprAttr scratch; ///< Bytes per thread, over the kernel's symbols.
  uint64_t codeBytes;
  std::optional<double> seconds; ///< To compile it, where that was needed.
};

/// Adds to the kernels and groups of `report` what was compiled, by the names
/// of the functions.
void addCompiled(const llvm::StringMap<CompiledVersion> &compiled,
                 nlohmann::json &report);

/// Takes out of `report` what differs from run to run: how long versions took.
void removeTimes(nlohmann::json &report);

/// Bytes of code in an object file; 0 where it is none.
uint64_t countCodeBytes(llvm::StringRef object);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_REPORTKERNELS_H
