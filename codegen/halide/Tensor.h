#ifndef DYCC_CODEGEN_HALIDE_TENSOR_H
#define DYCC_CODEGEN_HALIDE_TENSOR_H

#include "codegen/halide/NarrowFloat.h"
#include "dialects/dyn/DynOps.h"
#include <Halide.h>
#include <vector>

namespace dycc::halide {

/// A place in a tensor: one expression per logical axis, in ONNX's order.
using Index = std::vector<Halide::Expr>;
/// A symbolic shape in ONNX's order.
using Dims = std::vector<dyn::ExprAttr>;

/// The extent of `axis` where it is constant and all other axes are 1.
std::optional<int64_t> rowExtent(const Dims &dims, int axis);

/// How the elements of one ONNX type are kept. Floats of 16 bits and fewer are
/// computed in f32; bool is a Halide boolean in a pipeline and a byte in
/// memory; integers of fewer than 8 bits are extended to a byte in both.
struct ElementType {
  Halide::Type stored;
  Halide::Type computed;
  /// Of floats of at most 8 bits.
  std::optional<NarrowFloat> narrow = std::nullopt;
  /// How many bits of the byte such an integer leaves.
  int unusedBits = 0;

  static ElementType get(mlir::Type type);
  bool isFloat() const { return computed.is_float(); }
  bool isBool() const { return computed.is_bool(); }
  unsigned bytes() const { return stored.bytes(); }
  /// Memory has other elements than sums are made of: each load computes.
  bool isConverted() const { return stored.bytes() < computed.bytes(); }
  /// How many bits of an element mean something.
  int bits() const {
    return narrow ? narrow->bits : stored.bits() - unusedBits;
  }
  /// A loaded element as it is computed with, and back.
  Halide::Expr load(Halide::Expr stored) const;
  Halide::Expr store(Halide::Expr computed) const;
  /// Of an integer of the computed type the low bits, extended: what is beyond
  /// the type wraps.
  Halide::Expr wrapped(Halide::Expr integer) const;
};

/// The variable of the logical axis `axis` of a tensor of `rank` axes. Halide
/// counts dims from the last axis.
inline Halide::Var axisVar(int axis, int rank) {
  return Halide::Var("d" + std::to_string(rank - 1 - axis));
}

/// The variables of all axes as an index.
Index axisVars(int rank);

/// `index`, of which the caller promises that it is from `least` to `most`
/// wherever its element is used. Only bounds inference reads the promise: one
/// that stays until loops are vectors counts as a side effect, for which Halide
/// runs the last lanes of a row one by one.
Halide::Expr promisedWithin(const Halide::Expr &index,
                            const Halide::Expr &least,
                            const Halide::Expr &most);

/// A value of the group: elements by logical index.
struct Tensor {
  ElementType element;
  Dims dims;
  Halide::Func func; ///< Dim 0 is the last axis.

  int rank() const { return static_cast<int>(dims.size()); }
  Halide::Expr operator()(const Index &index) const;
};

/// `index` in the order of a Func's arguments.
std::vector<Halide::Expr> reversed(const Index &index);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_TENSOR_H
