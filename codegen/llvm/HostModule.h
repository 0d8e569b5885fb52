#ifndef DYCC_CODEGEN_LLVM_HOSTMODULE_H
#define DYCC_CODEGEN_LLVM_HOSTMODULE_H

#include "dialects/dyn/Expr.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>

namespace dycc::codegen {

/// One of several machines that a model has versions of kernels for.
struct HostMachine {
  std::string name;
  std::string cpuFeatures; ///< As in HostOptions.
  /// "opencl" where its kernels run on a device.
  std::string device = {};
};

/// What the host program needs to know beyond the planned module.
struct HostOptions {
  std::string name = "model"; ///< As describe() says it.
  /// Of the description: the program's one global symbol.
  std::string symbol = "dycc_model_desc";
  std::string metadata = "{}"; ///< JSON object.
  std::string triple;          ///< Of the object.
  std::string cpu;
  std::string features;    ///< LLVM's form, "+avx2,+fma".
  std::string cpuFeatures; ///< Checked at load, "avx2,fma".
  /// As the versions name them, in their order; none: versions are for all.
  std::vector<HostMachine> machines;
  /// Scratch bytes per thread of each kernel, by name, over its symbols.
  llvm::StringMap<dyn::ExprAttr> scratch;
  /// Trips after which a loop without a count is given up.
  int64_t maxTrips = 1 << 24;
  unsigned level = 1; ///< LLVM's optimisation level, 0 to 3.
};

/// Emits the host program of a planned module: its description and the
/// functions it points to (runtime/abi/Model.h). Kernels, weights and the
/// runtime are undefined symbols of it.
std::unique_ptr<llvm::Module> emitHostModule(mlir::ModuleOp module,
                                             const HostOptions &options,
                                             llvm::LLVMContext &context);

/// Emits `dycc_family_desc`: the table of variants whose descriptions have
/// these symbols, the first one `dycc_model_desc`, and which have `weightBytes`
/// together. `qualities` are of each, or none.
std::unique_ptr<llvm::Module>
emitFamilyModule(llvm::ArrayRef<std::string> symbols, uint64_t weightBytes,
                 llvm::ArrayRef<double> qualities, llvm::LLVMContext &context);

/// Optimises `module` and writes it as an object file of `options`' target.
llvm::Expected<std::string> emitObject(llvm::Module &module,
                                       const HostOptions &options);

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_LLVM_HOSTMODULE_H
