// How tensors lie in a kernel's buffers, and small tensors that are known when
// the kernel is made.
#ifndef DYCC_CODEGEN_HALIDE_OPERANDS_H
#define DYCC_CODEGEN_HALIDE_OPERANDS_H

#include "codegen/halide/KernelBuilder.h"
#include "dialects/dyn/Layout.h"
#include "dialects/onnx/OnnxFacts.h"

namespace dycc::halide {

/// Tells Halide the shape of a buffer, whose dims are the logical axes, the
/// last one first, or the layout's own where it is blocked. Halide believes a
/// constraint in part only: Emit.cpp replaces what a kernel would still read.
/// An element of the buffer may hold all along the innermost `inElement` dims.
BufferShape constrain(KernelBuilder &builder, Halide::Parameter p,
                      const dyn::Layout &layout, size_t inElement = 0);

/// The operators of a kernel that are such roots, in the order of its body.
llvm::SmallVector<mlir::Operation *> rootsOf(dyn::KernelOp kernel,
                                             onnx::Root root);

/// The names of the kernel's symbols, in the order of its parameters.
llvm::SmallVector<llvm::StringRef> kernelSymbols(dyn::KernelOp kernel);

/// The memory of a packed weight and its elements by logical index.
PanelTensor makePanels(KernelBuilder &builder, const std::string &name,
                       ElementType element, const Dims &dims,
                       dyn::LayoutAttr layout);
/// Its elements; of a transformed filter the shape alone.
Tensor unpack(KernelBuilder &builder, const PanelTensor &panel);

/// The elements of a `dyn.symbolic`, or of a small integer or f32
/// `onnx.Constant`; none for any other op.
std::optional<Dims> constantElements(mlir::Operation *op);
std::optional<Dims> constantElements(mlir::Value value);

/// The only element of an `onnx.Constant` of floats or signed integers.
std::optional<double> constantNumber(mlir::Value value);

/// Whether `op` is such an op, or a small `onnx.Constant` of other floats.
bool isConstant(mlir::Operation *op);
/// Its tensor.
Tensor makeConstant(KernelBuilder &builder, mlir::Operation *op);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPERANDS_H
