#ifndef DYCC_COMPILER_DRIVER_FRONTEND_H
#define DYCC_COMPILER_DRIVER_FRONTEND_H

#include "codegen/target/Backend.h"
#include "codegen/target/TargetInfo.h"
#include "compiler/driver/Compile.h"
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/RemarkTexts.h"
#include "compiler/pipeline/Pipeline.h"
#include "compiler/tune/PlanFile.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace dycc {

/// A model on its way through the stages that work on MLIR: what compiling and
/// inspecting share.
class Frontend {
public:
  /// `options` and `errors` must outlive it.
  Frontend(const CompileOptions &options, llvm::raw_ostream &errors);

  /// Chooses the target; import() does where it was not called.
  CompileStatus chooseTarget();
  /// Lets passes run on several threads: from here on the process must not fork
  /// without exec.
  void useThreads() { context.enableMultithreading(); }
  /// Imports the model, applies what the user says of it.
  CompileStatus import();
  /// Runs one stage on the module, and writes it out where that was asked.
  CompileStatus run(const Stage &stage);

  mlir::ModuleOp getModule() { return *module; }
  /// What all code may use that is not of a kernel for one machine.
  const codegen::TargetInfo &getTarget() const { return target; }
  /// What kernels are made for, the most able machine first; of several at load
  /// the first that the processor is.
  llvm::ArrayRef<codegen::TargetInfo> getMachines() const { return machines; }
  /// What compiles kernels, from chooseTarget() on.
  const codegen::Backend &getBackend() const { return *backend; }
  /// Versions of kernels whose plans are from files, from the version stage on.
  const tune::Versions &getPlanned() const { return planned; }
  /// The file that faster plans are for; there where it was asked for, from the
  /// version stage on.
  tune::PlanFile &getTuneFile() { return *tuneFile; }
  /// What the stages have decided: all of it where there is a report to write,
  /// else what the options ask for.
  llvm::ArrayRef<RemarkText> getRemarks() const { return remarks; }
  /// Nodes that stay f32 by name, behind import().
  llvm::ArrayRef<std::string> getKeptNodes() const { return keptNodes; }
  /// Files that the model was read from.
  llvm::ArrayRef<std::string> getFiles() const { return files; }
  /// Prints the text of `error`.
  CompileStatus refuse(llvm::Error error);

private:
  mlir::LogicalResult runPasses(const Stage &stage);
  /// What no later stage can handle, as far as this one has told.
  CompileStatus check(const Stage &stage, bool isDone);
  CompileStatus goOn(const Stage &stage, bool isDone);
  /// Makes versions for shapes that runs recorded.
  mlir::LogicalResult applyShapes();
  /// Takes plans out of the files that the options name.
  mlir::LogicalResult applyPlans();
  /// Costs of kernels are those of the machine that a file is of.
  mlir::LogicalResult applyCosts();
  CompileStatus dump(llvm::StringRef stage);

  const CompileOptions &options;
  llvm::raw_ostream &errors;
  std::vector<RemarkText> remarks;
  std::vector<std::string> files;
  std::vector<std::string> keptNodes; ///< That stay f32.
  mlir::MLIRContext context;
  RemarkListener listener;
  DiagnosticPrinter printer;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::vector<codegen::TargetInfo> machines;
  codegen::TargetInfo target;
  std::unique_ptr<codegen::Backend> backend;
  tune::Versions planned;
  std::optional<tune::PlanFile> tuneFile;
  bool isRefused = false;
  bool hasGoodEdges = true; ///< Memory can hold all inputs and outputs.
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_FRONTEND_H
