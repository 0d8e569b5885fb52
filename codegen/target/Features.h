#ifndef DYCC_CODEGEN_TARGET_FEATURES_H
#define DYCC_CODEGEN_TARGET_FEATURES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace dycc::codegen {

/// A processor's feature, from the table that the runtime reads too
/// (runtime/abi/Features.def).
struct CpuFeature {
  llvm::StringLiteral name; ///< LLVM's.
  bool isArm;
  bool isUsed;                ///< By compiled code.
  llvm::StringLiteral halide; ///< Halide's name of it; empty: it has none.
};

llvm::ArrayRef<CpuFeature> cpuFeatures();

/// Whether compiled code may use the feature of this name. One that is not in
/// the table is no matter of ours.
bool isUsedFeature(llvm::StringRef name);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_TARGET_FEATURES_H
