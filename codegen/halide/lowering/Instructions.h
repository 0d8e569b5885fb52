#ifndef DYCC_CODEGEN_HALIDE_LOWERING_INSTRUCTIONS_H
#define DYCC_CODEGEN_HALIDE_LOWERING_INSTRUCTIONS_H

#include <Halide.h>

namespace dycc::halide {

/// An instruction of codegen/llvm/Instructions.h that Halide has no name for,
/// in lowered code: its operands and its result are vectors of 128 bits.
Halide::Expr instruction(Halide::Type type, const std::string &name,
                         const std::vector<Halide::Expr> &operands);

/// What LLVM has to do to a kernel beyond what Halide lets it do.
struct LlvmWork {
  bool hasInstructions = false; ///< There are instruction()s.
  /// Halide took f16 arithmetic for given, of which only conversions are used:
  /// all processors have these.
  bool lendsHalves = false;
};

/// Writes the object file of `module` to `path`.
void writeKernel(Halide::Module &module, const LlvmWork &work,
                 const std::string &path);

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_LOWERING_INSTRUCTIONS_H
