// Between the host program and a kernel: what Halide's calling convention
// wants, made once for each kernel, not at each call. It wants pointers to
// buffers, and of a buffer kernels read no more than where it lies: its layout
// is known when they are compiled (codegen/halide/Operands.h).
#include "codegen/llvm/HostProgram.h"
#include "runtime/abi/Calls.h"

#include "HalideRuntime.h"

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
    emitVersions(number, arguments);
  }

private:
  /// The last argument of a kernel with several versions says which one.
  void emitVersions(unsigned number, ArrayRef<Value *> arguments) {
    unsigned count = kernel.getNumVersions();
    if (count == 1)
      return emitCall(number, 0, arguments);
    Value *chosen = function->getArg(function->arg_size() - 1);
    BasicBlock *start = builder.GetInsertBlock();
    SmallVector<BasicBlock *> blocks;
    for (unsigned version = 0; version < count; ++version) {
      blocks.push_back(
          BasicBlock::Create(program.context(), "version", function));
      builder.SetInsertPoint(blocks.back());
      emitCall(number + version, version, arguments);
    }
    builder.SetInsertPoint(start);
    SwitchInst *choice = builder.CreateSwitch(chosen, blocks.back(), count - 1);
    for (unsigned version = 0; version + 1 < count; ++version)
      choice->addCase(builder.getInt64(version), blocks[version]);
  }

  void emitCall(unsigned number, unsigned version,
                ArrayRef<Value *> arguments) {
    emitProfile(program.declare<decltype(dycc_rt_begin)>("dycc_rt_begin"),
                number);
    SmallVector<Type *> types;
    for (Value *argument : arguments)
      types.push_back(argument->getType());
    Value *status = builder.CreateCall(
        program.declare(kernel.getFunctionName(version),
                        FunctionType::get(program.i32(), types, false)),
        arguments);
    emitProfile(program.declare<decltype(dycc_rt_end)>("dycc_rt_end"), number);
    builder.CreateRet(status);
  }

  /// The kernel's symbols are behind the results.
  Value *leaf(ExprAttr expr) {
    if (expr.getKind() != ExprKind::Symbol)
      return nullptr;
    unsigned first =
        1 + kernel.getBody().getNumArguments() + kernel.getOutputs().size();
    return function->getArg(first + *kernel.findSymbol(expr.getSymbol()));
  }

  /// A buffer of which nothing is set but the one field that kernels read.
  Value *buffer(Value *host) {
    Value *result = program.allocateStructs<halide_buffer_t>(builder);
    program.storeField(builder, host, result, &halide_buffer_t::host);
    return result;
  }

  void emitProfile(FunctionCallee callee, unsigned number) {
    Value *frame = function->getArg(0);
    Value *listener = program.loadField(builder, frame, &DyccFrame::profile);
    BasicBlock *call =
        BasicBlock::Create(program.context(), "profile", function);
    BasicBlock *next = BasicBlock::Create(program.context(), "", function);
    builder.CreateCondBr(builder.CreateIsNull(listener), next, call);
    builder.SetInsertPoint(call);
    builder.CreateCall(callee, {frame, builder.getInt32(number)});
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
  Function *function =
      program.define(("call_" + kernel.getSymName()).str(),
                     FunctionType::get(program.i32(), types, false));
  // One copy: inlined into every call it would dominate the host program.
  function->addFnAttr(Attribute::NoInline);
  AdapterEmitter(program, kernel, function).emit(number);
  return function;
}

} // namespace dycc::codegen
