#ifndef DYCC_PASSES_NORMALIZE_PACKEDSEQUENCE_H
#define DYCC_PASSES_NORMALIZE_PACKEDSEQUENCE_H

#include "passes/normalize/OnnxBuilder.h"

namespace dycc {

/// A sequence in memory: the elements of all its tensors one after the other,
/// and the extents of each, a row of `rank` i64. An optional that holds a
/// tensor is such a sequence of at most one; one that holds a sequence has
/// `present` as well.
struct PackedSequence {
  mlir::Value present; ///< A scalar of i1, or null.
  mlir::Value elements;
  mlir::Value extents;
  int64_t rank = 0;

  /// What there is, in this order.
  llvm::SmallVector<mlir::Value> parts() const;
};

/// Writes what operators of sequences do to packed ones.
class SequenceBuilder {
public:
  explicit SequenceBuilder(OnnxBuilder &b)
      : b(b), i64(b.getBuilder().getI64Type()) {}

  PackedSequence empty(mlir::Type elementType, int64_t rank);
  PackedSequence make(llvm::ArrayRef<mlir::Value> tensors,
                      mlir::Type elementType, int64_t rank);
  /// `tensor` before `position`, behind all where that is null.
  PackedSequence insert(const PackedSequence &in, mlir::Value tensor,
                        mlir::Value position);
  /// Without the tensor at `position`, the last one where that is null.
  PackedSequence erase(const PackedSequence &in, mlir::Value position);
  /// `tensor`, of one axis more where `keepsAxis` is false, cut along `axis`
  /// into parts of `sizes`, a vector of i64.
  PackedSequence split(mlir::Value tensor, int64_t axis, mlir::Value sizes,
                       bool keepsAxis, int64_t rank);
  /// The extents of even parts of `size`, a vector of one, the last one maybe
  /// shorter.
  mlir::Value evenSizes(mlir::Value tensor, int64_t axis, mlir::Value size);

  mlir::Value at(const PackedSequence &in, mlir::Value position);
  mlir::Value length(const PackedSequence &in);
  mlir::Value join(const PackedSequence &in, int64_t axis, bool isNew);
  /// The sequence itself; a check that the optional holds one.
  PackedSequence held(const PackedSequence &in);

private:
  using Values = llvm::ArrayRef<mlir::Value>;

  mlir::Value add(mlir::Value x, mlir::Value y) {
    return b.create("Add", {x, y});
  }
  mlir::Value vector(mlir::Value x);
  mlir::Value product(mlir::Value extents, int64_t axis, bool keeps);
  mlir::Value sumUpTo(mlir::Value counts);
  mlir::Value countOf(const PackedSequence &in);
  mlir::Value placeToInsert(const PackedSequence &in, mlir::Value position);
  mlir::Value from(mlir::Value x, mlir::Value begin);
  mlir::Value upTo(mlir::Value x, mlir::Value end);
  mlir::Value largest(mlir::Value extents);
  mlir::Value places(mlir::Value sizes, mlir::Value outer, mlir::Value inner);

  OnnxBuilder &b;
  mlir::Type i64;
};

} // namespace dycc

#endif // DYCC_PASSES_NORMALIZE_PACKEDSEQUENCE_H
