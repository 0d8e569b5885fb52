// One walk in program order is enough: an op is folded after all that its
// operands come from.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "dialects/onnx/OnnxNary.h"
#include "dialects/onnx/OnnxSource.h"
#include "dialects/onnx/OnnxUnary.h"
#include "dialects/onnx/WeightStore.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/normalize/ConstantEval.h"
#include "passes/normalize/OnnxBuilder.h"

#define DEBUG_TYPE "dycc-fold-constants"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "passes/normalize/Passes.h.inc"
namespace {

ElementsAttr makeInts(MLIRContext *context, ArrayRef<int64_t> values) {
  return Builder(context).getI64TensorAttr(values);
}

/// Tells whether all uses of `value` are weights, which kernels want packed at
/// compile time.
bool isWeight(Value value) {
  return llvm::all_of(value.getUses(), [](OpOperand &use) {
    onnx::Root root = onnx::rootOf(use.getOwner());
    return use.getOperandNumber() > 0 &&
           (root == onnx::Root::Convolution || root == onnx::Root::Product);
  });
}

/// Tells whether the result of arithmetic is a weight, at once or after more of
/// it: weights that are dequantised.
bool becomesWeight(Operation *op) {
  while (isa<onnx::CastOp, onnx::SubOp, onnx::MulOp, onnx::TransposeOp,
             onnx::ReshapeOp>(op) &&
         op->hasOneUse()) {
    if (isWeight(op->getResult(0)))
      return true;
    op = *op->user_begin();
  }
  return false;
}

/// Shape and Size of what has a static type, a filled tensor.
ElementsAttr foldSource(Operation *op, ArrayRef<ElementsAttr> operands) {
  MLIRContext *context = op->getContext();
  if (auto shape = dyn_cast<onnx::ShapeOp>(op)) {
    auto type = dyn_cast<RankedTensorType>(shape.getData().getType());
    if (!type || !type.hasStaticShape())
      return {};
    auto bound = [&](int64_t i) {
      return std::clamp(i < 0 ? i + type.getRank() : i, int64_t(0),
                        type.getRank());
    };
    int64_t start = bound(shape.getStart());
    int64_t end = bound(shape.getEnd().value_or(type.getRank()));
    return makeInts(context,
                    type.getShape().slice(start, std::max(start, end) - start));
  }
  if (auto size = dyn_cast<onnx::SizeOp>(op)) {
    auto type = dyn_cast<RankedTensorType>(size.getData().getType());
    if (!type || !type.hasStaticShape())
      return {};
    return DenseElementsAttr::get(
        RankedTensorType::get({}, IntegerType::get(context, 64)),
        ArrayRef<int64_t>(type.getNumElements()));
  }
  auto filled = dyn_cast<onnx::ConstantOfShapeOp>(op);
  auto extents = filled && operands[0] ? intsOf(operands[0]) : std::nullopt;
  if (!extents || llvm::any_of(*extents, [](int64_t e) { return e < 0; }) ||
      (ShapedType::getNumElements(*extents) > maxFoldedElements &&
       !isWeight(filled.getOutput())))
    return {};
  auto type =
      RankedTensorType::get(*extents, elementTypeOf(filled.getOutput()));
  auto value = dyn_cast_or_null<DenseElementsAttr>(
      filled.getValue().value_or(ElementsAttr()));
  if (!filled.getValue())
    return DenseElementsAttr::get(type,
                                  FloatAttr::get(type.getElementType(), 0.0));
  return value ? value.resizeSplat(type) : ElementsAttr();
}

class FoldConstants final : public impl::FoldConstantsPassBase<FoldConstants> {
  void runOnOperation() override {
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (op->getName().getDialectNamespace() != "onnx" ||
          op->getNumRegions() || !isPure(op))
        return WalkResult::advance();
      if (auto gemm = dyn_cast<onnx::GemmOp>(op))
        transposeWeights(gemm);
      if (auto results = fold(op)) {
        replace(op, *results);
        return WalkResult::skip();
      }
      return WalkResult::advance();
    });
    eraseUnused();
    refreshResultTypes(getOperation());
  }

  /// A constant matrix that Gemm takes transposed  =>  one that it takes as it
  /// is: kernels read panels of columns, which are packed at compile time.
  static void transposeWeights(onnx::GemmOp gemm) {
    if (!gemm.getTransB() || !constantOf(gemm.getB()))
      return;
    OpBuilder builder(gemm);
    Value turned = OnnxBuilder(builder, gemm.getLoc())
                       .transpose(gemm.getB(), ArrayRef<int64_t>{1, 0});
    auto results = fold(turned.getDefiningOp());
    if (!results)
      return turned.getDefiningOp()->erase();
    gemm.getBMutable().assign(turned);
    gemm.setTransB(0);
    replace(turned.getDefiningOp(), *results);
  }

  static std::optional<SmallVector<ElementsAttr>> fold(Operation *op) {
    if (isa<onnx::ConstantOp>(op))
      return std::nullopt;
    SmallVector<ElementsAttr> operands;
    bool allConstant = true;
    for (Value operand : operandsByPosition(op)) {
      operands.push_back(constantOf(operand));
      allConstant &= operands.back() || !operand;
    }
    if (ElementsAttr value = foldSource(op, operands))
      return SmallVector<ElementsAttr>{value};
    if (!allConstant || operands.empty())
      return std::nullopt;
    if (auto moved = foldMovement(op, operands))
      return moved;
    int64_t most = becomesWeight(op) ? std::numeric_limits<int64_t>::max()
                                     : maxFoldedElements;
    if (ElementsAttr value = foldMath(op, operands, most))
      return SmallVector<ElementsAttr>{value};
    return std::nullopt;
  }

  static void replace(Operation *op, ArrayRef<ElementsAttr> values) {
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    for (auto [result, value] : llvm::zip_equal(op->getResults(), values))
      result.replaceAllUsesWith(b.constant(value));
    op->erase();
  }

  void eraseUnused() {
    getOperation().walk([](onnx::ConstantOp op) {
      if (op->use_empty())
        op->erase();
    });
  }
};

} // namespace
} // namespace dycc
