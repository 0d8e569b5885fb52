// Convolutions read a pixel's channels together, so images stay channels_last
// from the first convolution to the last consumer that knows the layout. A
// kernel indexes its tensors logically and takes any layout; what needs plain
// tensors is what touches memory as a whole: views, runtime operators, what
// loops stack, the model's edge. passes/fuse/ImageLayouts.h says which values
// are such images.
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"
#include "passes/fuse/FusionRules.h"
#include "passes/fuse/ImageLayouts.h"
#include "passes/fuse/RootChain.h"
#include "passes/fuse/WinogradRule.h"

#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "dycc-assign-layouts"

using namespace mlir;
using dycc::dyn::LayoutAttr;
using dycc::dyn::LayoutKind;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_ASSIGNLAYOUTSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

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
      alignPanels(op);
    fuse::ImageLayouts images(getOperation(), channelBlock);
    for (Operation *op : ops)
      if (fuse::isKernelOp(op)) {
        packWeights(op);
        for (Value result : op->getResults())
          chooseLayout(op, result, images);
      }
    for (const fuse::JoinedValue &value : images.joinedValues())
      chooseLayout(value, images);
    for (Operation *op : replaced) // Only now: `images` knows operators.
      if (op->use_empty())
        op->erase();
    replaced.clear();
  }

  /// The filter or matrix operand of an operator that reads panels; null.
  static Value weightsOf(Operation *op) {
    if (auto conv = dyn_cast<onnx::ConvOp>(op))
      return conv.getW();
    if (auto conv = dyn_cast<onnx::ConvIntegerOp>(op))
      return conv.getW();
    if (auto matMul = dyn_cast<onnx::MatMulOp>(op))
      return matMul.getB();
    if (auto product = dyn_cast<onnx::MatMulIntegerOp>(op))
      return product.getB();
    auto gemm = dyn_cast<onnx::GemmOp>(op);
    return gemm ? gemm.getB() : Value();
  }

  /// The filters of convolutions that share tiles of pixels have panels of one
  /// width, which leaves the least of them empty.
  void alignPanels(Operation *op) {
    auto chain = fuse::findPixelChain(op);
    if (!chain)
      return;
    auto padded = [&](int64_t width) {
      int64_t elements = 0;
      for (Operation *conv : {chain->first, chain->second}) {
        ArrayRef<dyn::ExprAttr> taps =
            dyn::getDims(conv->getOperand(1).getType());
        elements +=
            llvm::alignTo(*taps[0].asConstant(), width) * *taps[1].asConstant();
      }
      return elements;
    };
    int64_t width = widthOf.lookup(chain->first);
    if (width == 0)
      width = *std::min_element(
          filterWidths.begin(), filterWidths.end(), [&](int64_t a, int64_t b) {
            return std::pair(padded(a), a) < std::pair(padded(b), b);
          });
    widthOf[chain->first] = widthOf[chain->second] = width;
  }

  static bool hasFilter(Operation *op) {
    return isa<onnx::ConvOp, onnx::ConvIntegerOp>(op);
  }

  static bool areIntegers(Operation *op) {
    return isa<onnx::MatMulIntegerOp, onnx::ConvIntegerOp>(op);
  }

  int64_t panelWidth(Operation *op, ArrayRef<dyn::ExprAttr> dims) const {
    if (!hasFilter(op))
      return dyn::choosePanelWidth(panelWidths, dims.back());
    if (int64_t width = widthOf.lookup(op))
      return width;
    return dyn::choosePanelWidth(filterWidths, dims.front());
  }

  static Reason whyNotPacked(Operation *op, Value weights) {
    auto gemm = dyn_cast<onnx::GemmOp>(op);
    if (gemm && gemm.getTransB() != 0)
      return {"the product reads them transposed"};
    if (!weights.getDefiningOp<onnx::ConstantOp>())
      return {"they are no constant"};
    if (!areIntegers(op) &&
        !fuse::isPackedFloat(getElementTypeOrSelf(weights.getType())))
      return {"they are no floats of 16 or 32 bits"};
    if (!hasFilter(op) && dyn::getDims(weights.getType()).size() != 2)
      return {"{0} is no matrix", weights.getType()};
    return areIntegers(op) && !fuse::hasFilterPerChannel(op)
               ? whyNotGrouped(op, weights)
               : Reason();
  }

  static dyn::ExprAttr elementsOf(ArrayRef<dyn::ExprAttr> dims) {
    auto count = dyn::ExprAttr::constant(dims.front().getContext(), 1);
    for (dyn::ExprAttr dim : dims)
      count = dyn::ExprAttr::mul(count, dim);
    return count;
  }

  /// How many products of its weights lie together: integers of several
  /// channels are summed up in dot products, and so are pairs of bf16.
  int64_t groupOf(Operation *op) const {
    if (pairsBf16 && hasPairs(op))
      return dyn::kBf16Group;
    return areIntegers(op) && !fuse::hasFilterPerChannel(op)
               ? dyn::kIntegerGroup
               : 0;
  }

  static bool areBf16(Value values) {
    return getElementTypeOrSelf(values.getType()).isBF16();
  }

  /// Behind the last element of an image or of a row anything may lie, so that
  /// sums are of whole pairs.
  static bool hasPairs(Operation *op) {
    Value weights = weightsOf(op);
    if (!areBf16(weights) || !areBf16(op->getOperand(0)))
      return false;
    auto conv = dyn_cast<onnx::ConvOp>(op);
    auto gemm = dyn_cast<onnx::GemmOp>(op);
    if ((conv && conv.getGroup() != 1) || (gemm && gemm.getTransA() != 0))
      return false;
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(weights.getType());
    unsigned summed = hasFilter(op) ? 1 : 0;
    return dims.size() > 1 &&
           dyn::divisorOf(dims[summed], {}) % dyn::kBf16Group == 0;
  }

  /// Dot products are of four u8 by four s8.
  static Reason whyNotGrouped(Operation *op, Value weights) {
    Type left = getElementTypeOrSelf(op->getOperand(0).getType());
    Type right = getElementTypeOrSelf(weights.getType());
    if (!left.isUnsignedInteger() || right.isUnsignedInteger())
      return {"the product is none of u8 by s8"};
    ArrayRef<dyn::ExprAttr> dims = dyn::getDims(weights.getType());
    auto conv = dyn_cast<onnx::ConvIntegerOp>(op);
    dyn::ExprAttr depth = conv ? elementsOf(dims.drop_front()) : dims.front();
    int64_t extent = depth.asConstant().value_or(0);
    // Weights behind the last one of a sum are zero. Behind the channels of a
    // group are those of the next one.
    bool isWhole = !conv || conv.getGroup() == 1 ||
                   dyn::divisorOf(dims[1], {}) % dyn::kIntegerGroup == 0;
    if (extent == 0 || !isWhole || extent > dyn::kMostIntegerProducts)
      return {"sums of {0} products are no whole groups of four that i32 holds",
              depth};
    return {};
  }

  /// A constant filter or matrix operand becomes panels.
  void packWeights(Operation *op) {
    Value weights = weightsOf(op);
    if (!weights)
      return;
    if (auto from = weights.getDefiningOp<onnx::DequantizeLinearOp>())
      return packIntegers(op, from);
    if (Reason why = whyNotPacked(op, weights)) {
      remarks::missed(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
          << "reads its weights in row-major order: " << why;
      return;
    }
    int64_t width = panelWidth(op, dyn::getDims(weights.getType()));
    int64_t group = groupOf(op);
    remarks::taken(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
        << "reads its weights in panels of " << width
        << (group == dyn::kIntegerGroup ? ", four of a column together"
            : group == dyn::kBf16Group  ? ", two of a column together"
                                        : "");
    auto panels = LayoutAttr::get(&getContext(), LayoutKind::Panels, width,
                                  winogradOf(op), group);
    for (OpOperand &operand : op->getOpOperands())
      if (operand.get() == weights)
        convert(operand, panels);
  }

  /// So do the integers, scales and points that a matrix operand is dequantised
  /// from, for each product by itself: its kernel dequantises them.
  void packIntegers(Operation *op, onnx::DequantizeLinearOp from) {
    int64_t width =
        dyn::choosePanelWidth(panelWidths, dyn::getDims(from.getType()).back());
    remarks::taken(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
        << "reads its weights as integers of "
        << int64_t(getElementTypeOrSelf(from.getX().getType())
                       .getIntOrFloatBitWidth())
        << " bits in panels of " << width;
    OpBuilder builder(op);
    auto own = cast<onnx::DequantizeLinearOp>(builder.clone(*from));
    op->getOpOperand(1).set(own.getY());
    replaced.insert(from);
    for (OpOperand &operand : own->getOpOperands()) {
      Type type = operand.get().getType();
      if (dyn::getDims(type).empty())
        continue; // One point for all.
      int64_t group = dyn::getElementsInByte(getElementTypeOrSelf(type));
      convert(operand, LayoutAttr::get(&getContext(), LayoutKind::Panels, width,
                                       /*winograd=*/0, group));
    }
  }

  /// Of a convolution: the extent of Winograd's tiles; 0: it has none.
  int64_t winogradOf(Operation *op) {
    auto conv = dyn_cast<onnx::ConvOp>(op);
    if (!conv)
      return 0;
    WinogradChoice choice =
        chooseWinograd(conv, winograd, roundsResults(getOperation()));
    if (choice.whyNot)
      remarks::missed(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
          << "does not use Winograd's filtering: " << choice.whyNot;
    else
      remarks::taken(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
          << "uses Winograd's filtering in tiles of " << choice.outputs;
    return choice.outputs;
  }

  void chooseLayout(const fuse::JoinedValue &value,
                    const fuse::ImageLayouts &images) {
    chooseLayout(value.op, value.names, images);
    for (OpOperand *source : value.sources)
      if (images.takesImage(*source) &&
          dyn::getLayout(source->get().getType()) != channelsLast)
        convert(*source, channelsLast);
  }

  /// Of a value of `op` that goes by each of `names`.
  void chooseLayout(Operation *op, ValueRange names,
                    const fuse::ImageLayouts &images) {
    if (Reason why = images.whyPlain(names.front())) {
      remarks::missed(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
          << "stays in row-major order: " << why;
      return;
    }
    remarks::taken(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
        << "has its channels innermost, in blocks of " << int64_t(channelBlock);
    for (Value name : names) {
      name.setType(dyn::withLayout(name.getType(), channelsLast));
      convertReaders(op, name, images);
    }
  }

  void convertReaders(Operation *op, Value image,
                      const fuse::ImageLayouts &images) {
    for (OpOperand &use : llvm::make_early_inc_range(image.getUses()))
      if (!images.takesImage(use)) {
        remarks::missed(remarks::kLayout, op->getLoc(), DEBUG_TYPE)
            << "is copied to row-major order, which "
            << describeReader(use.getOwner()) << " needs";
        convert(use, {});
      }
  }

  static remarks::Subject describeReader(Operation *reader) {
    if (isa<func::ReturnOp>(reader))
      return StringRef("an output of the model");
    return isa<dyn::YieldOp>(reader) ? reader->getParentOp() : reader;
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

  llvm::SmallSetVector<Operation *, 4> replaced; ///< By one for each product.
  LayoutAttr channelsLast;
  DenseMap<Operation *, int64_t> widthOf; ///< Where others decide it, too.
  DenseMap<std::pair<Value, Type>, Value> conversions;
};

} // namespace
} // namespace dycc
