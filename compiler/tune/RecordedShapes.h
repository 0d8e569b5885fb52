// Shapes that runs recorded (`dycc-run --profile-shapes`), and versions of
// kernels for them.
#ifndef DYCC_COMPILER_TUNE_RECORDEDSHAPES_H
#define DYCC_COMPILER_TUNE_RECORDEDSHAPES_H

#include "codegen/target/Backend.h"

#include "mlir/IR/BuiltinOps.h"

namespace dycc::tune {

/// Launches of one kernel with the same values of its symbols.
struct RecordedShape {
  std::string function;                   ///< Of the version that ran.
  uint64_t launches = 0, nanoseconds = 0; ///< Those of the fastest launch.
  std::vector<int64_t> symbols;
};

/// Reads a file: the first line is "dycc shapes 1"; then each line is
/// FUNCTION LAUNCHES NANOSECONDS SYMBOL..., or empty. Emits an error with the
/// line, and fails where the file cannot be read or is damaged.
mlir::LogicalResult readShapes(llvm::StringRef path, mlir::MLIRContext *context,
                               std::vector<RecordedShape> &shapes);

/// Gives kernels, whose versions have costs, versions for the shapes that took
/// most time: at most two of a kernel and `most` in all, so that what they add
/// to the code is bounded. A shape of no kernel here is ignored.
void addVersions(mlir::ModuleOp module, llvm::ArrayRef<RecordedShape> shapes,
                 const codegen::Backend &backend, unsigned most = 32);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_RECORDEDSHAPES_H
