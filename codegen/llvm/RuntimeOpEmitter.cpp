// Calls of the runtime's operators: they get tensors with their extents, and
// give back the extents that they decide.
#include "codegen/llvm/RunEmitter.h"

#include "dialects/dyn/DimPosition.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::codegen {

/// `count` arrays of so many i64, as DYCC_SCRATCH_ALIGNMENT rounds each.
static ExprAttr arraysOf(ExprAttr elements, int64_t count) {
  constexpr int64_t alignment = 128;
  ExprAttr blocks = ExprAttr::ceilDiv(
      elements.times(8), ExprAttr::constant(elements.getContext(), alignment));
  return blocks.times(alignment * count);
}

/// What each operator of runtime/src/ops says at its head.
ExprAttr scratchOf(dyn::RuntimeOp op) {
  if (op.getCallee() == "non_max_suppression")
    return arraysOf(dyn::getDims(op.getInputs()[0].getType())[1], 1);
  if (op.getCallee() != "unique")
    return ExprAttr::constant(op.getContext(), 0);
  mlir::Type x = op.getInputs()[0].getType();
  auto axis = cast<ExprAttr>(op.getParameters()[0]).asConstant();
  assert(axis && "the axis of Unique is an attribute");
  return arraysOf(*axis < 0 ? dyn::getNumElements(x) : dyn::getDims(x)[*axis],
                  2);
}

/// The table entry of a result beyond the arena.
static std::optional<unsigned> heapEntry(mlir::OpResult result) {
  auto places = result.getOwner()->getAttrOfType<mlir::ArrayAttr>("places");
  auto place = cast<PlaceAttr>(places[result.getResultNumber()]);
  if (place.getKind() != PlaceKind::Heap)
    return std::nullopt;
  return place.getIndex();
}

/// Whether the operator takes the result's memory: only it knows the size.
static bool allocatesResult(dyn::RuntimeOp op, mlir::OpResult result) {
  return heapEntry(result) &&
         any_of(dyn::getDims(result.getType()), [&](ExprAttr dim) {
           return dyn::usesAnyOf(op.getDefines(), dim);
         });
}

/// DyccOpTensor.
static StructType *opTensorType(IRBuilder<> &builder) {
  Type *ptr = builder.getPtrTy();
  return StructType::get(builder.getContext(),
                         {ptr, ptr, builder.getInt32Ty(), builder.getInt8Ty(),
                          builder.getInt8Ty(), builder.getInt16Ty()});
}

/// An array of DyccOpTensor; `dimArrays` gets the dims of each.
Value *RunEmitter::emitTensors(dyn::RuntimeOp op, mlir::ValueRange values,
                               SmallVectorImpl<Value *> &dimArrays) {
  LLVMContext &context = program.context();
  StructType *tensorType = opTensorType(builder);
  Value *tensors =
      program.allocate(builder, tensorType, std::max<size_t>(values.size(), 1));
  for (auto [index, tensor] : enumerate(values)) {
    ArrayRef<ExprAttr> dims = dyn::getDims(tensor.getType());
    Value *array = program.allocate(builder, program.i64(),
                                    std::max<size_t>(dims.size(), 1));
    bool isResult = isa<mlir::OpResult>(tensor) &&
                    tensor.getDefiningOp() == op.getOperation();
    for (auto [axis, dim] : enumerate(dims)) {
      // A result's dim that the operator decides enters as its bound.
      ExprAttr known = isResult && dyn::usesAnyOf(op.getDefines(), dim)
                           ? program.bounds.bound(dim)
                           : dim;
      program.storeElement(builder, known ? value(known) : builder.getInt64(-1),
                           array, axis);
    }
    auto [code, bits] =
        dlpackType(mlir::getElementTypeOrSelf(tensor.getType()));
    Value *data = isResult && allocatesResult(op, cast<mlir::OpResult>(tensor))
                      ? ConstantPointerNull::get(PointerType::get(context, 0))
                  : isResult ? pointerOf(tensor)
                             : readablePointerOf(tensor);
    Value *fields[] = {data,
                       array,
                       builder.getInt32(dims.size()),
                       builder.getInt8(code),
                       builder.getInt8(bits),
                       builder.getInt16(0)};
    Value *entry =
        builder.CreateConstInBoundsGEP1_64(tensorType, tensors, index);
    for (auto [field, content] : enumerate(fields))
      builder.CreateStore(content,
                          builder.CreateStructGEP(tensorType, entry, field));
    dimArrays.push_back(array);
  }
  return tensors;
}

void RunEmitter::emitRuntime(dyn::RuntimeOp op) {
  Type *ptr = program.ptr(), *i32 = program.i32();
  for (mlir::OpResult result : op.getResults())
    if (heapEntry(result) && !allocatesResult(op, result))
      emitAllocate(*heapEntry(result), result.getType(), op.getLoc());
  SmallVector<Value *> inputDims, outputDims;
  Value *inputs = emitTensors(op, op.getInputs(), inputDims);
  Value *outputs = emitTensors(op, op.getResults(), outputDims);
  auto parameters = op.getParameters();
  Value *attributes = program.allocate(builder, program.i64(),
                                       std::max<size_t>(parameters.size(), 1));
  for (auto [index, parameter] : enumerate(parameters))
    program.storeElement(builder, value(cast<ExprAttr>(parameter)), attributes,
                         index);
  FunctionCallee callee =
      program.declare(("dycc_op_" + op.getCallee()).str(), i32,
                      {ptr, ptr, ptr, i32, ptr, i32, ptr});
  program.emitReturnIf(
      builder,
      builder.CreateCall(callee,
                         {frame, program.string(nodeName(op.getLoc())), inputs,
                          builder.getInt32(op.getInputs().size()), outputs,
                          builder.getInt32(op.getNumResults()), attributes}));
  for (mlir::OpResult result : op.getResults())
    if (allocatesResult(op, result)) {
      Value *entry = builder.CreateConstInBoundsGEP1_64(
          opTensorType(builder), outputs, result.getResultNumber());
      program.storeElement(builder, builder.CreateLoad(ptr, entry), table,
                           *heapEntry(result));
    }
  for (auto symbol : op.getDefines().getAsRange<mlir::FlatSymbolRefAttr>())
    if (auto dim = dyn::findDim(op.getResultTypes(), symbol.getValue()))
      setSymbol(symbol.getValue(),
                program.loadElement(builder, program.i64(),
                                    outputDims[dim->index], dim->axis));
}

} // namespace dycc::codegen
