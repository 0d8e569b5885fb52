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
      SmallVector<Attribute> priced;
      for (auto version :
           kernel.getVersions()->getAsRange<dyn::VersionAttr>()) {
        bool hasTasks = version.getPlan().getTask() > 0;
        ExprAttr work = workOf(kernel, ratesOf(version.getMachine()));
        priced.push_back(
            version.withCost(work.plus(launch + (hasTasks ? tasks : 0))));
      }
      kernel.setVersionsAttr(ArrayAttr::get(&getContext(), priced));
    }
  }

  struct Rates {
    int64_t operations, bytes;
  };

  /// `machine` may be null.
  Rates ratesOf(StringAttr machine) {
    size_t number = 0;
    if (machine)
      number = llvm::find(machines, machine.getValue()) - machines.begin();
    auto at = [&](ArrayRef<int64_t> rates, int64_t otherwise) {
      return number < rates.size() ? rates[number] : otherwise;
    };
    return {at(operations, 64), at(bytes, 8)};
  }

  /// What bounds a launch: its operations or its memory.
  ExprAttr workOf(dyn::KernelOp kernel, Rates rates) {
    auto per = [&](ExprAttr amount, int64_t rate) {
      return ExprAttr::ceilDiv(amount, ExprAttr::constant(&getContext(), rate));
    };
    return ExprAttr::max(per(version::operationsOf(kernel), rates.operations),
                         per(version::bytesOf(kernel), rates.bytes));
  }
};

} // namespace
} // namespace dycc
