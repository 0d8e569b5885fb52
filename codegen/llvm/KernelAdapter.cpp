// Between the host program and a kernel: the buffers that Halide's calling
// convention wants are described once for each kernel, not at each call.
#include "codegen/llvm/HostProgram.h"
#include "runtime/abi/Calls.h"

#include "HalideRuntime.h"

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

/// A bool is a uint8; the other codes are DLPack's.
unsigned halideCode(mlir::Type type) {
  static_assert(int(halide_type_int) == kDLInt &&
                int(halide_type_uint) == kDLUInt &&
                int(halide_type_float) == kDLFloat &&
                int(halide_type_bfloat) == kDLBfloat);
  unsigned code = dlpackType(type).first;
  return code == DYCC_DTYPE_BOOL ? unsigned(halide_type_uint) : code;
}

/// Emits one adapter.
class AdapterEmitter {
public:
  AdapterEmitter(HostProgram &program, dyn::GroupOp group, Function *function)
      : program(program), group(group), function(function),
        builder(&function->getEntryBlock()),
        expressions(builder, [this](ExprAttr expr) { return leaf(expr); }) {}

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
    emitProfile(program.declare<decltype(dycc_rt_begin)>("dycc_rt_begin"),
                number);
    SmallVector<Type *> types;
    for (Value *argument : arguments)
      types.push_back(argument->getType());
    Value *status = builder.CreateCall(
        program.declare(*group.getKernel(),
                        FunctionType::get(program.i32(), types, false)),
        arguments);
    emitProfile(program.declare<decltype(dycc_rt_end)>("dycc_rt_end"), number);
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
    Value *dimArray = program.allocateStructs<halide_dimension_t>(
        builder, std::max<size_t>(dims.size(), 1));
    for (auto [index, dim] : enumerate(dims)) {
      auto set = [&, at = index](auto field, auto value) {
        program.storeField(builder, value, dimArray, field, at);
      };
      set(&halide_dimension_t::min, 0);
      set(&halide_dimension_t::extent,
          builder.CreateTrunc(expressions.emit(dim.extent), program.i32()));
      set(&halide_dimension_t::stride,
          builder.CreateTrunc(expressions.emit(dim.stride), program.i32()));
      set(&halide_dimension_t::flags, 0);
    }
    mlir::Type element = mlir::getElementTypeOrSelf(type);
    Value *null = ConstantPointerNull::get(cast<PointerType>(program.ptr()));
    Value *result = program.allocateStructs<halide_buffer_t>(builder);
    auto set = [&](auto field, auto value) {
      program.storeField(builder, value, result, field);
    };
    set(&halide_buffer_t::device, 0);
    set(&halide_buffer_t::device_interface, null);
    set(&halide_buffer_t::host, host);
    set(&halide_buffer_t::flags, 0);
    Value *ofType = program.fieldAddress(builder, result,
                                         abiOffset(&halide_buffer_t::type));
    program.storeField(builder, halideCode(element), ofType,
                       &halide_type_t::code);
    program.storeField(builder, dlpackType(element).second, ofType,
                       &halide_type_t::bits);
    program.storeField(builder, 1, ofType, &halide_type_t::lanes);
    set(&halide_buffer_t::dimensions, dims.size());
    set(&halide_buffer_t::dim, dimArray);
    set(&halide_buffer_t::padding, null);
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
  dyn::GroupOp group;
  Function *function;
  IRBuilder<> builder;
  ExprEmitter expressions;
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
  Function *function =
      program.define(("call_" + *group.getKernel()).str(),
                     FunctionType::get(program.i32(), types, false));
  // One copy: inlined into every call it would dominate the host program.
  function->addFnAttr(Attribute::NoInline);
  AdapterEmitter(program, group, function).emit(number);
  return function;
}

} // namespace dycc::codegen
