#include "codegen/halide/lowering/Instructions.h"

#include "codegen/halide/KernelError.h"
#include "codegen/llvm/Instructions.h"

using namespace Halide::Internal;
using Halide::Expr;

namespace dycc::halide {

Expr instruction(Halide::Type type, const std::string &name,
                 const std::vector<Expr> &operands) {
  // Of a function of vectors Halide calls one for each element.
  const Halide::Type whole = Halide::UInt(128);
  std::vector<Expr> integers;
  for (const Expr &operand : operands)
    integers.push_back(Reinterpret::make(whole, operand));
  std::string function = codegen::kInstructionPrefix.str() + name;
  return Reinterpret::make(
      type, Call::make(whole, function, integers, Call::PureExtern));
}

void writeKernel(Halide::Module &module, const LlvmWork &work,
                 const std::string &path) {
  if (!work.hasInstructions && !work.lendsHalves) {
    module.compile({{Halide::OutputFileType::object, path}});
    return;
  }
  module.compile({{Halide::OutputFileType::bitcode, path}});
  if (llvm::Error failed = codegen::compileInstructions(
          path, work.lendsHalves ? "fullfp16" : ""))
    throw KernelError(llvm::toString(std::move(failed)));
}

} // namespace dycc::halide
