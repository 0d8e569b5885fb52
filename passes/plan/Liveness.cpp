#include "passes/plan/Liveness.h"

#include "dialects/dyn/Plan.h"
#include "dialects/dyn/Rows.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::plan {

int64_t slotOf(const Buffer &buffer, dyn::MemoryAttr memory) {
  if (!buffer.value) {
    auto loop = cast<dyn::LoopOp>(buffer.definition);
    int64_t first = loop.getPairs()[buffer.carried];
    return first < 0 ? -1 : first + buffer.half;
  }
  dyn::PlaceAttr place = dyn::getPlace(cast<OpResult>(buffer.value));
  if (place.getKind() == dyn::PlaceKind::Output)
    return memory.getOutputSlots()[place.getIndex()];
  return place.getKind() == dyn::PlaceKind::Arena ? place.getIndex() : -1;
}

bool isInOtherBranch(Operation *definition, Operation *op) {
  for (auto branch = op->getParentOfType<dyn::IfOp>(); branch;
       branch = branch->getParentOfType<dyn::IfOp>())
    for (Region &region : branch->getRegions())
      if (region.isAncestor(definition->getParentRegion()) &&
          !region.isAncestor(op->getParentRegion()))
        return true;
  return false;
}

bool areTogether(const Buffer &a, const Buffer &b) {
  return a.begin <= b.end && b.begin <= a.end &&
         !isInOtherBranch(a.definition, b.definition);
}

Liveness::Liveness(func::FuncOp function, const dyn::ExecutionBounds &bounds)
    : bounds(bounds), symbols(function->getParentOfType<ModuleOp>()) {
  number(function.front());
  visit(function.front());
  extendByUses();
}

SmallVector<unsigned> Liveness::inOrder() const {
  auto order = llvm::to_vector(llvm::seq<unsigned>(0, list.size()));
  llvm::stable_sort(order, [&](unsigned a, unsigned b) {
    return list[a].begin < list[b].begin;
  });
  return order;
}

ArrayRef<unsigned> Liveness::buffersOf(Value value) const {
  auto it = aliases.find(value);
  return it == aliases.end() ? ArrayRef<unsigned>() : ArrayRef(it->second);
}

void Liveness::number(Block &block) {
  for (Operation &op : block) {
    begins[&op] = next++;
    for (Region &region : op.getRegions())
      for (Block &inner : region)
        number(inner);
    ends[&op] = next - 1;
  }
}

unsigned Liveness::addBuffer(Operation *definition, Value value, Type type) {
  int64_t begin = begins.lookup(definition);
  ExprAttr size = bounds.boundBytes(type);
  if (!size)
    lastUsers[list.size()] = definition;
  list.push_back({definition, value, size, begin, begin});
  return list.size() - 1;
}

void Liveness::addAliases(Value value, ArrayRef<unsigned> buffers) {
  auto &known = aliases[value];
  for (unsigned buffer : buffers)
    if (!llvm::is_contained(known, buffer))
      known.push_back(buffer);
}

void Liveness::visit(Block &block) {
  for (Operation &op : block)
    visit(&op);
}

void Liveness::visit(Operation *op) {
  if (isa<dyn::ViewOp, dyn::PartOp>(op))
    return addAliases(op->getResult(0),
                      SmallVector<unsigned>(buffersOf(op->getOperand(0))));
  if (auto branch = dyn_cast<dyn::IfOp>(op)) {
    for (Region &region : op->getRegions()) {
      visit(region.front());
      Operation *yield = region.front().getTerminator();
      for (auto [result, value] :
           llvm::zip(branch.getResults(), yield->getOperands()))
        addAliases(result, SmallVector<unsigned>(buffersOf(value)));
    }
    return;
  }
  if (auto loop = dyn_cast<dyn::LoopOp>(op))
    return visitLoop(loop);
  if (!isa<dyn::LaunchOp, dyn::RuntimeOp, dyn::SymbolicOp>(op))
    return;
  for (Value result : op->getResults()) {
    if (auto join = dyn::JoinOp::of(result))
      addJoined(result, join);
    else if (dyn::rowsOf(result))
      continue; // visitLoopByRows() knows where it lies.
    else if (dyn::LaunchOp launch = dyn::overwriterOf(result))
      addAliases(result,
                 SmallVector<unsigned>(buffersOf(dyn::overwrittenBy(launch))));
    else if (!carryOf(result) && buffersOf(result).empty())
      addAliases(result, addBuffer(op, result, result.getType()));
  }
}

