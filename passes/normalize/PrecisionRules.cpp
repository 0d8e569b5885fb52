#include "passes/normalize/PrecisionRules.h"

#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxOps.h"
#include "dialects/onnx/WeightStore.h"
#include "passes/normalize/OnnxBuilder.h"
#include "llvm/ADT/SetVector.h"

#include <cmath>

using namespace mlir;
using dycc::onnx::Fact;
using dycc::onnx::Root;

namespace dycc::precision {
namespace {

/// Constants of more elements are weights.
constexpr int64_t kMostParameters = 16;

/// Tells of values how they are used.
class Positions {
public:
  explicit Positions(func::FuncOp function) {
    function.walk([&](Operation *op) { addSeeds(op); });
    while (!open.empty())
      follow(open.pop_back_val());
  }
  DenseSet<Operation *> ops;

private:
  void addSeeds(Operation *op) {
    if (auto dynamic = dyn_cast<onnx::DynamismOpInterface>(op))
      open.append(dynamic.getControllingOperands());
    if (isa<onnx::CastOp>(op) && isIndex(elementTypeOf(op->getResult(0))))
      open.push_back(op->getOperand(0));
    for (OpOperand &operand : op->getOpOperands())
      if (isAlwaysPrecise(operand))
        open.push_back(operand.get());
  }

  static bool isIndex(Type type) {
    return isa<IntegerType>(type) && type.getIntOrFloatBitWidth() > 8;
  }

  void follow(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || op->getNumRegions() > 0 || !ops.insert(op).second)
      return;
    bool isMoved = onnx::has(op, Fact::Moves) || onnx::has(op, Fact::View);
    if (!onnx::has(op, Fact::Pointwise) && !isMoved)
      ops.erase(op);
    else
      open.append(op->operand_begin(), op->operand_end());
  }

  SmallVector<Value> open;
};

} // namespace

Misfit misfitOf(ElementsAttr constant, FloatType type) {
  const llvm::fltSemantics &format = type.getFloatSemantics();
  float largest = APFloat::getLargest(format).convertToFloat();
  float smallest = APFloat::getSmallestNormalized(format).convertToFloat();
  auto bytes = onnx::getWeightBytes(constant);
  if (!bytes)
    return Misfit::Large;
  int64_t count = constant.getNumElements();
  for (int64_t i = 0; i < count; ++i) {
    float value = std::fabs(bytes->at<float>(static_cast<size_t>(i)));
    if (value > largest && !std::isinf(value))
      return Misfit::Large;
    if (count <= kMostParameters && value != 0 && value < smallest)
      return Misfit::Small;
  }
  return Misfit::None;
}

DenseSet<Operation *> findPositions(func::FuncOp function) {
  return std::move(Positions(function).ops);
}

bool isAlwaysPrecise(OpOperand &operand) {
  Operation *op = operand.getOwner();
  unsigned position = operand.getOperandNumber();
  if (position == 0 || !isa<onnx::ResizeOp, onnx::GridSampleOp,
                            onnx::RoiAlignOp, onnx::MaxRoiPoolOp>(op))
    return false;
  return isa<FloatType>(elementTypeOf(operand.get()));
}

bool makesPrecise(Operation *op) {
  auto product = dyn_cast<onnx::MulOp>(op);
  if (product && product.getA() == product.getB())
    return true; // A square.
  return isa<onnx::ExpOp, onnx::PowOp, onnx::LogOp, onnx::ReciprocalOp>(op) ||
         !storesHalves(op);
}

bool storesHalves(Operation *op) {
  const onnx::OperatorFacts *facts = onnx::findFacts(op);
  if (!facts || op->getNumRegions() > 0 || isa<onnx::BitCastOp>(op) ||
      facts->support == onnx::Support::Runtime)
    return false;
  switch (facts->root) {
  case Root::Convolution:
  case Root::Pool:
  case Root::Product:
  case Root::Resize:
  case Root::Scatter:
    return true;
  case Root::Reduction: // Sums may be beyond the range.
    return isa<onnx::GlobalAveragePoolOp, onnx::ReduceMaxOp, onnx::ReduceMinOp>(
        op);
  case Root::Recurrence:
  case Root::Scan:
    return false;
  case Root::None:
    break;
  }
  return facts->has(Fact::Pointwise) || facts->has(Fact::Moves) ||
         facts->has(Fact::View) || facts->has(Fact::Layout) ||
         isa<onnx::SoftmaxOp, onnx::LogSoftmaxOp, onnx::LayerNormalizationOp,
             onnx::RMSNormalizationOp, onnx::GlobalMaxPoolOp,
             onnx::GridSampleOp, onnx::TriluOp, onnx::ShapeOp, onnx::SizeOp>(
             op);
}

bool keepsRange(Operation *op) {
  return onnx::has(op, Fact::Pointwise) || onnx::has(op, Fact::Moves) ||
         onnx::has(op, Fact::View);
}

bool limitsRange(Operation *op) {
  return isa<onnx::SoftmaxOp, onnx::SigmoidOp, onnx::TanhOp, onnx::ClipOp,
             onnx::HardSigmoidOp, onnx::ErfOp>(op);
}

} // namespace dycc::precision
