#ifndef DYCC_CODEGEN_LINK_WEIGHTIMAGE_H
#define DYCC_CODEGEN_LINK_WEIGHTIMAGE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <vector>

namespace dycc::codegen {

/// Bytes of one constant at its offset in the weights section.
struct PackedWeight {
  int64_t offset;
  std::vector<char> bytes;
};

/// Packs every constant of the planned function that has a place, in the
/// layout of its type. One element follows the other in order of offsets.
std::vector<PackedWeight> packWeights(mlir::func::FuncOp function);

/// Constants of several functions in one weights section.
struct WeightPool {
  std::vector<PackedWeight> weights; ///< In order of offsets.
  int64_t bytes = 0;                 ///< Of the section.
};

/// Packs the constants of all `functions`, equal ones once and one that another
/// one begins with where that lies, and moves their places there: with packed
/// weights, so the first output channels of a layer may lie in a wider one.
WeightPool poolWeights(llvm::ArrayRef<mlir::func::FuncOp> functions);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LINK_WEIGHTIMAGE_H
