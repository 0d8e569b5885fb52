// Sequences have no memory: a value of such a type is followed from where it is
// made to where tensors are taken out of it, and these take its place. Ranks
// are not known yet, so that nothing here reads one: the model's may follow
// from what was in a sequence.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/Containers.h"
#include "dialects/onnx/OnnxContainer.h"
#include "dialects/onnx/OnnxTypes.h"
#include "dialects/onnx/OnnxUnary.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "passes/normalize/AppendedRows.h"
#include "passes/normalize/ExpandSequenceMap.h"
#include "passes/normalize/MovedAxes.h"
#include "passes/normalize/OnnxBuilder.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "dycc-fold-sequences"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_FOLDSEQUENCESPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// What is known of a sequence.
struct Sequence {
  enum class Kind {
    List,  ///< These tensors.
    Parts, ///< Of `tensor`, `size` places along `axis` each.
    Rows   ///< Those of `tensor` along its first axis, which they do not have.
  } kind = Kind::List;
  SmallVector<Value> values = {};
  Value tensor = {};
  Value size = {}; ///< A vector of one i64.
  int64_t axis = 0;
  bool keepsAxis = true;
};

/// The number in a constant of one integer.
std::optional<int64_t> numberOf(Value value) {
  ElementsAttr constant = constantOf(value);
  if (!constant || constant.getNumElements() != 1 ||
      !isa<IntegerType>(constant.getElementType()))
    return std::nullopt;
  return (*constant.getValues<APInt>().begin()).getSExtValue();
}

/// The place that `position`, null for the end, means among `count`, where all
/// up to and with `last` are legal.
std::optional<size_t> placeOf(Value position, size_t count, size_t last) {
  std::optional<int64_t> number =
      position ? numberOf(position) : std::optional<int64_t>(last);
  if (!number)
    return std::nullopt;
  int64_t place = *number + (*number < 0 ? static_cast<int64_t>(count) : 0);
  if (place < 0 || place > static_cast<int64_t>(last))
    return std::nullopt;
  return static_cast<size_t>(place);
}

/// A tensor that is inserted has the type of those that are there.
LogicalResult checkInserted(Operation *top) {
  LogicalResult result = success();
  top->walk([&](onnx::SequenceInsertOp op) {
    auto sequence = dyn_cast<onnx::SeqType>(op.getInputSequence().getType());
    auto held = sequence ? dyn_cast<TensorType>(sequence.getElementType())
                         : TensorType();
    Type element = elementTypeOf(op.getTensor());
    if (held && held.getElementType() != element)
      result = op.emitOpError("expects a tensor of ")
               << held.getElementType() << ", as its sequence has, got one of "
               << element;
  });
  return result;
}

class Folder {
public:
  /// Follows the sequences of a block and what it holds.
  void run(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      Operation *current = &op;
      if (auto loop = dyn_cast<onnx::LoopOp>(op))
        current = collectRows(loop);
      for (Region &region : current->getRegions())
        for (Block &inner : region)
          run(inner);
      fold(current);
    }
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (op.getNumResults() == 1 && op.use_empty() &&
          isa<onnx::SeqType, onnx::OptType>(op.getResult(0).getType()) &&
          isMemoryEffectFree(&op))
        op.erase();
  }

