// Files of what amounts of work take on one machine (docs/oracle.md).
#ifndef DYCC_COMPILER_TUNE_MACHINEFILE_H
#define DYCC_COMPILER_TUNE_MACHINEFILE_H

#include "codegen/target/Backend.h"
#include "codegen/target/TargetInfo.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <map>

namespace dycc::tune {

/// What work takes on a machine. The file is JSON.
struct MachineFile {
  /// Goes up where an amount of codegen::LaunchWork counts something else.
  static constexpr int64_t kRevision = 1;

  /// Picoseconds of one of each amount, by its name.
  using Prices = std::map<std::string, double>;

  std::string machine;                  ///< TargetInfo::title().
  unsigned threads = 1;                 ///< That runs were measured on.
  std::map<std::string, Prices> prices; ///< By the kind of launch.

  /// Fails where there is none, it is damaged, or of another revision.
  static llvm::Expected<MachineFile> read(llvm::StringRef path);
  std::string text() const;

  /// Nanoseconds of a launch; null where its kind was not measured. What a kind
  /// was measured without has the price that it has in plain loops.
  dyn::ExprAttr costOf(const codegen::LaunchWork &work) const;
};

/// Gives each version of a kernel for the machine of `file` its cost there.
/// Fails where the model is for no such machine; of kinds that were not
/// measured, whose costs stay as they are, it warns.
mlir::LogicalResult applyCosts(mlir::ModuleOp module, const MachineFile &file,
                               llvm::StringRef path,
                               const codegen::Backend &backend,
                               llvm::ArrayRef<codegen::TargetInfo> machines);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_MACHINEFILE_H
