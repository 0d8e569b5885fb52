// Convolutions read a pixel's channels together, so images stay channels_last
// from the first convolution to the last consumer that knows the layout. A
// kernel indexes its tensors logically and takes any layout; what needs plain
// tensors is what touches memory as a whole: views, runtime operators, control
// flow, the model's edge.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"

#define DEBUG_TYPE "dycc-assign-layouts"

using namespace mlir;
using dycc::dyn::LayoutAttr;
using dycc::dyn::LayoutKind;

namespace dycc {
#define GEN_PASS_DEF_ASSIGNLAYOUTSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// Whether `op` becomes (part of) a kernel.
bool isKernelOp(Operation *op) {
  return isa<onnx::OnnxDialect>(op->getDialect()) &&
         !isa<onnx::ConstantOp, onnx::YieldOp>(op);
}

/// Operators whose result is an image that convolutions like to read.
bool makesImage(Operation *op) {
  onnx::Root root = onnx::rootOf(op);
  return root == onnx::Root::Convolution || root == onnx::Root::Pool ||
         root == onnx::Root::Resize;
}

/// Operators that keep the layout of their first image operand.
bool keepsLayout(Operation *op) {
  if (onnx::has(op, onnx::Fact::Layout))
    return true;
  auto mapping = dyn_cast<onnx::MappingTypeOpInterface>(op);
  return mapping && mapping.getMappingType() == onnx::MappingType::OneToOne;
}

class AssignLayouts final : public impl::AssignLayoutsPassBase<AssignLayouts> {
  using AssignLayoutsPassBase::AssignLayoutsPassBase;

  void runOnOperation() override {
    MLIRContext *context = &getContext();
    channelsLast =
        LayoutAttr::get(context, LayoutKind::ChannelsLast, channelBlock);
    if (panelWidths.empty())
      panelWidths = {16};
    if (filterWidths.empty())
      filterWidths = {16};
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      if (isKernelOp(op)) {
        packWeights(op);
        chooseLayout(op);
      }
  }

  /// A constant filter or matrix operand becomes panels.
  void packWeights(Operation *op) {
    Value weights;
    if (auto conv = dyn_cast<onnx::ConvOp>(op))
      weights = conv.getW();
    else if (auto matMul = dyn_cast<onnx::MatMulOp>(op))
      weights = matMul.getB();
    else if (auto gemm = dyn_cast<onnx::GemmOp>(op))
      weights = gemm.getTransB() == 0 ? gemm.getB() : Value();
    if (!weights || !weights.getDefiningOp<onnx::ConstantOp>() ||
        !getElementTypeOrSelf(weights.getType()).isF32())
      return;
    bool isFilter = isa<onnx::ConvOp>(op);
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(weights.getType());
    if (!isFilter && dims.size() != 2)
      return;
    int64_t width = isFilter ? dyn::choosePanelWidth(filterWidths, dims.front())
                             : dyn::choosePanelWidth(panelWidths, dims.back());
    auto panels = LayoutAttr::get(&getContext(), LayoutKind::Panels, width);
    for (OpOperand &operand : op->getOpOperands())
      if (operand.get() == weights)
        convert(operand, panels);
  }

  void chooseLayout(Operation *op) {
    if (op->getNumResults() != 1)
      return;
    Value result = op->getResult(0);
    if (dyn::getDims(result.getType()).size() < 3 || !wantsChannelsLast(op))
      return;
    bool read = llvm::any_of(result.getUsers(), isKernelOp);
    if (!read)
      return;
    result.setType(dyn::withLayout(result.getType(), channelsLast));
    for (OpOperand &use : llvm::make_early_inc_range(result.getUses()))
      if (!isKernelOp(use.getOwner()))
        convert(use, {});
  }

  bool wantsChannelsLast(Operation *op) {
    if (makesImage(op))
      return getElementTypeOrSelf(op->getResult(0).getType()).isFloat();
    if (!keepsLayout(op))
      return false;
    auto rank = dyn::getDims(op->getResult(0).getType()).size();
    return llvm::any_of(op->getOperandTypes(), [&](Type type) {
      return dyn::getLayout(type) == channelsLast &&
             dyn::getDims(type).size() == rank;
    });
  }

  /// Makes `operand` read its value in another layout (null: plain).
  void convert(OpOperand &operand, LayoutAttr layout) {
    Value value = operand.get();
    auto type = dyn::withLayout(value.getType(), layout);
    Value &converted = conversions[{value, type}];
    if (!converted) {
      OpBuilder builder(&getContext());
      builder.setInsertionPointAfterValue(value);
      converted =
          dyn::ConvertLayoutOp::create(builder, value.getLoc(), type, value);
    }
    operand.set(converted);
  }

  LayoutAttr channelsLast;
  DenseMap<std::pair<Value, Type>, Value> conversions;
};

} // namespace
} // namespace dycc
