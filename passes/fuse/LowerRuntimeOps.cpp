// Operators whose result has an extent that only the data decides, that sort or
// look into strings are calls of the runtime: no loop nest of Halide computes
// them.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "dialects/onnx/OnnxTrees.h"
#include "passes/fuse/RuntimeCall.h"
#include "passes/shape/SymbolicValue.h"
#include "runtime/abi/Operators.h"

#define DEBUG_TYPE "dycc-lower-runtime-ops"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {
#define GEN_PASS_DEF_LOWERRUNTIMEOPSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

using Parameters = SmallVector<ExprAttr>;
using Call = fuse::RuntimeCall;

/// Whether an operator of the runtime decides extents of its results.
bool decidesExtents(StringRef callee) {
#define DYCC_DECIDES(name, allocates, arrays, per)                             \
  if (callee == #name)                                                         \
    return allocates;
  DYCC_OPERATORS(DYCC_DECIDES)
#undef DYCC_DECIDES
  llvm_unreachable("all operators are in the table");
}

/// Numbers between 0 and 1; what else a node asks for normalize has expanded.
template <typename Op>
Call drawOf(Op op) {
  MLIRContext *context = op.getContext();
  Call call{"random_uniform", Parameters(DYCC_RANDOM_UNIFORM_ATTRIBUTES), {}};
  std::optional<APFloat> seed = op.getSeed();
  call.parameters[DYCC_RANDOM_UNIFORM_HAS_SEED] =
      ExprAttr::constant(context, seed.has_value());
  call.parameters[DYCC_RANDOM_UNIFORM_SEED] = ExprAttr::constant(
      context,
      seed ? static_cast<int64_t>(seed->bitcastToAPInt().getZExtValue()) : 0);
  return call;
}

Call suppressionOf(onnx::NonMaxSuppressionOp boxes) {
  auto constant = [&](int64_t value) {
    return ExprAttr::constant(boxes.getContext(), value);
  };
  Call call{"non_max_suppression",
            Parameters(DYCC_SUPPRESSION_ATTRIBUTES),
            {boxes.getBoxes(), boxes.getScores()}};
  int64_t given = 0;
  for (auto [optional, bit] :
       {std::pair(boxes.getMaxOutputBoxesPerClass(), DYCC_SUPPRESSION_HAS_MOST),
        {boxes.getIouThreshold(), DYCC_SUPPRESSION_HAS_IOU},
        {boxes.getScoreThreshold(), DYCC_SUPPRESSION_HAS_SCORE}})
    if (optional) {
      given |= bit;
      call.inputs.push_back(optional);
    }
  call.parameters[DYCC_SUPPRESSION_CENTER] =
      constant(boxes.getCenterPointBox());
  call.parameters[DYCC_SUPPRESSION_GIVEN] = constant(given);
  return call;
}

/// The tables are operands already.
Call treesOf(onnx::DecisionTreesOp trees) {
  auto constant = [&](int64_t value) {
    return ExprAttr::constant(trees.getContext(), value);
  };
  Call call{"decision_trees", Parameters(DYCC_TREES_ATTRIBUTES),
            SmallVector<Value>(trees.getOperands())};
  call.parameters[DYCC_TREES_TEST] = constant(trees.getTest());
  call.parameters[DYCC_TREES_REDUCTION] = constant(trees.getReduction());
  call.parameters[DYCC_TREES_STEPS] = constant(trees.getSteps());
  return call;
}

/// What each operator becomes.
std::optional<Call> callOf(Operation *op) {
  MLIRContext *context = op->getContext();
  auto constant = [&](int64_t value) {
    return ExprAttr::constant(context, value);
  };
  auto rankOf = [](Value value) {
    return static_cast<int64_t>(dyn::getDims(value.getType()).size());
  };
  if (auto nonZero = dyn_cast<onnx::NonZeroOp>(op))
    return Call{"non_zero", {}, {nonZero.getX()}};
  if (auto det = dyn_cast<onnx::DetOp>(op))
    return Call{"det", {}, {det.getX()}};
  if (auto uniform = dyn_cast<onnx::RandomUniformOp>(op))
    return drawOf(uniform);
  if (auto uniform = dyn_cast<onnx::RandomUniformLikeOp>(op))
    return drawOf(uniform);
  if (auto topK = dyn_cast<onnx::TopKOp>(op)) {
    int64_t axis = topK.getAxis();
    axis += axis < 0 ? rankOf(topK.getX()) : 0;
    ExprAttr k = dyn::getDims(topK.getResult(0).getType())[axis];
    Call call{"top_k", Parameters(DYCC_TOP_K_ATTRIBUTES), {topK.getX()}};
    call.parameters[DYCC_TOP_K_AXIS] = constant(axis);
    call.parameters[DYCC_TOP_K_K] = k;
    call.parameters[DYCC_TOP_K_LARGEST] = constant(topK.getLargest());
    call.parameters[DYCC_TOP_K_SORTED] = constant(topK.getSorted());
    return call;
  }
  if (auto boxes = dyn_cast<onnx::NonMaxSuppressionOp>(op))
    return suppressionOf(boxes);
  if (auto trees = dyn_cast<onnx::DecisionTreesOp>(op))
    return treesOf(trees);
  if (auto compress = dyn_cast<onnx::CompressOp>(op)) {
    int64_t axis = compress.getAxis().value_or(-1);
    axis += compress.getAxis() && axis < 0 ? rankOf(compress.getInput()) : 0;
    Call call{"compress",
              Parameters(DYCC_COMPRESS_ATTRIBUTES),
              {compress.getInput(), compress.getCondition()}};
    call.parameters[DYCC_COMPRESS_AXIS] =
        constant(compress.getAxis() ? axis : -1);
    return call;
  }
  if (auto unique = dyn_cast<onnx::UniqueOp>(op)) {
    int64_t axis = unique.getAxis().value_or(-1);
    axis += unique.getAxis() && axis < 0 ? rankOf(unique.getX()) : 0;
    Call call{"unique", Parameters(DYCC_UNIQUE_ATTRIBUTES), {unique.getX()}};
    call.parameters[DYCC_UNIQUE_AXIS] = constant(unique.getAxis() ? axis : -1);
    call.parameters[DYCC_UNIQUE_SORTED] = constant(unique.getSorted());
    return call;
  }
  return fuse::textCallOf(op);
}

class LowerRuntimeOps final
    : public impl::LowerRuntimeOpsPassBase<LowerRuntimeOps> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (std::optional<Call> call = callOf(op))
        lower(op, *call);
    });
  }

  /// Execution symbols that are dims of the results and of no input, where the
  /// operator decides extents.
  static ArrayAttr definedSymbols(Operation *op, StringRef callee,
                                  ArrayRef<Value> inputs) {
    if (!decidesExtents(callee))
      return ArrayAttr::get(op->getContext(), {});
    auto module = op->getParentOfType<ModuleOp>();
    auto isInputDim = [&](ExprAttr dim) {
      return llvm::any_of(inputs, [&](Value input) {
        return llvm::is_contained(dyn::getDims(input.getType()), dim);
      });
    };
    SmallVector<Attribute> symbols;
    for (Type type : op->getResultTypes())
      for (ExprAttr dim : dyn::getDims(type)) {
        if (dim.getKind() != ExprKind::Symbol || isInputDim(dim))
          continue;
        auto symbol = module.lookupSymbol<dyn::SymbolOp>(dim.getSymbol());
        auto ref = FlatSymbolRefAttr::get(op->getContext(), dim.getSymbol());
        if (symbol.getExecution() && !llvm::is_contained(symbols, ref))
          symbols.push_back(ref);
      }
    return ArrayAttr::get(op->getContext(), symbols);
  }

  static void lower(Operation *op, const Call &call) {
    OpBuilder builder(op);
    SmallVector<Attribute> parameters(call.parameters.begin(),
                                      call.parameters.end());
    auto runtime = dyn::RuntimeOp::create(
        builder, op->getLoc(), op->getResultTypes(), call.callee, call.inputs,
        definedSymbols(op, call.callee, call.inputs),
        builder.getArrayAttr(parameters));
    op->replaceAllUsesWith(runtime);
    op->erase();
  }
};

} // namespace
} // namespace dycc
