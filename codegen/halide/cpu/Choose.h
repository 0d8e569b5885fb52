// The policy of the CPU back end: all that is decided about the loops of a
// kernel is decided here, from what is computed and the target's description.
#ifndef DYCC_CODEGEN_HALIDE_CPU_CHOOSE_H
#define DYCC_CODEGEN_HALIDE_CPU_CHOOSE_H

#include "codegen/halide/roots/Problem.h"
#include "codegen/target/TargetInfo.h"

namespace dycc::halide {

/// How the loops of a root shall run.
mlir::Attribute choose(const Problem &problem,
                       const codegen::TargetInfo &target,
                       mlir::MLIRContext *context);

// One for each kind of root.
mlir::Attribute chooseConvolution(const ConvolutionProblem &problem,
                                  const codegen::TargetInfo &target,
                                  mlir::MLIRContext *context);
/// Of one whose filter is transformed.
mlir::Attribute chooseWinograd(const ConvolutionProblem &problem,
                               const codegen::TargetInfo &target,
                               mlir::MLIRContext *context);
mlir::Attribute chooseWindow(const WindowProblem &problem,
                             const codegen::TargetInfo &target,
                             mlir::MLIRContext *context);
mlir::Attribute chooseProduct(const ProductProblem &problem,
                              const codegen::TargetInfo &target,
                              mlir::MLIRContext *context);
mlir::Attribute chooseLoops(const LoopsProblem &problem,
                            const codegen::TargetInfo &target,
                            mlir::MLIRContext *context);

/// The tile of sums over `depth` of products, and what it depends on.
struct TileChoice {
  int64_t width;      ///< Of a panel.
  dyn::ExprAttr rows; ///< That tiles have to cover.
  dyn::ExprAttr depth;
  ElementType element;
  /// Tiles of several rows have no other sum around the one over `depth`, so
  /// that they may add up in parts.
  bool isFlat;
};
dyn::TileAttr chooseTile(const TileChoice &choice,
                         const codegen::TargetInfo &target,
                         mlir::MLIRContext *context);

/// Whether the next panel, of `bytes`, is worth asking for: the second-level
/// cache holds two panels, and a tile has enough products per tap that one more
/// instruction costs less than it saves.
bool isFetchedAhead(int64_t bytes, const dyn::TileAttr &tile,
                    unsigned elementBytes, const codegen::TargetInfo &target);

/// Up to so many rows a copy of a panel costs more than it saves.
inline int64_t fewRows(dyn::TileAttr tile) { return 3 * tile.getRows(); }

/// Operations that are worth handing to another thread.
constexpr int64_t taskOperations = 1 << 15;

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CHOOSE_H
