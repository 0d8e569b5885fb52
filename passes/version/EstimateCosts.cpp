#include "passes/version/Passes.h"
#include "passes/version/Work.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {
#define GEN_PASS_DEF_ESTIMATECOSTSPASS
#include "passes/version/Passes.h.inc"
namespace {

class EstimateCosts final : public impl::EstimateCostsPassBase<EstimateCosts> {
  using EstimateCostsPassBase::EstimateCostsPassBase;

  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<dyn::KernelOp>()) {
      if (!kernel.getVersions())
        continue;
      ExprAttr work = workOf(kernel);
      SmallVector<Attribute> priced;
      for (auto version :
           kernel.getVersions()->getAsRange<dyn::VersionAttr>()) {
        bool hasTasks = version.getPlan().getTask() > 0;
        priced.push_back(dyn::VersionAttr::get(
            &getContext(), version.getName(), version.getWhen(),
            version.getPlan(), work.plus(launch + (hasTasks ? tasks : 0))));
      }
      kernel.setVersionsAttr(ArrayAttr::get(&getContext(), priced));
    }
  }

  /// What bounds a launch: its operations or its memory.
  ExprAttr workOf(dyn::KernelOp kernel) {
    auto per = [&](ExprAttr amount, int64_t rate) {
      return ExprAttr::ceilDiv(amount, ExprAttr::constant(&getContext(), rate));
    };
    return ExprAttr::max(per(version::operationsOf(kernel), operations),
                         per(version::bytesOf(kernel), bytes));
  }
};

} // namespace
} // namespace dycc
