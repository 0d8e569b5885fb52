// Groups that do the same at different symbols share a kernel: once the symbols
// of their bodies have canonical names, equal bodies have equal texts. What
// differs is in the launches.
#include "passes/fuse/Passes.h"

#include "dialects/dyn/Kernels.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/fuse/CanonicalSymbols.h"

#define DEBUG_TYPE "dycc-outline-kernels"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::KernelSymbolAttr;

namespace dycc {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "passes/fuse/Passes.h.inc"
namespace {

class OutlineKernels final
    : public impl::OutlineKernelsPassBase<OutlineKernels> {
  void runOnOperation() override {
    facts = dyn::collectFacts(getOperation());
    kernels.clear();
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      SmallVector<dyn::GroupOp> groups;
      function.walk([&](dyn::GroupOp group) { groups.push_back(group); });
      OpBuilder builder(function); // Kernels come before what launches them.
      for (dyn::GroupOp group : groups)
        outline(builder, group);
    }
  }

  void outline(OpBuilder &builder, dyn::GroupOp group) {
    auto [symbols, outputs] = fuse::nameSymbols(group);
    std::string name = kernelName(group, outputs);
    Location location = dyn::locationOfLaunch(group);
    dyn::KernelOp &kernel = kernels[name];
    if (kernel)
      dyn::widen(kernel, describe(symbols));
    else
      kernel =
          dyn::takeKernel(builder, group, name, describe(symbols), outputs);
    OpBuilder atGroup(group);
    auto launch = dyn::LaunchOp::create(
        atGroup, location, group.getResultTypes(), name, group.getInputs(),
        atGroup.getArrayAttr(
            SmallVector<Attribute>(symbols.begin(), symbols.end())));
    group.replaceAllUsesWith(launch);
    group.erase();
  }

  /// The operator that gives the kernel its name: the costliest kind of it.
  static StringRef mainOperator(dyn::GroupOp group) {
    StringRef name = "copy";
    for (Operation &op : group.getBody().front().without_terminator()) {
      if (isa<onnx::ConstantOp, dyn::SymbolicOp>(op))
        continue;
      auto mapping = dyn_cast<onnx::MappingTypeOpInterface>(op);
      bool isRoot =
          !mapping || mapping.getMappingType() != onnx::MappingType::OneToOne;
      if (name == "copy" || isRoot)
        name = op.getName().stripDialect();
    }
    return name;
  }

  /// The text of the body and of the results' layouts is the identity.
  static std::string kernelName(dyn::GroupOp group, TypeRange outputs) {
    std::string text = dyn::textOf(group.getBody().front(), outputs);
    return dyn::kernelName(mainOperator(group).lower(), text);
  }

  /// s0, s1, ... with what is known of the expressions that they stand for.
  SmallVector<KernelSymbolAttr> describe(ArrayRef<ExprAttr> symbols) {
    SmallVector<KernelSymbolAttr> result;
    for (auto [index, expr] : llvm::enumerate(symbols)) {
      auto [lower, upper] = dyn::rangeOf(expr, facts);
      int64_t multiple = std::max<int64_t>(dyn::divisorOf(expr, facts), 1);
      result.push_back(KernelSymbolAttr::get(
          &getContext(),
          StringAttr::get(&getContext(), "s" + std::to_string(index)), lower,
          upper, multiple));
    }
    return result;
  }

  dyn::SymbolFacts facts;
  llvm::StringMap<dyn::KernelOp> kernels; ///< By name.
};

} // namespace
} // namespace dycc
