// Between the host program and a kernel: the buffers that Halide's calling
// convention wants are described once for each kernel, not at each call.
#include "codegen/llvm/HostProgram.h"

#include "llvm/ADT/StringSet.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::ExprKind;
using dycc::dyn::LayoutKind;

namespace dycc::codegen {
namespace {

/// Extent and stride of one dim as Halide sees it, innermost logical axis
/// first; strides in elements.
struct BufferDim {
  ExprAttr extent, stride;
};

ExprAttr roundUp(ExprAttr value, int64_t width) {
  ExprAttr by = ExprAttr::constant(value.getContext(), width);
  return ExprAttr::mul(ExprAttr::ceilDiv(value, by), by);
}

/// Gives `order` (axes from the innermost outwards) dense strides.
SmallVector<BufferDim> denseDims(ArrayRef<ExprAttr> dims,
                                 ArrayRef<unsigned> order, int64_t padding) {
  SmallVector<BufferDim> result(dims.size());
  if (dims.empty())
    return result;
  ExprAttr stride = ExprAttr::constant(dims[0].getContext(), 1);
  for (auto [position, axis] : enumerate(order)) {
    result[dims.size() - 1 - axis] = {dims[axis], stride};
    bool padded = position == 0 && padding > 1;
    stride = ExprAttr::mul(stride,
                           padded ? roundUp(dims[axis], padding) : dims[axis]);
  }
  return result;
}

/// panels<r>: a filter (O, I, k...) lies as [O/r][k...][I][r], a matrix (k, n)
/// as [n/r][k][r]; Halide sees just these dims, innermost first.
SmallVector<BufferDim> panelDims(ArrayRef<ExprAttr> dims, int64_t width) {
  SmallVector<ExprAttr> extents{
      ExprAttr::constant(dims[0].getContext(), width)};
  ExprAttr blocked = dims.size() == 2 ? dims[1] : dims[0];
  if (dims.size() == 2) {
    extents.push_back(dims[0]);
  } else {
    extents.push_back(dims[1]);
    append_range(extents, llvm::reverse(dims.drop_front(2)));
  }
  extents.push_back(ExprAttr::ceilDiv(blocked, extents.front()));
  SmallVector<BufferDim> result;
  ExprAttr stride = ExprAttr::constant(dims[0].getContext(), 1);
  for (ExprAttr extent : extents) {
    result.push_back({extent, stride});
    stride = ExprAttr::mul(stride, extent);
  }
  return result;
}

SmallVector<BufferDim> bufferDims(mlir::Type type) {
  ArrayRef<ExprAttr> dims = dyn::getDims(type);
  SmallVector<unsigned> order(
      llvm::reverse(llvm::seq<unsigned>(0, dims.size())));
  dyn::LayoutAttr layout = dyn::getLayout(type);
  if (!layout)
    return denseDims(dims, order, 1);
  if (layout.getKind() == LayoutKind::Panels)
    return panelDims(dims, layout.getWidth());
  // Channels first in `order`: they are innermost.
  llvm::erase(order, 1u);
  order.insert(order.begin(), 1);
  return denseDims(dims, order, layout.getWidth());
}

/// halide_type_t's code: 0 int, 1 uint, 2 float, 4 bfloat. A bool is a uint8.
unsigned halideCode(mlir::Type type) {
  auto [code, bits] = dlpackType(type);
  return code == 6 ? 1 : code;
}

/// Emits one adapter.
class AdapterEmitter {
public:
  AdapterEmitter(HostProgram &program, dyn::GroupOp group, Function *function)
      : program(program), group(group), function(function),
        builder(&function->getEntryBlock()),
        expressions(builder, [this](ExprAttr expr) { return leaf(expr); }) {
    LLVMContext &context = program.context();
    Type *i8 = Type::getInt8Ty(context), *i16 = Type::getInt16Ty(context);
    Type *i32 = program.i32(), *i64 = program.i64(), *ptr = program.ptr();
    dimType = StructType::get(i32, i32, i32, i32);
    bufferType = StructType::get(
        context, {i64, ptr, ptr, i64, i8, i8, i16, i32, ptr, ptr});
  }

