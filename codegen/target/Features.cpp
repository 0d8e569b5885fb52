#include "codegen/target/Features.h"

#include "llvm/ADT/STLExtras.h"

namespace dycc::codegen {
namespace {

CpuFeature makeFeature(llvm::StringLiteral name, bool isArm,
                       llvm::StringLiteral use) {
  bool isUsed = !(use == "No"), isHalides = isUsed && !(use == "Code");
  return {name, isArm, isUsed, isHalides ? use : llvm::StringLiteral("")};
}

const CpuFeature kFeatures[] = {
#define DYCC_X86_FEATURE(name, word, bit, state, use)                          \
  makeFeature(name, false, #use),
#define DYCC_ARM_FEATURE(name, word, bit, use) makeFeature(name, true, #use),
#include "runtime/abi/Features.def"
};

} // namespace

llvm::ArrayRef<CpuFeature> cpuFeatures() { return kFeatures; }

bool isUsedFeature(llvm::StringRef name) {
  return llvm::any_of(kFeatures, [&](const CpuFeature &feature) {
    return feature.isUsed && feature.name == name;
  });
}

} // namespace dycc::codegen
