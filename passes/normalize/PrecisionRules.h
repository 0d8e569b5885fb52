// Which values may be rounded to 16 bits, and which operators compute so.
#ifndef DYCC_PASSES_NORMALIZE_PRECISIONRULES_H
#define DYCC_PASSES_NORMALIZE_PRECISIONRULES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinAttributeInterfaces.h"
#include "llvm/ADT/DenseSet.h"

namespace dycc::precision {

/// What is known of an f32 in a model that is computed with 16 bits.
enum class Range : uint8_t {
  Rounded, ///< It is stored in 16 bits, or may be.
  Kept,    ///< The same, but the user wants 32 bits of it where these are read.
  Precise, ///< 32 bits mean something: inputs, positions, sums of squares.
  Large,   ///< It may be beyond what the 16 bits hold: masks.
};

/// Why a constant may not be rounded.
enum class Misfit : uint8_t { None, Large, Small };

/// Whether the elements of an f32 constant are numbers of `type`, rounded. A
/// large tensor may have small elements that become zero: they are summed up.
Misfit misfitOf(mlir::ElementsAttr constant, mlir::FloatType type);

/// Positions, and what steers shapes: the operators whose f32 results become
/// these through operators that keep or move elements.
llvm::DenseSet<mlir::Operation *> findPositions(mlir::func::FuncOp function);

/// Whether kernels of `op` have operands and results of 16 bits, which lose
/// no more than the rounding of each. Others compute in f32.
bool storesHalves(mlir::Operation *op);

/// Whether `op` keeps the range of its operands: elements of them, or
/// arithmetic of an element of each.
bool keepsRange(mlir::Operation *op);

/// Whether results of `op` are Precise or Large whatever its operands are.
bool makesPrecise(mlir::Operation *op);

/// Whether results of `op` are in the range of 16 bits, whatever its operands
/// are.
bool limitsRange(mlir::Operation *op);

/// Whether that operand has 32 bits for all types of the others.
bool isAlwaysPrecise(mlir::OpOperand &operand);

} // namespace dycc::precision

#endif // DYCC_PASSES_NORMALIZE_PRECISIONRULES_H
