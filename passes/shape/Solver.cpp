// The sweeps over a function. The graph is in SSA form, so one sweep forward
// sees every operand before its uses; a second one is needed where a use told
// something of its operands, and to confirm that nothing changes.
#include "passes/shape/Solver.h"

#include "dialects/onnx/OnnxDialect.h"
#include "dialects/onnx/OnnxInterfaces.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// A graph that is not at rest after so many sweeps has a rule that swings.
constexpr int kMaxSweeps = 16;

Solver::Solver(func::FuncOp function)
    : function(function), context(function.getContext()),
      isLimited(function->getParentOp()->hasAttr(kLimitedPropagation)) {
  declareSymbols();
  seedReads();
  seedArguments();
  base.facts = current.facts;
}

Solver::Solver(func::FuncOp function, Choices choices) : Solver(function) {
  this->choices = std::move(choices);
}

std::optional<bool> Solver::choose(RankChoice place, ExprAttr predicate) {
  std::optional<bool> choice;
  if (predicate && predicate.isConstant())
    choice = !predicate.isConstant(0);
  if (choices)
    if (auto tried = choices->find(place); tried != choices->end())
      choice = tried->second;
  if (choice)
    decisions[place] = {predicate, *choice};
  return choice;
}

std::optional<Decision> Solver::decisionOf(RankChoice place) const {
  auto found = decisions.find(place);
  return found == decisions.end() ? std::nullopt : std::optional(found->second);
}

void Solver::addConflict(RankChoice place, ExprAttr predicate,
                         const Twine &message) {
  if (!choices)
    return fail(place.first, message + dimThatDecides(predicate));
  if (!conflict)
    conflict = {place, predicate};
}

Solver::State &Solver::stateOf(Value value) {
  std::unique_ptr<State> &state = states[value];
  if (!state)
    state = std::make_unique<State>();
  return *state;
}

const Exprs *Solver::dims(Value value) const {
  auto found = states.find(value);
  if (!value || found == states.end() || !found->second->dims)
    return nullptr;
  return &*found->second->dims;
}

const Exprs *Solver::elements(Value value) const {
  auto found = states.find(value);
  if (!value || found == states.end() || !found->second->elements)
    return nullptr;
  return &*found->second->elements;
}

/// Stores `fresh`; an Unknown in it does not overwrite what is known.
static bool update(std::optional<Exprs> &known, Exprs fresh) {
  if (known && known->size() == fresh.size())
    for (auto [index, expr] : llvm::enumerate(fresh))
      if (expr.isUnknown())
        expr = (*known)[index];
  if (known && *known == fresh)
    return false;
  known = std::move(fresh);
  return true;
}

void Solver::setDims(Value value, ArrayRef<ExprAttr> dims) {
  Exprs fresh;
  for (auto [axis, dim] : llvm::enumerate(dims)) {
    ExprAttr extent = limitDim(value, axis, shorten(dim));
    // A negative one has an error; who goes on must not count by it.
    bool isExtent = !extent.isConstant() || extent.getValue() >= 0;
    fresh.push_back(isExtent ? extent : unknown());
  }
  bool isEmpty = fresh.size() == 1 && fresh.front().isConstant(0);
  changed |= update(stateOf(value).dims, std::move(fresh));
  if (isEmpty) // All of its elements are known.
    setElements(value, {});
}

void Solver::fillDims(Value value, ArrayRef<ExprAttr> dims) {
  const Exprs *known = this->dims(value);
  if (!known)
    return setDims(value, dims);
  auto isUnknown = [](ExprAttr dim) { return dim.isUnknown(); };
  if (known->size() != dims.size() || llvm::none_of(*known, isUnknown))
    return;
  Exprs filled(*known);
  for (auto [dim, fresh] : llvm::zip_equal(filled, dims))
    if (dim.isUnknown())
      dim = fresh;
  setDims(value, filled);
}

void Solver::setElements(Value value, ArrayRef<ExprAttr> elements) {
  if (elements.size() > size_t(kMaxElements))
    return;
  Exprs fresh;
  for (auto [index, element] : llvm::enumerate(elements)) {
    fresh.push_back(limitElement(value, index, shorten(element)));
    // An element that is read has the name that it is read by.
    if (fresh.back().isUnknown())
      if (ExprAttr read = readElements.lookup({value, int64_t(index)}))
        fresh.back() = read;
  }
  changed |= update(stateOf(value).elements, std::move(fresh));
}

bool Solver::widenElements(Value argument) {
  stateOf(argument).elements.reset();
  return widened.insert(argument).second;
}

void Solver::fail(Operation *op, const Twine &message) {
  if (!quiet && failedOps.insert(op).second && !choices)
    op->emitOpError(message);
}

void Solver::runOp(Operation &op) {
  if (auto symbolic = dyn_cast<dyn::SymbolicOp>(op)) {
    Exprs extents, values;
    for (int64_t extent :
         cast<RankedTensorType>(symbolic.getResult().getType()).getShape())
      extents.push_back(constant(extent));
    for (Attribute element : symbolic.getElements())
      values.push_back(cast<ExprAttr>(element));
    setDims(symbolic.getResult(), extents);
    return setElements(symbolic.getResult(), values);
  }
  if (!isa_and_nonnull<onnx::OnnxDialect>(op.getDialect()) ||
      op.getNumResults() == 0 || failedOps.contains(&op))
    return;
  if (auto transfer = dyn_cast<onnx::ShapeTransferOpInterface>(op))
    return transfer.transferForward(*this);
  fail(&op, "expects an operator with a shape rule");
}

void Solver::runBlock(Block &block) {
  for (Operation &op : block)
    runOp(op);
}

void Solver::runBackward(Block &block) {
  for (Operation &op : llvm::reverse(block))
    if (auto transfer = dyn_cast<onnx::ShapeTransferOpInterface>(op))
      if (!failedOps.contains(&op))
        transfer.transferBackward(*this);
}

void Solver::solveBlock(Block &block) {
  Assumptions outer = current;
  size_t numSymbols = symbols.size();
  runBlock(block);
  runBackward(block);
  current = std::move(outer);
  for (size_t index = numSymbols; index != symbols.size(); ++index)
    current.facts[symbols[index].name] = base.facts[symbols[index].name];
  forgetSimplified();
}

void Solver::solveBody(Block &body) {
  body.walk([&](Operation *op) {
    for (Value result : op->getResults())
      states.erase(result);
    for (Region &region : op->getRegions())
      for (Value argument : region.getArguments())
        states.erase(argument);
  });
  // What is found anew in here is no news for the sweep.
  bool outer = changed;
  solveBlock(body);
  changed = outer;
}

void Solver::sweep() {
  changed = false;
  requirements.clear();
  required.clear();
  current = base;
  conflict.reset();
  decisions.clear();
  counts.clear();
  forgetSimplified();
  Block &body = function.getBody().front();
  runBlock(body);
  runBackward(body);
}

LogicalResult Solver::solve() {
  for (int count = 0; count != kMaxSweeps; ++count) {
    sweep();
    if (!failedOps.empty())
      return failure();
    if (!changed)
      return success();
  }
  if (choices)
    return failure();
  return function.emitOpError("expects shapes that come to rest within ")
         << kMaxSweeps << " sweeps";
}
