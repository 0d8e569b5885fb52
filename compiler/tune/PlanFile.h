// Plans of kernels in a file (docs/tuning.md): what `dycc --tune` writes and
// later compilations read.
#ifndef DYCC_COMPILER_TUNE_PLANFILE_H
#define DYCC_COMPILER_TUNE_PLANFILE_H

#include "codegen/target/Backend.h"
#include "codegen/target/TargetInfo.h"

#include "mlir/IR/BuiltinOps.h"

#include <optional>
#include <set>

namespace dycc::tune {

/// Of the attributes of dialects/dyn/DynKernelPlans.td: goes up where one of
/// them changes what it says, so that plans made before say nothing any more.
constexpr int64_t kRevision = 1;

/// What a file says of one version of a kernel on one machine. As text it is a
/// dictionary of MLIR:
///   {kernel = "5b1f20aa7c3de4103b77", version = "any",
///    machine = "x86-64-v3 znver3", nodes = "conv1, conv2",
///    nanoseconds = array<i64: 81230, 62110>, plan = #dyn.kernel_plan<...>}
struct TunedPlan {
  std::string kernel;  ///< digestOf() it.
  std::string version; ///< Its name.
  std::string machine; ///< TargetInfo::title().
  dyn::KernelPlanAttr plan;
  /// Where it was measured: nodes that launch the kernel, for who reads it, and
  /// nanoseconds of all launches with the compiler's plan and with this one.
  std::string nodes = {};
  int64_t before = 0, after = 0;

  bool isForSame(const TunedPlan &other) const {
    return kernel == other.kernel && version == other.version &&
           machine == other.machine;
  }
  std::string text() const;
};

/// A file of plans. Its first line is "dycc plans " and the revision of plans;
/// then each line is a TunedPlan, or empty, or a comment behind "//".
class PlanFile {
public:
  struct Line {
    std::string text;
    std::optional<TunedPlan> plan = {};
  };

  /// A file without plans.
  PlanFile(llvm::StringRef path, mlir::MLIRContext *context)
      : path(path), context(context) {}

  /// Reads it. Emits an error, with line and column, and fails where it cannot
  /// be read or is damaged. A file of another revision has no plans, which is
  /// a warning.
  mlir::LogicalResult read();

  const std::string &name() const { return path; }
  /// All lines but the first; that of index i is line i + 2.
  llvm::ArrayRef<Line> getLines() const { return lines; }
  /// Where a line is.
  mlir::Location locationOf(size_t index, unsigned column = 1) const;

  /// Takes the place of the plan for the same version of the same kernel on the
  /// same machine, else comes last.
  void set(const TunedPlan &plan);
  /// The whole file.
  std::string text() const;

private:
  mlir::LogicalResult readHead(llvm::StringRef head, bool &isOurs);
  mlir::LogicalResult readLine(llvm::StringRef text);

  std::string path;
  mlir::MLIRContext *context;
  std::vector<Line> lines;
};

/// What a kernel is in a file of plans: a digest of its operators, types and
/// symbols, whatever its plans are.
std::string digestOf(dyn::KernelOp kernel);

/// The machine that a version is for, of those that kernels are made for.
const codegen::TargetInfo &
machineOf(dyn::VersionAttr version,
          llvm::ArrayRef<codegen::TargetInfo> machines);

/// A version with another plan.
dyn::VersionAttr withPlan(dyn::VersionAttr version, dyn::KernelPlanAttr plan);
/// Gives `version` of a kernel another plan.
void setPlan(dyn::KernelOp kernel, unsigned version, dyn::KernelPlanAttr plan);

/// Versions of kernels: the operation, and the version's number.
using Versions = std::set<std::pair<mlir::Operation *, unsigned>>;

/// Gives the versions of the module's kernels the plans that the file has for
/// them, and adds these versions to `planned`; those that are there already
/// keep theirs. A plan for a kernel of the module that is for another machine,
/// or that the back end has something against, is ignored with a warning. Plans
/// for other kernels are no matter.
void applyPlans(mlir::ModuleOp module, const PlanFile &file,
                const codegen::Backend &backend,
                llvm::ArrayRef<codegen::TargetInfo> machines,
                Versions &planned);

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_PLANFILE_H
