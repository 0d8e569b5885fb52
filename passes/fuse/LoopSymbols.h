#ifndef DYCC_PASSES_FUSE_LOOPSYMBOLS_H
#define DYCC_PASSES_FUSE_LOOPSYMBOLS_H

#include "dialects/dyn/DynOps.h"

#include "mlir/IR/BuiltinOps.h"
#include <limits>

namespace dycc::fuse {

/// Declares what the loops of a pass count with, each under a name that is
/// free.
class LoopSymbols {
public:
  static constexpr dyn::Interval kCount = {0,
                                           std::numeric_limits<int32_t>::max()};
  /// At least 1, and at most what `facts` say of `limit`.
  static dyn::Interval someOf(dyn::ExprAttr limit,
                              const dyn::SymbolFacts &facts);

  explicit LoopSymbols(mlir::ModuleOp module) : module(module) {}

  /// Another name of `definition`, which is at least 1.
  dyn::ExprAttr name(llvm::StringRef prefix, dyn::ExprAttr definition,
                     const dyn::SymbolFacts &facts);
  /// The number of the trip that runs the body with the argument `trip`.
  dyn::ExprAttr readTrip(mlir::OpBuilder &builder, mlir::Value trip);
  /// What execution knows as `expression` from here on, at most `bound`.
  dyn::ExprAttr define(mlir::OpBuilder &builder, mlir::Location location,
                       llvm::StringRef prefix, dyn::ExprAttr expression,
                       dyn::ExprAttr bound, dyn::Interval range = kCount);

private:
  dyn::ExprAttr declare(llvm::StringRef prefix, dyn::Interval range,
                        dyn::ExprAttr bound, dyn::ExprAttr definition);

  mlir::ModuleOp module;
  unsigned next = 0;
};

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_LOOPSYMBOLS_H
