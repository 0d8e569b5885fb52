#include "passes/plan/PlanChecks.h"
#include "passes/plan/StoredConstant.h"
#include "runtime/abi/Memory.h"
#include "llvm/ADT/StringSet.h"

#include <map>

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {
namespace {

/// The facts where no extent is empty. The symbols of `position` are none: they
/// say where something begins.
dyn::SymbolFacts withoutEmptyExtents(const dyn::SymbolFacts &facts,
                                     ExprAttr position) {
  dyn::SymbolFacts result = facts;
  llvm::StringSet<> positions;
  position.forEachSymbol(
      [&](llvm::StringRef symbol) { positions.insert(symbol); });
  for (auto &[name, fact] : result)
    if (fact.range.upper >= 1 && !positions.contains(name))
      fact.range.lower = std::max<int64_t>(fact.range.lower, 1);
  return result;
}

/// Checks what lies inside of something else, as far as it can be told: what a
/// check of the host program or the count of a loop ensures, no proof sees. So
/// refused is what surely lies outside wherever no extent is empty.
class ExtentChecker {
public:
  explicit ExtentChecker(PlanView plan)
      : plan(plan), facts(factsBehind(zeroOf(plan.function))) {}

  LogicalResult check() {
    return checkEach(plan.function,
                     [&](Operation *op) { return checkOperation(op); });
  }

private:
  LogicalResult checkOperation(Operation *op) {
    if (auto view = dyn_cast<dyn::ViewOp>(op))
      return checkInside(op, bytesOf(view.getResult()),
                         bytesOf(view.getInput()));
    if (auto part = dyn_cast<dyn::PartOp>(op))
      return checkPart(part);
    if (auto join = dyn_cast<dyn::JoinOp>(op))
      return checkInside(op, join.getOffsetInBytes(join.getInputs().size()),
                         bytesOf(join.getResult()));
    return storedConstant(op) ? checkWeight(op) : success();
  }

  static ExprAttr bytesOf(Value value) {
    return dyn::getSizeInBytes(value.getType());
  }

  LogicalResult checkPart(dyn::PartOp part) {
    ExprAttr from = part.getFrom();
    dyn::SymbolFacts behind = factsBehind(from);
    if (isLess(from, zeroOf(part), behind))
      return part.emitError("begins at ")
             << from.str() << ", before what it is of";
    ExprAttr end = ExprAttr::add(from, dyn::getNumElements(part.getType()));
    int64_t width = dyn::getElementBytes(getElementTypeOrSelf(part.getType()));
    return checkInside(part, end.times(width), bytesOf(part.getInput()),
                       behind);
  }

  static ExprAttr zeroOf(Operation *op) {
    return ExprAttr::constant(op->getContext(), 0);
  }

  LogicalResult checkInside(Operation *op, ExprAttr end, ExprAttr whole) {
    return checkInside(op, end, whole, facts);
  }

  LogicalResult checkInside(Operation *op, ExprAttr end, ExprAttr whole,
                            const dyn::SymbolFacts &known) {
    bool hasEmptyExtent = whole.asConstant() == 0;
    if (hasEmptyExtent || !isLess(whole, end, known))
      return success();
    return op->emitError("ends at byte ")
           << end.str() << ", beyond the " << whole.str()
           << " bytes that it is a part of";
  }

  dyn::SymbolFacts factsBehind(ExprAttr position) const {
    return withoutEmptyExtents(plan.bounds.getFacts(), position);
  }

  static bool isLess(ExprAttr a, ExprAttr b, const dyn::SymbolFacts &known) {
    return dyn::provablyLessEqual(a.plus(1), b, known);
  }

  LogicalResult checkWeight(Operation *op) {
    int64_t offset = dyn::getPlace(op->getResult(0)).getIndex();
    int64_t bytes = *bytesOf(op->getResult(0)).asConstant();
    if (offset < 0 || offset % DYCC_WEIGHT_ALIGNMENT != 0 ||
        offset + bytes > plan.memory.getWeightBytes())
      return op->emitError("lies at byte ")
             << offset << " of the weights, expects a multiple of "
             << DYCC_WEIGHT_ALIGNMENT << " that leaves " << bytes
             << " of their " << plan.memory.getWeightBytes() << " bytes";
    return bytes == 0 ? success() : checkApart(op, offset, bytes);
  }

  /// Equal weights share their bytes, others none.
  LogicalResult checkApart(Operation *op, int64_t offset, int64_t bytes) {
    auto [it, isNew] = weights.insert({offset, op});
    bool isShared = !isNew && isEqual(it->second, op);
    auto behind = std::next(it);
    bool reachesNext =
        behind != weights.end() && behind->first < offset + bytes;
    bool isReached =
        it != weights.begin() &&
        std::prev(it)->first + sizeOf(std::prev(it)->second) > offset;
    if ((isNew || isShared) && !reachesNext && !isReached)
      return success();
    return op->emitError("lies at byte ")
           << offset << " of the weights, where another one lies";
  }

  static int64_t sizeOf(Operation *op) {
    return *bytesOf(op->getResult(0)).asConstant();
  }
  static bool isEqual(Operation *a, Operation *b) {
    return storedConstant(a).getValue() == storedConstant(b).getValue() &&
           a->getResultTypes() == b->getResultTypes();
  }

  PlanView plan;
  dyn::SymbolFacts facts;
  std::map<int64_t, Operation *> weights; ///< By offset.
};

} // namespace

LogicalResult checkExtents(PlanView plan) {
  return ExtentChecker(plan).check();
}

} // namespace dycc::plan
