#ifndef DYCC_CODEGEN_HALIDE_REGISTRY_H
#define DYCC_CODEGEN_HALIDE_REGISTRY_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/StringMap.h"

namespace dycc::halide {

class KernelBuilder;

/// Defines the results of one operator as Funcs.
using Definition = void (*)(KernelBuilder &, mlir::Operation *);

/// Definitions by the operator's name in ONNX's default domain.
using Registry = llvm::StringMap<Definition>;

// One function per file of operators/.
void addPointwiseOperators(Registry &registry);
void addConvolutions(Registry &registry);
void addShuffles(Registry &registry);
void addPieces(Registry &registry);
void addPads(Registry &registry);
void addGathers(Registry &registry);
void addGenerators(Registry &registry);
void addResize(Registry &registry);
void addCol2Im(Registry &registry);
void addGridSample(Registry &registry);
void addScans(Registry &registry);
void addScatters(Registry &registry);
void addMatrixProducts(Registry &registry);
void addQuantization(Registry &registry);
void addReductions(Registry &registry);
void addNormalizations(Registry &registry);
void addPooling(Registry &registry);
void addRoiAlign(Registry &registry);
void addMaxRoiPool(Registry &registry);

/// The definition of `op`, or null where kernels do not know it.
Definition findDefinition(mlir::Operation *op);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_REGISTRY_H
