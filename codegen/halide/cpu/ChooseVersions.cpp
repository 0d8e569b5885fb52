#include "codegen/halide/cpu/ChooseVersions.h"

#include "codegen/halide/Attributes.h"
#include "codegen/halide/Collapse.h"
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
    add("any", {}, plan);
    return result();
  }

private:
  void add(llvm::StringRef name, dyn::ExprAttr when, dyn::KernelPlanAttr how) {
    versions.push_back(dyn::VersionAttr::get(
        context, mlir::StringAttr::get(context, name), when, how, {}));
  }

  dyn::KernelPlanAttr withTask(dyn::KernelPlanAttr how, int64_t task) const {
    return dyn::KernelPlanAttr::get(context, how.getVector(), task,
                                    how.getSteps());
  }

  /// Few rows of products read right sides that are not packed, or integers
  /// that stand for real numbers, where they lie.
  void addFewRows() {
    llvm::SmallVector<mlir::Operation *> products = allProducts();
    llvm::SmallVector<Attribute> steps(plan.getSteps().begin(),
                                       plan.getSteps().end());
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
    dyn::ExprAttr rows = rowsOf(first);
    auto limit =
        dyn::ExprAttr::constant(context, fewRows(tile, isDequantized(first)));
    add("few_rows", dyn::ExprAttr::get(dyn::ExprKind::Le, {rows, limit}),
        dyn::KernelPlanAttr::get(context, plan.getVector(), plan.getTask(),
                                 mlir::ArrayAttr::get(context, steps)));
  }

  /// In the order of the body: one, or the two of an attention.
  llvm::SmallVector<mlir::Operation *> allProducts() {
    llvm::SmallVector<mlir::Operation *> found;
    for (mlir::Operation &op : kernel.getBody().front())
      if (onnx::rootOf(&op) == onnx::Root::Product)
        found.push_back(&op);
    return found;
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
           !dyn::getLayout(right.getType()) &&
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
