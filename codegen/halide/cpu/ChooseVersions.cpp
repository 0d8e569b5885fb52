#include "codegen/halide/cpu/ChooseVersions.h"

#include "codegen/halide/Attributes.h"
#include "codegen/halide/Collapse.h"
#include "codegen/halide/Operands.h"
#include "codegen/halide/cpu/Choose.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxQuantize.h"
#include "passes/fuse/RootChain.h"
#include "passes/version/Work.h"

using mlir::Attribute;

namespace dycc::halide {
namespace {

class Versions {
public:
  Versions(dyn::KernelOp kernel, dyn::KernelPlanAttr plan)
      : context(kernel.getContext()), plan(plan), kernel(kernel),
        collapse(kernel), operations(version::operationsOf(kernel)) {}

  mlir::ArrayAttr choose() {
    if (operations.asConstant().value_or(INT64_MAX) <= plan.getTask()) {
      // Less than one task whatever the shape is.
      add("serial", {}, withTask(plan, 0));
      return result();
    }
    addFewRows();
    addFewPixels();
    add("any", {}, plan);
    return result();
  }

private:
  void add(llvm::StringRef name, dyn::ExprAttr when, dyn::KernelPlanAttr how) {
    versions.push_back(dyn::VersionAttr::get(
        context, mlir::StringAttr::get(context, name), when, how, {}));
  }

  /// A version with other `steps` where `count` is at most `limit`.
  void addUpTo(llvm::StringRef name, dyn::ExprAttr count, int64_t limit,
               llvm::ArrayRef<Attribute> steps) {
    auto most = dyn::ExprAttr::constant(context, limit);
    add(name, dyn::ExprAttr::get(dyn::ExprKind::Le, {count, most}),
        dyn::KernelPlanAttr::get(context, plan.getVector(), plan.getTask(),
                                 mlir::ArrayAttr::get(context, steps)));
  }

  dyn::KernelPlanAttr withTask(dyn::KernelPlanAttr how, int64_t task) const {
    return dyn::KernelPlanAttr::get(context, how.getVector(), task,
                                    how.getSteps());
  }

  /// Few rows of products read right sides that are not packed, or integers
  /// that stand for real numbers, where they lie.
  void addFewRows() {
    // One, or the two of an attention.
    llvm::SmallVector<mlir::Operation *> products =
        rootsOf(kernel, onnx::Root::Product);
    llvm::SmallVector<Attribute> steps(plan.getSteps().getValue());
    size_t next = 0;
    dyn::TileAttr tile;
    for (Attribute &step : steps) {
      auto copied = mlir::dyn_cast<dyn::ProductPlanAttr>(step);
      if (!copied || next == products.size())
        continue;
      mlir::Operation *product = products[next++];
      if (copied.getInPlace() || !isReadInPlace(product))
        continue;
      tile = copied.getTile();
      step = dyn::ProductPlanAttr::get(
          context, tile, copied.getFew(), copied.getMany(), copied.getStrip(),
          copied.getAhead(), /*inPlace=*/true, copied.getTask(),
          copied.getSharesPanels(), copied.getAnyColumns(),
          copied.getAnyDepth());
    }
    if (!tile)
      return;
    mlir::Operation *first = products.front();
    addUpTo("few_rows", rowsOf(first), fewRows(tile, isDequantized(first)),
            steps);
  }

