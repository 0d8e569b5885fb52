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

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LINK_WEIGHTIMAGE_H
