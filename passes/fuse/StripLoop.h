#ifndef DYCC_PASSES_FUSE_STRIPLOOP_H
#define DYCC_PASSES_FUSE_STRIPLOOP_H

#include "passes/fuse/LoopSymbols.h"
#include "passes/fuse/StripChain.h"

#include "mlir/IR/IRMapping.h"

namespace dycc::fuse {

/// What the extents of a run decide before the loop, over input symbols.
struct StripPlan {
  dyn::ExprAttr strip; ///< Rows of the first image that a trip advances.
  dyn::ExprAttr trips; ///< For one image.
};

/// Makes a loop by strips (dialects/dyn/Rows.h) of a chain.
class StripLoop {
public:
  StripLoop(const StripChain &chain, StripPlan plan, LoopSymbols &symbols)
      : chain(chain), plan(plan), symbols(symbols),
        location(chain.layers.back().group.getLoc()),
        builder(chain.layers.back().group) {}

  /// Puts the loop before the last group of the chain. The groups are left:
  /// nothing but each other reads them.
  dyn::LoopOp make();

private:
  /// Rows [first, first + count) of something, at most `most`.
  struct Range {
    dyn::ExprAttr first, count, most;
  };

  dyn::ExprAttr number(int64_t value) const;
  dyn::ExprAttr define(llvm::StringRef prefix, dyn::ExprAttr expression,
                       dyn::ExprAttr bound);
  Range rangeOf(int64_t scale, int64_t delay, dyn::ExprAttr rows);
  mlir::RankedTensorType withRows(mlir::Type type, dyn::ExprAttr rows) const;

  void readTrip(mlir::Block &body);
  void fill(dyn::LoopOp loop, llvm::ArrayRef<mlir::Value> results);
  void compute(const StripChain::Layer &layer);
  mlir::Value rowsFor(mlir::Value input, RowWindow window, Range range);
  mlir::Value rowsOfWindow(mlir::Value image, RowWindow window, Range range);
  mlir::Value rowsOfOutside(mlir::Value image, RowWindow window, Range range);
  mlir::Value rowsOfSource(mlir::Value image, Range range);
  mlir::Value padded(mlir::Value rows, dyn::ExprAttr top, dyn::ExprAttr all);
  mlir::Value cut(mlir::Value image, Range range);
  mlir::Value zeros(mlir::Type type, dyn::ExprAttr rows);
  mlir::Value copyOf(mlir::Value value);
  mlir::Value part(mlir::Value value, dyn::ExprAttr from, dyn::ExprAttr rows);
  dyn::ExprAttr rowsKept(const StripChain::Image &of) const;
  mlir::Value keptAbove(mlir::Value value, const StripChain::Image &of);
  void makeWindow(mlir::Value value, mlir::Value rows, mlir::Value above);
  dyn::GroupOp clone(const StripChain::Layer &layer, mlir::ValueRange inputs,
                     dyn::ExprAttr rows);

  const StripChain &chain;
  StripPlan plan;
  LoopSymbols &symbols;
  mlir::Location location;
  mlir::OpBuilder builder;

  dyn::ExprAttr strip, image;          ///< Which one of the image, which image.
  llvm::SmallVector<mlir::Value> kept; ///< Images of which rows are carried.
  llvm::DenseMap<mlir::Value, mlir::Value> windows, nexts, carried;
  llvm::DenseMap<mlir::Value, Range> inWindow;     ///< Rows, zeros too.
  llvm::DenseMap<int64_t, dyn::ExprAttr> keptHere; ///< By how many are kept.
  llvm::DenseMap<std::tuple<int64_t, int64_t, dyn::ExprAttr>, Range> ranges;
  mlir::IRMapping mapping;
};

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_STRIPLOOP_H
