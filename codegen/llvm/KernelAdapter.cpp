// Between the host program and a kernel: what Halide's calling convention
// wants, made once for each kernel, not at each call. It wants pointers to
// buffers, and of a buffer kernels read no more than where it lies: its layout
// is known when they are compiled (codegen/halide/Operands.h).
#include "codegen/llvm/HostProgram.h"
#include "dialects/dyn/DynDevice.h"
#include "runtime/abi/Calls.h"

#include "HalideRuntime.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;

namespace dycc::codegen {
namespace {

/// Emits one adapter.
class AdapterEmitter {
public:
  AdapterEmitter(HostProgram &program, dyn::KernelOp kernel, Function *function)
      : program(program), kernel(kernel), function(function),
        builder(&function->getEntryBlock()),
        expressions(builder, [this](ExprAttr expr) { return leaf(expr); }) {}

  void emit(unsigned number) {
    emitReturnIfEmpty();
    unsigned position = 1;
    SmallVector<Value *> arguments{function->getArg(0)};
    for (mlir::Type type : kernel.getBody().getArgumentTypes())
      arguments.push_back(buffer(program.readable(
          builder, arguments.front(), function->getArg(position++),
          expressions.emit(dyn::getNumElements(type)))));
    SmallVector<Value *> outputs;
    for (unsigned i = 0; i < kernel.getOutputs().size(); ++i)
      outputs.push_back(buffer(function->getArg(position++)));
    for (unsigned i = 0; i < kernel.getSymbols().size(); ++i)
      arguments.push_back(
          builder.CreateTrunc(function->getArg(position++), program.i32()));
    append_range(arguments, outputs);
    emitProfile([&] { emitBegin(number); });
    Value *status = emitVersions(arguments);
    emitProfile([&] {
      builder.CreateCall(program.declare<decltype(dycc_rt_end)>("dycc_rt_end"),
                         {function->getArg(0), numberFrom(number)});
    });
    builder.CreateRet(status);
  }

private:
  /// Of results without elements nothing is computed: a kernel would still read
  /// what its inner stages are made of, and there may be none of that.
  void emitReturnIfEmpty() {
    Value *count = builder.getInt64(0);
    for (mlir::Type type : kernel.getResultTypes()) {
      ExprAttr elements = dyn::getNumElements(type);
      if (elements.isConstant() && !elements.isConstant(0))
        return;
      count = builder.CreateOr(count, expressions.emit(elements));
    }
    BasicBlock *empty =
        BasicBlock::Create(program.context(), "empty", function);
    BasicBlock *next = BasicBlock::Create(program.context(), "", function);
    builder.CreateCondBr(builder.CreateIsNull(count), empty, next);
    builder.SetInsertPoint(empty);
    builder.CreateRet(builder.getInt32(DYCC_OK));
    builder.SetInsertPoint(next);
  }

  /// Behind the symbols of a kernel with several versions stands which one.
  Value *chosen() { return function->getArg(function->arg_size() - 2); }

  /// The number of the version taken, `first` of the first one.
  Value *numberFrom(unsigned first) {
    Value *number = builder.getInt32(first);
    return kernel.getNumVersions() == 1
               ? number
               : builder.CreateAdd(builder.CreateTrunc(chosen(), program.i32()),
                                   number);
  }

  /// The status of the version taken.
  Value *emitVersions(ArrayRef<Value *> arguments) {
    unsigned count = kernel.getNumVersions();
    if (count == 1)
      return emitCall(0, arguments);
    BasicBlock *start = builder.GetInsertBlock();
    BasicBlock *next = BasicBlock::Create(program.context(), "", function);
    PHINode *status = PHINode::Create(program.i32(), count, "", next);
    SmallVector<BasicBlock *> blocks;
    for (unsigned version = 0; version < count; ++version) {
      blocks.push_back(
          BasicBlock::Create(program.context(), "version", function, next));
      builder.SetInsertPoint(blocks.back());
      status->addIncoming(emitCall(version, arguments), blocks.back());
      builder.CreateBr(next);
    }
    builder.SetInsertPoint(start);
    SwitchInst *choice =
        builder.CreateSwitch(chosen(), blocks.back(), count - 1);
    for (unsigned version = 0; version + 1 < count; ++version)
      choice->addCase(builder.getInt64(version), blocks[version]);
    builder.SetInsertPoint(next);
    return status;
  }

