// Loop and Scan. What a loop carries starts with the shape of the initial
// value; an extent that one trip changes is widened: in the body it becomes a
// symbol of its own, which says nothing but that it is an extent. Then the body
// is solved again, until all that is left is what holds for every trip.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxControlFlow.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

namespace {
/// A Loop while it is solved.
class LoopRule {
public:
  LoopRule(onnx::LoopOp op, Solver &solver)
      : op(op), solver(solver), body(op.getBody().front()),
        yield(body.getTerminator()) {}
  void run();

private:
  bool seedArguments();
  bool widen();
  bool widenDims(Value carried, Value next);
  bool countsTrips();
  void readTrips();
  void setCarried(unsigned index);
  void setScan(unsigned index);
  ExprAttr finalDim(unsigned index, unsigned axis);

  unsigned numCarried() { return op.getVInitial().size(); }
  Value argument(unsigned index) { return body.getArgument(index + 2); }
  Value yielded(unsigned index) { return yield->getOperand(index + 1); }

  onnx::LoopOp op;
  Solver &solver;
  Block &body;
  Operation *yield;
  ExprAttr trips;     ///< At most so many; null where unknown.
  bool exact = false; ///< No trip is left out.
};
} // namespace

/// Gives the body's arguments what every trip may assume.
bool LoopRule::seedArguments() {
  solver.setDims(body.getArgument(0), {});
  solver.setDims(body.getArgument(1), {});
  // The body runs only while the condition holds.
  solver.setElements(body.getArgument(1), {solver.constant(1)});
  for (unsigned index = 0; index != numCarried(); ++index) {
    Value initial = op.getVInitial()[index], carried = argument(index);
    if (!isa<TensorType>(initial.getType())) {
      setHeldRank(solver, carried, initial);
      continue;
    }
    const Exprs *known = solver.dims(initial);
    if (!known)
      return false;
    Exprs dims(*known);
    for (unsigned axis = 0; axis != dims.size(); ++axis)
      if (ExprAttr symbol = solver.definedDim(carried, axis))
        dims[axis] = symbol;
    solver.setDims(carried, dims);
    const Exprs *elements = solver.elements(initial);
    if (elements && !solver.isWidened(carried))
      solver.setElements(carried, *elements);
  }
  return true;
}

/// Makes symbols of the extents that a trip changes.
bool LoopRule::widenDims(Value carried, Value next) {
  const Exprs *before = solver.dims(carried), *after = solver.dims(next);
  if (!before || !after || before->size() != after->size())
    return false;
  bool changed = false;
  for (unsigned axis = 0; axis != before->size(); ++axis) {
    if (solver.definedDim(carried, axis) ||
        solver.isEqual((*before)[axis], (*after)[axis]))
      continue;
    solver.defineDim(carried, axis, {}, &body);
    changed = true;
  }
  return changed;
}

bool LoopRule::widen() {
  bool changed = false;
  for (unsigned index = 0; index != numCarried(); ++index) {
    Value carried = argument(index), next = yielded(index);
    if (!isa<TensorType>(carried.getType()))
      continue;
    changed |= widenDims(carried, next);
    const Exprs *before = solver.elements(carried);
    const Exprs *after = solver.elements(next);
    if (before && (!after || *before != *after))
      changed |= solver.widenElements(carried);
  }
  return changed;
}

/// Whether the condition holds from the first trip to the last.
bool LoopRule::countsTrips() {
  auto isTrue = [&](Value value) {
    const Exprs *elements = solver.elements(value);
    return elements && elements->size() == 1 && elements->front().isConstant(1);
  };
  return (!op.getCond() || isTrue(op.getCond())) &&
         isTrue(yield->getOperand(0));
}

void LoopRule::readTrips() {
  // A count that only execution knows is read: it steers how often the body
  // runs, and the extents of scans.
  const Exprs *count = op.getM() ? solver.steering(op, op.getM()) : nullptr;
  if (!count || count->empty())
    return;
  trips = solver.simplify(ExprAttr::max(count->front(), solver.constant(0)));
  exact = countsTrips();
}

/// The extent after the last trip: where each trip adds the same, the first
/// extent and that often so many; else a symbol.
ExprAttr LoopRule::finalDim(unsigned index, unsigned axis) {
  ExprAttr symbol = solver.definedDim(argument(index), axis);
  ExprAttr first = (*solver.dims(op.getVInitial()[index]))[axis];
  if (!symbol)
    return first;
  Value result = op->getResult(index);
  const Exprs *next = solver.dims(yielded(index));
  if (!next || !trips)
    return solver.defineDim(result, axis, {});
  ExprAttr added = solver.simplify(ExprAttr::sub((*next)[axis], symbol));
  if (!solver.isVisible(added, op->getBlock()))
    return solver.defineDim(result, axis, {});
  ExprAttr last = ExprAttr::add(first, ExprAttr::mul(trips, added));
  if (exact)
    return last;
  bool grows = solver.range(added).lower >= 0;
  return solver.defineDim(result, axis, grows ? last : first);
}

