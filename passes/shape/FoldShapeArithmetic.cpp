// What the solver has understood needs no kernel: the host program evaluates an
// expression where a tensor of it is wanted, and the ops that led to it go.
#include "passes/shape/Passes.h"
#include "passes/shape/SolveFunctions.h"
#include "passes/shape/SymbolDeclarations.h"

#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxSource.h"

#define DEBUG_TYPE "dycc-fold-shape-arithmetic"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FOLDSHAPEARITHMETICPASS
#include "passes/shape/Passes.h.inc"
namespace {

using dyn::ExprAttr;
using shape::Exprs;
using shape::Solver;

/// The constant that an expression is, as an element of `type`; null for one
/// with symbols.
Attribute toAttribute(ExprAttr expr, Type type) {
  if (expr.getKind() == dyn::ExprKind::F32Constant)
    return FloatAttr::get(type, expr.getFloat());
  if (!expr.isConstant())
    return {};
  unsigned width = type.getIntOrFloatBitWidth();
  return IntegerAttr::get(type, APInt(64, expr.getValue()).zextOrTrunc(width));
}

class FoldShapeArithmetic final
    : public impl::FoldShapeArithmeticPassBase<FoldShapeArithmetic> {
  void runOnOperation() override {
    auto fold = [](func::FuncOp function, const Solver &solver) {
      shape::SymbolDeclarations symbols(solver);
      function.walk([&](Operation *op) { foldResults(op, solver, symbols); });
      symbols.write(function);
      function.walk([](onnx::IfOp op) { inlineKnown(op); });
      shape::eraseDeadOps(function.getBody());
    };
    if (failed(getAnalysis<shape::Solutions>().forEach(fold)))
      return signalPassFailure();
    shape::eraseUnusedNames(getOperation());
  }

  using Symbols = shape::SymbolDeclarations;

  /// `value` as expressions: a Constant, or a dyn.symbolic behind the reads
  /// that define its symbols, between which there may be checks.
  static Value materialize(Value value, const Exprs &elements,
                           Symbols &symbols) {
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(value);
    while (isa<dyn::ReadOp, dyn::DefineOp, dyn::RequireOp>(
        *builder.getInsertionPoint()))
      builder.setInsertionPoint(builder.getBlock(),
                                std::next(builder.getInsertionPoint()));
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<Attribute> constants;
    for (ExprAttr element : elements)
      if (Attribute constant = toAttribute(element, type.getElementType()))
        constants.push_back(constant);
    if (constants.size() == elements.size())
      return onnx::ConstantOp::create(
          builder, value.getLoc(), type,
          DenseElementsAttr::get(
              RankedTensorType::get(type.getShape(), type.getElementType()),
              constants));
    symbols.add(elements);
    return dyn::SymbolicOp::create(builder, value.getLoc(), type,
                                   builder.getArrayAttr(SmallVector<Attribute>(
                                       elements.begin(), elements.end())));
  }

  static bool isKnown(Value value, const Solver &solver) {
    const Exprs *elements = solver.elements(value);
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return elements && type && type.hasStaticShape() &&
           int64_t(elements->size()) == type.getNumElements() &&
           llvm::none_of(*elements,
                         [](ExprAttr element) { return element.isUnknown(); });
  }

  /// Uses that steer a shape: a tensor that is read stays a tensor for others.
  static bool isSteering(OpOperand &use) {
    auto op = dyn_cast<onnx::DynamismOpInterface>(use.getOwner());
    return op && llvm::is_contained(op.getControllingOperands(), use.get());
  }

  /// What has no elements, whatever the model runs with, needs no kernel.
  static bool isNeverFilled(Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    return type && type.hasStaticShape() && type.getNumElements() == 0 &&
           type.getElementType().isIntOrFloat();
  }

  static void foldValue(Value value, const Solver &solver, Symbols &symbols) {
    if (value.use_empty())
      return;
    if (value.getDefiningOp() && isNeverFilled(value))
      return value.replaceAllUsesWith(materialize(value, {}, symbols));
    if (!isKnown(value, solver))
      return;
    if (!solver.hasRead(value) && !isa<BlockArgument>(value))
      return value.replaceAllUsesWith(
          materialize(value, *solver.elements(value), symbols));
    if (llvm::any_of(value.getUses(), isSteering)) {
      Value symbolic = materialize(value, *solver.elements(value), symbols);
      value.replaceUsesWithIf(symbolic, isSteering);
    }
  }

  static void foldResults(Operation *op, const Solver &solver,
                          Symbols &symbols) {
    if (!isa<onnx::ConstantOp, dyn::SymbolicOp>(op))
      for (Value result : op->getResults())
        foldValue(result, solver, symbols);
    for (Region &region : op->getRegions())
      for (Value argument : region.getArguments())
        foldValue(argument, solver, symbols);
  }

  /// An If with a constant condition  =>  its branch.
  static void inlineKnown(onnx::IfOp op) {
    if (!op.getCond().getDefiningOp<onnx::ConstantOp>())
      return;
    if (auto known = shape::constantElements(op.getCond()))
      shape::inlineBranch(op, known->front() ? op.getThenBranch()
                                             : op.getElseBranch());
  }
};

} // namespace
} // namespace dycc
