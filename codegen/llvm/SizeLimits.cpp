#include "codegen/llvm/SizeLimits.h"

#include "dialects/dyn/Rows.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::codegen {

std::vector<SizeLimit> sizeLimits(func::FuncOp main,
                                  const dyn::ExecutionBounds &bounds) {
  std::vector<SizeLimit> limits;
  DenseSet<std::pair<ExprAttr, int64_t>> seen;
  main.walk([&](dyn::LaunchOp launch) {
    SmallVector<Type> types(launch.getOperandTypes());
    llvm::append_range(types, launch.getResultTypes());
    for (Type type : types) {
      ExprAttr size = bounds.bound(dyn::getSizeInBytes(type));
      int64_t limit =
          INT32_MAX * dyn::getElementBytes(getElementTypeOrSelf(type));
      if (size && seen.insert({size, limit}).second &&
          dyn::rangeOf(size, bounds.getFacts()).upper > limit)
        limits.push_back({launch, size, limit});
    }
  });
  return limits;
}

/// Whether `op` is a loop by rows or strips, or what it counts with: extents in
/// it follow from those of the inputs, and some trip has the most rows.
static bool isByRows(Operation *op) {
  auto loop =
      dyn_cast<dyn::LoopOp>(isa<dyn::LoopOp>(op) ? op : op->getParentOp());
  return loop && dyn::isInParts(loop) && !isa<dyn::RuntimeOp, dyn::IfOp>(op);
}

bool areShapesExact(func::FuncOp main) {
  bool exact = true;
  main.walk([&](Operation *op) {
    exact &= isByRows(op) || !isa<dyn::ReadOp, dyn::DefineOp, dyn::RuntimeOp,
                                  dyn::IfOp, dyn::LoopOp>(op);
  });
  return exact;
}

} // namespace dycc::codegen