void LoopRule::setCarried(unsigned index) {
  Value result = op->getResult(index), carried = argument(index);
  if (!isa<TensorType>(result.getType()))
    return setHeldRank(solver, result, {yielded(index), carried});
  const Exprs *known = solver.dims(carried),
              *next = solver.dims(yielded(index));
  if (!known)
    return;
  if (next && next->size() != known->size())
    return solver.fail(op, "expects a carried value to keep its rank, got " +
                               Twine(known->size()) + " and " +
                               Twine(next->size()));
  Exprs dims(*known);
  for (unsigned axis = 0; axis != dims.size(); ++axis)
    dims[axis] = finalDim(index, axis);
  solver.setDims(result, dims);
  const Exprs *elements = solver.elements(carried);
  if (elements && llvm::all_of(*elements, [&](ExprAttr element) {
        return solver.isVisible(element, op->getBlock());
      }))
    solver.setElements(result, *elements);
}

/// A slice per trip. All results with slices share the number of trips.
void LoopRule::setScan(unsigned index) {
  const Exprs *slice = solver.dims(yielded(index));
  if (!slice)
    return;
  ExprAttr leading = trips;
  if (!exact)
    leading = solver.defineDim(op->getResult(numCarried()), 0,
                               trips ? trips : ExprAttr());
  Exprs dims = {leading};
  for (auto [axis, dim] : llvm::enumerate(Exprs(*slice)))
    dims.push_back(solver.isVisible(dim, op->getBlock())
                       ? dim
                       : solver.defineDim(op->getResult(index), axis + 1,
                                          solver.upperBound(dim)));
  solver.setDims(op->getResult(index), dims);
}

void LoopRule::run() {
  expectOneElement(op, solver, op.getM(), "a trip count");
  expectOneElement(op, solver, op.getCond(), "a condition");
  {
    // Each round widens something, and there is only so much to widen.
    Solver::Quiet quiet(solver);
    do {
      if (!seedArguments())
        return;
      solver.solveBody(body);
    } while (widen());
  }
  if (!solver.isQuiet()) { // Once more, to report what is wrong.
    seedArguments();
    solver.solveBody(body);
  }
  readTrips();
  for (unsigned index = 0; index != op->getNumResults(); ++index)
    if (index < numCarried())
      setCarried(index);
    else
      setScan(index);
}

static void transferLoop(onnx::LoopOp op, Solver &solver) {
  LoopRule(op, solver).run();
}

//===----------------------------------------------------------------------===//
// Scan
//===----------------------------------------------------------------------===//

static int64_t axisAt(std::optional<ArrayRef<int64_t>> axes, size_t index) {
  return axes && index < axes->size() ? (*axes)[index] : 0;
}

/// Gives the body's arguments their shapes: the states, then a slice of each
/// scanned operand. The number of slices is the same for all.
static ExprAttr seedScan(onnx::ScanOp op, Solver &solver, Block &body,
                         unsigned numStates) {
  ExprAttr length;
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    const Exprs *known = solver.dims(operand);
    if (!known)
      return {};
    Exprs dims(*known);
    if (index >= numStates) {
      auto axis = normalizeAxis(
          op, solver, axisAt(op.getScanInputAxes(), index - numStates),
          dims.size());
      if (!axis)
        return {};
      length = length ? solver.unify(op, length, dims[*axis],
                                     "scanned operands of equal length")
                      : dims[*axis];
      dims.erase(dims.begin() + *axis);
    }
    solver.setDims(body.getArgument(index), dims);
  }
  return length;
}

/// The shape of a state after the last slice: the one before. An extent that
/// only the body knows is checked there (dycc-convert-scan-to-loop).
static void setState(onnx::ScanOp op, Solver &solver, unsigned index,
                     ArrayRef<ExprAttr> next) {
  Exprs dims(*solver.dims(op.getBody().getArgument(index)));
  if (next.size() != dims.size())
    return solver.fail(op, "expects a carried value to keep its rank, got " +
                               Twine(dims.size()) + " and " +
                               Twine(next.size()));
  for (auto [dim, after] : llvm::zip_equal(dims, next))
    if (solver.isVisible(after, op->getBlock()))
      dim = solver.unify(op, dim, after, "a state that keeps its shape");
  solver.setDims(op->getResult(index), dims);
}

/// The slices that the body gives, along their axis.
static void setSlices(onnx::ScanOp op, Solver &solver, unsigned index,
                      int64_t axis, ExprAttr length, Exprs dims) {
  auto position = normalizeAxis(op, solver, axis, dims.size() + 1);
  if (!position)
    return;
  dims.insert(dims.begin() + *position, length);
  Value result = op->getResult(index);
  for (auto [axis, dim] : llvm::enumerate(dims))
    if (!solver.isVisible(dim, op->getBlock()))
      dim = solver.defineDim(result, axis, solver.upperBound(dim));
  solver.setDims(result, dims);
}

static void transferScan(onnx::ScanOp op, Solver &solver) {
  Block &body = op.getBody().front();
  unsigned numStates = op->getNumOperands() - op.getNumScanInputs();
  ExprAttr length = seedScan(op, solver, body, numStates);
  if (!length)
    return;
  solver.solveBody(body);
  Operation *yield = body.getTerminator();
  for (auto [index, value] : llvm::enumerate(yield->getOperands())) {
    const Exprs *known = solver.dims(value);
    if (!known)
      continue;
    if (index < numStates)
      setState(op, solver, index, Exprs(*known));
    else
      setSlices(op, solver, index,
                axisAt(op.getScanOutputAxes(), index - numStates), length,
                *known);
  }
}

void shape::attachLoop(MLIRContext *context) {
  attachRules<transferLoop, transferNothing, onnx::LoopOp>(context);
  attachRules<transferScan, transferNothing, onnx::ScanOp>(context);
}
