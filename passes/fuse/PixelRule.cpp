#include "passes/fuse/RootChain.h"

#include "dialects/dyn/DynOps.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::fuse {
namespace {

ArrayRef<ExprAttr> dimsOf(Value value) { return dyn::getDims(value.getType()); }

bool all(std::optional<ArrayRef<int64_t>> values, int64_t value) {
  return llvm::all_of(values.value_or(ArrayRef<int64_t>()),
                      [=](int64_t v) { return v == value; });
}

/// Both filters of a chain are read for each tile of pixels.
constexpr int64_t kMostElements = 1 << 15;

/// Whether `op` is a pixelwise convolution of images of floats that panels
/// hold, with a constant filter of so few elements.
bool isInChain(Operation *op) {
  if (!op || !isPixelwise(op))
    return false;
  auto conv = cast<onnx::ConvOp>(op);
  Operation *filter = conv.getW().getDefiningOp();
  if (auto packed = dyn_cast_or_null<dyn::ConvertLayoutOp>(filter))
    filter = packed.getInput().getDefiningOp();
  bool isConstant = isa_and_nonnull<onnx::ConstantOp>(filter) ||
                    dyn::getLayout(conv.getW().getType());
  auto elements = dyn::getNumElements(conv.getW().getType()).asConstant();
  return conv.getGroup() == 1 && isConstant && elements &&
         *elements <= kMostElements &&
         isPackedFloat(getElementTypeOrSelf(conv.getY().getType()));
}

} // namespace

bool isPixelwise(Operation *op) {
  auto conv = dyn_cast<onnx::ConvOp>(op);
  if (!conv)
    return false;
  ArrayRef<ExprAttr> taps = dimsOf(conv.getW());
  return taps.size() == 4 && taps[2].isConstant(1) && taps[3].isConstant(1) &&
         all(conv.getStrides(), 1) && all(conv.getPads(), 0) &&
         (conv.getAutoPad() == "NOTSET" || conv.getAutoPad() == "VALID");
}

std::optional<RootChain> findPixelChain(Operation *second) {
  if (!isInChain(second))
    return std::nullopt;
  RootChain chain;
  chain.second = second;
  chain.kept = second->getOperand(0);
  ArrayRef<ExprAttr> dims = dimsOf(chain.kept);
  Value value = chain.kept;
  SmallVector<Operation *> between; // Each has one operand on the way.
  while (Operation *op = value.getDefiningOp()) {
    if (!value.hasOneUse() || op->getBlock() != second->getBlock() ||
        dimsOf(value) != dims)
      return std::nullopt;
    if (isInChain(op)) {
      chain.first = op;
      chain.between.insert(between.rbegin(), between.rend());
      return chain;
    }
    if (!onnx::has(op, onnx::Fact::Pointwise) || op->getNumResults() != 1)
      return std::nullopt;
    between.push_back(op);
    Value next;
    for (Value operand : op->getOperands())
      if (operand && dimsOf(operand) == dims && operand.getDefiningOp() &&
          (!next || isInChain(operand.getDefiningOp())))
        next = operand;
    if (!next)
      return std::nullopt;
    value = next;
  }
  return std::nullopt;
}

std::optional<RootChain> findRootChain(Operation *op) {
  if (auto attention = findAttention(op))
    return attention;
  return findPixelChain(op);
}

} // namespace dycc::fuse
