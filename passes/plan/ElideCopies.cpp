// A Concat along the outermost axis with more than one element only moves what
// could have been computed in its place. Done on launches: by now it is known
// what is a kernel's result in plain layout. Elsewhere (channels innermost,
// several images) the operands lie interleaved, and copying them is what there
// is to do.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Bounds.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/FusionRules.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "dycc-elide-copies"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_ELIDECOPIESPASS
#include "passes/plan/Passes.h.inc"
namespace {

class ElideCopies final : public impl::ElideCopiesPassBase<ElideCopies> {
  void runOnOperation() override {
    dyn::ExecutionBounds bounds(getOperation());
    SymbolTable symbols(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      runOnFunction(function, symbols, bounds);
    eraseUnused();
  }

  void runOnFunction(func::FuncOp function, const SymbolTable &symbols,
                     const dyn::ExecutionBounds &bounds) {
    SmallVector<dyn::LaunchOp> launches;
    definers.clear();
    function.walk([&](Operation *op) {
      if (auto launch = dyn_cast<dyn::LaunchOp>(op))
        launches.push_back(launch);
      noteSymbols(op);
    });
    for (dyn::LaunchOp launch : launches)
      if (isOuterConcat(launch.getKernelIn(symbols)) &&
          isBounded(launch, bounds) && followsItsOperands(launch))
        join(launch);
  }

  /// Kernels that no launch is left of are not the model's.
  void eraseUnused() {
    llvm::StringSet<> used;
    getOperation().walk(
        [&](dyn::LaunchOp launch) { used.insert(launch.getKernel()); });
    for (auto kernel :
         llvm::make_early_inc_range(getOperation().getOps<dyn::KernelOp>()))
      if (!used.contains(kernel.getSymName()))
        kernel.erase();
  }

  /// Whether the kernel only joins its inputs, in order, along an axis that has
  /// none but axes of extent one before it.
  static bool isOuterConcat(dyn::KernelOp kernel) {
    Block &body = kernel.getBody().front();
    auto concat = dyn_cast<onnx::ConcatOp>(body.front());
    if (!concat || concat.getOperands() != ValueRange(body.getArguments()) ||
        kernel.getYield()->getOperands() != concat->getResults())
      return false;
    ArrayRef<ExprAttr> dims = dyn::getDims(concat.getType());
    int64_t axis = concat.getAxis() + (concat.getAxis() < 0 ? dims.size() : 0);
    return fuse::isOutermost(dims, axis);
  }

  void noteSymbols(Operation *op) {
    if (auto read = dyn_cast<dyn::ReadOp>(op))
      definers[read.getSymbol()] = op;
    else if (auto runtime = dyn_cast<dyn::RuntimeOp>(op))
      noteSymbols(op, runtime.getDefines());
    else if (auto branch = dyn_cast<dyn::IfOp>(op))
      noteSymbols(op, branch.getDefines());
  }

  void noteSymbols(Operation *op, ArrayAttr defines) {
    for (auto symbol : defines.getAsRange<FlatSymbolRefAttr>())
      definers[symbol.getValue()] = op;
  }

  /// Whether all memory is known beforehand, and each place once it is needed.
  bool isBounded(dyn::LaunchOp launch, const dyn::ExecutionBounds &bounds) {
    Type type = launch.getResult(0).getType();
    if (dyn::getLayout(type) || !bounds.boundBytes(type))
      return false;
    llvm::SmallDenseSet<Value> seen;
    SmallVector<ExprAttr> before;
    for (Value input : launch.getInputs()) {
      if (!seen.insert(input).second || !isOwn(input, launch) ||
          !llvm::all_of(before, [&](ExprAttr size) {
            return isKnownAt(input.getDefiningOp(), size, bounds);
          }))
        return false;
      before.push_back(dyn::getSizeInBytes(input.getType()));
    }
    return true;
  }

  /// Whether the symbols of `size` are inputs', or execution has found them out
  /// before `op` runs.
  bool isKnownAt(Operation *op, ExprAttr size,
                 const dyn::ExecutionBounds &bounds) {
    bool known = true;
    size.forEachSymbol([&](StringRef name) {
      Operation *definer = definers.lookup(name);
      Operation *here =
          definer ? definer->getBlock()->findAncestorOpInBlock(*op) : nullptr;
      known &= bounds.isOverInputs(ExprAttr::symbol(op->getContext(), name)) ||
               (here && definer->isBeforeInBlock(here));
    });
    return known;
  }

  /// Whether nothing else takes memory between what makes the operands and the
  /// launch: the memory of a join is there from its first operand on, which
  /// would keep it from what comes in between.
  static bool followsItsOperands(dyn::LaunchOp launch) {
    llvm::SmallDenseSet<Operation *> makers;
    for (Value input : launch.getInputs())
      makers.insert(input.getDefiningOp());
    Operation *op = launch->getPrevNode();
    for (; op && !makers.empty(); op = op->getPrevNode())
      if (!makers.erase(op) && !isa<dyn::ViewOp, dyn::PartOp, dyn::ReadOp,
                                    dyn::RequireOp, onnx::ConstantOp>(op))
        return false;
    return makers.empty();
  }

  /// Whether a kernel makes `input` where `launch` is, for no other place.
  static bool isOwn(Value input, dyn::LaunchOp launch) {
    Operation *maker = input.getDefiningOp();
    return isa_and_nonnull<dyn::LaunchOp, dyn::SymbolicOp>(maker) &&
           maker->getBlock() == launch->getBlock() &&
           !dyn::getLayout(input.getType()) &&
           llvm::none_of(input.getUsers(), [](Operation *user) {
             return isa<func::ReturnOp, dyn::YieldOp, dyn::JoinOp>(user);
           });
  }

  static void join(dyn::LaunchOp launch) {
    OpBuilder builder(launch);
    auto join =
        dyn::JoinOp::create(builder, launch.getLoc(),
                            launch.getResult(0).getType(), launch.getInputs());
    launch.getResult(0).replaceAllUsesWith(join.getResult());
    launch.erase();
  }

  /// What decides an execution symbol.
  llvm::StringMap<Operation *> definers;
};

} // namespace
} // namespace dycc
