#ifndef DYCC_CODEGEN_HALIDE_LOWERING_INSTRUCTIONS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_INSTRUCTIONS_H

#include <Halide.h>

namespace dycc::halide {

/// An instruction of codegen/llvm/Instructions.h that Halide has no name for,
/// in lowered code: its operands and its result are vectors of 128 bits.
Halide::Expr instruction(Halide::Type type, const std::string &name,
                         const std::vector<Halide::Expr> &operands);

/// Writes the object file of `module` to `path`. `hasInstructions`: there may
/// be such ones in it.
void writeKernel(Halide::Module &module, bool hasInstructions,
                 const std::string &path);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_INSTRUCTIONS_H
