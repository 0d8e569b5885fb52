#ifndef DYCC_CODEGEN_HALIDE_ATTRIBUTES_H
#define DYCC_CODEGEN_HALIDE_ATTRIBUTES_H

#include "mlir/IR/Operation.h"
#include <cstdint>
#include <vector>

namespace dycc::halide {

// Attributes of an ONNX op by their name in ONNX, with the default that ONNX
// gives where they are absent.
int64_t intAttribute(mlir::Operation *op, llvm::StringRef name, int64_t absent);
double floatAttribute(mlir::Operation *op, llvm::StringRef name, double absent);
llvm::StringRef stringAttribute(mlir::Operation *op, llvm::StringRef name,
                                llvm::StringRef absent);
std::vector<int64_t> intsAttribute(mlir::Operation *op, llvm::StringRef name,
                                   std::vector<int64_t> absent);

/// Attribute `name` of exactly `count` numbers, which are `absent` where it is.
std::vector<int64_t> intsAttribute(mlir::Operation *op, llvm::StringRef name,
                                   size_t count, int64_t absent);

/// Attribute `axis` (or another name) counted from the first of `rank` axes.
int axisAttribute(mlir::Operation *op, int rank, int64_t absent,
                  llvm::StringRef name = "axis");

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_ATTRIBUTES_H
