// Memory of results that nothing bounds: taken when the extents are known,
// given back behind the last use. An entry of the pointer table owns each; it
// is null while there is no memory, so that what only one branch made can be
// given back behind both. What a failure leaves is taken back by the runtime.
#include "codegen/llvm/RunEmitter.h"

#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Plan.h"
#include "runtime/abi/Calls.h"

using namespace llvm;
using dycc::dyn::PlaceAttr;
using dycc::dyn::PlaceKind;

namespace dycc::codegen {

Value *RunEmitter::tableAddress(unsigned index) {
  return builder.CreateConstInBoundsGEP1_64(program.ptr(), table, index);
}

void RunEmitter::emitAllocate(unsigned entry, mlir::Type type,
                              mlir::Location location) {
  dyn::Layout layout(type);
  ArrayRef<dyn::MemoryDim> dims = layout.dims();
  Value *array = program.allocate(builder, program.i64(),
                                  std::max<size_t>(dims.size(), 1));
  for (auto [index, dim] : enumerate(dims))
    program.storeElement(builder, value(dim.stored), array, index);
  int64_t bytes = dyn::getElementBytes(mlir::getElementTypeOrSelf(type));
  FunctionCallee callee =
      program.declare<decltype(dycc_rt_allocate)>("dycc_rt_allocate");
  program.emitReturnIf(
      builder,
      builder.CreateCall(callee, {frame, program.string(nodeName(location)),
                                  tableAddress(entry), array,
                                  builder.getInt32(dims.size()),
                                  builder.getInt32(bytes)}));
}

void RunEmitter::emitResultMemory(mlir::Operation *op) {
  for (mlir::OpResult result : op->getResults()) {
    PlaceAttr place = dyn::getPlace(result);
    if (place.getKind() == PlaceKind::Heap)
      emitAllocate(place.getIndex(), result.getType(), op->getLoc());
  }
}

void RunEmitter::emitGrow(unsigned entry, Value *used, Value *more,
                          mlir::Location location) {
  FunctionCallee callee =
      program.declare<decltype(dycc_rt_grow)>("dycc_rt_grow");
  program.emitReturnIf(
      builder,
      builder.CreateCall(callee, {frame, program.string(nodeName(location)),
                                  tableAddress(entry), used, more}));
}

void RunEmitter::emitRelease(unsigned entry) {
  builder.CreateCall(
      program.declare<decltype(dycc_rt_release)>("dycc_rt_release"),
      {frame, tableAddress(entry)});
}

void RunEmitter::emitReleases(mlir::Operation *op) {
  for (int64_t entry : dyn::getReleases(op))
    emitRelease(entry);
}

} // namespace dycc::codegen
