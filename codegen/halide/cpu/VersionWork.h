// What a launch of a version consists of, by its plan.
#ifndef DYCC_CODEGEN_HALIDE_CPU_VERSIONWORK_H
#define DYCC_CODEGEN_HALIDE_CPU_VERSIONWORK_H

#include "codegen/halide/roots/Problem.h"
#include "codegen/target/LaunchWork.h"
#include "codegen/target/TargetInfo.h"
#include "dialects/dyn/DynOps.h"

namespace dycc::halide {

/// Rows of register tiles: what is computed for a number of rows.
struct TileRows {
  dyn::ExprAttr tiles; ///< All of them.
  /// That they compute, those for nobody too. Tiles so low that their sums wait
  /// for themselves count as what runs in that time.
  dyn::ExprAttr rows;

  /// Tiles like `tile`, of `vectors` vectors, that cover `count` rows.
  static TileRows get(dyn::TileAttr tile, dyn::ExprAttr count, int64_t vectors);
};

/// On so many threads; `problems` are those of the steps of the version's plan.
codegen::LaunchWork workOf(dyn::KernelOp kernel, dyn::VersionAttr version,
                           llvm::ArrayRef<Problem> problems,
                           const codegen::TargetInfo &target, unsigned threads);

// Adds those of one step to `work`, for vectors of `vectorBytes`.
void addWork(const ConvolutionProblem &problem, dyn::ConvolutionPlanAttr plan,
             int64_t vectorBytes, const codegen::TargetInfo &target,
             codegen::LaunchWork &work);
void addWork(const ConvolutionProblem &problem, dyn::WinogradPlanAttr plan,
             int64_t vectorBytes, const codegen::TargetInfo &target,
             codegen::LaunchWork &work);
/// Of `batches` products.
void addWork(const ProductProblem &problem, dyn::ProductPlanAttr plan,
             dyn::ExprAttr batches, int64_t vectorBytes,
             const codegen::TargetInfo &target, codegen::LaunchWork &work);
// Of windows whose results have the extents `output`, (N, C, D...).
void addWork(const WindowProblem &problem, dyn::DepthwisePlanAttr plan,
             const Dims &output, int64_t vectorBytes,
             codegen::LaunchWork &work);
void addWork(const WindowProblem &problem, dyn::WindowPlanAttr plan,
             const Dims &output, int64_t vectorBytes,
             codegen::LaunchWork &work);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_VERSIONWORK_H
