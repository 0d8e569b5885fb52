#include "codegen/llvm/Instructions.h"

#include "codegen/llvm/TargetMachines.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"

using namespace llvm;

namespace dycc::codegen {
namespace {

/// A sum and products of two vectors of bytes.
struct Instruction {
  StringLiteral name;
  Intrinsic::ID id;
  StringLiteral feature;
};

constexpr Instruction kInstructions[] = {
    {"smmla", Intrinsic::aarch64_neon_smmla, "i8mm"},
    {"usmmla", Intrinsic::aarch64_neon_usmmla, "i8mm"},
};

const Instruction *findInstruction(StringRef function) {
  const Instruction *found = find_if(
      kInstructions, [&](const Instruction &i) { return function == i.name; });
  return found == std::end(kInstructions) ? nullptr : found;
}

SmallVector<StringRef> featuresOf(const Function &function) {
  SmallVector<StringRef> features;
  function.getFnAttribute("target-features")
      .getValueAsString()
      .split(features, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return features;
}

void allow(Function &function, StringRef feature) {
  SmallVector<StringRef> features = featuresOf(function);
  std::string wanted = ("+" + feature).str();
  if (!is_contained(features, wanted))
    features.push_back(wanted);
  function.addFnAttr("target-features", join(features, ","));
}

void place(CallInst &call, const Instruction &instruction) {
  IRBuilder<> builder(&call);
  auto *sums = FixedVectorType::get(builder.getInt32Ty(), 4);
  auto *factors = FixedVectorType::get(builder.getInt8Ty(), 16);
  Value *sum = builder.CreateBitCast(call.getArgOperand(0), sums);
  Value *left = builder.CreateBitCast(call.getArgOperand(1), factors);
  Value *right = builder.CreateBitCast(call.getArgOperand(2), factors);
  Value *result = builder.CreateIntrinsic(instruction.id, {sums, factors},
                                          {sum, left, right});
  call.replaceAllUsesWith(builder.CreateBitCast(result, call.getType()));
  allow(*call.getFunction(), instruction.feature);
  call.eraseFromParent();
}

/// Vectors that were integers for the calls' sake become vectors: integers of
/// 128 bits would leave the vector registers.
void combine(Module &module, TargetMachine &machine) {
  runPasses(module, machine, [](PassBuilder &) {
    ModulePassManager passes;
    passes.addPass(createModuleToFunctionPassAdaptor(InstCombinePass()));
    return passes;
  });
}

/// As the kernel compiler has it: what may be contracted says so itself, where
/// some of the module may not.
TargetOptions optionsOf(const Module &module) {
  auto *exact = mdconst::extract_or_null<ConstantInt>(
      module.getModuleFlag("halide_per_instruction_fast_math_flags"));
  TargetOptions options;
  options.AllowFPOpFusion =
      exact && exact->isOne() ? FPOpFusion::Strict : FPOpFusion::Fast;
  options.FunctionSections = true;
  return options;
}

} // namespace

Error placeInstructions(Module &module) {
  for (Function &function : make_early_inc_range(module)) {
    StringRef name = function.getName();
    if (!name.consume_front(kInstructionPrefix))
      continue;
    const Instruction *instruction = findInstruction(name);
    if (!instruction)
      return createStringError("no instruction '" + name + "'");
    for (User *user : make_early_inc_range(function.users()))
      place(*cast<CallInst>(user), *instruction);
    function.eraseFromParent();
  }
  return Error::success();
}

void denyFeature(Module &module, StringRef feature) {
  std::string denied = ("+" + feature).str();
  for (Function &function : module) {
    SmallVector<StringRef> features = featuresOf(function);
    erase(features, denied);
    function.addFnAttr("target-features", join(features, ","));
  }
}

Error compileInstructions(const std::string &path, StringRef denied) {
  auto bitcode = MemoryBuffer::getFile(path);
  if (!bitcode)
    return errorCodeToError(bitcode.getError());
  LLVMContext context;
  auto module = parseBitcodeFile((*bitcode)->getMemBufferRef(), context);
  if (!module)
    return module.takeError();
  if (Error failed = placeInstructions(**module))
    return failed;
  denyFeature(**module, denied);
  auto machine = createTargetMachine((*module)->getTargetTriple().str(), "", "",
                                     optionsOf(**module));
  if (!machine)
    return machine.takeError();
  (*module)->setDataLayout((*machine)->createDataLayout());
  combine(**module, **machine);
  Expected<std::string> object = writeObject(**module, **machine);
  if (!object)
    return object.takeError();
  std::error_code failed;
  raw_fd_ostream out(path, failed);
  if (failed)
    return errorCodeToError(failed);
  out << *object;
  return Error::success();
}

} // namespace dycc::codegen
