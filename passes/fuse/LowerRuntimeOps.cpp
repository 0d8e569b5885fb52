// Operators whose result has an extent that only the data decides, or that
// sort, are calls of the runtime: no loop nest of Halide computes them.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/shape/SymbolicValue.h"

#define DEBUG_TYPE "dycc-lower-runtime-ops"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {
#define GEN_PASS_DEF_LOWERRUNTIMEOPSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// A call: the operator's name in the runtime and its integer parameters.
struct Call {
  StringRef callee;
  SmallVector<ExprAttr> parameters;
  SmallVector<Value> inputs;
};

/// What each operator becomes; parameters as runtime/src/ops documents them.
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
  if (auto topK = dyn_cast<onnx::TopKOp>(op)) {
    int64_t axis = topK.getAxis();
    axis += axis < 0 ? rankOf(topK.getX()) : 0;
    ExprAttr k = dyn::getDims(topK.getResult(0).getType())[axis];
    return Call{"top_k",
                {constant(axis), k, constant(topK.getLargest()),
                 constant(topK.getSorted())},
                {topK.getX()}};
  }
  if (auto boxes = dyn_cast<onnx::NonMaxSuppressionOp>(op)) {
    Call call{"non_max_suppression", {}, {boxes.getBoxes(), boxes.getScores()}};
    int64_t given = 0, bit = 1;
    for (Value optional :
         {boxes.getMaxOutputBoxesPerClass(), boxes.getIouThreshold(),
          boxes.getScoreThreshold()}) {
      if (optional) {
        given |= bit;
        call.inputs.push_back(optional);
      }
      bit *= 2;
    }
    call.parameters = {constant(boxes.getCenterPointBox()), constant(given)};
    return call;
  }
  if (auto compress = dyn_cast<onnx::CompressOp>(op)) {
    int64_t axis = compress.getAxis().value_or(-1);
    axis += compress.getAxis() && axis < 0 ? rankOf(compress.getInput()) : 0;
    return Call{"compress",
                {constant(compress.getAxis() ? axis : -1)},
                {compress.getInput(), compress.getCondition()}};
  }
  if (auto unique = dyn_cast<onnx::UniqueOp>(op)) {
    int64_t axis = unique.getAxis().value_or(-1);
    axis += unique.getAxis() && axis < 0 ? rankOf(unique.getX()) : 0;
    return Call{
        "unique",
        {constant(unique.getAxis() ? axis : -1), constant(unique.getSorted())},
        {unique.getX()}};
  }
  return std::nullopt;
}

class LowerRuntimeOps final
    : public impl::LowerRuntimeOpsPassBase<LowerRuntimeOps> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (std::optional<Call> call = callOf(op))
        lower(op, *call);
    });
  }

  /// Execution symbols that are dims of the results and of no input. K of a
  /// TopK is known before it, whoever reads it.
  static ArrayAttr definedSymbols(Operation *op, ArrayRef<Value> inputs) {
    if (isa<onnx::TopKOp>(op))
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
        definedSymbols(op, call.inputs), builder.getArrayAttr(parameters));
    op->replaceAllUsesWith(runtime);
    op->erase();
  }
};

} // namespace
} // namespace dycc
