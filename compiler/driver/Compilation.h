#ifndef DYCC_COMPILER_DRIVER_COMPILATION_H
#define DYCC_COMPILER_DRIVER_COMPILATION_H

#include "codegen/kernels/KernelCompiler.h"
#include "codegen/kernels/KernelServer.h"
#include "codegen/llvm/HostModule.h"
#include "compiler/driver/Artifact.h"
#include "compiler/driver/Frontend.h"
#include "compiler/driver/Header.h"
#include "compiler/driver/ReportKernels.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <chrono>
#include <nlohmann/json.hpp>

namespace dycc {

/// The compilation of one model, stage by stage.
class Compilation {
public:
  /// `options` and `errors` must outlive it.
  Compilation(const CompileOptions &options, llvm::raw_ostream &errors)
      : options(options), errors(errors), frontend(options, errors) {}

  /// All of it, for a model that is its own artifact.
  CompileStatus run();

  // What a model goes through that shares an artifact with others, in order:
  /// The stages on MLIR. `given` compiles kernels for the same machines; null:
  /// one that is started here.
  CompileStatus prepare(codegen::KernelServer *given = nullptr);
  /// Compiles kernels into `artifact` but for those that it has, and checks
  /// what depends on their scratch. `host` gets what the host program needs.
  CompileStatus compileKernels(codegen::HostOptions &host, Artifact &artifact);
  CompileStatus addHostProgram(codegen::HostOptions &host, Artifact &artifact);
  /// Ends the timing of the step before, starts that of `step`; "": none.
  void begin(llvm::StringRef step);

  codegen::HostOptions hostOptions() const;
  Frontend &getFrontend() { return frontend; }
  mlir::ModuleOp getModule() { return frontend.getModule(); }
  mlir::func::FuncOp getMain() {
    return getModule().lookupSymbol<mlir::func::FuncOp>("main");
  }
  /// What compiles its kernels, behind prepare().
  codegen::KernelServer *getServer() { return server; }

private:
  CompileStatus runStages();
  CompileStatus runStage(const Stage &stage);
  CompileStatus finish();
  CompileStatus emitLibrary();
  CompileStatus emitHostText();
  CompileStatus emitHeader();
  CompileStatus write(llvm::StringRef text, llvm::StringRef path);
  /// What is asked for beside what was emitted.
  CompileStatus writeBeside();
  /// Checks the memory's bound, and completes the report but for the times.
  CompileStatus checkAndReport(const codegen::HostOptions &host);
  CompileStatus writeReport();
  std::string modelName() const;
  bool makesKernels() const {
    return options.stopAfter.empty() && options.emit != EmitKind::Mlir &&
           options.emit != EmitKind::Header;
  }
  codegen::KernelOptions kernelOptions();
  /// Notes what kernels need; moves their objects into `artifact`.
  void addKernels(std::vector<codegen::Kernel> &made,
                  codegen::HostOptions &host, Artifact &artifact);
  /// The host program, when the kernels are compiled.
  llvm::Expected<std::string> makeHostObject(codegen::HostOptions &host);
  llvm::Error link(Artifact &artifact, const CompileOptions &how);
  /// Finds faster plans, which the module's kernels have from here on.
  CompileStatus tunePlans();
  /// A library of the module as it is; false, without a word, where some kernel
  /// does not compile.
  bool buildQuietly(llvm::StringRef path, llvm::StringRef cacheDir);

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  /// Started before the model is there.
  std::optional<codegen::KernelServer> ownServer;
  codegen::KernelServer *server = nullptr;
  Frontend frontend;
  nlohmann::json report;
  llvm::StringMap<CompiledVersion> compiled; ///< By function.
  std::string step;
  std::chrono::steady_clock::time_point started;
  nlohmann::json times = nlohmann::json::array(); ///< Of the steps before.
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_COMPILATION_H