/// The memory of a join is live from its first operand on.
void Liveness::addJoined(Value operand, dyn::JoinOp join) {
  if (buffersOf(join.getResult()).empty()) {
    unsigned buffer = addBuffer(join, join.getResult(), join.getType());
    list[buffer].begin = begins.lookup(operand.getDefiningOp());
    addAliases(join.getResult(), buffer);
  }
  addAliases(operand, SmallVector<unsigned>(buffersOf(join.getResult())));
}

bool Liveness::changes(dyn::LoopOp loop, unsigned index) {
  Block &body = loop.getBody().front();
  Value yielded = body.getTerminator()->getOperand(index + 1);
  return yielded != body.getArgument(index + 2) &&
         loop.getBody().isAncestor(yielded.getParentRegion());
}

bool Liveness::hasPair(dyn::LoopOp loop, unsigned index) {
  return changes(loop, index) && !isInOnePlace(loop, index);
}

/// Whether all that reads `value`, by whatever name, comes before `op`.
static bool isReadBefore(Value value, Operation *op) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (isa<dyn::ViewOp, dyn::PartOp>(user))
      return isReadBefore(user->getResult(0), op);
    Operation *here = op->getBlock()->findAncestorOpInBlock(*user);
    return here && !isa<dyn::LoopOp, dyn::IfOp, dyn::YieldOp>(user) &&
           here->isBeforeInBlock(op);
  });
}

bool Liveness::isInOnePlace(dyn::LoopOp loop, unsigned index) {
  if (!dyn::getStripImage(loop) || whyNotInBuffer(loop, index))
    return false;
  Block &body = loop.getBody().front();
  Value yielded = body.getTerminator()->getOperand(index + 1);
  return !dyn::JoinOp::of(yielded) &&
         isReadBefore(body.getArgument(index + 2), yielded.getDefiningOp());
}

remarks::Reason Liveness::whyNotInBuffer(dyn::LoopOp loop, unsigned index) {
  Operation *yield = loop.getBody().front().getTerminator();
  Value value = yield->getOperand(index + 1);
  Operation *op = value.getDefiningOp();
  if (!changes(loop, index) ||
      !isa_and_nonnull<dyn::LaunchOp, dyn::RuntimeOp, dyn::SymbolicOp>(op) ||
      op->getParentOp() != loop)
    return {"no kernel of the body itself makes it"};
  if (llvm::count(yield->getOperands(), value) != 1)
    return {"it is carried or collected twice"};
  return {};
}

std::optional<std::pair<dyn::LoopOp, unsigned>> Liveness::carryOf(Value value) {
  for (OpOperand &use : value.getUses()) {
    auto loop = dyn_cast<dyn::LoopOp>(use.getOwner()->getParentOp());
    if (!loop || !isa<dyn::YieldOp>(use.getOwner()))
      continue;
    unsigned index = use.getOperandNumber();
    if (index >= 1 && index <= loop.getInitial().size() &&
        !whyNotInBuffer(loop, index - 1) && !isInOnePlace(loop, index - 1))
      return std::pair(loop, index - 1);
  }
  return std::nullopt;
}

/// The results have memory before the first trip, and each trip writes to it.
void Liveness::visitLoopByRows(dyn::LoopOp loop) {
  Block &body = loop.getBody().front();
  for (auto [result, rows] :
       llvm::zip(loop.getResults(),
                 body.getTerminator()->getOperands().drop_front())) {
    unsigned buffer = addBuffer(loop, result, result.getType());
    list[buffer].end = ends.lookup(loop);
    addAliases(result, buffer);
    addAliases(rows, buffer);
  }
  visit(body);
}

