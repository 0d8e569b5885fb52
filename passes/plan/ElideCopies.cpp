// A Concat along the outermost axis with more than one element only moves what
// could have been computed in its place. Done on launches: by now it is known
// what is a kernel's result in plain layout. Elsewhere (channels innermost,
// several images) the operands lie interleaved, and copying them is what there
// is to do.
#include "passes/plan/Passes.h"

#include "dialects/dyn/Bounds.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/Remarks.h"
#include "passes/fuse/FusionRules.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "dycc-elide-copies"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::remarks::Reason;

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
    for (dyn::LaunchOp launch : launches) {
      dyn::KernelOp kernel = launch.getKernelIn(symbols);
      if (!joins(kernel))
        continue;
      if (Reason why = whyCopied(launch, kernel, bounds)) {
        remarks::missed(remarks::kCopy, launch.getLoc(), DEBUG_TYPE)
            << "copies its operands: " << why;
        continue;
      }
      remarks::taken(remarks::kCopy, launch.getLoc(), DEBUG_TYPE)
          << "is the memory in which its operands are computed";
      join(launch);
    }
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

  static bool joins(dyn::KernelOp kernel) {
    return !kernel.getBody().front().getOps<onnx::ConcatOp>().empty();
  }

  Reason whyCopied(dyn::LaunchOp launch, dyn::KernelOp kernel,
                   const dyn::ExecutionBounds &bounds) {
    if (Reason why = whyNotOuter(launch, kernel))
      return why;
    if (Reason why = whyNotBounded(launch, bounds))
      return why;
    return whyNotFollowing(launch);
  }

  /// Why the kernel does more than to join its inputs, in order, along an axis
  /// that has none but axes of extent one before it.
  static Reason whyNotOuter(dyn::LaunchOp launch, dyn::KernelOp kernel) {
    Block &body = kernel.getBody().front();
    auto concat = dyn_cast<onnx::ConcatOp>(body.front());
    if (!concat || concat.getOperands() != ValueRange(body.getArguments()) ||
        kernel.getYield()->getOperands() != concat->getResults())
      return {"its kernel does more than to join its operands, each once"};
    ArrayRef<ExprAttr> dims = dyn::getDims(concat.getType());
    int64_t axis = concat.getAxis() + (concat.getAxis() < 0 ? dims.size() : 0);
    if (!fuse::isOutermost(dims, axis))
      return {"along axis {0} of {1} they do not lie one after the other", axis,
              launch.getResult(0).getType()};
    return {};
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

  /// Why not all memory is known beforehand, and each place once it is needed.
  Reason whyNotBounded(dyn::LaunchOp launch,
                       const dyn::ExecutionBounds &bounds) {
    Type type = launch.getResult(0).getType();
    if (dyn::getLayout(type))
      return {"the result has its channels innermost"};
    if (!bounds.boundBytes(type))
      return {"nothing bounds the extents {0} of the result", type};
    llvm::SmallDenseSet<Value> seen;
    SmallVector<ExprAttr> before;
    for (Value input : launch.getInputs()) {
      if (!seen.insert(input).second)
        return {"its kernel does more than to join its operands, each once"};
      if (Reason why = whyNotOwn(input, launch))
        return why;
      for (ExprAttr size : before)
        if (!isKnownAt(input.getDefiningOp(), size, bounds))
          return {"where {0} begins is known only behind it",
                  input.getDefiningOp()};
      before.push_back(dyn::getSizeInBytes(input.getType()));
    }
    return {};
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

  /// What else takes memory between what makes the operands and the launch: the
  /// memory of a join is there from its first operand on, which would keep it
  /// from what comes in between.
  static Reason whyNotFollowing(dyn::LaunchOp launch) {
    llvm::SmallDenseSet<Operation *> makers;
    for (Value input : launch.getInputs())
      makers.insert(input.getDefiningOp());
    Operation *op = launch->getPrevNode();
    for (; op && !makers.empty(); op = op->getPrevNode())
      if (!makers.erase(op) && !isa<dyn::ViewOp, dyn::PartOp, dyn::ReadOp,
                                    dyn::RequireOp, onnx::ConstantOp>(op))
        return {"{0} runs in between and may need the memory", op};
    assert(makers.empty() && "whyNotOwn has found them in this block");
    return {};
  }

  /// Why it is not a kernel that makes `input` where `launch` is, for no other
  /// place.
  static Reason whyNotOwn(Value input, dyn::LaunchOp launch) {
    Operation *maker = input.getDefiningOp();
    if (!isa_and_nonnull<dyn::LaunchOp, dyn::SymbolicOp>(maker))
      return {"an operand is not computed by a kernel"};
    if (maker->getBlock() != launch->getBlock())
      return {"{0} is computed outside of the branch or loop", maker};
    if (dyn::getLayout(input.getType()))
      return {"{0} has its channels innermost", maker};
    for (Operation *user : input.getUsers())
      if (isa<func::ReturnOp, dyn::YieldOp, dyn::JoinOp>(user))
        return {"{0} is needed in another place, too", maker};
    return {};
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
