// The policy of the CPU back end: all that is decided about the loops of a
// kernel is decided here, from what is computed and the target's description,
// and what a tuner may try in the place of a decision is listed beside it.
#ifndef DYCC_CODEGEN_HALIDE_CPU_CHOOSE_H
#define DYCC_CODEGEN_HALIDE_CPU_CHOOSE_H

#include "codegen/halide/roots/Problem.h"
#include "codegen/target/TargetInfo.h"

namespace dycc::halide {

/// How the loops of a root shall run.
mlir::Attribute choose(const Problem &problem,
                       const codegen::TargetInfo &target,
                       mlir::MLIRContext *context);

/// Plans with vectors of `vectorBytes` that fit a root and differ from `plan`
/// in one thing: what else it could have been. What is likelier to be faster
/// comes first.
std::vector<mlir::Attribute> plansNear(const Problem &problem,
                                       mlir::Attribute plan,
                                       int64_t vectorBytes,
                                       const codegen::TargetInfo &target);

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
/// Of a pooling or a depthwise convolution whose channels lie in whole vectors.
dyn::DepthwisePlanAttr chooseDepthwise(const WindowProblem &problem,
                                       mlir::MLIRContext *context);
mlir::Attribute chooseProduct(const ProductProblem &problem,
                              const codegen::TargetInfo &target,
                              mlir::MLIRContext *context);
mlir::Attribute chooseLoops(const LoopsProblem &problem,
                            const codegen::TargetInfo &target,
                            mlir::MLIRContext *context);

// Those near a plan, of each kind of plan. Some may not fit.
std::vector<mlir::Attribute> plansNear(const ConvolutionProblem &problem,
                                       dyn::ConvolutionPlanAttr plan,
                                       const codegen::TargetInfo &target);
std::vector<mlir::Attribute> plansNear(const ConvolutionProblem &problem,
                                       dyn::WinogradPlanAttr plan,
                                       const codegen::TargetInfo &target);
std::vector<mlir::Attribute> plansNear(const WindowProblem &problem,
                                       dyn::DepthwisePlanAttr plan);
std::vector<mlir::Attribute> plansNear(const WindowProblem &problem,
                                       dyn::WindowPlanAttr plan);
std::vector<mlir::Attribute> plansNear(const ProductProblem &problem,
                                       dyn::ProductPlanAttr plan,
                                       const codegen::TargetInfo &target);
std::vector<mlir::Attribute> plansNear(const LoopsProblem &problem,
                                       dyn::LoopsPlanAttr plan);

/// The tile of sums over `depth` of products, and what it depends on.
struct TileChoice {
  int64_t width;      ///< Of a panel.
  dyn::ExprAttr rows; ///< That tiles have to cover.
  dyn::ExprAttr depth;
  ElementType element;
  /// Tiles of several rows have no other sum around the one over `depth`, so
  /// that they may add up in parts.
  bool isFlat;
  /// A row may be in a tile of any height, and its sum must not depend on that:
  /// no parts.
  bool isAnywhere = false;
};
dyn::TileAttr chooseTile(const TileChoice &choice,
                         const codegen::TargetInfo &target);

/// Tiles of the same sums that differ from `tile` in their rows, in the steps
/// without a branch, or in the parts of sums.
std::vector<dyn::TileAttr> tilesNear(const TileChoice &choice,
                                     dyn::TileAttr tile,
                                     const codegen::TargetInfo &target);

/// The numbers of `ladder`, which rises, next to `value`: above, then below.
std::vector<int64_t> stepsFrom(int64_t value, llvm::ArrayRef<int64_t> ladder);

/// Whether a tile has so many products per tap that one more instruction beside
/// them costs less than a request for memory ahead saves. `lanes`: of a vector.
bool hasRoomBeside(const dyn::TileAttr &tile, int64_t lanes);

/// Whether the next panel, of `bytes`, is worth asking for: the second-level
/// cache holds two panels, and a tile has room beside its products.
bool isFetchedAhead(int64_t bytes, const dyn::TileAttr &tile,
                    unsigned elementBytes, const codegen::TargetInfo &target);

/// Sums that the multipliers need at once, so that none waits for itself: two
/// of them, four cycles each.
constexpr int64_t sumsInFlight = 8;

/// Up to so many rows a copy of a panel costs more than it saves; of one that
/// each tile would dequantise again, those of one tile.
inline int64_t fewRows(dyn::TileAttr tile, bool isDequantized) {
  return (isDequantized ? 1 : 3) * tile.getRows();
}

/// Operations that are worth handing to another thread.
constexpr int64_t taskOperations = 1 << 15;

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_CHOOSE_H
