#ifndef DYCC_CODEGEN_HALIDE_REFERENCE_REFERENCEBACKEND_H
#define DYCC_CODEGEN_HALIDE_REFERENCE_REFERENCEBACKEND_H

#include "codegen/target/Backend.h"
#include "codegen/target/TargetInfo.h"

namespace dycc::halide {

/// The slow oracle: the same definitions without plans, each reduction a plain
/// sum in Halide's own loops.
class ReferenceBackend final : public codegen::Backend {
public:
  explicit ReferenceBackend(codegen::TargetInfo target)
      : target(std::move(target)) {}

  llvm::StringRef name() const override { return "reference"; }
  std::string key(dyn::VersionAttr) const override {
    return "reference " + target.key();
  }
  std::optional<codegen::KernelRefusal>
  plan(dyn::KernelOp kernel) const override;
  dyn::ExprAttr compile(dyn::KernelOp kernel, unsigned version,
                        const std::string &path) const override;

private:
  codegen::TargetInfo target;
};

} // namespace dycc::halide

#endif // DYCC_CODEGEN_HALIDE_REFERENCE_REFERENCEBACKEND_H