private:
  const Sequence *find(Value value) const {
    auto it = known.find(value);
    return it == known.end() ? nullptr : &it->second;
  }

  void fold(Operation *op) {
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    std::optional<Sequence> sequence =
        llvm::TypeSwitch<Operation *, std::optional<Sequence>>(op)
            .Case<onnx::SequenceEmptyOp, onnx::SequenceConstructOp,
                  onnx::SequenceInsertOp, onnx::SequenceEraseOp,
                  onnx::SplitToSequenceOp>(
                [&](auto typed) { return make(b, typed); })
            .Default([](Operation *) { return std::nullopt; });
    if (sequence) {
      known[op->getResult(0)] = std::move(*sequence);
      return;
    }
    Value value =
        llvm::TypeSwitch<Operation *, Value>(op)
            .Case<onnx::SequenceAtOp, onnx::SequenceLengthOp,
                  onnx::ConcatFromSequenceOp, onnx::OptionalGetElementOp,
                  onnx::OptionalHasElementOp>(
                [&](auto typed) { return read(b, typed); })
            .Default([](Operation *) { return Value(); });
    if (!value)
      return;
    replaceValue(op->getResult(0), value);
    op->erase();
  }

  // What makes sequences.

  std::optional<Sequence> make(OnnxBuilder &, onnx::SequenceEmptyOp) {
    return Sequence();
  }

  std::optional<Sequence> make(OnnxBuilder &, onnx::SequenceConstructOp op) {
    Sequence result;
    llvm::append_range(result.values, op.getInputs());
    return result;
  }

  std::optional<Sequence> make(OnnxBuilder &, onnx::SequenceInsertOp op) {
    const Sequence *before = find(op.getInputSequence());
    if (!before || before->kind != Sequence::Kind::List)
      return std::nullopt;
    size_t count = before->values.size();
    auto place = placeOf(op.getPosition(), count, count);
    if (!place)
      return std::nullopt;
    Sequence result = *before;
    result.values.insert(result.values.begin() + *place, op.getTensor());
    return result;
  }

  std::optional<Sequence> make(OnnxBuilder &, onnx::SequenceEraseOp op) {
    const Sequence *before = find(op.getInputSequence());
    if (!before || before->kind != Sequence::Kind::List ||
        before->values.empty())
      return std::nullopt;
    size_t count = before->values.size();
    auto place = placeOf(op.getPosition(), count, count - 1);
    if (!place)
      return std::nullopt;
    Sequence result = *before;
    result.values.erase(result.values.begin() + *place);
    return result;
  }

  std::optional<Sequence> make(OnnxBuilder &b, onnx::SplitToSequenceOp op) {
    Sequence result;
    result.kind = Sequence::Kind::Parts;
    result.tensor = op.getInput();
    result.axis = op.getAxisAttr().getInt();
    Value split = op.getSplit();
    result.keepsAxis = split || op.getKeepdims();
    if (!split) {
      result.size = b.ints(1);
      return result;
    }
    auto type = dyn_cast<RankedTensorType>(split.getType());
    if (type && type.getRank() == 0) {
      result.size = b.unsqueeze(b.cast(split, b.getBuilder().getI64Type()), 0);
      return result;
    }
    return cut(b, op);
  }

  /// In parts of the extents that a constant lists.
  std::optional<Sequence> cut(OnnxBuilder &b, onnx::SplitToSequenceOp op) {
    ElementsAttr extents = constantOf(op.getSplit());
    if (!extents)
      return std::nullopt;
    Sequence result;
    int64_t begin = 0;
    for (APInt extent : extents.getValues<APInt>()) {
      int64_t end = begin + extent.getSExtValue();
      result.values.push_back(
          b.slice(op.getInput(), op.getAxisAttr().getInt(), begin, end));
      begin = end;
    }
    return result;
  }

  // What takes tensors out of them.

  Value read(OnnxBuilder &b, onnx::SequenceAtOp op) {
    const Sequence *sequence = find(op.getInputSequence());
    if (!sequence)
      return {};
    switch (sequence->kind) {
    case Sequence::Kind::List: {
      size_t count = sequence->values.size();
      auto place = count == 0 ? std::nullopt
                              : placeOf(op.getPosition(), count, count - 1);
      return place ? sequence->values[*place] : Value();
    }
    case Sequence::Kind::Parts:
      return partAt(b, *sequence, op.getPosition());
    case Sequence::Kind::Rows:
      return b.create("Gather", {sequence->tensor, op.getPosition()});
    }
    llvm_unreachable("all kinds are there");
  }

  Value partAt(OnnxBuilder &b, const Sequence &parts, Value position) {
    Type i64 = b.getBuilder().getI64Type();
    Value place = b.create("Reshape", {b.cast(position, i64), b.ints(1)});
    std::optional<int64_t> number = numberOf(position);
    if (!number || *number < 0) {
      Value isBehind =
          b.create("Less", {place, b.ints(0)}, b.getBuilder().getI1Type());
      Value count = countParts(b, parts);
      place = b.create("Where",
                       {isBehind, b.create("Add", {place, count}), place}, i64);
    }
    Value begin = b.create("Mul", {place, parts.size});
    Value end = b.create("Add", {begin, parts.size});
    Value part =
        b.create("Slice", {parts.tensor, begin, end, b.ints(parts.axis)});
    return parts.keepsAxis ? part : b.squeeze(part, parts.axis);
  }

  static Value countParts(OnnxBuilder &b, const Sequence &parts) {
    Value extent = extentAlong(b, parts.tensor, parts.axis);
    Value above =
        b.create("Sub", {b.create("Add", {extent, parts.size}), b.ints(1)});
    return b.create("Div", {above, parts.size});
  }

  Value read(OnnxBuilder &b, onnx::SequenceLengthOp op) {
    const Sequence *sequence = find(op.getInputSequence());
    if (!sequence)
      return {};
    switch (sequence->kind) {
    case Sequence::Kind::List:
      return b.scalar(b.getBuilder().getI64Type(),
                      static_cast<double>(sequence->values.size()));
    case Sequence::Kind::Parts:
      return b.squeeze(countParts(b, *sequence), 0);
    case Sequence::Kind::Rows:
      return b.squeeze(b.extent(sequence->tensor, 0), 0);
    }
    llvm_unreachable("all kinds are there");
  }

  Value read(OnnxBuilder &b, onnx::ConcatFromSequenceOp op) {
    const Sequence *sequence = find(op.getInputSequence());
    if (!sequence)
      return {};
    int64_t axis = op.getAxisAttr().getInt();
    bool isNew = op.getNewAxis() != 0;
    switch (sequence->kind) {
    case Sequence::Kind::List:
      return join(b, sequence->values, axis, isNew);
    case Sequence::Kind::Parts:
      if (axis == sequence->axis && isNew != sequence->keepsAxis)
        return sequence->tensor; // Together again.
      return numberOf(sequence->size) == 1
                 ? joinRows(b, asRows(b, *sequence), axis, isNew)
                 : Value();
    case Sequence::Kind::Rows:
      return joinRows(b, sequence->tensor, axis, isNew);
    }
    llvm_unreachable("all kinds are there");
  }

  /// Parts of one place each as rows, null where there are too many axes.
  static Value asRows(OnnxBuilder &b, const Sequence &parts) {
    int64_t axis = parts.axis;
    Value x = parts.tensor;
    if (parts.keepsAxis) // It lies behind the one that counts the parts.
      x = b.unsqueeze(x, axis < 0 ? axis-- : axis + 1);
    return moveAxis(b, x, axis, /*toFirst=*/true);
  }

  static Value joinRows(OnnxBuilder &b, Value rows, int64_t axis, bool isNew) {
    if (!rows)
      return {};
    Value moved = moveAxis(b, rows, isNew || axis >= 0 ? axis : axis - 1);
    return isNew || !moved ? moved : mergeNext(b, moved, axis);
  }

  static Value join(OnnxBuilder &b, ArrayRef<Value> values, int64_t axis,
                    bool isNew) {
    if (values.empty())
      return {};
    SmallVector<Value> parts(values);
    if (isNew)
      for (Value &part : parts)
        part = b.unsqueeze(part, axis);
    return b.concat(parts, axis);
  }

  /// Of what holds a tensor, as an optional that is made does.
  Value read(OnnxBuilder &, onnx::OptionalGetElementOp op) {
    return heldBy(op.getInput());
  }

  Value read(OnnxBuilder &b, onnx::OptionalHasElementOp op) {
    Value input = op.getInput();
    auto made = input ? input.getDefiningOp<onnx::OptionalOp>() : nullptr;
    if (input && !heldBy(input) && !made)
      return {};
    return b.scalar(b.getBuilder().getI1Type(), input && heldBy(input) ? 1 : 0);
  }

  static Value heldBy(Value value) {
    if (isa<TensorType>(value.getType()))
      return value;
    auto made = value.getDefiningOp<onnx::OptionalOp>();
    Value held = made ? made.getInput() : Value();
    return held && isa<TensorType>(held.getType()) ? held : Value();
  }

  /// Whether tensors are taken out of `sequence` by operators that can have
  /// them as rows, and it goes nowhere else. That they are of equal extents
  /// follows from one that stacks them.
  static bool isReadAsRows(Value sequence) {
    Type type = onnx::heldTensor(sequence.getType()).getElementType();
    bool isStacked = false;
    return llvm::all_of(
               sequence.getUsers(),
               [&](Operation *user) {
                 auto join = dyn_cast<onnx::ConcatFromSequenceOp>(user);
                 if (!join)
                   return isa<onnx::SequenceAtOp, onnx::SequenceLengthOp>(user);
                 int64_t axis = join.getAxisAttr().getInt();
                 isStacked |= join.getNewAxis() != 0;
                 return canMove(type, axis - 1) && canMove(type, axis);
               }) &&
           isStacked;
  }

  /// Gives `loop` what it appends to empty sequences as scan outputs instead.
  Operation *collectRows(onnx::LoopOp loop) {
    AppendedRows result = collectAppended(loop, [&](Value initial, Value last) {
      const Sequence *sequence = find(initial);
      return sequence && sequence->kind == Sequence::Kind::List &&
             sequence->values.empty() && isReadAsRows(last);
    });
    for (auto [sequence, rows] : result.sequences)
      known[sequence] = {Sequence::Kind::Rows, {}, rows};
    return result.loop;
  }

  DenseMap<Value, Sequence> known;
};

/// One of a sequence would hide what is in it.
void dropIdentities(func::FuncOp function) {
  function.walk([](onnx::IdentityOp op) {
    if (!isa<onnx::SeqType, onnx::OptType>(op.getInput().getType()))
      return;
    op.getOutput().replaceAllUsesWith(op.getInput());
    op.erase();
  });
}

class FoldSequences final : public impl::FoldSequencesPassBase<FoldSequences> {
  void runOnOperation() override {
    if (failed(checkInserted(getOperation())))
      return signalPassFailure();
    dropIdentities(getOperation());
    getOperation().walk([](onnx::SequenceMapOp op) { expandSequenceMap(op); });
    Folder().run(getOperation().getBody().front());
    refreshResultTypes(getOperation());
  }
};

} // namespace
} // namespace dycc
