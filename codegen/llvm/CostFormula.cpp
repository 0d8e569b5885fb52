#include "codegen/llvm/CostFormula.h"

using dycc::dyn::ExprAttr;

namespace dycc::codegen {

CostFormula::CostFormula(mlir::func::FuncOp main,
                         const dyn::ExecutionBounds &bounds, unsigned machine)
    : main(main), bounds(bounds), machine(machine),
      symbols(main->getParentOfType<mlir::ModuleOp>()) {}

ExprAttr CostFormula::ofLaunch(dyn::LaunchOp launch) {
  dyn::KernelOp kernel = launch.getKernelIn(symbols);
  ExprAttr cost = ExprAttr::constant(kernel.getContext(), 0);
  unsigned first = kernel.getFirstVersion(machine);
  for (unsigned i = kernel.getFirstVersion(machine + 1); i-- > first;) {
    dyn::VersionAttr version = kernel.getVersion(i);
    if (!version || !version.getCost())
      continue;
    cost = version.getWhen()
               ? ExprAttr::ite(version.getWhen(), version.getCost(), cost)
               : version.getCost();
  }
  ExprAttr bound = bounds.bound(kernel.substitute(cost, launch.getSymbols()));
  return bound ? bound : ExprAttr::constant(kernel.getContext(), 0);
}

ExprAttr CostFormula::tripsOf(dyn::LoopOp loop) {
  ExprAttr trips =
      loop.getTripsAttr() ? bounds.bound(*loop.getTrips()) : ExprAttr();
  return trips ? trips : ExprAttr::constant(loop.getContext(), 1);
}

} // namespace dycc::codegen
