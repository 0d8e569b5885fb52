#ifndef DYCC_CODEGEN_HALIDE_LOWERING_STACKSTORES_H
#define DYCC_CODEGEN_HALIDE_LOWERING_STACKSTORES_H

#include <Halide.h>

namespace dycc::halide {

/// Makes masked stores to small buffers of the stack whole ones, of a blend of
/// old and new elements, where all lanes are known to lie in the buffer. Nobody
/// else sees such a buffer, so this is sound; and LLVM keeps it in registers,
/// which a masked store prevents. Buffers of one element that vectors are
/// written to get two, from which on Halide aligns them.
void addStackStores(Halide::Pipeline &pipeline);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_STACKSTORES_H
