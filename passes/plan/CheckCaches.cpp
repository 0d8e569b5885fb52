#include "dialects/dyn/Layout.h"
#include "passes/plan/PlanChecks.h"

using namespace mlir;

namespace dycc::plan {
namespace {

/// Checks that a run may leave the past of a cache where it is: the output's
/// memory begins with the input, which nothing else reads.
class CacheChecker {
public:
  explicit CacheChecker(PlanView plan)
      : function(plan.function),
        outputs(function.front().getTerminator()->getOperands()) {}

  LogicalResult check() {
    for (auto room : function.getOps<dyn::RoomOp>())
      if (failed(checkRoom(room)))
        return failure();
    for (auto [number, output] : llvm::enumerate(outputs))
      if (dyn::LayoutAttr layout = dyn::getLayout(output.getType());
          layout && layout.hasRoom() && !known.contains(number))
        return function.emitError("expects a dyn.room for output ")
               << number << ", which has room";
    return success();
  }

private:
  LogicalResult checkRoom(dyn::RoomOp room) {
    if (room.getInput() >= function.getNumArguments() ||
        room.getOutput() >= outputs.size() ||
        !known.insert(room.getOutput()).second)
      return room.emitError("expects an input and an output that no other "
                            "dyn.room has, got input ")
             << room.getInput() << " and output " << room.getOutput();
    Value output = outputs[room.getOutput()];
    auto layout = dyn::LayoutAttr::getRoom(
        room.getAxis(),
        dyn::ExprAttr::symbol(room.getContext(), room.getSymbol()));
    if (dyn::getLayout(output.getType()) != layout ||
        dyn::getDims(output.getType())[room.getAxis()] != room.getExtent())
      return room.emitError("expects output ")
             << room.getOutput() << " to have the extent and the room, got "
             << output.getType();
    if (beginsWith(output, function.getArgument(room.getInput())))
      return success();
    return room.emitError("expects output ")
           << room.getOutput() << " to begin with a copy of input "
           << room.getInput() << ", which nothing else reads";
  }

  static bool beginsWith(Value output, BlockArgument input) {
    auto join = output.getDefiningOp<dyn::JoinOp>();
    auto copy = join ? join.getInputs().front().getDefiningOp<dyn::LaunchOp>()
                     : dyn::LaunchOp();
    return copy && copy.getInputs() == ValueRange(input) && input.hasOneUse();
  }

  func::FuncOp function;
  OperandRange outputs;
  llvm::SmallDenseSet<uint64_t> known; ///< Outputs that have a dyn.room.
};

} // namespace

LogicalResult checkCaches(PlanView plan) { return CacheChecker(plan).check(); }

} // namespace dycc::plan
