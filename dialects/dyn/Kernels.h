// Kernels, how groups become them, and which node is which in a launch.
#ifndef DYCC_DIALECTS_DYN_KERNELS_H
#define DYCC_DIALECTS_DYN_KERNELS_H

#include "dialects/dyn/DynOps.h"

#include "llvm/ADT/SetVector.h"

namespace dycc::dyn {

/// The symbols of a group's or kernel's body in order of first appearance:
/// types of the block arguments; then, op by op, expressions and result types;
/// then layouts of `results`, what the body yields as it lies in memory.
llvm::SetVector<llvm::StringRef> symbolsOf(mlir::Block &body,
                                           mlir::TypeRange results);

/// Moves the body of `group` into a new kernel at the insertion point of
/// `builder`, with results of types `outputs`. The group is left empty.
KernelOp takeKernel(mlir::OpBuilder &builder, GroupOp group,
                    llvm::StringRef name,
                    llvm::ArrayRef<KernelSymbolAttr> symbols,
                    llvm::ArrayRef<mlir::Type> outputs);

/// The operators and types of a body and the layouts of its results as text:
/// equal texts are one kernel.
std::string textOf(mlir::Block &body, mlir::TypeRange results);
/// The name of a kernel that does `what`, by a hash of its text.
std::string kernelName(llvm::StringRef what, llvm::StringRef text);
/// What holds of the symbols of `kernel` at every launch.
SymbolFacts factsOf(KernelOp kernel);
/// Says of the symbols of `kernel` what holds at launches too where they are
/// as `others`.
void widen(KernelOp kernel, llvm::ArrayRef<KernelSymbolAttr> others);

/// Whether `launch` only copies an input of the function to where a join with
/// room begins: the past of a cache.
bool isCopyOfCache(LaunchOp launch, const mlir::SymbolTable &symbols);

/// The location of a launch in the place of `group`: its nodes, and which of
/// them each operator of the body is of. Launches share a body, whose own
/// locations are those of one group.
mlir::Location locationOfLaunch(GroupOp group);
/// Where `op`, of the body of `kernel`, is from at `launch`: the whole launch
/// where that is not known.
mlir::Location locationAt(LaunchOp launch, mlir::Operation *op);
/// The location of `launch` once operator `position` of the body is gone.
mlir::Location locationWithout(LaunchOp launch, unsigned position);

} // namespace dycc::dyn

#endif // DYCC_DIALECTS_DYN_KERNELS_H