  Value *emitCall(unsigned version, ArrayRef<Value *> arguments) {
    SmallVector<Type *> types;
    for (Value *argument : arguments)
      types.push_back(argument->getType());
    return builder.CreateCall(
        program.declare(kernel.getFunctionName(version),
                        FunctionType::get(program.i32(), types, false)),
        arguments);
  }

  /// Tells the launch with what its symbols and extents are.
  void emitBegin(unsigned first) {
    SmallVector<Value *> numbers;
    for (unsigned i = 0; i < kernel.getSymbols().size(); ++i)
      numbers.push_back(function->getArg(firstSymbol() + i));
    SmallVector<mlir::Type> types(kernel.getBody().getArgumentTypes());
    append_range(types, kernel.getResultTypes());
    for (mlir::Type type : types)
      for (ExprAttr dim : dyn::getDims(type))
        numbers.push_back(expressions.emit(dim));
    Value *array = program.allocate(builder, program.i64(),
                                    std::max<size_t>(numbers.size(), 1));
    for (auto [index, value] : enumerate(numbers))
      program.storeElement(builder, value, array, index);
    builder.CreateCall(
        program.declare<decltype(dycc_rt_begin)>("dycc_rt_begin"),
        {function->getArg(0), numberFrom(first),
         function->getArg(function->arg_size() - 1), array});
  }

  /// The kernel's symbols are behind the results.
  Value *leaf(ExprAttr expr) {
    if (expr.getKind() != ExprKind::Symbol)
      return nullptr;
    return function->getArg(firstSymbol() +
                            *kernel.findSymbol(expr.getSymbol()));
  }
  unsigned firstSymbol() {
    return 1 + kernel.getBody().getNumArguments() + kernel.getOutputs().size();
  }

  /// A buffer of which nothing is set but the one field that kernels read.
  Value *buffer(Value *host) {
    Value *result = program.allocateStructs<halide_buffer_t>(builder);
    program.storeField(builder, host, result, &halide_buffer_t::host);
    // Memory of one launch has a handle there, a tensor has none.
    if (dyn::hasDeviceVersion(kernel))
      program.storeField(builder, builder.getInt64(0), result,
                         &halide_buffer_t::device);
    return result;
  }

  /// What happens where somebody listens: nearly never.
  void emitProfile(function_ref<void()> tell) {
    Value *frame = function->getArg(0);
    Value *listener = program.loadField(builder, frame, &DyccFrame::profile);
    BasicBlock *call =
        BasicBlock::Create(program.context(), "profile", function);
    BasicBlock *next = BasicBlock::Create(program.context(), "", function);
    builder.CreateCondBr(
        builder.CreateIsNull(listener), next, call,
        MDBuilder(program.context()).createBranchWeights(1 << 20, 1));
    builder.SetInsertPoint(call);
    tell();
    builder.CreateBr(next);
    builder.SetInsertPoint(next);
  }

  HostProgram &program;
  dyn::KernelOp kernel;
  Function *function;
  IRBuilder<> builder;
  ExprEmitter expressions;
};

} // namespace

Function *emitKernelAdapter(HostProgram &program, dyn::KernelOp kernel,
                            unsigned number) {
  SmallVector<Type *> types(1 + kernel.getBody().getNumArguments() +
                                kernel.getOutputs().size(),
                            program.ptr());
  types.append(kernel.getSymbols().size() + (kernel.getNumVersions() > 1),
               program.i64());
  types.push_back(program.i32()); // The launch.
  Function *function =
      program.define(("call_" + kernel.getSymName()).str(),
                     FunctionType::get(program.i32(), types, false));
  // One copy: inlined into every call it would dominate the host program.
  function->addFnAttr(Attribute::NoInline);
  AdapterEmitter(program, kernel, function).emit(number);
  return function;
}

} // namespace dycc::codegen