  /// Direct sums over few pixels: they read half of the filter's places, which
  /// is all that takes time there. A tap that lies outside for all pixels is
  /// not read: of a single pixel's image all but one.
  void addFewPixels() {
    llvm::SmallVector<Attribute> steps(plan.getSteps().getValue());
    auto found = llvm::find_if(steps, llvm::IsaPred<dyn::WinogradPlanAttr>);
    auto roots = rootsOf(kernel, onnx::Root::Convolution);
    if (found == steps.end() || roots.size() != 1)
      return;
    mlir::Operation &convolution = *roots.front();
    auto winograd = mlir::cast<dyn::WinogradPlanAttr>(*found);
    dyn::ExprAttr pixels = pixelsOf(convolution.getResult(0).getType());
    if (pixels.isConstant() || !readsHalf(convolution))
      return;
    *found = dyn::ConvolutionPlanAttr::get(
        context, lowTile(winograd.getTile().getWidth()),
        dyn::ConvolutionLoops::Panels, dyn::ConvolutionInput::Reached,
        dyn::ConvolutionAhead::Nothing, winograd.getAnyOutputs(),
        /*anyInputs=*/false);
    addUpTo("few_pixels", pixels, fewPixels(convolution), steps);
  }

  /// Direct sums read all places of a filter for smaller tiles.
  static bool readsHalf(mlir::Operation &convolution) {
    constexpr int64_t large = 4;
    mlir::Type filter = convolution.getOperand(1).getType();
    return dyn::getLayout(filter).getWinograd() == large;
  }

  /// Of all images of a result.
  static dyn::ExprAttr pixelsOf(mlir::Type result) {
    llvm::ArrayRef<dyn::ExprAttr> dims = dyn::getDims(result);
    return dyn::ExprAttr::mul(dims[0], dyn::ExprAttr::mul(dims[2], dims[3]));
  }

  /// Large filters come from memory: direct sums take longer than Winograd's
  /// tiles only where these have many products to do with each number.
  static int64_t fewPixels(mlir::Operation &convolution) {
    constexpr int64_t few = 8, fewOfLarge = 24, manyChannels = 128;
    auto dims = dyn::getDims(convolution.getOperand(1).getType());
    return dims[1].asConstant().value_or(0) >= manyChannels ? fewOfLarge : few;
  }

  /// Rows are short, and code for each height takes long to compile.
  dyn::TileAttr lowTile(int64_t width) const {
    return dyn::TileAttr::get(context, /*rows=*/3, width, {3, 1}, {1, 1},
                              /*unroll=*/1);
  }

  /// Of the matrix that `product` has in the kernel; null of a vector.
  dyn::ExprAttr rowsOf(mlir::Operation *product) const {
    Dims dims = collapse.dims(product->getResult(0));
    return dims.size() < 2 ? dyn::ExprAttr() : dims[dims.size() - 2];
  }

  /// Whether the right side is packed, as integers that stand for real numbers.
  static bool isDequantized(mlir::Operation *product) {
    auto from =
        product->getOperand(1).getDefiningOp<onnx::DequantizeLinearOp>();
    return from && dyn::getLayout(from.getX().getType());
  }

  /// Whether the right side lies in memory row by row, these perhaps in other
  /// places, or is such integers, and the number of rows is known only when the
  /// model runs.
  bool isReadInPlace(mlir::Operation *product) const {
    dyn::ExprAttr rows = rowsOf(product);
    if (isDequantized(product))
      return rows && !rows.isConstant();
    mlir::Value right = product->getOperand(1);
    if (mlir::Operation *moves = right.getDefiningOp();
        moves && fuse::movesRows(moves))
      right = moves->getOperand(0);
    return mlir::isa<mlir::BlockArgument>(right) &&
           dyn::isPlain(right.getType()) &&
           intAttribute(product, "transB", 0) == 0 &&
           dyn::getDims(right.getType()).size() > 1 && rows &&
           !rows.isConstant();
  }

  mlir::ArrayAttr result() { return mlir::ArrayAttr::get(context, versions); }

  mlir::MLIRContext *context;
  dyn::KernelPlanAttr plan;
  dyn::KernelOp kernel;
  Collapse collapse;
  dyn::ExprAttr operations;
  llvm::SmallVector<Attribute> versions;
};

} // namespace

mlir::ArrayAttr chooseVersions(dyn::KernelOp kernel, dyn::KernelPlanAttr plan) {
  return Versions(kernel, plan).choose();
}

} // namespace dycc::halide
