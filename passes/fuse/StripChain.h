#ifndef DYCC_PASSES_FUSE_STRIPCHAIN_H
#define DYCC_PASSES_FUSE_STRIPCHAIN_H

#include "passes/Remarks.h"
#include "passes/fuse/GroupChain.h"
#include "passes/fuse/StripRule.h"

#include "llvm/ADT/MapVector.h"

namespace dycc::fuse {

/// Groups of one block that compute rows of images from rows near them of each
/// other's, and when each of them computes which rows.
///
/// A trip of `strip` rows of the first image advances a layer by
/// `scale * strip` of its rows. Layer by layer rows are computed later, by as
/// many as the rows below them that they need: by `delay` rows of the layer. So
/// each row is computed once. What later trips read of an image is kept.
class StripChain final : public GroupChain {
public:
  struct Layer {
    mutable dyn::GroupOp group; // A handle.
    StripRule rule;
    int64_t scale;      ///< Rows for one of the first image.
    dyn::ExprAttr rows; ///< All of them.
    int64_t delay = 0;
    /// Element-wise on what comes from outside: computed where it is read.
    bool isSource = false;

    mlir::Block::BlockArgListType arguments() const {
      return group.getBody().getArguments();
    }
  };
  /// A result of a layer.
  struct Image {
    unsigned layer;
    int64_t scale;
    dyn::ExprAttr rows;
    int64_t kept = 0;  ///< Rows of earlier trips that a trip reads.
    int64_t zeros = 0; ///< Rows behind the last one that are read, as zeros.
    /// Whether a layer reads other rows than those that are computed last.
    bool isWindow = false;
  };
  /// An image as an operand of a layer.
  struct Use {
    unsigned layer;
    RowWindow window;
  };

  using GroupChain::GroupChain;

  bool empty() const override { return layers.empty(); }
  /// Decides when layers run. Why strips are not worth it or not possible.
  remarks::Reason whyNot(int64_t cacheBytes);

  bool contains(mlir::Operation *op) const override;
  bool isInside(mlir::Value value) const override {
    return images.contains(value);
  }
  /// Images that something outside of the chain reads.
  llvm::SmallVector<mlir::Value> escaping() const;
  const Image *imageOf(mlir::Value value) const;
  int64_t delayOf(const Image &image) const {
    const Layer &layer = layers[image.layer];
    return layer.delay * layer.rule.times;
  }

  /// Trips' rows so that all is computed: those of the first image, and more.
  dyn::ExprAttr rowsOfTrips() const;
  /// What one row of the first image takes of what is live at a time, in bytes.
  dyn::ExprAttr bytesPerRow() const;
  /// So many rows of the first image take what is kept from trip to trip.
  int64_t keptInRows() const;
  /// The least rows of a trip with which moving what is kept is little.
  int64_t leastRows() const;
  /// What the heights of strips are a multiple of.
  int64_t multiple() const;

  dyn::ExprAttr rows;  ///< Of the first image.
  dyn::ExprAttr batch; ///< How many images there are.
  llvm::SmallVector<Layer> layers;
  llvm::MapVector<mlir::Value, Image> images;

private:
  bool joins(mlir::Operation *op) override;
  std::optional<int64_t> scaleOf(dyn::GroupOp group, const StripRule &rule);
  llvm::SmallVector<Use> usesOf(mlir::Value value) const;
  void delayLayers();
  void delayMore();
  int64_t latest(const Layer &layer) const;
  int64_t savedBy(const Layer &layer, int64_t later) const;
  void keepRows();
  remarks::Reason whyNotContiguous() const;
  dyn::ExprAttr liveAt(unsigned position) const;

  int64_t wholeBytes = 0; ///< Read again in each trip.
};

/// Elements that a step from row to row of an image takes in memory; null where
/// rows do not follow each other there.
dyn::ExprAttr elementsPerImageRow(mlir::Type image);

} // namespace dycc::fuse

#endif // DYCC_PASSES_FUSE_STRIPCHAIN_H
