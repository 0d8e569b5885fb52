#include "codegen/halide/HalideTarget.h"

#include "codegen/target/Features.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/TargetParser/Triple.h"

using Feature = Halide::Target::Feature;

namespace dycc::halide {
namespace {

Feature featureNamed(llvm::StringRef name) {
  return llvm::StringSwitch<Feature>(name)
      .Case("SSE41", Feature::SSE41)
      .Case("AVX", Feature::AVX)
      .Case("AVX2", Feature::AVX2)
      .Case("FMA", Feature::FMA)
      .Case("F16C", Feature::F16C)
      .Case("ARMDotProd", Feature::ARMDotProd)
      .Case("ARMFp16", Feature::ARMFp16);
}

/// Halide finds dot products of bytes for some processors alone, of which LLVM
/// may use everything then. This is what the table of features has of each: of
/// what Sapphire Rapids has beside, nothing came later than f16 arithmetic, and
/// of Zen 4 nothing comes into code that was not asked for.
struct DotProcessor {
  Feature feature;
  llvm::ArrayRef<llvm::StringLiteral> has;
};
constexpr llvm::StringLiteral sapphireRapids[] = {
    "avxvnni",    "avx512vnni",  "avx512bf16",   "avx512fp16",     "avx512ifma",
    "avx512vbmi", "avx512vbmi2", "avx512bitalg", "avx512vpopcntdq"};
constexpr llvm::StringLiteral zen4[] = {
    "avx512vnni",      "avx512bf16",  "avx512ifma",
    "avx512vbmi",      "avx512vbmi2", "avx512bitalg",
    "avx512vpopcntdq", "gfni",        "sse4a"};
const DotProcessor dotProcessors[] = {
    {Feature::AVX512_SapphireRapids, sapphireRapids},
    {Feature::AVX512_Zen4, zen4}};

/// The processor of which `info` has everything; null where it is none.
const DotProcessor *findProcessor(const codegen::TargetInfo &info) {
  auto has = [&](llvm::StringRef name) { return info.hasFeature(name); };
  for (const DotProcessor &processor : dotProcessors)
    if (info.vectorBytes == 64 && llvm::all_of(processor.has, has))
      return &processor;
  return nullptr;
}

/// The best kind that there is, whose features it adds.
DotProducts addDotProducts(Halide::Target &target,
                           const codegen::TargetInfo &info) {
  // Without the feature Halide adds up products of 16 bits, in pairs of pairs.
  if (target.arch == Halide::Target::ARM)
    return DotProducts::Signed;
  const DotProcessor *processor = findProcessor(info);
  if (!processor)
    return DotProducts::Pairs;
  target.set_feature(processor->feature);
  return DotProducts::Mixed;
}

} // namespace

bool hasBf16Products(const codegen::TargetInfo &info) {
  return findProcessor(info) != nullptr;
}

HalideTarget halideTarget(const codegen::TargetInfo &info,
                          bool hasDotProducts) {
  llvm::Triple triple(info.triple);
  bool arm = triple.isAArch64();
  // Android keeps a register of its own.
  Halide::Target target(triple.isAndroid() ? Halide::Target::Android
                                           : Halide::Target::Linux,
                        arm ? Halide::Target::ARM : Halide::Target::X86, 64);
  for (const codegen::CpuFeature &feature : codegen::cpuFeatures())
    if (feature.isArm == arm && !feature.halide.empty() &&
        info.hasFeature(feature.name))
      target.set_feature(featureNamed(feature.halide));
  if (info.vectorBytes == 64) {
    target.set_feature(Feature::AVX512);
    target.set_feature(Feature::AVX512_Skylake);
  }
  target.set_features({Feature::UserContext, Feature::NoRuntime,
                       Feature::NoAsserts, Feature::NoBoundsQuery});
  std::optional<DotProducts> dots;
  if (hasDotProducts)
    dots = addDotProducts(target, info);
  return {target, dots, hasBf16Products(info)};
}

} // namespace dycc::halide
