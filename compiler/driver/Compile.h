#ifndef DYCC_COMPILER_DRIVER_COMPILE_H
#define DYCC_COMPILER_DRIVER_COMPILE_H

#include "compiler/driver/PrecisionFile.h"
#include "dialects/dyn/Winograd.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dycc {

class Progress;

/// What a compilation leaves behind.
enum class EmitKind { Shared, Object, Static, Mlir, Llvm, Header };

/// A model that shares an artifact with others.
struct Variant {
  std::string name;
  std::string input; ///< An ONNX file.
  /// On a scale of the user, the more the better: of all variants or of none.
  std::optional<double> quality;
};

/// What one run of the compiler was asked to do.
struct CompileOptions {
  std::string input;             ///< An ONNX file, "-" for the standard input.
  std::vector<Variant> variants; ///< Of a family, in the place of `input`.
  std::string family;            ///< The file that lists them; or empty.
  std::string output; ///< Empty or "-": the standard output, for text.
  EmitKind emit = EmitKind::Shared;
  std::string name; ///< Of the model; empty: from the input's file name.
  std::vector<std::string> headers; ///< Files, `.h` for C, `.hpp` for C++.
  std::string space;      ///< The C++ header's namespace; empty: from the name.
  std::string depfile;    ///< Of the files that were read, for make; or empty.
  std::string stopAfter;  ///< Name of the last stage to run; empty: all.
  std::string dumpStages; ///< Folder for the module after each stage, or empty.
  std::string triple, cpu, features; ///< Empty: this machine.
  std::vector<std::string> dispatch; ///< Machines, for each its kernels.
  std::vector<std::string>
      gpu;                     ///< "opencl", and "cpu" for where there is none.
  std::string backend = "cpu"; ///< Or "reference".
  dyn::WinogradUse winograd = dyn::WinogradUse::Safe;
  std::string precision = "f32";    ///< What f32 is stored in: or f16, bf16.
  std::vector<std::string> keepF32; ///< Nodes or operators that stay f32.
  std::string exceptions;           ///< File of others; empty: none.
  /// What was measured: others, to be reported, and written to a file.
  std::optional<PrecisionFindings> found;
  std::string foundFile;                ///< Or empty.
  std::vector<std::string> dims;        ///< `--dim H=16..1080%4`.
  std::vector<std::string> inputShapes; ///< `--input-shape x:1x3xHxW`.
  bool sharedDims = true;               ///< Equal dim_params are one symbol.
  std::vector<std::string> linkFolders; ///< `--allow-symlinks DIR`.
  std::vector<std::string> overridable; ///< `--overridable NAME`.
  bool fixedDefaults = false;           ///< Initializers are no inputs.
  std::vector<std::string> disabled;    ///< Optimisations that are off.
  /// 0: no optimisation that can be left out; 1: memory is shared; 2: layouts
  /// and fusion too; 3: LLVM's full optimisation of the host program as well.
  unsigned level = 2;
  bool isSmall = false;    ///< Small code: one version of each kernel.
  std::string onlyVersion; ///< Alone in the kernels that have it, or empty.
  std::vector<std::string> remarks; ///< Categories to print, or "all".
  std::vector<std::string> plans;   ///< Files of plans to compile with.
  std::string machineFile; ///< Of what work takes on a machine, or empty.
  std::string shapes;      ///< File of recorded shapes to have versions for.
  std::string tune; ///< File of plans to add faster ones to; empty: none.
  std::vector<std::string> tuneAt;     ///< `--tune-at H=270,W=480`.
  std::vector<std::string> tuneInputs; ///< `--tune-input NAME=LO..HI`.
  double tuneSeconds = 60;             ///< That tuning may take.
  unsigned tuneThreads = 1;            ///< 0: all processors.
  std::string report;                  ///< A .json or .html file, or empty.
  int64_t maxMemory = INT64_MAX; ///< Bytes that a run may take, weights aside.
  unsigned jobs = 0;             ///< Kernel workers at once; 0: one per core.
  std::string cacheDir;          ///< Of kernels; empty: none.
  int64_t maxTrips = 1 << 24; ///< Trips after which an open loop is given up.
  bool sanitize = false;      ///< Link the runtime with sanitizers.
  bool timeReport = false;
  bool quiet = false;           ///< No warnings.
  Progress *progress = nullptr; ///< Is told how it goes; null: nobody is.
};

/// How a compilation ended; the values are the exit codes of dycc.
enum class CompileStatus { Ok = 0, Refused = 1, Usage = 2, Internal = 3 };

/// Compiles a model or a family. Diagnostics go to `errors`, one line each, the
/// culprit first. An output file is complete or not there.
CompileStatus compileModel(const CompileOptions &options,
                           llvm::raw_ostream &errors);

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_COMPILE_H
