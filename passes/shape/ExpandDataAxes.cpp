// A running sum goes along one axis, and its loops are made for that one. An
// axis that only execution knows is one of few: each has a branch. (As one scan
// over [outer, axis, inner] the result would be reserved at the product of the
// bounds of three extents.)
#include "passes/shape/Passes.h"
#include "passes/shape/SolveFunctions.h"
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxFacts.h"
#include "dialects/onnx/OnnxReduce.h"
#include "dialects/onnx/OnnxSource.h"

#define DEBUG_TYPE "dycc-expand-data-axes"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_EXPANDDATAAXESPASS
#include "passes/shape/Passes.h.inc"
namespace {

using dyn::ExprAttr;

class ExpandDataAxes final
    : public impl::ExpandDataAxesPassBase<ExpandDataAxes> {
  void runOnOperation() override {
    bool changed = false;
    auto expand = [&](func::FuncOp function, const shape::Solver &solver) {
      SmallVector<OpenScan> open;
      function.walk([&](Operation *op) {
        if (onnx::rootOf(op) != onnx::Root::Scan)
          return;
        const shape::Exprs *dims = solver.dims(op->getOperand(0));
        const shape::Exprs *axis = solver.elements(op->getOperand(1));
        if (dims && axis && axis->size() == 1 && !axis->front().isConstant() &&
            !axis->front().isUnknown())
          open.push_back({op, axis->front(), int64_t(dims->size())});
      });
      for (const OpenScan &scan : open)
        branch(scan);
      changed |= !open.empty();
    };
    if (failed(getAnalysis<shape::Solutions>().forEach(expand)))
      return signalPassFailure();
    if (!changed)
      markAllAnalysesPreserved();
  }

  /// A running sum whose axis only execution knows.
  struct OpenScan {
    Operation *op;
    ExprAttr axis;
    int64_t rank;
  };

  static void branch(const OpenScan &scan) {
    OpBuilder builder(scan.op);
    scan.op->getResult(0).replaceAllUsesWith(scanFrom(builder, scan, 0));
    scan.op->erase();
  }

  /// `scan` along the axis that it names, of those from `number` on.
  static Value scanFrom(OpBuilder &builder, const OpenScan &scan,
                        int64_t number) {
    auto [op, axis, rank] = scan;
    if (number + 1 == rank)
      return scanAlong(builder, op, number);
    auto type = dyn::getTensorType({}, builder.getI1Type());
    Value isThis = dyn::SymbolicOp::create(
        builder, op->getLoc(), type,
        builder.getArrayAttr({shape::isAxis(axis, number, rank)}));
    auto choice =
        onnx::IfOp::create(builder, op->getLoc(), op->getResultTypes(), isThis);
    fill(choice.getThenBranch(),
         [&](OpBuilder &b) { return scanAlong(b, scan.op, number); });
    fill(choice.getElseBranch(),
         [&](OpBuilder &b) { return scanFrom(b, scan, number + 1); });
    return choice.getResult(0);
  }

  static Value scanAlong(OpBuilder &builder, Operation *op, int64_t number) {
    auto type = dyn::getTensorType({}, builder.getI64Type());
    Value axis = onnx::ConstantOp::create(
        builder, op->getLoc(), type,
        DenseElementsAttr::get(RankedTensorType::get({}, builder.getI64Type()),
                               number));
    Operation *copy = builder.clone(*op);
    copy->setOperand(1, axis);
    return copy->getResult(0);
  }

  static void fill(Region &region,
                   llvm::function_ref<Value(OpBuilder &)> value) {
    OpBuilder builder(region.getContext());
    builder.createBlock(&region);
    Value result = value(builder);
    onnx::YieldOp::create(builder, result.getLoc(), result);
  }
};

} // namespace
} // namespace dycc
