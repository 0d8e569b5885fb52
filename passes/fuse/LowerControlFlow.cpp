// If and Loop become dyn.if and dyn.loop: which symbols they define is read
// off the types, and predicates and trip counts that are known symbolically
// become expressions of the host program.
#include "passes/fuse/Passes.h"

#include "dialects/onnx/OnnxOps.h"
#include "passes/shape/SymbolicValue.h"

#define DEBUG_TYPE "dycc-lower-control-flow"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc {
#define GEN_PASS_DEF_LOWERCONTROLFLOWPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// Collects symbols, each once.
class SymbolList {
public:
  /// Adds the dims of `type` that are a symbol which is not the same dim of
  /// `other`: the region's value gives it.
  void addDifferent(Type type, ArrayRef<ExprAttr> other) {
    for (auto [dim, source] : llvm::zip(dyn::getDims(type), other))
      if (dim != source && dim.getKind() == ExprKind::Symbol)
        symbols.insert(
            FlatSymbolRefAttr::get(type.getContext(), dim.getSymbol()));
  }
  void addDifferent(Type type, Type other) {
    addDifferent(type, dyn::getDims(other));
  }
  /// Drops what is known before `op`: facts may have brought two expressions of
  /// one extent together, and a symbol is defined once.
  void keepDefinedBy(Operation *op, const shape::Definers &definers) {
    symbols.remove_if([&](Attribute symbol) {
      return definers.lookup(cast<FlatSymbolRefAttr>(symbol).getValue()) != op;
    });
  }
  ArrayAttr get(MLIRContext *context) const {
    return ArrayAttr::get(context, symbols.getArrayRef());
  }

private:
  llvm::SetVector<Attribute> symbols;
};

/// `onnx.Yield` => `dyn.yield`.
void lowerYield(Block &block) {
  Operation *yield = block.getTerminator();
  OpBuilder builder(yield);
  dyn::YieldOp::create(builder, yield->getLoc(), yield->getOperands());
  yield->erase();
}

void lowerIf(onnx::IfOp op, const shape::Definers &definers) {
  std::optional<SmallVector<ExprAttr>> known =
      shape::symbolicElements(op.getCond());
  if (known && known->front().isConstant())
    return shape::inlineBranch(op, known->front().isConstant(0)
                                       ? op.getElseBranch()
                                       : op.getThenBranch());
  SymbolList defines;
  for (Region *region : {&op.getThenBranch(), &op.getElseBranch()}) {
    Operation *yield = region->front().getTerminator();
    for (auto [result, value] :
         llvm::zip(op->getResultTypes(), yield->getOperandTypes()))
      defines.addDifferent(result, value);
    lowerYield(region->front());
  }
  defines.keepDefinedBy(op, definers);
  OpBuilder builder(op);
  auto lowered = dyn::IfOp::create(builder, op.getLoc(), op->getResultTypes(),
                                   known ? Value() : op.getCond(),
                                   known ? known->front() : ExprAttr(),
                                   defines.get(op.getContext()));
  lowered.getThenRegion().takeBody(op.getThenBranch());
  lowered.getElseRegion().takeBody(op.getElseBranch());
  op->replaceAllUsesWith(lowered);
  op->erase();
}

/// Whether the condition that the body yields can never be false.
bool staysTrue(Value yielded, Block &body) {
  if (yielded == body.getArgument(1))
    return true;
  std::optional<SmallVector<int64_t>> known = shape::constantElements(yielded);
  return known && known->front() != 0;
}

void lowerLoop(onnx::LoopOp op, const shape::Definers &definers) {
  Block &body = op.getBody().front();
  Operation *yield = body.getTerminator();
  ValueRange initial = op.getVInitial();
  SymbolList carries, defines;
  for (auto [index, value] : llvm::enumerate(initial)) {
    Type argument = body.getArgument(index + 2).getType();
    carries.addDifferent(argument, value.getType());
    carries.addDifferent(argument, yield->getOperand(index + 1).getType());
    defines.addDifferent(op->getResult(index).getType(), argument);
  }
  std::optional<SmallVector<ExprAttr>> trips =
      shape::symbolicElements(op.getM());
  bool tests = !staysTrue(yield->getOperand(0), body);
  for (unsigned i = initial.size(); i < op->getNumResults(); ++i) {
    Type slice = yield->getOperand(i + 1).getType();
    SmallVector<ExprAttr> dims{
        trips && !tests ? ExprAttr::max(trips->front(),
                                        ExprAttr::constant(op.getContext(), 0))
                        : ExprAttr::unknown(op.getContext())};
    llvm::append_range(dims, dyn::getDims(slice));
    defines.addDifferent(op->getResult(i).getType(), dims);
  }
  carries.keepDefinedBy(op, definers);
  defines.keepDefinedBy(op, definers);
  lowerYield(body);
  Value condition = op.getCond();
  std::optional<SmallVector<int64_t>> start =
      shape::constantElements(condition);
  if (start && start->front() != 0)
    condition = {};
  OpBuilder builder(op);
  auto lowered = dyn::LoopOp::create(
      builder, op.getLoc(), op->getResultTypes(), initial, condition,
      trips ? trips->front() : ExprAttr(), tests, carries.get(op.getContext()),
      defines.get(op.getContext()));
  lowered.getBody().takeBody(op.getBody());
  op->replaceAllUsesWith(lowered);
  op->erase();
}

class LowerControlFlow final
    : public impl::LowerControlFlowPassBase<LowerControlFlow> {
  void runOnOperation() override {
    // Post-order: what an inlined branch holds is lowered already.
    shape::Definers definers = shape::findDefiners(getOperation());
    getOperation().walk([&](Operation *op) {
      if (auto branch = dyn_cast<onnx::IfOp>(op))
        lowerIf(branch, definers);
      else if (auto loop = dyn_cast<onnx::LoopOp>(op))
        lowerLoop(loop, definers);
    });
  }
};

} // namespace
} // namespace dycc
