#ifndef DYCC_PASSES_FUSE_LIVEBYTES_H
#define DYCC_PASSES_FUSE_LIVEBYTES_H

#include "dialects/dyn/Bounds.h"

#include "llvm/ADT/MapVector.h"

namespace dycc::fuse {

/// How many bytes are live while each operation of a block runs, at typical
/// extents: before there is a plan of memory, each value for itself. Inputs and
/// constants are not among them. A branch or a loop counts by the most that is
/// live in it.
class LiveBytes {
public:
  LiveBytes(mlir::Block &block, const dyn::ExecutionBounds &bounds);

  /// Operations that follow each other.
  struct Span {
    mlir::Operation *first, *last;
  };
  /// The most while those of `span` run, of values but for some.
  double most(Span span, llvm::function_ref<bool(mlir::Value)> isLeftOut) const;
  /// The most while none of `spans` runs.
  double mostOutside(llvm::ArrayRef<Span> spans) const;

private:
  struct Life {
    int64_t begin, end;
    double bytes;
  };
  double at(int64_t position,
            llvm::function_ref<bool(mlir::Value)> isLeftOut) const;
  int64_t lastUse(mlir::Value value) const;

  mlir::Block &block;
  llvm::DenseMap<mlir::Operation *, int64_t> positions;
  std::vector<double> within; ///< Of each operation, in its branches or body.
  llvm::MapVector<mlir::Value, Life> lives;
};

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_LIVEBYTES_H
