#include "codegen/llvm/AbiTypes.h"
#include "codegen/llvm/HostModule.h"
#include "runtime/abi/Model.h"

#include "llvm/IR/GlobalVariable.h"

using namespace llvm;

namespace dycc::codegen {

/// A table of what each variant has.
static Constant *emitTable(Module &module, Constant *values, StringRef name) {
  return new GlobalVariable(module, values->getType(), /*isConstant=*/true,
                            GlobalValue::PrivateLinkage, values, name);
}

std::unique_ptr<Module> emitFamilyModule(ArrayRef<std::string> symbols,
                                         uint64_t weightBytes,
                                         ArrayRef<double> qualities,
                                         LLVMContext &context) {
  auto module = std::make_unique<Module>("dycc.family", context);
  SmallVector<Constant *> variants;
  for (const std::string &symbol : symbols) {
    auto *desc = new GlobalVariable(
        *module, Type::getInt8Ty(context), /*isConstant=*/true,
        GlobalValue::ExternalLinkage, nullptr, symbol);
    desc->setVisibility(GlobalValue::HiddenVisibility);
    variants.push_back(desc);
  }
  auto *type = ArrayType::get(PointerType::getUnqual(context), variants.size());
  Constant *table =
      emitTable(*module, ConstantArray::get(type, variants), "dycc.variants");
  Constant *rated = ConstantPointerNull::get(PointerType::getUnqual(context));
  if (!qualities.empty())
    rated = emitTable(*module, ConstantDataArray::get(context, qualities),
                      "dycc.qualities");
  Constant *value =
      AbiConstant<DyccFamilyDesc>(context)
          .set(&DyccFamilyDesc::variants, table)
          .set(&DyccFamilyDesc::numVariants, int64_t(variants.size()))
          .set(&DyccFamilyDesc::pad, int64_t(0))
          .set(&DyccFamilyDesc::weightBytes, int64_t(weightBytes))
          .set(&DyccFamilyDesc::qualities, rated)
          .get();
  auto *family = new GlobalVariable(
      *module, value->getType(), /*isConstant=*/true,
      GlobalValue::ExternalLinkage, value, "dycc_family_desc");
  family->setVisibility(GlobalValue::HiddenVisibility);
  return module;
}

} // namespace dycc::codegen