/// What the next trip reads has its memory from the loop's start to its end.
void Liveness::addOnePlace(dyn::LoopOp loop, Value argument, Value yielded) {
  unsigned buffer =
      addBuffer(yielded.getDefiningOp(), yielded, yielded.getType());
  list[buffer].begin = begins.lookup(loop);
  list[buffer].end = ends.lookup(loop);
  addAliases(argument, buffer);
  addAliases(yielded, buffer);
}

void Liveness::visitLoop(dyn::LoopOp loop) {
  if (dyn::getFirstRow(loop))
    return visitLoopByRows(loop);
  Block &body = loop.getBody().front();
  Operation *yield = body.getTerminator();
  unsigned carried = loop.getInitial().size();
  for (unsigned index = 0; index < carried; ++index) {
    Value argument = body.getArgument(index + 2);
    Value yielded = yield->getOperand(index + 1);
    addAliases(argument,
               SmallVector<unsigned>(buffersOf(loop.getInitial()[index])));
    if (isInOnePlace(loop, index)) {
      addOnePlace(loop, argument, yielded);
      continue;
    }
    if (!hasPair(loop, index)) {
      addAliases(argument, SmallVector<unsigned>(buffersOf(yielded)));
      continue;
    }
    for (int half = 0; half < 2; ++half) {
      unsigned buffer = addBuffer(loop, Value(), yielded.getType());
      list[buffer].carried = index;
      list[buffer].half = half;
      list[buffer].end = ends.lookup(loop);
      addAliases(argument, buffer);
      if (!whyNotInBuffer(loop, index))
        addAliases(yielded, buffer);
    }
  }
  visit(body);
  for (auto [index, result] : llvm::enumerate(loop.getResults())) {
    if (index < carried) {
      addAliases(result,
                 SmallVector<unsigned>(buffersOf(body.getArgument(index + 2))));
      continue;
    }
    unsigned buffer = addBuffer(loop, result, result.getType());
    list[buffer].end = ends.lookup(loop);
    addAliases(result, buffer);
  }
}

int64_t Liveness::lastUse(Operation *user, const Buffer &buffer) const {
  int64_t last = begins.lookup(user);
  for (Operation *op = user; op; op = op->getParentOp()) {
    bool definedInside = op->isAncestor(buffer.definition);
    if (definedInside && op != buffer.definition)
      break;
    if (isa<dyn::LoopOp>(op) && !definedInside)
      last = ends.lookup(op);
  }
  return last;
}

bool Liveness::mayUseAfter(Operation *user, unsigned buffer,
                           Operation *op) const {
  int64_t last = lastUse(user, list[buffer]);
  // The next trip of a loop may take the other branch.
  bool isInLoop = last != begins.lookup(user);
  return last > begins.lookup(op) && (isInLoop || !isInOtherBranch(user, op));
}

void Liveness::extendByUses() {
  for (auto &[value, buffers] : aliases)
    for (Operation *user : value.getUsers())
      for (unsigned buffer : buffers) {
        int64_t last = lastUse(user, list[buffer]);
        list[buffer].end = std::max(list[buffer].end, last);
        addUser(buffer, user);
      }
}

void Liveness::addUser(unsigned buffer, Operation *user) {
  auto it = lastUsers.find(buffer);
  if (it == lastUsers.end())
    return;
  Operation *&last = it->second;
  Operation *here = last->getBlock()->findAncestorOpInBlock(*user);
  while (!here) {
    last = last->getParentOp();
    here = last->getBlock()->findAncestorOpInBlock(*user);
  }
  if (begins.lookup(last) < begins.lookup(here))
    last = here;
}

Operation *Liveness::lastUser(unsigned buffer) const {
  Operation *last = lastUsers.lookup(buffer);
  return isa<func::ReturnOp>(last) ? nullptr : last;
}

} // namespace dycc::plan
