#include "codegen/llvm/SizeLimits.h"

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

} // namespace dycc::codegen
