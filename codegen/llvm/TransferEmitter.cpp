// Between the host's memory and its image on a device.
#include "codegen/llvm/RunEmitter.h"

#include "dialects/dyn/DynDevice.h"
#include "runtime/abi/Calls.h"

using namespace llvm;

namespace dycc::codegen {

void RunEmitter::emitTransfer(mlir::Operation *transfer) {
  auto op = cast<dyn::TransferOp>(transfer);
  int how = op.getSide() == dyn::Side::Device ? DYCC_TRANSFER_TO_DEVICE : 0;
  if (std::optional<dyn::Side> where = op.getWhere())
    how |= where == dyn::Side::Host ? DYCC_TRANSFER_IF_HOST
                                    : DYCC_TRANSFER_IF_DEVICE;
  FunctionCallee callee =
      program.declare<decltype(dycc_rt_transfer)>("dycc_rt_transfer");
  program.emitReturnIf(
      builder, builder.CreateCall(callee, {frame, pointerOf(op.getInput()),
                                           bytesOf(op.getInput().getType()),
                                           builder.getInt32(how)}));
}

void RunEmitter::emitCopy(Value *to, Value *from, Value *bytes) {
  if (!program.hasDevice()) {
    builder.CreateMemCpy(to, MaybeAlign(1), from, MaybeAlign(1), bytes);
    return;
  }
  FunctionCallee callee =
      program.declare<decltype(dycc_rt_copy)>("dycc_rt_copy");
  program.emitReturnIf(builder,
                       builder.CreateCall(callee, {frame, to, from, bytes}));
}

} // namespace dycc::codegen
