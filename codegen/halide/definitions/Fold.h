#ifndef DYCC_CODEGEN_HALIDE_DEFINITIONS_FOLD_H
#define DYCC_CODEGEN_HALIDE_DEFINITIONS_FOLD_H

#include "codegen/halide/Registry.h"
#include "codegen/halide/schedules/Reduction.h"
#include <functional>

namespace dycc::halide {

/// What a fold carries: one value, or several that belong together.
using Carried = std::vector<Halide::Expr>;

/// How two carried values become one, and the neutral one.
struct FoldRule {
  Carried identity;
  std::function<Carried(const Carried &, const Carried &)> combine;

  static FoldRule sum(Halide::Type type);
  static FoldRule product(Halide::Type type);
  static FoldRule max(Halide::Type type);
};

/// Folds over some axes of one tensor. The order of the operations depends on
/// the shape alone: element i of the innermost axis in memory goes to
/// accumulator i mod width, or each column is folded for itself.
class Folder {
public:
  /// Folds over the axes that `folded` marks of `x`, the tensor of `value`.
  Folder(KernelBuilder &builder, mlir::Value value, const Tensor &x,
         std::vector<bool> folded);
  /// The same for a tensor whose axes lie in memory in `order`.
  Folder(KernelBuilder &builder, const std::vector<int> &order, const Tensor &x,
         std::vector<bool> folded);

  /// The fold of `element`, as a function of an index of x.
  using Element = std::function<Carried(const Index &)>;
  using Total = std::function<Carried(const Index &)>;
  Total fold(llvm::StringRef name, const FoldRule &rule, Element element);
  /// Fold of one value.
  using OneElement = std::function<Halide::Expr(const Index &)>;
  OneElement foldOne(llvm::StringRef name, const FoldRule &rule,
                     OneElement element);
  OneElement sum(llvm::StringRef name, OneElement element);

  /// Keeps `element` in memory for all of a row.
  OneElement keepRow(llvm::StringRef name, OneElement element);

  /// Elements folded into one, as int32.
  Halide::Expr count() const { return stages.work; }

  /// Declares result 0 of `op`, of the shape of x, to be the root.
  void addWholeRoot(mlir::Operation *op);
  /// The same for a result whose axis 1 is axes 1 and 2 of x, `size` elements
  /// of axis 2 in each of axis 1. Fold along lanes only.
  void addGroupedRoot(mlir::Operation *op, int size);
  /// Declares result `number` of `op`, of the kept axes, to be the root.
  void addKeptRoot(mlir::Operation *op, bool keepDims, unsigned number = 0);
  /// The index of x, 0 on folded axes, that a result of the kept axes has.
  Index wholeIndex(const Index &kept, bool keepDims) const;

private:
  void chooseForm(const std::vector<int> &memoryOrder);
  void foldLanes(FoldStages &fold, const FoldRule &rule, const Element &element);
  void foldColumns(FoldStages &fold, const FoldRule &rule,
                   const Element &element);
  Halide::RDom domain(llvm::StringRef name, Halide::Expr laneBlocks) const;
  std::vector<Halide::Var> keptVars() const;
  /// `column` of the innermost axis, inside x.
  Halide::Expr limitedColumn(Halide::Expr column) const;
  void addRoot(mlir::Operation *op, unsigned number);

  KernelBuilder &builder;
  Tensor x;
  std::vector<bool> folded;
  std::vector<int> foldedOrder; ///< Folded axes, innermost in memory first.
  int innermost = -1;           ///< Innermost axis of x in memory.
  ReductionStages stages;
};

/// The layout's order of the axes of `value`, innermost first: of the input
/// that element-wise operators made it from.
std::vector<int> memoryOrderOf(KernelBuilder &builder, mlir::Value value);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_DEFINITIONS_FOLD_H
