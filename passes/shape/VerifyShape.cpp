// The gate of the shape stage: later stages assert what is checked here.
#include "passes/shape/Passes.h"

#include "dialects/dyn/Values.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxSignal.h"
#include "dialects/onnx/OnnxSource.h"
#include "passes/shape/SymbolScopes.h"

#define DEBUG_TYPE "dycc-verify-shape"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_VERIFYSHAPEPASS
#include "passes/shape/Passes.h.inc"
namespace {

/// What a user can do about a shape that is not known.
constexpr StringLiteral kAdvice = "; an input of a fixed shape (--input-shape) "
                                  "or range (--dim) may decide it";

class VerifyShape final : public impl::VerifyShapePassBase<VerifyShape> {
  void runOnOperation() override {
    SmallVector<Operation *> consequences;
    bool isValid = true, isExplained = false;
    for (auto function : getOperation().getOps<func::FuncOp>())
      function.walk<WalkOrder::PreOrder>([&](Operation *op) {
        isExplained |= op->hasAttr(dyn::kRefused);
        if (isConsequence(op))
          consequences.push_back(op);
        else if (!op->hasAttr(dyn::kRefused))
          isValid &= succeeded(verify(op));
      });
    // Loops go round: where all lead to each other, the first one counts.
    for (Operation *op : consequences)
      isValid = isValid && (isExplained || succeeded(verify(op)));
    if (isValid && (isExplained || succeeded(verifyScopes())))
      return;
    getOperation()->setAttr(dyn::kRefused, UnitAttr::get(&getContext()));
    signalPassFailure();
  }

  /// Only where shapes are complete: what is missing says nothing of symbols.
  LogicalResult verifyScopes() {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(shape::checkSymbolScopes(function)))
        return failure();
    return success();
  }

  LogicalResult verify(Operation *op) {
    return success(succeeded(verifyTypes(op)) && succeeded(verifySteering(op)));
  }

  static bool isIncomplete(Value value) {
    return !dyn::isComplete(value.getType());
  }

  /// Whether an operand, or what a region of it yields, has an error of its
  /// own: then this one's results are not known for that reason.
  static bool isConsequence(Operation *op) {
    return dyn::isMadeOfAny(op, isIncomplete);
  }

  LogicalResult verifyType(Operation *op, Type type, const Twine &what) {
    dyn::ValueAttr value = dyn::getValueAttr(type);
    if (!value)
      return op->emitOpError("expects a tensor of known rank as ")
             << what << " after the shape stage, got " << type << kAdvice;
    for (auto [axis, dim] : llvm::enumerate(value.getDims())) {
      if (dim.isUnknown())
        return op->emitOpError("expects a symbolic extent at axis ")
               << axis << " of " << what << " after the shape stage, got '?'"
               << kAdvice;
      LogicalResult declared = success();
      dim.forEachSymbol([&](StringRef name) {
        if (!getOperation().lookupSymbol<dyn::SymbolOp>(name))
          declared = op->emitOpError("expects a declared symbol, got '")
                     << name << "' in axis " << axis << " of " << what;
      });
      if (failed(declared))
        return failure();
    }
    return verifySize(op, type, what);
  }

  /// Later stages count in int64_t, and a kernel has a loop per axis. Extents
  /// that are not constants are limited when the model runs.
  LogicalResult verifySize(Operation *op, Type type, const Twine &what) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    constexpr int64_t most = int64_t(1) << 48, mostAxes = 16;
    if (tensor && tensor.getRank() > mostAxes)
      return op->emitOpError("expects ")
             << what << " of rank " << mostAxes << " or less, got "
             << tensor.getRank();
    int64_t count = 1;
    for (int64_t extent : tensor ? tensor.getShape() : ArrayRef<int64_t>()) {
      if (ShapedType::isDynamic(extent) || extent == 0)
        continue;
      if (extent > most / count)
        return op->emitOpError("expects ")
               << what << " of at most 2^48 elements, got " << type;
      count *= extent;
    }
    return success();
  }

  LogicalResult verifyTypes(Operation *op) {
    for (auto [index, type] : llvm::enumerate(op->getResultTypes()))
      if (failed(verifyType(op, type, "result " + Twine(index))))
        return failure();
    for (Region &region : op->getRegions())
      for (auto [index, type] : llvm::enumerate(region.getArgumentTypes()))
        if (failed(verifyType(op, type, "argument " + Twine(index))))
          return failure();
    return success();
  }

  /// What steers a shape. The region of interest of a Resize does so in one
  /// mode only, and conditions and trip counts may be tensors.
  LogicalResult verifySteering(Operation *op) {
    auto dynamism = dyn_cast<onnx::DynamismOpInterface>(op);
    if (!dynamism || dynamism.getCategory() != onnx::Category::ISVDOS)
      return success();
    auto resize = dyn_cast<onnx::ResizeOp>(op);
    for (Value operand : dynamism.getControllingOperands()) {
      if (resize && operand == resize.getRoi())
        continue;
      if (!operand.getDefiningOp() ||
          !isa<onnx::ConstantOp, dyn::SymbolicOp>(operand.getDefiningOp()))
        return op->emitOpError("expects a constant or symbolic operand to "
                               "steer its shape after the shape stage")
               << kAdvice;
    }
    return success();
  }
};

} // namespace
} // namespace dycc
