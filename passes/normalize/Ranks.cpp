// The shape stage finds every rank and extent, but runs later: what is here
// serves decisions of this stage that are only better with it.
#include "passes/normalize/Ranks.h"

#include "dialects/onnx/OnnxInterfaces.h"
#include "dialects/onnx/OnnxLayout.h"
#include "dialects/onnx/OnnxLinear.h"
#include "passes/normalize/OnnxBuilder.h"

using namespace mlir;

namespace dycc {

/// Moves from the result of an Unsqueeze to its operand; the extent itself
/// where the axis is a new one.
static std::optional<int64_t> throughUnsqueeze(onnx::UnsqueezeOp op,
                                               Value &value, int64_t &axis) {
  std::optional<SmallVector<int64_t>> axes = intsOf(op.getAxes());
  value = op.getData();
  if (!axes || llvm::any_of(*axes, [](int64_t a) { return a < 0; })) {
    value = {};
    return std::nullopt;
  }
  if (llvm::is_contained(*axes, axis))
    return 1;
  axis -= llvm::count_if(*axes, [&](int64_t a) { return a < axis; });
  return std::nullopt;
}

/// The only operand of an op that keeps shapes, or null.
static Value keptOperand(Operation *op) {
  auto mapping = dyn_cast_or_null<onnx::MappingTypeOpInterface>(op);
  bool keeps = mapping &&
               mapping.getMappingType() == onnx::MappingType::OneToOne &&
               op->getNumOperands() == 1 && op->getNumResults() == 1 &&
               op->getName().getStringRef() != "onnx.Shape" &&
               op->getName().getStringRef() != "onnx.Size";
  return keeps ? op->getOperand(0) : Value();
}

std::optional<int64_t> knownExtent(Value value, int64_t axis) {
  while (value) {
    auto ranked = dyn_cast<RankedTensorType>(value.getType());
    if (ranked && axis < ranked.getRank() && !ranked.isDynamicDim(axis))
      return ranked.getDimSize(axis);
    Operation *op = value.getDefiningOp();
    if (auto unsqueeze = dyn_cast_or_null<onnx::UnsqueezeOp>(op)) {
      if (auto extent = throughUnsqueeze(unsqueeze, value, axis))
        return extent;
    } else if (auto transpose = dyn_cast_or_null<onnx::TransposeOp>(op)) {
      std::optional<ArrayRef<int64_t>> perm = transpose.getPerm();
      if (!perm || axis >= int64_t(perm->size()))
        return std::nullopt;
      axis = (*perm)[axis];
      value = transpose.getData();
    } else {
      value = keptOperand(op);
    }
  }
  return std::nullopt;
}

/// The rank of the op's first result from those of its operands.
static std::optional<int64_t>
rankOf(Operation *op, const llvm::DenseMap<Value, int64_t> &ranks) {
  auto known = [&](Value value) -> std::optional<int64_t> {
    auto found = ranks.find(value);
    return found == ranks.end() ? std::nullopt : std::optional(found->second);
  };
  StringRef name = op->getName().stripDialect();
  if (name == "Conv" || name == "ConvTranspose")
    return known(op->getOperand(1));
  if (name == "Gemm" || name == "Flatten")
    return 2;
  static constexpr llvm::StringLiteral sameAsFirst[] = {"MaxPool",
                                                        "AveragePool",
                                                        "LpPool",
                                                        "GlobalAveragePool",
                                                        "GlobalMaxPool",
                                                        "GlobalLpPool",
                                                        "BatchNormalization",
                                                        "InstanceNormalization",
                                                        "LRN",
                                                        "Pad",
                                                        "Resize",
                                                        "Concat",
                                                        "Transpose",
                                                        "Softmax",
                                                        "Slice",
                                                        "Clip",
                                                        "Dropout",
                                                        "DepthToSpace",
                                                        "SpaceToDepth"};
  if (llvm::is_contained(sameAsFirst, name))
    return known(op->getOperand(0));
  static constexpr llvm::StringLiteral broadcasting[] = {"Add", "Sub", "Mul",
                                                         "Div", "PRelu"};
  if (llvm::is_contained(broadcasting, name)) {
    auto a = known(op->getOperand(0)), b = known(op->getOperand(1));
    return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
  }
  Value kept = keptOperand(op);
  return kept ? known(kept) : std::nullopt;
}

llvm::DenseMap<Value, int64_t> inferRanks(func::FuncOp function) {
  llvm::DenseMap<Value, int64_t> ranks;
  auto addTyped = [&](Value value) {
    if (auto type = dyn_cast<RankedTensorType>(value.getType()))
      ranks[value] = type.getRank();
  };
  for (Value argument : function.getArguments())
    addTyped(argument);
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Value result : op->getResults())
      addTyped(result);
    if (op->getNumResults() == 0 || op->getNumOperands() == 0)
      return;
    if (std::optional<int64_t> rank = rankOf(op, ranks))
      ranks.try_emplace(op->getResult(0), *rank);
  });
  return ranks;
}

} // namespace dycc
