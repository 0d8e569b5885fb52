// What dycc-fold-sequences could not follow lies in memory: sequences and
// optionals become tensors wherever they are, in what control flow hands on and
// at the model's edge too.
#include "passes/normalize/Passes.h"

#include "dialects/onnx/Containers.h"
#include "dialects/onnx/OnnxContainer.h"
#include "dialects/onnx/OnnxControlFlow.h"
#include "dialects/onnx/OnnxTypes.h"
#include "passes/normalize/PackedSequence.h"
#include "passes/normalize/SequenceRanks.h"
#include "llvm/ADT/TypeSwitch.h"

#define DEBUG_TYPE "dycc-pack-sequences"

using namespace mlir;

namespace dycc {
#define GEN_PASS_DEF_PACKSEQUENCESPASS
#include "passes/normalize/Passes.h.inc"
namespace {

/// Whether a value of the type says apart from its tensors that there are any.
bool hasPresence(Type type) {
  auto optional = dyn_cast<onnx::OptType>(type);
  return optional && isa<onnx::SeqType>(optional.getElementType());
}

class Packer {
public:
  Packer(func::FuncOp function, SequenceRanks &ranks)
      : function(function), ranks(ranks) {}

  LogicalResult run() {
    packArguments();
    packBlock(function.getBody().front());
    if (hasFailed)
      return failure();
    packResults();
    for (Operation *op : llvm::reverse(dead))
      op->erase();
    for (BlockArgument argument : deadArguments)
      argument.getOwner()->eraseArgument(argument.getArgNumber());
    function.setFunctionType(FunctionType::get(
        function.getContext(), function.getBody().getArgumentTypes(),
        function.getBody().front().getTerminator()->getOperandTypes()));
    function.setAllArgAttrs(inputAttributes);
    function.setAllResultAttrs(outputAttributes);
    return success();
  }

private:
  /// The types of the parts of a value.
  SmallVector<Type> typesOf(Value value) {
    Builder b(value.getContext());
    constexpr int64_t any = ShapedType::kDynamic;
    SmallVector<Type> types;
    if (hasPresence(value.getType()))
      types.push_back(RankedTensorType::get({}, b.getI1Type()));
    types.push_back(RankedTensorType::get(
        {any}, onnx::heldTensor(value.getType()).getElementType()));
    types.push_back(
        RankedTensorType::get({any, ranks.of(value)}, b.getI64Type()));
    return types;
  }

  void keep(Value value, ValueRange parts) {
    bool isMarked = hasPresence(value.getType());
    packed[value] = {isMarked ? parts[0] : Value(), parts[isMarked],
                     parts[isMarked + 1], ranks.of(value)};
  }

  /// `values` with parts in the place of what holds tensors.
  SmallVector<Value> flatten(ValueRange values) {
    SmallVector<Value> result;
    for (Value value : values)
      if (auto found = packed.find(value); found != packed.end())
        llvm::append_range(result, found->second.parts());
      else
        result.push_back(value);
    return result;
  }

  /// Puts parts behind each argument that holds tensors.
  void packArguments(Block &block) {
    for (unsigned i = 0; i < block.getNumArguments(); ++i) {
      BlockArgument argument = block.getArgument(i);
      if (!onnx::heldTensor(argument.getType()))
        continue;
      SmallVector<Value> parts;
      for (Type type : typesOf(argument))
        parts.push_back(block.insertArgument(++i, type, argument.getLoc()));
      keep(argument, parts);
      deadArguments.push_back(argument);
    }
  }

  // The model's edge.

  void packArguments() {
    Block &block = function.getBody().front();
    SmallVector<DictionaryAttr> attributes;
    for (BlockArgument argument : block.getArguments())
      addParts(inputAttributes, argument,
               function.getArgAttrDict(argument.getArgNumber()));
    packArguments(block);
  }

  void packResults() {
    Operation *terminator = function.getBody().front().getTerminator();
    for (auto [i, value] : llvm::enumerate(terminator->getOperands()))
      addParts(outputAttributes, value, function.getResultAttrDict(i));
    terminator->setOperands(flatten(terminator->getOperands()));
  }

