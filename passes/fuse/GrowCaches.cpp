// An input that a Concat continues, with an output for its result, is a cache:
// the caller hands in the past and gets it back with some more behind it, again
// and again. What is new is computed where it belongs in the output's memory,
// which may have room along the axis; the past is copied there unless the
// caller has it there already. Done on groups: kernels have their strides
// compiled in.
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Bounds.h"
#include "dialects/dyn/Handles.h"
#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Symbols.h"
#include "dialects/onnx/OnnxOps.h"
#include "mlir/IR/IRMapping.h"
#include "passes/Remarks.h"
#include "passes/fuse/FusionRules.h"

#define DEBUG_TYPE "dycc-grow-caches"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::remarks::Reason;

namespace dycc {
#define GEN_PASS_DEF_GROWCACHESPASS
#include "passes/fuse/Passes.h.inc"
namespace {

/// An output that a Concat makes of an input and what is new.
struct Cache {
  BlockArgument past;
  dyn::GroupOp group;
  onnx::ConcatOp concat;
  OpOperand &output;
  unsigned axis;
};

class GrowCaches final : public impl::GrowCachesPassBase<GrowCaches> {
  void runOnOperation() override {
    dyn::ExecutionBounds bounds(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      for (OpOperand &output :
           function.front().getTerminator()->getOpOperands()) {
        std::optional<Cache> cache = findCache(output);
        if (!cache)
          continue;
        Location location = cache->group.getLoc();
        if (Reason why = whyCopied(*cache, bounds)) {
          remarks::missed(remarks::kCopy, location, DEBUG_TYPE)
              << "copies the input that it continues: " << why;
          continue;
        }
        remarks::taken(remarks::kCopy, location, DEBUG_TYPE)
            << "grows in the caller's memory where that has room along axis "
            << int64_t(cache->axis);
        grow(*cache, function);
      }
  }

  /// Of a group that ends with the Concat of an input and something else.
  static std::optional<Cache> findCache(OpOperand &output) {
    auto group = output.get().getDefiningOp<dyn::GroupOp>();
    if (!group || group.getNumResults() != 1)
      return std::nullopt;
    auto concat =
        group.getYield()->getOperand(0).getDefiningOp<onnx::ConcatOp>();
    auto first = concat ? dyn_cast<BlockArgument>(concat.getOperand(0))
                        : BlockArgument();
    if (!first || concat->getNumOperands() != 2)
      return std::nullopt;
    auto past =
        dyn_cast<BlockArgument>(group.getInputs()[first.getArgNumber()]);
    if (!past || !isa<func::FuncOp>(past.getOwner()->getParentOp()))
      return std::nullopt;
    int64_t rank = dyn::getDims(concat.getType()).size();
    auto axis = unsigned(concat.getAxis() + (concat.getAxis() < 0 ? rank : 0));
    return Cache{past, group, concat, output, axis};
  }

  static Reason whyCopied(Cache cache, const dyn::ExecutionBounds &bounds) {
    Type whole = cache.output.get().getType();
    ArrayRef<ExprAttr> dims = dyn::getDims(whole);
    // Strides say how much room there is, and kernels go along the last axis.
    if (fuse::isOutermost(dims, cache.axis) || cache.axis + 1 == dims.size())
      return {"axis {0} of {1} is its first or its last", int64_t(cache.axis),
              whole};
    if (dyn::isHandle(getElementTypeOrSelf(whole)))
      return {"its elements are strings"};
    if (!llvm::all_of(dims,
                      [&](ExprAttr dim) { return bounds.isOverInputs(dim); }))
      return {"the data decides the extents {0}", whole};
    if (!isOfItsOperands(cache))
      return {"the extents {0} are not written as those of its operands",
              whole};
    return whyShared(cache);
  }

  /// Whether the result's extents are those of both operands, and their sum
  /// along the axis: what names them otherwise is equal at run time at most.
  static bool isOfItsOperands(Cache cache) {
    SmallVector<ExprAttr> sum;
    for (Value operand : cache.concat->getOperands()) {
      ArrayRef<ExprAttr> dims = dyn::getDims(operand.getType());
      if (sum.empty()) {
        sum.assign(dims.begin(), dims.end());
        continue;
      }
      ExprAttr along = ExprAttr::add(sum[cache.axis], dims[cache.axis]);
      sum[cache.axis] = dims[cache.axis];
      if (ArrayRef<ExprAttr>(sum) != dims)
        return false;
      sum[cache.axis] = along;
    }
    return dyn::getDims(cache.output.get().getType()) ==
               ArrayRef<ExprAttr>(sum) &&
           dyn::getDims(cache.concat.getType()) == ArrayRef<ExprAttr>(sum);
  }

  /// Why the past is needed in another place, or the result in a compact one.
  static Reason whyShared(Cache cache) {
    auto function = cast<func::FuncOp>(cache.past.getOwner()->getParentOp());
    if (function.getArgAttr(cache.past.getArgNumber(), "onnx.default"))
      return {"the input has a default"};
    if (!cache.past.hasOneUse())
      return {"the input has another reader"};
    Value first = cache.concat.getOperand(0);
    if (!first.hasOneUse() || !cache.concat->hasOneUse())
      return {"its kernel needs the input or the result for something else"};
    if (llvm::count(cache.output.getOwner()->getOperands(),
                    cache.output.get()) != 1)
      return {"it is another output, too"};
    for (Operation *user : cache.output.get().getUsers())
      if (!isa<dyn::GroupOp, func::ReturnOp>(user))
        return {"{0} reads it, and is no kernel", user};
    return {};
  }

  void grow(Cache cache, func::FuncOp function) {
    Value whole = cache.output.get();
    dyn::LayoutAttr layout = makeRoom(cache, function);
    OpBuilder builder(cache.group);
    Location location = cache.group.getLoc();
    Value past = copyOf(builder, location, cache.past, layout);
    Value added = computeAdded(builder, cache, layout);
    auto join = dyn::JoinOp::create(builder, location,
                                    dyn::withLayout(whole.getType(), layout),
                                    ValueRange{past, added});
    whole.replaceAllUsesWith(join.getResult());
    cache.group.erase();
    for (OpOperand &use : join.getResult().getUses())
      if (auto reader = dyn_cast<dyn::GroupOp>(use.getOwner()))
        reader.getBody()
            .getArgument(use.getOperandNumber())
            .setType(join.getType());
    function.setFunctionType(
        FunctionType::get(&getContext(), function.getArgumentTypes(),
                          function.front().getTerminator()->getOperandTypes()));
  }

  /// The layout of the result, over a symbol that the run decides first of all.
  dyn::LayoutAttr makeRoom(Cache cache, func::FuncOp function) {
    ModuleOp module = getOperation();
    std::string name = dyn::freeName(module, "room", next);
    OpBuilder symbols = dyn::behindSymbols(module);
    dyn::SymbolOp::create(symbols, module.getLoc(), name, 0,
                          std::numeric_limits<int32_t>::max(), 1,
                          /*execution=*/true, /*bound=*/ExprAttr(),
                          /*definition=*/ExprAttr());
    auto start = OpBuilder::atBlockBegin(&function.front());
    dyn::RoomOp::create(start, cache.group.getLoc(),
                        dyn::getDims(cache.output.get().getType())[cache.axis],
                        cache.past.getArgNumber(),
                        cache.output.getOperandNumber(), cache.axis, name);
    return dyn::LayoutAttr::getRoom(cache.axis,
                                    ExprAttr::symbol(&getContext(), name));
  }

  static Value copyOf(OpBuilder &builder, Location location, Value value,
                      dyn::LayoutAttr layout) {
    auto group = dyn::GroupOp::create(
        builder, location, dyn::withLayout(value.getType(), layout), value);
    Block &body = group.getBody().emplaceBlock();
    auto inside = OpBuilder::atBlockBegin(&body);
    dyn::YieldOp::create(inside, location,
                         body.addArgument(value.getType(), location));
    return group.getResult(0);
  }

  /// What is new, in its place: by the kernel that makes it for nothing else,
  /// or by what is left of the Concat's.
  static Value computeAdded(OpBuilder &builder, Cache cache,
                            dyn::LayoutAttr layout) {
    Value added = cache.concat.getOperand(1);
    auto argument = dyn_cast<BlockArgument>(added);
    if (!argument)
      return withoutConcat(builder, cache, layout);
    Value made = cache.group.getInputs()[argument.getArgNumber()];
    auto maker = made.getDefiningOp<dyn::GroupOp>();
    if (!maker || maker->getBlock() != cache.group->getBlock() ||
        !made.hasOneUse() || !argument.hasOneUse() ||
        dyn::getLayout(made.getType()))
      return copyOf(builder, cache.group.getLoc(), made, layout);
    made.setType(dyn::withLayout(made.getType(), layout));
    return made;
  }

  /// The group without the Concat and the input that it is of.
  static Value withoutConcat(OpBuilder &builder, Cache cache,
                             dyn::LayoutAttr layout) {
    dyn::GroupOp group = cache.group;
    Value added = cache.concat.getOperand(1);
    unsigned dropped =
        cast<BlockArgument>(cache.concat.getOperand(0)).getArgNumber();
    SmallVector<Value> inputs(group.getInputs());
    inputs.erase(inputs.begin() + dropped);
    auto rest =
        dyn::GroupOp::create(builder, group.getLoc(),
                             dyn::withLayout(added.getType(), layout), inputs);
    Block &body = rest.getBody().emplaceBlock();
    IRMapping mapping;
    for (BlockArgument argument : group.getBody().getArguments())
      if (argument.getArgNumber() != dropped)
        mapping.map(argument,
                    body.addArgument(argument.getType(), argument.getLoc()));
    auto inside = OpBuilder::atBlockBegin(&body);
    for (Operation &op : group.getBody().front().without_terminator())
      if (&op != cache.concat)
        inside.clone(op, mapping);
    dyn::YieldOp::create(inside, group.getLoc(), mapping.lookup(added));
    return rest.getResult(0);
  }

  unsigned next = 0;
};

} // namespace
} // namespace dycc
