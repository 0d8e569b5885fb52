#ifndef DYCC_CODEGEN_TARGET_BACKEND_H
#define DYCC_CODEGEN_TARGET_BACKEND_H

#include "codegen/target/LaunchWork.h"
#include "dialects/dyn/DynOps.h"
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace dycc::codegen {

/// Why there is no kernel for an operator.
struct KernelRefusal {
  mlir::Operation *op; ///< In the kernel's body, or the kernel itself.
  std::string reason;  ///< "expects a constant window, got extent 's4'".
  /// The reason is for the developers of dycc.
  bool isDefect = false;
};

/// What makes machine code of kernels. Thread rule: one call at a time.
class Backend {
public:
  virtual ~Backend() = default;

  /// Value of `--backend`.
  virtual llvm::StringRef name() const = 0;
  /// Whether kernels have instructions for products of pairs of bf16, which
  /// weights then lie in.
  virtual bool multipliesPairs() const { return false; }
  /// What the object of a version depends on beside kernel and plan, as text;
  /// null: of the one that it makes of a kernel without versions.
  virtual std::string key(dyn::VersionAttr version) const = 0;

  /// Why no object can be made of a kernel, if so: defines it as its
  /// compilation would do, which takes a few milliseconds. Everything that is
  /// refused for what the model is has to be found by this. Of a kernel that
  /// can be made it chooses the versions (`versions` of dyn.kernel), where
  /// there are any. Only whether all indices fit is not known before there is
  /// code.
  virtual std::optional<KernelRefusal> plan(dyn::KernelOp kernel) const = 0;

  /// A version of `kernel`, which has versions, for launches whose symbols have
  /// these values, one for each symbol, and for no others; null where none is
  /// made. Such launches take `like` so far.
  virtual dyn::VersionAttr specialize(dyn::KernelOp kernel,
                                      dyn::VersionAttr like,
                                      llvm::ArrayRef<int64_t> values) const {
    return {};
  }

  /// Why compile() would throw a PlanError for `version` of a kernel, whose
  /// plan was made before; empty where it would not.
  virtual std::string whyNot(dyn::KernelOp kernel,
                             dyn::VersionAttr version) const {
    return "";
  }
  /// Plans that differ from that of `version` in one thing and may be faster:
  /// what a tuner tries, what is likelier to be worth it first. whyNot() may
  /// have something against one of them.
  virtual std::vector<dyn::KernelPlanAttr>
  neighbours(dyn::KernelOp kernel, dyn::VersionAttr version) const {
    return {};
  }

  /// What a launch of `version` of a kernel on so many threads consists of;
  /// absent where the back end has no such account.
  virtual std::optional<LaunchWork> workOf(dyn::KernelOp kernel,
                                           dyn::VersionAttr version,
                                           unsigned threads) const {
    return std::nullopt;
  }

  /// Compiles a version of `kernel` as the function of its name into the object
  /// file `path`. Returns the bytes of scratch that one thread needs while it
  /// runs, over the kernel's symbols. Runs once per process. Throws where
  /// plan() should have refused; a plan that does not fit throws PlanError,
  /// numbers of the model that no index can hold IndexError.
  virtual dyn::ExprAttr compile(dyn::KernelOp kernel, unsigned version,
                                const std::string &path) const = 0;
};

/// A plan made before that does not fit its kernel: an error of who wrote it.
class PlanError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Constants of a model that lead to indices beyond the integers of kernels.
class IndexError : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace dycc::codegen

#endif // DYCC_CODEGEN_TARGET_BACKEND_H
