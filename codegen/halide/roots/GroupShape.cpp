#include "codegen/halide/roots/GroupShape.h"

#include "dialects/dyn/Kernels.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

namespace dycc::halide {
namespace {

/// Elements that a lane reduces at least, where there are so many: below that
/// the lanes take longer to add up than the elements.
constexpr int64_t perLane = 4;
/// Rows of so many elements have twice the threads.
constexpr int64_t longRow = 1024;
/// Totals that are neighbours in memory: what a device reads at once.
constexpr int64_t neighbours = 16;

/// The largest power of two that is at most `count`.
int64_t powerBelow(int64_t count) {
  return static_cast<int64_t>(llvm::bit_floor(static_cast<uint64_t>(count)));
}

/// The least power of two that is at least `count`.
int64_t powerAbove(int64_t count) {
  return static_cast<int64_t>(llvm::bit_ceil(static_cast<uint64_t>(count)));
}

} // namespace

int GroupShape::perThread() const {
  return lanes <= 4 ? lanes : 1 << (llvm::Log2_32(lanes) + 1) / 2;
}

GroupShape chooseGroup(int threads, dyn::KernelOp kernel, const Dims &dims,
                       llvm::ArrayRef<unsigned> order,
                       const std::vector<bool> &reduced) {
  dyn::SymbolFacts facts = dyn::factsOf(kernel);
  auto most = [&](int64_t axis) { // Elements along it; at least one.
    int64_t upper = dyn::rangeOf(dims[static_cast<size_t>(axis)], facts).upper;
    return std::clamp<int64_t>(upper, 1, longRow);
  };
  auto isReduced = [&](unsigned axis) { return reduced[axis]; };
  const auto *lane = llvm::find_if(order, isReduced);
  const auto *kept = llvm::find_if_not(order, isReduced);
  GroupShape shape;
  if (lane == order.end())
    return shape;
  shape.laneAxis = static_cast<int>(*lane);
  shape.lanesAlongMemory = lane == order.begin();
  int64_t all = threads, elements = most(*lane);
  if (dims[*lane].isConstant() && elements == longRow)
    all *= 2;
  int64_t totals = 1;
  if (kept != order.end() && !shape.lanesAlongMemory)
    totals = std::min({neighbours, powerAbove(most(*kept)), all / 2});
  int64_t lanes =
      std::clamp<int64_t>(powerBelow(elements) / perLane, 2, all / totals);
  if (kept != order.end() && shape.lanesAlongMemory)
    totals = std::min(all / lanes, powerAbove(most(*kept)));
  shape.lanes = static_cast<int>(lanes);
  shape.totals = static_cast<int>(totals);
  if (kept != order.end())
    shape.totalAxis = static_cast<int>(*kept);
  return shape;
}

} // namespace dycc::halide
