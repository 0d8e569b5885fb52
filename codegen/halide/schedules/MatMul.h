#ifndef DYCC_CODEGEN_HALIDE_SCHEDULES_MATMUL_H
#define DYCC_CODEGEN_HALIDE_SCHEDULES_MATMUL_H

#include "codegen/halide/schedules/Tile.h"

namespace dycc::halide {

/// The sums of matrix products over k, where column n is in block n / width.
struct MatMulStages {
  RegisterTiles tiles; ///< Others are block, batch...
  Halide::Func
      columns; ///< One panel of the right side: (lane, k, block, batch...).
  Halide::Var block{"block"};
  std::vector<Halide::Var> batch; ///< Innermost first.
  Halide::Expr depth;             ///< Extent of k.
  /// A copy of one panel, where the right side is not packed: like `columns`.
  Halide::Func packed;
  /// Where defined: `columns` read whole panels where they lie if it is true.
  Halide::Expr readsInPlace;
};

/// Register tiles of some rows by one panel of columns; panels outside, so that
/// a panel stays in the cache while all rows pass.
void scheduleMatMul(KernelBuilder &builder, const MatMulStages &stages,
                    const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_SCHEDULES_MATMUL_H
