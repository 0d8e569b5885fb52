// plan, bound, infer, estimate and live_sizes: formulas over the input symbols,
// evaluated once for each new tuple of them or when somebody asks.
#include "codegen/llvm/CostFormula.h"
#include "codegen/llvm/HostProgram.h"
#include "codegen/llvm/SizeLimits.h"

#include "llvm/IR/Intrinsics.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {
namespace {

/// Symbols of a function that is one path from entry to return: input symbols
/// are loaded from an array of them all, a derived one is computed where it is
/// first used.
class SymbolValues {
public:
  SymbolValues(HostProgram &program, IRBuilder<> &builder, Value *array)
      : program(program), builder(builder), array(array),
        definitions(builder, leaf()) {}
  SymbolValues(const SymbolValues &) = delete;

  ExprEmitter::Leaf leaf() {
    return [this](ExprAttr expr) -> Value * {
      return expr.getKind() == ExprKind::Symbol ? get(expr.getSymbol())
                                                : nullptr;
    };
  }

private:
  Value *get(StringRef name) {
    ExprAttr definition = program.definitionOf(name);
    if (!definition)
      return program.loadElement(builder, program.i64(), array,
                                 program.symbolIndex(name));
    if (Value *known = derived.lookup(name))
      return known;
    Value *value = definitions.emit(definition);
    return derived[name] = value;
  }

  HostProgram &program;
  IRBuilder<> &builder;
  Value *array;
  ExprEmitter definitions;
  StringMap<Value *> derived;
};

/// The ends that symbols can have between two arrays of input symbols.
class SymbolIntervals {
public:
  SymbolIntervals(HostProgram &program, IRBuilder<> &builder, Value *lower,
                  Value *upper)
      : program(program), builder(builder), lower(lower), upper(upper),
        intervals(builder, [this](StringRef name) { return get(name); }) {}
  SymbolIntervals(const SymbolIntervals &) = delete;

  EmittedInterval emit(ExprAttr expr) { return intervals.emit(expr); }

private:
  EmittedInterval get(StringRef name) {
    ExprAttr definition = program.definitionOf(name);
    if (!definition) {
      unsigned index = program.symbolIndex(name);
      return {program.loadElement(builder, program.i64(), lower, index),
              program.loadElement(builder, program.i64(), upper, index)};
    }
    auto known = derived.find(name);
    if (known != derived.end())
      return known->second;
    EmittedInterval interval = emit(definition);
    dyn::Interval declared = program.bounds.getFacts().lookup(name).range;
    interval.lower = builder.CreateBinaryIntrinsic(
        Intrinsic::smax, interval.lower, builder.getInt64(declared.lower));
    interval.upper = builder.CreateBinaryIntrinsic(
        Intrinsic::smin, interval.upper, builder.getInt64(declared.upper));
    derived[name] = interval;
    return interval;
  }

  HostProgram &program;
  IRBuilder<> &builder;
  Value *lower, *upper;
  IntervalEmitter intervals;
  StringMap<EmittedInterval> derived;
};

/// Sizes as LLVM IR, which stop at the end of int64.
struct EmittedBytes {
  using Value = llvm::Value *;

  IRBuilder<> &builder;
  function_ref<llvm::Value *(ExprAttr)> sizeOf;

  Value zero() { return builder.getInt64(0); }
  Value add(Value a, Value b) {
    return builder.CreateBinaryIntrinsic(Intrinsic::sadd_sat, a, b);
  }
  Value max(Value a, Value b) {
    return builder.CreateBinaryIntrinsic(Intrinsic::smax, a, b);
  }
  Value ifBelow(Value a, Value b, Value x, Value y) {
    return builder.CreateSelect(builder.CreateICmpSLT(a, b), x, y);
  }
  Value roundUp(Value bytes, int64_t alignment) {
    return builder.CreateAnd(add(bytes, builder.getInt64(alignment - 1)),
                             builder.getInt64(-alignment));
  }
};

/// Stores the arena's size, the scratch bytes and, for plan(), the offsets of
/// the arena's slots: bound() is given memory for the first two alone.
void emitArena(HostProgram &program, IRBuilder<> &builder, Value *slots,
               bool withOffsets, function_ref<Value *(ExprAttr)> sizeOf) {
  EmittedBytes numbers{builder, sizeOf};
  unsigned index = 0;
  auto [arena, scratch] = program.memory.evaluate(numbers, [&](Value *offset,
                                                               Value *) {
    if (withOffsets)
      program.storeElement(builder, offset, slots, program.offsetSlot(index++));
  });
  program.storeElement(builder, arena, slots, DYCC_SLOT_ARENA);
  program.storeElement(builder, scratch, slots, DYCC_SLOT_SCRATCH);
}

/// The requirements of the main program that only input symbols decide: they
/// fail before anything runs.
void emitRequirements(HostProgram &program, IRBuilder<> &builder, Value *frame,
                      ExprEmitter &expressions) {
  for (auto require : program.main.getOps<dyn::RequireOp>()) {
    if (!program.bounds.isOverInputs(require.getCondition()))
      continue;
    SmallVector<Value *> values{program.string(nodeName(require.getLoc()))};
    for (mlir::Attribute value : require.getValues())
      values.push_back(expressions.emit(cast<ExprAttr>(value)));
    program.emitCheck(
        builder, frame, expressions.emitCondition(require.getCondition()),
        DYCC_MODEL_ERROR, "node '%s': " + require.getMessage().str(), values);
  }
}

/// What reaches a kernel is not too large for it.
void emitSizeLimits(HostProgram &program, IRBuilder<> &builder, Value *frame,
                    ExprEmitter &sizes) {
  for (const SizeLimit &tensor : sizeLimits(program.main, program.bounds)) {
    Value *bytes = sizes.emit(tensor.bytes);
    Value *limit = builder.getInt64(tensor.limit);
    std::string node = nodeName(dyn::LaunchOp(tensor.launch).getLoc());
    program.emitCheck(
        builder, frame, builder.CreateICmpULE(bytes, limit),
        DYCC_INVALID_ARGUMENT,
        "node '%s': a tensor of %d bytes is too large, expected at most %d",
        {program.string(node), bytes, limit});
  }
}

} // namespace

