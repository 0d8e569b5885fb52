#include "passes/version/Passes.h"

#include "dialects/dyn/Kernels.h"
#include "passes/Remarks.h"
#include "passes/version/GenericKernel.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#define DEBUG_TYPE "dycc-share-kernels"

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::dyn::KernelSymbolAttr;
using dycc::version::GenericKernel;

namespace dycc {
#define GEN_PASS_DEF_SHAREKERNELSPASS
#include "passes/version/Passes.h.inc"
namespace {

class ShareKernels final : public impl::ShareKernelsPassBase<ShareKernels> {
  using ShareKernelsPassBase::ShareKernelsPassBase;

  void runOnOperation() override {
    launches.clear();
    redirected.clear();
    getOperation().walk([&](dyn::LaunchOp launch) {
      launches[launch.getKernel()].push_back(launch);
    });
    // First what costs nothing: fewer are left that have to be shared at some
    // cost.
    shareAll(/*isDeep=*/false);
    shareAll(/*isDeep=*/true);
    for (dyn::LaunchOp launch : redirected)
      remarks::taken(remarks::kVersion, launch.getLoc(), DEBUG_TYPE)
          << "shares a kernel with others that differ in channels or constants";
  }

  void shareAll(bool isDeep) {
    llvm::MapVector<StringRef, SmallVector<GenericKernel *>> alike;
    std::vector<std::unique_ptr<GenericKernel>> all;
    for (auto kernel : getOperation().getOps<dyn::KernelOp>()) {
      if (!kernel.getVersions())
        continue;
      auto generic = version::makeGeneric(kernel, isDeep);
      if (!generic)
        continue;
      all.push_back(std::make_unique<GenericKernel>(std::move(*generic)));
      alike[all.back()->text].push_back(all.back().get());
    }
    for (ArrayRef<GenericKernel *> kernels : llvm::make_second_range(alike))
      if (kernels.size() > 1)
        merge(kernels);
      else
        kernels.front()->kernel->destroy();
  }

  /// One kernel for all of `kernels`, in the place of the first.
  void merge(ArrayRef<GenericKernel *> kernels) {
    dyn::KernelOp shared = kernels.front()->kernel;
    OpBuilder builder(kernels.front()->original);
    builder.insert(shared);
    for (GenericKernel *generic : kernels.drop_front())
      dyn::widen(
          shared,
          llvm::to_vector(
              generic->kernel.getSymbols().getAsRange<KernelSymbolAttr>()));
    liftScalars(kernels);
    StringRef what = kernels.front()->original.getSymName().rsplit('_').first;
    std::string name = dyn::kernelName(what, version::textOf(shared));
    dyn::KernelOp known = findOther(name, kernels);
    if (known)
      dyn::widen(
          known,
          llvm::to_vector(shared.getSymbols().getAsRange<KernelSymbolAttr>()));
    else
      shared.setSymName(name);
    for (GenericKernel *generic : kernels) {
      redirect(*generic, known ? known : shared);
      if (generic->kernel != shared)
        generic->kernel->destroy();
    }
    if (known)
      shared.erase();
  }

  /// A kernel that is generic as it stands may be the one that others become.
  dyn::KernelOp findOther(StringRef name, ArrayRef<GenericKernel *> kernels) {
    for (auto kernel : getOperation().getOps<dyn::KernelOp>())
      if (kernel.getSymName() == name &&
          llvm::none_of(kernels, [&](GenericKernel *generic) {
            return generic->kernel == kernel || generic->original == kernel;
          }))
        return kernel;
    return {};
  }

  /// Scalars that are not the same in all of `kernels` become arguments.
  void liftScalars(ArrayRef<GenericKernel *> kernels) {
    dyn::KernelOp shared = kernels.front()->kernel;
    for (size_t i = kernels.front()->scalars.size(); i-- > 0;) {
      onnx::ConstantOp scalar = kernels.front()->scalars[i];
      auto isSame = [&](GenericKernel *other) {
        return other->scalars[i].getValue() == scalar.getValue();
      };
      if (llvm::all_of(kernels, isSame))
        continue;
      auto position = static_cast<unsigned>(
          std::distance(scalar->getBlock()->begin(), Block::iterator(scalar)));
      for (GenericKernel *generic : kernels)
        pass(generic->scalars[i].getValue(), scalar.getType(),
             generic->original, position);
      scalar.replaceAllUsesWith(
          shared.getBody().addArgument(scalar.getType(), scalar.getLoc()));
      scalar.erase();
    }
  }

  /// Launches of `kernel` have one more operand, for operator `position` of its
  /// body.
  void pass(ElementsAttr value, Type type, dyn::KernelOp kernel,
            unsigned position) {
    for (dyn::LaunchOp launch : launches[kernel.getSymName()]) {
      OpBuilder builder(launch);
      Value constant =
          onnx::ConstantOp::create(builder, launch.getLoc(), type, value);
      launch.getInputsMutable().append(constant);
      launch->setLoc(dyn::locationWithout(launch, position));
    }
  }

  /// Launches of the kernel that it was launch `shared`.
  void redirect(GenericKernel &generic, dyn::KernelOp shared) {
    std::string name = generic.original.getSymName().str();
    std::vector<dyn::LaunchOp> moved = std::move(launches[name]);
    for (dyn::LaunchOp launch : moved) {
      SmallVector<Attribute> symbols;
      for (ExprAttr meaning : generic.meaning)
        symbols.push_back(
            generic.original.substitute(meaning, launch.getSymbols()));
      launch.setKernel(shared.getSymName());
      launch.setSymbolsAttr(ArrayAttr::get(&getContext(), symbols));
      redirected.insert(launch);
    }
    llvm::append_range(launches[shared.getSymName()], moved);
    generic.original.erase();
  }

  llvm::StringMap<std::vector<dyn::LaunchOp>> launches; ///< By kernel.
  llvm::SetVector<dyn::LaunchOp> redirected;
};

} // namespace
} // namespace dycc