  /// The attributes of a value's parts. The first says what they are part of.
  void addParts(SmallVectorImpl<DictionaryAttr> &all, Value value,
                DictionaryAttr attributes) {
    Builder b(value.getContext());
    if (!attributes)
      attributes = b.getDictionaryAttr({});
    if (!onnx::heldTensor(value.getType())) {
      all.push_back(attributes);
      return;
    }
    auto name = attributes.getAs<StringAttr>("onnx.name");
    if (!name)
      name = b.getStringAttr("value" + Twine(all.size()));
    auto part = [&](StringRef what, ArrayRef<StringRef> symbols) {
      SmallVector<NamedAttribute> named = {b.getNamedAttr(
          "onnx.name", b.getStringAttr(name.getValue() + "." + what))};
      SmallVector<Attribute> dims;
      for (StringRef symbol : symbols)
        dims.push_back(b.getStringAttr(name.getValue() + "." + symbol));
      if (what == "extents")
        dims.push_back(b.getI64IntegerAttr(ranks.of(value)));
      named.push_back(b.getNamedAttr("dyn.dims", b.getArrayAttr(dims)));
      all.push_back(b.getDictionaryAttr(named));
    };
    size_t first = all.size();
    if (hasPresence(value.getType()))
      part("present", {});
    part("elements", {"size"});
    part("extents", {"count"});
    NamedAttrList marked(all[first]);
    marked.set("onnx.value", name);
    marked.set("onnx.type", TypeAttr::get(rankedType(value)));
    all[first] = marked.getDictionary(value.getContext());
  }

  /// The type of `value`, with the rank that its tensors are known to have.
  Type rankedType(Value value) {
    TensorType held = onnx::heldTensor(value.getType());
    if (held.hasRank() && held.getRank() == ranks.of(value))
      return value.getType();
    SmallVector<int64_t> any(ranks.of(value), ShapedType::kDynamic);
    return onnx::withHeldTensor(
        value.getType(), RankedTensorType::get(any, held.getElementType()));
  }

  // Operators.

  void packBlock(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (auto loop = dyn_cast<onnx::LoopOp>(op))
        packArguments(loop.getBody().front());
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          packBlock(inner);
      if (isa<onnx::LoopOp, onnx::IfOp>(op))
        packControl(&op);
      else if (!isa<func::ReturnOp>(op))
        packOperator(&op);
    }
  }

  /// Hands on parts.
  void packControl(Operation *op) {
    for (Region &region : op->getRegions()) {
      Operation *yield = region.front().getTerminator();
      yield->setOperands(flatten(yield->getOperands()));
    }
    auto holds = [](Value value) {
      return bool(onnx::heldTensor(value.getType()));
    };
    if (llvm::none_of(op->getResults(), holds))
      return;
    OpBuilder builder(op);
    OperationState state(op->getLoc(), op->getName());
    state.addAttributes(op->getAttrs());
    state.addOperands(flatten(op->getOperands()));
    if (auto loop = dyn_cast<onnx::LoopOp>(op)) {
      int32_t heads = (loop.getM() != nullptr) + (loop.getCond() != nullptr);
      int32_t carried = static_cast<int32_t>(state.operands.size()) - heads;
      state.attributes.set(
          "operandSegmentSizes",
          builder.getDenseI32ArrayAttr(
              {loop.getM() != nullptr, loop.getCond() != nullptr, carried}));
    }
    for (Value result : op->getResults())
      if (holds(result))
        for (Type type : typesOf(result))
          state.types.push_back(
              UnrankedTensorType::get(cast<TensorType>(type).getElementType()));
      else
        state.types.push_back(result.getType());
    for (Region &region : op->getRegions())
      state.addRegion()->takeBody(region);
    replace(op, builder.create(state)->getResults());
  }

  void replace(Operation *op, ValueRange parts) {
    for (Value result : op->getResults()) {
      size_t count = 1;
      if (onnx::heldTensor(result.getType())) {
        count = typesOf(result).size();
        keep(result, parts.take_front(count));
      } else {
        result.replaceAllUsesWith(parts.front());
      }
      parts = parts.drop_front(count);
    }
    dead.push_back(op);
  }

  void packOperator(Operation *op) {
    OpBuilder builder(op);
    OnnxBuilder b(builder, op->getLoc());
    SequenceBuilder s(b);
    llvm::TypeSwitch<Operation *>(op)
        .Case<onnx::SequenceEmptyOp, onnx::SequenceConstructOp,
              onnx::SequenceInsertOp, onnx::SequenceEraseOp,
              onnx::SplitToSequenceOp, onnx::OptionalOp>([&](auto typed) {
          packed[op->getResult(0)] = make(b, s, typed);
          dead.push_back(op);
        })
        .Case<onnx::SequenceAtOp, onnx::SequenceLengthOp,
              onnx::ConcatFromSequenceOp, onnx::OptionalHasElementOp>(
            [&](auto typed) {
              Value value = read(b, s, typed);
              if (!value) {
                hasFailed = true;
                return;
              }
              replaceValue(op->getResult(0), value);
              dead.push_back(op);
            })
        .Case([&](onnx::OptionalGetElementOp typed) { takeOut(s, typed); });
  }

  PackedSequence &of(Value value) { return packed.find(value)->second; }
  int64_t rankIn(Operation *op) { return ranks.of(op->getResult(0)); }
  Type elementIn(Operation *op) {
    return onnx::heldTensor(op->getResult(0).getType()).getElementType();
  }

