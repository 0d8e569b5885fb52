#ifndef DYCC_CODEGEN_HALIDE_COLLAPSE_H
#define DYCC_CODEGEN_HALIDE_COLLAPSE_H

#include "codegen/halide/Tensor.h"
#include "llvm/ADT/DenseSet.h"

namespace dycc::halide {

/// The shapes that the tensors of a body have in its kernel. In a kernel of
/// element-wise operators neighbouring axes that every tensor either has whole
/// or broadcasts are one axis: longer loops, fewer of them. So are the rows of
/// an image around a convolution of single pixels, those of all images of a
/// batch where nothing tells these apart, and the rows of all matrices that are
/// multiplied by one. Where all tensors have one shape and one layout
/// there is a single axis over memory.
class Collapse {
public:
  explicit Collapse(dyn::KernelOp kernel);

  Dims dims(mlir::Value value) const;
  /// The layout of an input or result in the kernel; null is plain.
  dyn::LayoutAttr layout(mlir::Type type) const;

private:
  /// Merges axes on which `types` agree. The last `apart` ones stay as they are
  /// but for what precedes them.
  void mergeAxes(llvm::ArrayRef<mlir::Type> types, size_t apart);

  enum class Mode { None, Merge, Flat } mode = Mode::None;
  dyn::LayoutAttr flatLayout; ///< Of all tensors in memory, in mode Flat.
  /// What has all images of a batch along one axis of pixels.
  llvm::DenseSet<mlir::Value> batches;
  /// Of the axes of the iteration space, counted from the last: true where a
  /// new axis of the kernel starts (towards the first).
  std::vector<bool> starts;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_COLLAPSE_H
