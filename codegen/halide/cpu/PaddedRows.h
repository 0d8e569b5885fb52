// Copies of an image with its padding, row by row: no place of a row has a
// condition of its own.
#ifndef DYCC_CODEGEN_HALIDE_CPU_PADDEDROWS_H
#define DYCC_CODEGEN_HALIDE_CPU_PADDEDROWS_H

#include "codegen/halide/cpu/Loops.h"

namespace dycc::halide {

/// What is copied: rows of an image, or what is made of some.
struct RowSource {
  int rank;             ///< Of the copy.
  Halide::Expr columns; ///< Extent of the image's last axis.
  Halide::Expr before;  ///< Places before the first column.
  Halide::Expr end;     ///< Behind the last place that is read, from column 0.
  /// Whether there is a row at an index; undefined where there always is.
  Halide::Expr inside;
  /// What lies at an index whose last place is a column of the image.
  std::function<Halide::Expr(const Index &)> element;
};

/// The places of a padded row, from `before` places before column 0 to `end`:
/// those of the image's `extent` columns, and what lies before and behind.
struct RowZones {
  Halide::RDom columns;
  std::vector<Halide::RDom> edges; ///< That are not known to be empty.

  RowZones(const Halide::Expr &extent, const Halide::Expr &before,
           const Halide::Expr &end);
};

/// Places of all rows that are written in loops of their own. Place 0 is the
/// image's first column.
struct RowPart {
  Halide::RDom places;
  Halide::Expr value; ///< At the axes' variables, but for the last: a place.
  /// Vectors of places, row by row; else one place after the other, each in all
  /// rows.
  bool inVectors = true;
};

/// The columns of the image, and `outside` in its padding.
std::vector<RowPart> paddedParts(const RowSource &source,
                                 const Halide::Expr &outside);

/// The rows of `image` with `before` rows of padding along each axis but the
/// last, undefined where no row is outside. `element` makes of one of the image
/// what is kept.
RowSource
imageRows(KernelBuilder &builder, const Tensor &image,
          const std::vector<Halide::Expr> &before,
          const std::function<Halide::Expr(const Halide::Expr &)> &element);

/// Adds to `func`, whose column `first` is the image's first one, a definition
/// for each of `parts`; `stored` makes of a value what is stored.
void writeParts(Halide::Func func, llvm::ArrayRef<RowPart> parts, int rank,
                const Halide::Expr &first,
                llvm::function_ref<Halide::Expr(const Halide::Expr &)> stored);

/// A copy in memory of its own: place 0 of other axes is the first of the
/// padding.
struct PaddedRows {
  Halide::Func func; ///< Of the axes of the image, the last one first.
  std::vector<RowPart> parts;
  unsigned elementBytes;
};

PaddedRows padRows(std::vector<RowPart> parts, int rank, Halide::Type type);

/// Computes them in each iteration of `loop` of `consumer`, in memory that is
/// kept for a task.
void placePaddedRows(const PaddedRows &rows, const Halide::Func &consumer,
                     const Halide::Var &loop, int lanes);

/// The loops of a result that writeParts() has written, in parallel strips.
void schedulePaddedResult(KernelBuilder &builder, llvm::ArrayRef<RowPart> parts,
                          const Store &store);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_CPU_PADDEDROWS_H
