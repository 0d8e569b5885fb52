#ifndef DYCC_CODEGEN_HALIDE_LOWERING_SHAPES_H
#define DYCC_CODEGEN_HALIDE_LOWERING_SHAPES_H

#include "codegen/halide/KernelBuilder.h"

namespace dycc::halide {

/// Replaces what a kernel would read of its buffers but their addresses: its
/// callers set nothing else.
void addShapes(Halide::Pipeline &pipeline,
               const std::map<std::string, BufferShape> &shapes);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_SHAPES_H
