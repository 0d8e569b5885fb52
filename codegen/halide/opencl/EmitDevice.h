#ifndef DYCC_CODEGEN_HALIDE_OPENCL_EMITDEVICE_H
#define DYCC_CODEGEN_HALIDE_OPENCL_EMITDEVICE_H

#include "codegen/target/TargetInfo.h"
#include "dialects/dyn/DynDevice.h"
#include <Halide.h>

namespace dycc::halide {

/// The pipeline of a kernel with its loops on a device, lowered: a function of
/// the kernel's convention that launches programs, and their text.
class DeviceKernel {
public:
  /// Throws KernelError or Halide's exceptions.
  DeviceKernel(dyn::KernelOp kernel, llvm::StringRef name,
               dyn::DevicePlanAttr plan, const codegen::TargetInfo &host);

  const std::string &getText() const { return text; }
  /// Bytes of the host's scratch.
  dyn::ExprAttr getScratch() const { return scratch; }
  /// Writes the object file `path` of both.
  void write(const std::string &path) const;

private:
  Halide::Module module;
  std::string text;
  dyn::ExprAttr scratch;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_OPENCL_EMITDEVICE_H
