#ifndef DYCC_COMPILER_TUNE_TUNER_H
#define DYCC_COMPILER_TUNE_TUNER_H

#include "compiler/tune/Measure.h"
#include "compiler/tune/PlanFile.h"

namespace dycc::tune {

/// Where and how long to measure.
struct TuneOptions {
  /// Values of all input symbols, "H=64", at each point; at least one point.
  std::vector<std::vector<std::string>> points;
  std::vector<std::string> inputs; ///< As BenchJob::inputs.
  unsigned threads = 1;
  double seconds = 60; ///< For all of it.
};

/// What the tuner asks of the compiler.
struct Compiler {
  const codegen::Backend &backend;
  llvm::ArrayRef<codegen::TargetInfo> machines;
  /// Makes a shared library of the planned module as it is; false where some
  /// kernel does not compile, which is no error.
  std::function<bool(llvm::StringRef path)> build;
  /// Is told now and then how far it is; may be null.
  std::function<void(llvm::StringRef)> onProgress = {};
};

/// Finds faster plans for the kernels of a planned module by running the model
/// on this machine: one after the other for each machine that it is compiled
/// for and that this processor is.
class Tuner {
public:
  Tuner(mlir::ModuleOp module, Compiler compiler, const TuneOptions &options)
      : module(module), compiler(std::move(compiler)), options(options) {}

  /// Gives the module's kernels what is faster, and adds it to `file`; versions
  /// in `planned` are left alone. What was gained goes to `report`. Fails where
  /// nothing can be measured.
  llvm::Error run(const Versions &planned, PlanFile &file,
                  llvm::raw_ostream &report);

private:
  /// A version of a kernel.
  struct Subject {
    dyn::KernelOp kernel;
    unsigned version;
    std::string function, nodes;
    dyn::KernelPlanAttr chosen;
  };

  void collect(const Versions &planned, const codegen::TargetInfo &machine);
  void setPlans(llvm::ArrayRef<mlir::Attribute> plans);
  llvm::Error tune(const codegen::TargetInfo &machine, double seconds,
                   PlanFile &file, llvm::raw_ostream &report);
  std::vector<mlir::Attribute> neighbours(size_t subject,
                                          mlir::Attribute plan) const;
  std::optional<Measurement> measure(llvm::ArrayRef<mlir::Attribute> plans,
                                     bool isLong);
  llvm::Expected<Measurement> runAll(bool isLong);
  void keep(const SearchResult &found, PlanFile &file);
  void print(const SearchResult &found, llvm::raw_ostream &report) const;
  double now() const;

  mlir::ModuleOp module;
  Compiler compiler;
  const TuneOptions &options;
  std::vector<Subject> subjects;
  std::string title; ///< Of the machine.
  BenchJob job;
  std::string problem; ///< Why the last measurement failed.
  double began = 0, budget = 0;
  size_t rounds = 0;
};

} // namespace dycc::tune

#endif // DYCC_COMPILER_TUNE_TUNER_H