  void emit(unsigned number) {
    unsigned position = 1;
    SmallVector<Value *> arguments{function->getArg(0)};
    for (mlir::Type type : group.getBody().getArgumentTypes())
      arguments.push_back(buffer(
          type, program.readable(builder, arguments.front(),
                                 function->getArg(position++),
                                 expressions.emit(dyn::getNumElements(type)))));
    SmallVector<Value *> outputs;
    for (mlir::Type type : resultTypes())
      outputs.push_back(buffer(type, function->getArg(position++)));
    for (; position < function->arg_size(); ++position)
      arguments.push_back(
          builder.CreateTrunc(function->getArg(position), program.i32()));
    append_range(arguments, outputs);
    emitProfile("dycc_rt_begin", number);
    SmallVector<Type *> types;
    for (Value *argument : arguments)
      types.push_back(argument->getType());
    Value *status = builder.CreateCall(
        program.declare(*group.getKernel(), program.i32(), types), arguments);
    emitProfile("dycc_rt_end", number);
    builder.CreateRet(status);
  }

private:
  /// The kernel's symbols are s0, s1, ...; the last arguments.
  Value *leaf(ExprAttr expr) {
    if (expr.getKind() != ExprKind::Symbol)
      return nullptr;
    unsigned number = 0;
    bool failed = expr.getSymbol().drop_front().getAsInteger(10, number);
    assert(!failed && "canonical groups name their symbols s0, s1, ...");
    (void)failed;
    unsigned first = function->arg_size() - group.getSymbols()->size();
    return function->getArg(first + number);
  }

  /// The yielded types have the canonical symbols, the results' the layouts.
  SmallVector<mlir::Type> resultTypes() {
    SmallVector<mlir::Type> types;
    for (auto [value, result] :
         zip(group.getYield()->getOperandTypes(), group.getResultTypes()))
      types.push_back(dyn::withLayout(value, dyn::getLayout(result)));
    return types;
  }

  Value *buffer(mlir::Type type, Value *host) {
    SmallVector<BufferDim> dims = bufferDims(type);
    Value *dimArray =
        program.allocate(builder, dimType, std::max<size_t>(dims.size(), 1));
    for (auto [index, dim] : enumerate(dims)) {
      Value *entry =
          builder.CreateConstInBoundsGEP1_64(dimType, dimArray, index);
      Value *zero = builder.getInt32(0);
      Value *extent =
          builder.CreateTrunc(expressions.emit(dim.extent), program.i32());
      Value *stride =
          builder.CreateTrunc(expressions.emit(dim.stride), program.i32());
      for (auto [field, value] :
           enumerate(std::array{zero, extent, stride, zero}))
        builder.CreateStore(value,
                            builder.CreateStructGEP(dimType, entry, field));
    }
    mlir::Type element = mlir::getElementTypeOrSelf(type);
    Value *null = ConstantPointerNull::get(cast<PointerType>(program.ptr()));
    Value *fields[] = {builder.getInt64(0),
                       null,
                       host,
                       builder.getInt64(0),
                       builder.getInt8(halideCode(element)),
                       builder.getInt8(dlpackType(element).second),
                       builder.getInt16(1),
                       builder.getInt32(dims.size()),
                       dimArray,
                       null};
    Value *result = program.allocate(builder, bufferType);
    for (auto [index, field] : enumerate(fields))
      builder.CreateStore(field,
                          builder.CreateStructGEP(bufferType, result, index));
    return result;
  }

  void emitProfile(StringRef callee, unsigned number) {
    Value *frame = function->getArg(0);
    Value *listener = program.loadField(builder, frame, FrameField::Profile);
    BasicBlock *call =
        BasicBlock::Create(program.context(), "profile", function);
    BasicBlock *next = BasicBlock::Create(program.context(), "", function);
    builder.CreateCondBr(builder.CreateIsNull(listener), next, call);
    builder.SetInsertPoint(call);
    builder.CreateCall(program.declare(callee,
                                       Type::getVoidTy(program.context()),
                                       {program.ptr(), program.i32()}),
                       {frame, builder.getInt32(number)});
    builder.CreateBr(next);
    builder.SetInsertPoint(next);
  }

  HostProgram &program;
  dyn::GroupOp group;
  Function *function;
  IRBuilder<> builder;
  ExprEmitter expressions;
  StructType *dimType, *bufferType;
};

} // namespace

SmallVector<dyn::GroupOp> collectKernels(mlir::func::FuncOp main) {
  SmallVector<dyn::GroupOp> kernels;
  StringSet<> seen;
  main.walk([&](dyn::GroupOp group) {
    if (seen.insert(*group.getKernel()).second)
      kernels.push_back(group);
  });
  return kernels;
}

Function *emitKernelAdapter(HostProgram &program, dyn::GroupOp group,
                            unsigned number) {
  SmallVector<Type *> types(1 + group.getNumOperands() + group.getNumResults(),
                            program.ptr());
  types.append(group.getSymbols()->size(), program.i64());
  Function *function = program.define(("call_" + *group.getKernel()).str(),
                                      program.i32(), types);
  // One copy: inlined into every call it would dominate the host program.
  function->addFnAttr(Attribute::NoInline);
  AdapterEmitter(program, group, function).emit(number);
  return function;
}

} // namespace dycc::codegen
