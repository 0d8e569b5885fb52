// Kernels are planned when groups are formed: what a definition refuses
// is said of the operator, in the list of all that is refused, and not after a
// minute of compiling the kernels before it.
#include "compiler/driver/SupportedOps.h"

#include "codegen/halide/KernelCompiler.h"
#include "compiler/driver/Reproducer.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace dycc {

/// `text` with what the symbols of a group's body stand for outside in their
/// places: s0, s1, ... are words of no user.
static std::string inUsersNames(StringRef text, dyn::GroupOp group) {
  std::string result;
  while (!text.empty()) {
    StringRef word = text.take_while(llvm::isAlnum);
    unsigned index = 0;
    bool isSymbol = word.starts_with("s") &&
                    !word.drop_front().getAsInteger(10, index) &&
                    index < group.getSymbols()->size();
    if (isSymbol)
      result += cast<dyn::ExprAttr>((*group.getSymbols())[index]).str();
    else
      result += word;
    text = text.drop_front(word.size());
    result += text.take_until(llvm::isAlnum);
    text = text.drop_until(llvm::isAlnum);
  }
  return result;
}

CompileStatus checkKernels(ModuleOp module, const codegen::TargetInfo &target) {
  llvm::StringMap<dyn::KernelPlanAttr> plans;
  std::string defects;
  bool isGood = true;
  module.walk([&](dyn::GroupOp group) {
    StringRef name = *group.getKernel();
    if (auto known = plans.find(name); known != plans.end())
      return group.setPlanAttr(known->second);
    halide::KernelOrRefusal made = halide::planKernel(group, target);
    auto *refusal = std::get_if<halide::KernelRefusal>(&made);
    if (!refusal) {
      auto plan = std::get<dyn::KernelPlanAttr>(made);
      plans.insert({name, plan});
      return group.setPlanAttr(plan);
    }
    isGood = false;
    if (refusal->isDefect)
      defects += name.str() + ": " + refusal->reason + "\n";
    emitError(refusal->op->getLoc(), "operator ")
        << refusal->op->getName().stripDialect()
        << " is not supported in this form: "
        << (refusal->isDefect ? "a defect of dycc"
                              : inUsersNames(refusal->reason, group));
  });
  if (!defects.empty()) {
    writeReproducer(defects);
    return CompileStatus::Internal;
  }
  return isGood ? CompileStatus::Ok : CompileStatus::Refused;
}

} // namespace dycc