  PackedSequence make(OnnxBuilder &, SequenceBuilder &s,
                      onnx::SequenceEmptyOp op) {
    return s.empty(elementIn(op), rankIn(op));
  }
  PackedSequence make(OnnxBuilder &, SequenceBuilder &s,
                      onnx::SequenceConstructOp op) {
    return s.make(llvm::to_vector(op.getInputs()), elementIn(op), rankIn(op));
  }
  PackedSequence make(OnnxBuilder &, SequenceBuilder &s,
                      onnx::SequenceInsertOp op) {
    return s.insert(of(op.getInputSequence()), op.getTensor(),
                    op.getPosition());
  }
  PackedSequence make(OnnxBuilder &, SequenceBuilder &s,
                      onnx::SequenceEraseOp op) {
    return s.erase(of(op.getInputSequence()), op.getPosition());
  }

  PackedSequence make(OnnxBuilder &b, SequenceBuilder &s,
                      onnx::SplitToSequenceOp op) {
    Value x = op.getInput(), split = op.getSplit();
    int64_t axis = op.getAxisAttr().getInt();
    Type i64 = b.getBuilder().getI64Type();
    auto sizes = split ? rankOf(split) : std::optional<int64_t>(0);
    bool isList = sizes && *sizes == 1;
    Value size = isList  ? b.cast(split, i64)
                 : split ? b.create("Reshape", {b.cast(split, i64), b.ints(1)})
                         : b.ints(1);
    return s.split(x, axis, isList ? size : s.evenSizes(x, axis, size),
                   split || op.getKeepdims(), rankIn(op));
  }

  PackedSequence make(OnnxBuilder &b, SequenceBuilder &s, onnx::OptionalOp op) {
    Value input = op.getInput();
    PackedSequence result = !input ? s.empty(elementIn(op), rankIn(op))
                            : onnx::heldTensor(input.getType())
                                ? of(input)
                                : s.make(input, elementIn(op), rankIn(op));
    if (hasPresence(op.getOutput().getType()))
      result.present = b.scalar(b.getBuilder().getI1Type(), input ? 1 : 0);
    return result;
  }

  Value read(OnnxBuilder &, SequenceBuilder &s, onnx::SequenceAtOp op) {
    return s.at(of(op.getInputSequence()), op.getPosition());
  }
  Value read(OnnxBuilder &, SequenceBuilder &s, onnx::SequenceLengthOp op) {
    return s.length(of(op.getInputSequence()));
  }
  Value read(OnnxBuilder &, SequenceBuilder &s, onnx::ConcatFromSequenceOp op) {
    const PackedSequence &in = of(op.getInputSequence());
    int64_t rank = in.rank + op.getNewAxis(), axis = op.getAxisAttr().getInt();
    if (axis < -rank || axis >= rank) {
      op.emitOpError("expects axis in [")
          << -rank << ", " << rank - 1 << "], got " << axis;
      return {};
    }
    return s.join(in, axis, op.getNewAxis() != 0);
  }
  Value read(OnnxBuilder &b, SequenceBuilder &s,
             onnx::OptionalHasElementOp op) {
    Value input = op.getInput();
    Type i1 = b.getBuilder().getI1Type();
    if (!input || !isa<onnx::OptType>(input.getType()))
      return b.scalar(i1, input ? 1 : 0);
    PackedSequence held = of(input);
    return held.present ? held.present : b.cast(s.length(held), i1);
  }

  void takeOut(SequenceBuilder &s, onnx::OptionalGetElementOp op) {
    OpBuilder builder(op);
    OnnxBuilder b(builder, op.getLoc());
    Value input = op.getInput(), output = op.getOutput();
    if (!onnx::heldTensor(input.getType()))
      return;
    if (onnx::heldTensor(output.getType()))
      packed[output] = s.held(of(input));
    else
      replaceValue(output,
                   s.at(of(input), b.scalar(b.getBuilder().getI64Type(), 0)));
    dead.push_back(op);
  }

  func::FuncOp function;
  SequenceRanks &ranks;
  bool hasFailed = false;
  DenseMap<Value, PackedSequence> packed;
  SmallVector<Operation *> dead;
  SmallVector<BlockArgument> deadArguments;
  SmallVector<DictionaryAttr> inputAttributes, outputAttributes;
};

class PackSequences final : public impl::PackSequencesPassBase<PackSequences> {
  void runOnOperation() override {
    SequenceRanks ranks(getOperation());
    if (ranks.any() && ranks.areKnown() &&
        failed(Packer(getOperation(), ranks).run()))
      signalPassFailure();
  }
};

} // namespace
} // namespace dycc
