// Where the elements of a tensor lie: the one place that knows what a layout
// means. Kernels, the packing of weights, sizes and memory plans all walk the
// dims that are described here.
#ifndef DYCC_DIALECTS_DYN_LAYOUT_H
#define DYCC_DIALECTS_DYN_LAYOUT_H

#include "dialects/dyn/DynOps.h"
#include <string>
#include <vector>

namespace dycc::dyn {

/// The groups that weights of eight bits lie in: what a dot product sums up.
constexpr int64_t kIntegerGroup = 4;
/// The same of bf16.
constexpr int64_t kBf16Group = 2;
/// Sums of so many products of u8 by s8 fit i32.
constexpr int64_t kMostIntegerProducts = 1 << 16;

/// One dim of a tensor as it lies in memory. It walks along a logical axis:
/// along all of it, along the places of one of its blocks, or from block to
/// block; or along the places that a transform has in its stead.
struct MemoryDim {
  enum class Part { Whole, Lane, Block, Transformed };

  unsigned axis;
  Part part;
  ExprAttr extent; ///< Places that hold an element, or zero in the last block.
  /// The same with padding, or with what else lies between two places: what
  /// memory is taken for.
  ExprAttr stored;
};

/// How many integers of 2 or 4 bits share a byte of a packed weight, where they
/// lie in groups of so many; 0 of elements that have bytes of their own.
int64_t getElementsInByte(mlir::Type element);
/// Whether the elements of a tensor of type `packed` do.
bool sharesBytes(mlir::Type packed);

/// A tensor of some extents in some layout; in elements.
class Layout {
public:
  /// `layout` may be null: row-major order. whyNot() must have nothing against
  /// it.
  Layout(mlir::MLIRContext *context, llvm::ArrayRef<ExprAttr> dims,
         LayoutAttr layout);
  /// Of a tensor type with an encoding.
  explicit Layout(mlir::Type type);

  /// The dims in memory, the innermost first.
  llvm::ArrayRef<MemoryDim> dims() const & { return memory; }
  llvm::ArrayRef<MemoryDim> dims() const && = delete; // It would hang loose.
  /// How far apart neighbours along each of dims() are.
  llvm::SmallVector<ExprAttr> strides() const;
  /// What the tensor takes, its padding included, but not its room: that is the
  /// caller's, and memory of the arena has none.
  ExprAttr elements() const;
  /// How many neighbours along `axis`, which lies in blocks, are in one.
  int64_t blockExtent(unsigned axis) const;
  /// Whether some axis lies in blocks or is transformed: an element's place is
  /// no sum of what its axes contribute.
  bool isBlocked() const;

  /// The logical axes of a tensor that is not blocked, the innermost first.
  static llvm::SmallVector<unsigned> axisOrder(unsigned rank,
                                               bool isChannelsLast);
  /// Why no tensor of these dims can have the layout; empty where it can.
  static std::string whyNot(LayoutAttr layout, llvm::ArrayRef<ExprAttr> dims);

private:
  mlir::MLIRContext *context;
  llvm::SmallVector<MemoryDim> memory;
  bool hasRoom = false;
};

/// Whether the elements of a tensor lie in row-major order, with or without
/// room along an axis.
bool isPlain(mlir::Type type);
/// `type` with `map` of each dim, and of what its layout has room for.
mlir::Type mapExtents(mlir::Type type,
                      llvm::function_ref<ExprAttr(ExprAttr)> map);
/// Whether tensors of types `parts` follow each other along the axis that one
/// of type `whole` has room along, and are all of it.
bool areAlong(mlir::TypeRange parts, mlir::Type whole);

/// The layout of some of the channels of `image`, which has them innermost, in
/// its memory; null of any other tensor, and where their number is not known.
LayoutAttr layoutOfChannels(mlir::Type image);
/// Whether a tensor of type `part` can be the channels from `first` on of one
/// of type `image`, in its memory: at whole blocks, up to the end or another
/// block. That the other extents are equal is for whoever makes such parts.
bool areChannels(mlir::Type part, int64_t first, mlir::Type image);

/// The bytes of a constant of this type, which gives its layout, from those in
/// row-major order. What lies beyond the last element of an axis is zero.
/// Integers of 2 or 4 bits, each in the low bits of a byte, share bytes where
/// they lie in groups: the first one has the lowest bits.
/// Filters are transformed in f64 where the layout says so.
std::vector<char> pack(llvm::ArrayRef<char> rowMajor, mlir::Type type);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_LAYOUT_H
