#include "compiler/driver/ModelFormulas.h"

#include "codegen/llvm/HostProgram.h"
#include "codegen/llvm/SizeLimits.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {

ModelFormulas::ModelFormulas(ModuleOp module, const PeakFormula &peak)
    : main(module.lookupSymbol<func::FuncOp>("main")), peak(peak) {
  plan::Liveness liveness(main, peak.bounds);
  Steps steps(main, liveness);
  for (const auto &slot : collectSlotValues(main, liveness, steps)) {
    ExprAttr whole = peak.memory.slots[valueBytes.size()];
    auto &bytes = valueBytes.emplace_back();
    for (const SlotValue &value : slot) {
      ExprAttr bound = peak.bounds.boundBytes(value.type);
      bytes.push_back(bound ? bound : whole);
    }
  }
  codegen::CostFormula costs(main, peak.bounds, /*machine=*/0);
  SymbolTable symbols(module);
  main.walk([&](dyn::LaunchOp launch) { addLaunch(launch, costs, symbols); });
}

void ModelFormulas::addLaunch(dyn::LaunchOp launch, codegen::CostFormula &costs,
                              const SymbolTable &symbols) {
  dyn::KernelOp kernel = launch.getKernelIn(symbols);
  launchCosts.push_back(costs.ofLaunch(launch));
  ExprAttr version = kernel.substitute(kernel.getChosenVersion(/*machine=*/0),
                                       launch.getSymbols());
  bool isKnown = peak.bounds.isOverInputs(version);
  launchVersions.push_back(isKnown ? version
                                   : ExprAttr::constant(main.getContext(), -1));
}

std::vector<ModelRequirement> ModelFormulas::requirements() const {
  std::vector<ModelRequirement> requirements;
  func::FuncOp function = main;
  for (auto require : function.getOps<dyn::RequireOp>()) {
    if (!peak.bounds.isOverInputs(require.getCondition()))
      continue;
    ModelRequirement &requirement = requirements.emplace_back(
        ModelRequirement{require.getCondition(),
                         codegen::nodeName(require.getLoc()),
                         require.getMessage().str(),
                         {}});
    for (Attribute value : require.getValues())
      requirement.values.push_back(cast<ExprAttr>(value));
  }
  for (const codegen::SizeLimit &tensor :
       codegen::sizeLimits(function, peak.bounds)) {
    ExprAttr limit = ExprAttr::constant(function.getContext(), tensor.limit);
    requirements.push_back(
        {ExprAttr::get(dyn::ExprKind::Le, {tensor.bytes, limit}),
         codegen::nodeName(dyn::LaunchOp(tensor.launch).getLoc()),
         "a tensor of %d bytes is too large, expected at most %d",
         {tensor.bytes, limit}});
  }
  return requirements;
}

} // namespace dycc