Function *emitPlan(HostProgram &program) {
  Function *function = program.define<decltype(DyccModelDesc::plan)>("plan");
  IRBuilder<> builder(&function->getEntryBlock());
  Value *frame = function->getArg(0), *slots = function->getArg(2);
  SymbolValues symbols(program, builder, function->getArg(1));
  ExprEmitter expressions(builder, symbols.leaf());
  ExprEmitter sizes(builder, symbols.leaf(), Overflow::Saturate);
  emitRequirements(program, builder, frame, expressions);
  emitSizeLimits(program, builder, frame, sizes);
  emitArena(program, builder, slots, /*withOffsets=*/true,
            [&](ExprAttr size) { return sizes.emit(size); });
  for (ExprAttr expr : program.slotExprs())
    program.storeElement(builder, expressions.emit(expr), slots,
                         program.slotOf(expr));
  builder.CreateRet(builder.getInt32(0));
  return function;
}

Function *emitBound(HostProgram &program) {
  Function *function = program.define<decltype(DyccModelDesc::bound)>("bound");
  IRBuilder<> builder(&function->getEntryBlock());
  SymbolIntervals intervals(program, builder, function->getArg(0),
                            function->getArg(1));
  emitArena(program, builder, function->getArg(2), /*withOffsets=*/false,
            [&](ExprAttr size) { return intervals.emit(size).upper; });
  builder.CreateRetVoid();
  return function;
}

namespace {

/// Costs as LLVM IR, which stop at the end of int64.
struct EmittedCosts {
  using Value = llvm::Value *;

  IRBuilder<> &builder;
  ExprEmitter &expressions;

  Value number(ExprAttr expr) { return expressions.emit(expr); }
  Value add(Value a, Value b) {
    return builder.CreateBinaryIntrinsic(Intrinsic::sadd_sat, a, b);
  }
  Value max(Value a, Value b) {
    return builder.CreateBinaryIntrinsic(Intrinsic::smax, a, b);
  }
  Value mul(Value a, Value b) {
    // Both are not negative: without an overflow the product is the result.
    llvm::Value *pair =
        builder.CreateBinaryIntrinsic(Intrinsic::smul_with_overflow, a, b);
    return builder.CreateSelect(builder.CreateExtractValue(pair, 1),
                                builder.getInt64(INT64_MAX),
                                builder.CreateExtractValue(pair, 0));
  }
};

} // namespace

Function *emitEstimate(HostProgram &program) {
  Function *function =
      program.define<decltype(DyccModelDesc::estimate)>("estimate");
  IRBuilder<> builder(&function->getEntryBlock());
  SymbolValues symbols(program, builder, function->getArg(0));
  ExprEmitter expressions(builder, symbols.leaf(), Overflow::Saturate);
  auto costOn = [&](unsigned machine) {
    return CostFormula(program.main, program.bounds, machine)
        .evaluate(EmittedCosts{builder, expressions});
  };
  unsigned count = std::max<size_t>(program.options.machines.size(), 1);
  builder.CreateRet(program.emitByMachine(
      builder, count, [&] { return function->getArg(1); }, costOn));
  return function;
}

Function *emitLiveSizes(HostProgram &program, ArrayRef<ExprAttr> sizes) {
  Function *function =
      program.define<decltype(DyccModelDesc::liveSizes)>("live_sizes");
  IRBuilder<> builder(&function->getEntryBlock());
  SymbolValues symbols(program, builder, function->getArg(0));
  ExprEmitter expressions(builder, symbols.leaf(), Overflow::Saturate);
  for (auto [number, size] : enumerate(sizes))
    program.storeElement(builder, expressions.emit(size), function->getArg(1),
                         number);
  builder.CreateRetVoid();
  return function;
}

Function *emitInfer(HostProgram &program) {
  Function *function = program.define<decltype(DyccModelDesc::infer)>("infer");
  IRBuilder<> builder(&function->getEntryBlock());
  SymbolValues symbols(program, builder, function->getArg(0));
  ExprEmitter expressions(builder, symbols.leaf());
  unsigned position = 0;
  mlir::Operation *terminator = program.main.front().getTerminator();
  for (mlir::Type type : terminator->getOperandTypes())
    for (ExprAttr dim : dyn::getDims(type)) {
      ExprAttr bound = program.bounds.bound(dim);
      Value *extent = bound ? expressions.emit(bound) : builder.getInt64(-1);
      program.storeElement(builder, extent, function->getArg(1), position);
      program.storeElement(builder, builder.getInt8(bound == dim),
                           function->getArg(2), position++);
    }
  builder.CreateRetVoid();
  return function;
}

} // namespace dycc::codegen
