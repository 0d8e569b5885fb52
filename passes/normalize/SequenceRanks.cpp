// A sequence and what it is made of have one rank, as have all values that a
// loop or a branch hands on: classes of values, and facts about their members.
#include "passes/normalize/SequenceRanks.h"

#include "dialects/onnx/Containers.h"
#include "dialects/onnx/OnnxContainer.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace dycc {

void SequenceRanks::add(Value value) {
  if (value && onnx::heldTensor(value.getType()))
    leaders.insert({value, value});
}

Value SequenceRanks::leaderOf(Value value) {
  Value leader = value;
  while (leaders.lookup(leader) != leader)
    leader = leaders.lookup(leader);
  return leaders[value] = leader;
}

/// Of values one of which may be a tensor: then it is one of the other.
void SequenceRanks::unite(Value a, Value b) {
  if (!a || !b)
    return;
  bool isHolder = bool(onnx::heldTensor(a.getType()));
  if (isHolder && onnx::heldTensor(b.getType())) {
    add(a), add(b);
    leaders[leaderOf(a)] = leaderOf(b);
  } else if (isHolder) {
    facts.push_back({a, cast<TensorType>(b.getType()), 0});
  } else if (onnx::heldTensor(b.getType())) {
    facts.push_back({b, cast<TensorType>(a.getType()), 0});
  }
}

void SequenceRanks::uniteAll(ValueRange a, ValueRange b) {
  for (auto [x, y] : llvm::zip_equal(a, b))
    if (onnx::heldTensor(x.getType()))
      unite(x, y);
}

void SequenceRanks::visit(Operation *op) {
  for (Value value : op->getOperands())
    add(value);
  for (Value value : op->getResults())
    add(value);
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](onnx::LoopOp loop) {
        Block &body = loop.getBody().front();
        ValueRange initial = loop.getVInitial(),
                   yielded = body.getTerminator()->getOperands();
        size_t count = initial.size();
        uniteAll(initial, body.getArguments().drop_front(2));
        uniteAll(initial, yielded.slice(1, count));
        uniteAll(initial, loop.getResults().take_front(count));
      })
      .Case([&](onnx::IfOp op) {
        for (Region &region : op->getRegions())
          uniteAll(op->getResults(),
                   region.front().getTerminator()->getOperands());
      })
      .Case([&](onnx::SequenceInsertOp op) {
        unite(op.getInputSequence(), op.getOutputSequence());
        unite(op.getInputSequence(), op.getTensor());
      })
      .Case([&](onnx::SequenceEraseOp op) {
        unite(op.getInputSequence(), op.getOutputSequence());
      })
      .Case([&](onnx::SequenceConstructOp op) {
        for (Value tensor : op.getInputs())
          unite(op.getOutputSequence(), tensor);
      })
      .Case([&](onnx::SequenceAtOp op) {
        unite(op.getInputSequence(), op.getTensor());
      })
      .Case([&](onnx::SplitToSequenceOp op) {
        bool isRow = !op.getSplit() && !op.getKeepdims();
        facts.push_back({op.getOutputSequence(),
                         cast<TensorType>(op.getInput().getType()), isRow});
      })
      .Case([&](onnx::OptionalOp op) { unite(op.getOutput(), op.getInput()); })
      .Case([&](onnx::OptionalGetElementOp op) {
        unite(op.getInput(), op.getOutput());
      });
}

SequenceRanks::SequenceRanks(func::FuncOp function) {
  function.walk<WalkOrder::PreOrder>([&](Block *block) {
    for (Value argument : block->getArguments())
      add(argument);
    for (Operation &op : *block)
      visit(&op);
  });
  for (const Fact &fact : facts) {
    if (!fact.tensor.hasRank())
      continue;
    int64_t rank = fact.tensor.getRank() - fact.more;
    auto [known, isNew] = ranks.insert({leaderOf(fact.value), rank});
    isConsistent &= isNew || known->second == rank;
  }
  // What a model says of what is never put in.
  for (auto &[value, leader] : llvm::to_vector(leaders))
    if (TensorType held = onnx::heldTensor(value.getType()); held.hasRank())
      ranks.insert({leaderOf(value), held.getRank()});
}

bool SequenceRanks::areKnown() {
  return isConsistent &&
         llvm::all_of(llvm::to_vector(leaders), [&](auto &entry) {
           return ranks.contains(leaderOf(entry.first));
         });
}

int64_t SequenceRanks::of(Value value) { return ranks.at(leaderOf(value)); }

} // namespace dycc
