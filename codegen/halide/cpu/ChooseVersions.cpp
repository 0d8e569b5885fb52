#include "codegen/halide/cpu/ChooseVersions.h"

#include "passes/version/Work.h"

using mlir::Attribute;

namespace dycc::halide {
namespace {

class Versions {
public:
  Versions(dyn::KernelOp kernel, dyn::KernelPlanAttr plan)
      : context(kernel.getContext()), plan(plan),
        operations(version::operationsOf(kernel)) {}

  mlir::ArrayAttr choose() {
    if (operations.asConstant().value_or(INT64_MAX) <= plan.getTask()) {
      // Less than one task whatever the shape is.
      add("serial", {}, withTask(plan, 0));
      return result();
    }
    addFewRows();
    add("any", {}, plan);
    return result();
  }

private:
  void add(llvm::StringRef name, dyn::ExprAttr when, dyn::KernelPlanAttr how) {
    versions.push_back(dyn::VersionAttr::get(
        context, mlir::StringAttr::get(context, name), when, how, {}));
  }

  dyn::KernelPlanAttr withTask(dyn::KernelPlanAttr how, int64_t task) const {
    return dyn::KernelPlanAttr::get(context, how.getVector(), task,
                                    how.getSteps());
  }

  void addFewRows() {}

  mlir::ArrayAttr result() { return mlir::ArrayAttr::get(context, versions); }

  mlir::MLIRContext *context;
  dyn::KernelPlanAttr plan;
  dyn::ExprAttr operations;
  llvm::SmallVector<Attribute> versions;
};

} // namespace

mlir::ArrayAttr chooseVersions(dyn::KernelOp kernel, dyn::KernelPlanAttr plan,
                               const codegen::TargetInfo &) {
  return Versions(kernel, plan).choose();
}

} // namespace dycc::halide
