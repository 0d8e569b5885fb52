// Variants go through all stages side by side: which constants they share, and
// where these lie, is known when all are planned.
#include "compiler/driver/Family.h"

#include "codegen/kernels/KernelCache.h"
#include "compiler/driver/Compilation.h"
#include "compiler/driver/FamilyInterface.h"
#include "dialects/dyn/Kernels.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/Path.h"

#include <deque>

using namespace mlir;

namespace dycc {
namespace {

class FamilyCompilation {
public:
  FamilyCompilation(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), errors(errors), cache(options.cacheDir) {}

  CompileStatus run();

private:
  /// One variant: its compilation refers to its options.
  struct Member {
    CompileOptions options;
    std::optional<Compilation> compilation;
    codegen::HostOptions host;
  };

  /// Does `step` for each variant in turn; says of which one it failed.
  CompileStatus forEach(llvm::function_ref<CompileStatus(Member &)> step);
  CompileStatus prepare(Member &member);
  CompileStatus compileKernels(Member &member);
  CompileStatus addHostProgram(Member &member);
  llvm::Error addTable();
  void poolWeights();
  CompileStatus link();
  /// What is asked for beside the artifact.
  CompileStatus writeBeside();
  CompileStatus refuse(llvm::Error error) {
    return first().getFrontend().refuse(std::move(error));
  }
  Compilation &first() { return *members.front().compilation; }

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  /// What variants share is compiled once, without a folder of the user's too.
  codegen::KernelCache cache;
  std::deque<Member> members;
  ModelInterface expected; ///< That of the first variant.
  /// What makes the kernels of each name.
  llvm::StringMap<std::string> kernelTexts;
  Artifact artifact;
};

CompileStatus
FamilyCompilation::forEach(llvm::function_ref<CompileStatus(Member &)> step) {
  for (Member &member : members)
    if (CompileStatus status = step(member); status != CompileStatus::Ok) {
      printLabel(errors, "note") << "in variant '" << member.options.name
                                 << "', '" << member.options.input << "'\n";
      return status;
    }
  return CompileStatus::Ok;
}

CompileStatus FamilyCompilation::prepare(Member &member) {
  bool isFirst = &member == &members.front();
  codegen::KernelServer *server = isFirst ? nullptr : first().getServer();
  member.compilation.emplace(member.options, errors);
  CompileStatus status = member.compilation->prepare(server);
  member.compilation->begin("");
  if (status != CompileStatus::Ok)
    return status;
  ModelInterface interface = interfaceOf(member.compilation->getModule());
  if (isFirst)
    expected = std::move(interface);
  else if (llvm::Error error =
               checkInterface(members.front().options.name, expected,
                              member.options.name, interface))
    return refuse(std::move(error));
  return CompileStatus::Ok;
}

/// Kernels have their names from what they compute. One that a variant before
/// has with other plans gets a name of its own.
void renameOthers(ModuleOp module, const codegen::Backend &backend,
                  llvm::StringMap<std::string> &texts) {
  for (auto kernel : module.getOps<dyn::KernelOp>()) {
    std::string text = codegen::objectsText(kernel, backend);
    auto [known, isNew] = texts.try_emplace(kernel.getSymName(), text);
    if (isNew || known->second == text)
      continue;
    StringRef what = kernel.getSymName().rsplit('_').first;
    std::string name = dyn::kernelName(what, text);
    module.walk([&](dyn::LaunchOp launch) {
      if (launch.getKernel() == kernel.getSymName())
        launch.setKernel(name);
    });
    kernel.setSymName(name);
    texts.try_emplace(name, text);
  }
}

CompileStatus FamilyCompilation::compileKernels(Member &member) {
  Compilation &compilation = *member.compilation;
  renameOthers(compilation.getModule(), compilation.getFrontend().getBackend(),
               kernelTexts);
  member.host = compilation.hostOptions();
  return compilation.compileKernels(member.host, artifact);
}

/// The symbol of a variant's description: of the first one that of a model.
std::string symbolOf(unsigned number) {
  return "dycc_model_desc" + (number ? "_" + std::to_string(number) : "");
}

CompileStatus FamilyCompilation::addHostProgram(Member &member) {
  return member.compilation->addHostProgram(member.host, artifact);
}

void FamilyCompilation::poolWeights() {
  SmallVector<func::FuncOp> functions;
  for (auto [number, member] : llvm::enumerate(members)) {
    functions.push_back(member.compilation->getMain());
    member.host.symbol = symbolOf(number);
  }
  codegen::WeightPool pool = codegen::poolWeights(functions);
  artifact.weights = std::move(pool.weights);
  artifact.weightBytes = pool.bytes;
}

llvm::Error FamilyCompilation::addTable() {
  std::vector<std::string> symbols;
  std::vector<double> qualities;
  for (auto [number, variant] : llvm::enumerate(options.variants)) {
    symbols.push_back(symbolOf(number));
    if (variant.quality)
      qualities.push_back(*variant.quality);
  }
  llvm::LLVMContext context;
  llvm::Expected<std::string> object = codegen::emitObject(
      *codegen::emitFamilyModule(symbols, artifact.weightBytes, qualities,
                                 context),
      members.front().host);
  if (!object)
    return object.takeError();
  artifact.objects.push_back(std::move(*object));
  return llvm::Error::success();
}

CompileStatus FamilyCompilation::link() {
  first().begin("link");
  artifact.triple = first().getFrontend().getTarget().triple;
  artifact.isFamily = true;
  if (llvm::Error error = addTable())
    return refuse(std::move(error));
  if (llvm::Error error = writeArtifact(artifact, options))
    return refuse(std::move(error));
  first().begin("");
  return writeBeside();
}

CompileStatus FamilyCompilation::writeBeside() {
  std::vector<std::string> files;
  if (!options.family.empty())
    files.push_back(options.family);
  for (Member &member : members)
    llvm::append_range(files, member.compilation->getFrontend().getFiles());
  std::string name = options.name.empty()
                         ? llvm::sys::path::stem(options.output).str()
                         : options.name;
  if (llvm::Error error =
          dycc::writeBeside(options, first().getModule(),
                            headerNames(options, name, true), files))
    return refuse(std::move(error));
  return CompileStatus::Ok;
}

CompileStatus FamilyCompilation::run() {
  for (const Variant &variant : options.variants) {
    Member &member = members.emplace_back();
    member.options = options;
    member.options.variants.clear();
    member.options.name = variant.name;
    member.options.input = variant.input;
    member.options.cacheDir = cache.path();
    if (!options.dumpStages.empty())
      member.options.dumpStages += "/" + variant.name;
  }
  CompileStatus status =
      forEach([this](Member &member) { return prepare(member); });
  if (status == CompileStatus::Ok)
    status = forEach([this](Member &member) { return compileKernels(member); });
  if (status != CompileStatus::Ok)
    return status;
  poolWeights();
  status = forEach([this](Member &member) { return addHostProgram(member); });
  return status == CompileStatus::Ok ? link() : status;
}

} // namespace

CompileStatus compileFamily(const CompileOptions &options,
                            llvm::raw_ostream &errors) {
  return FamilyCompilation(options, errors).run();
}

} // namespace dycc
