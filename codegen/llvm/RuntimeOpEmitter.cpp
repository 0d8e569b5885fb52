// Calls of the runtime's operators: they get tensors with their extents, and
// give back the extents that they decide.
#include "codegen/llvm/RunEmitter.h"

#include "dialects/dyn/DimPosition.h"
#include "dialects/dyn/Plan.h"
#include "runtime/abi/Operators.h"

using namespace llvm;
using dycc::dyn::ExprAttr;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::codegen {

/// The table entry of a result beyond the arena.
static std::optional<unsigned> heapEntry(mlir::OpResult result) {
  PlaceAttr place = dyn::getPlace(result);
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

/// An array of DyccOpTensor; `dimArrays` gets the dims of each.
Value *RunEmitter::emitTensors(dyn::RuntimeOp op, mlir::ValueRange values,
                               SmallVectorImpl<Value *> &dimArrays) {
  LLVMContext &context = program.context();
  Value *tensors = program.allocateStructs<DyccOpTensor>(
      builder, std::max<size_t>(values.size(), 1));
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
    auto set = [&, at = index](auto field, auto content) {
      program.storeField(builder, content, tensors, field, at);
    };
    set(&DyccOpTensor::data, data);
    set(&DyccOpTensor::dims, array);
    set(&DyccOpTensor::rank, dims.size());
    set(&DyccOpTensor::code, code);
    set(&DyccOpTensor::bits, bits);
    set(&DyccOpTensor::pad, 0);
    dimArrays.push_back(array);
  }
  return tensors;
}

void RunEmitter::emitRuntime(dyn::RuntimeOp op) {
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
      program.declare<DyccOp>(("dycc_op_" + op.getCallee()).str());
  program.emitReturnIf(
      builder,
      builder.CreateCall(callee,
                         {frame, program.string(nodeName(op.getLoc())), inputs,
                          builder.getInt32(op.getInputs().size()), outputs,
                          builder.getInt32(op.getNumResults()), attributes}));
  for (mlir::OpResult result : op.getResults())
    if (allocatesResult(op, result))
      program.storeElement(builder,
                           program.loadField(builder, outputs,
                                             &DyccOpTensor::data,
                                             result.getResultNumber()),
                           table, *heapEntry(result));
  for (auto symbol : op.getDefines().getAsRange<mlir::FlatSymbolRefAttr>())
    if (auto dim = dyn::findDim(op.getResultTypes(), symbol.getValue()))
      setSymbol(symbol.getValue(),
                program.loadElement(builder, program.i64(),
                                    outputDims[dim->index], dim->axis));
}

} // namespace dycc::codegen
