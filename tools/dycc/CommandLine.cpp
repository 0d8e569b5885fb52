#include "tools/dycc/CommandLine.h"

#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/RemarkTexts.h"
#include "compiler/driver/Report.h"
#include "compiler/driver/TargetOptions.h"
#include "compiler/driver/Version.h"
#include "compiler/pipeline/Pipeline.h"
#include "tools/command-line/ModelOptions.h"
#include "tools/command-line/Values.h"
#include "tools/dycc/KernelOptions.h"
#include "tools/dycc/Variants.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <fmt/format.h>
#include <thread>

namespace dycc {
namespace {

/// Names of the stages that `--stop-after` takes.
std::vector<std::string> stageNames() {
  std::vector<std::string> names{"import"};
  for (const Stage &stage : stages())
    names.push_back(stage.name.str());
  return names;
}

/// What goes in and what comes out.
void addFileOptions(CLI::App &app, CommandLine &line) {
  CompileOptions &options = line.compile;
  static const std::vector<std::pair<std::string, EmitKind>> kinds{
      {"shared", EmitKind::Shared}, {"object", EmitKind::Object},
      {"static", EmitKind::Static}, {"mlir", EmitKind::Mlir},
      {"llvm", EmitKind::Llvm},     {"header", EmitKind::Header}};
  app.add_option("model", line.models,
                 "ONNX file, - for the standard input; several, or a file "
                 "that lists them: variants of a family, in one library")
      ->required()
      ->type_name("FILE.{onnx,json}");
  app.add_option("--variants", line.variants,
                 "Names of the variants, of each model one (default: the "
                 "files' names)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME,...");
  app.add_option("-o,--output", options.output, "File to write")
      ->type_name("FILE");
  app.add_option("--emit", options.emit, "What to write")
      ->transform(CLI::CheckedTransformer(kinds, CLI::ignore_case))
      ->option_text(cli::textOf(cli::namesOf(kinds)));
  app.add_option("--name", options.name,
                 "Name of the model, an identifier: its C function is "
                 "NAME_model_query, which a shared library has beside "
                 "dycc_model_query")
      ->type_name("NAME")
      ->check([](const std::string &name) {
        return isIdentifier(name) ? "" : "'" + name + "' is no identifier of C";
      });
  cli::oneOf(app.add_option("--stop-after", options.stopAfter,
                            "Stop after this stage and print the module"),
             stageNames());
  app.add_option("--dump-stages", options.dumpStages,
                 "Write the module after each stage into this folder")
      ->type_name("FOLDER");
}

/// Files beside the artifact.
void addHeaderOptions(CLI::App &app, CompileOptions &options) {
  app.add_option("--header", options.headers,
                 "Write a header too: NAME.h for C, NAME.hpp for C++17")
      ->allow_extra_args(false)
      ->type_name("FILE.{h,hpp}")
      ->check([](const std::string &path) {
        llvm::StringRef extension = llvm::sys::path::extension(path);
        return extension == ".h" || extension == ".hpp"
                   ? ""
                   : "'" + path + "': expected a name that ends in .h or .hpp";
      });
  app.add_option("--namespace", options.space,
                 "Namespace of the C++ header (default: the model's name)")
      ->type_name("NAMESPACE")
      ->check([](const std::string &space) {
        return isIdentifier(space, /*isNested=*/true)
                   ? ""
                   : "'" + space + "' is no namespace of C++, like a::b";
      });
  app.add_option("--depfile", options.depfile,
                 "Write which files were read, as a rule of make")
      ->type_name("FILE");
}

/// The machines that it is for.
void addTargetOptions(CLI::App &app, CompileOptions &options) {
  app.add_option("--target", options.triple,
                 "Target triple, e.g. aarch64-linux-gnu")
      ->type_name("TRIPLE");
  app.add_option("--mcpu", options.cpu, "Target processor")->type_name("CPU");
  app.add_option("--mattr", options.features,
                 "Target features, e.g. +avx2,-fma")
      ->type_name("FEATURES");
  app.add_option("--dispatch", options.dispatch,
                 "Machines to have kernels for, e.g. v3,v4: the best that the "
                 "processor is runs, chosen when the model is created")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->option_text(cli::textOf(machineNames()) + ",...");
}

/// The device beside the processor.
void addDeviceOptions(CLI::App &app, CompileOptions &options) {
  cli::someOf(
      app.add_option("--gpu", options.gpu,
                     "Have kernels for a device: opencl; with cpu also for "
                     "the processor alone, which runs them where there is no "
                     "device"),
      {"opencl", "cpu"});
}

/// What is known of the inputs.
void addInputOptions(CLI::App &app, CompileOptions &options) {
  cli::addExtentOptions(app, options);
  app.add_option("--allow-symlinks", options.linkFolders,
                 "Folder that links to the model's external data may lead "
                 "into")
      ->allow_extra_args(false)
      ->type_name("FOLDER");
  app.add_option("--overridable", options.overridable,
                 "An initializer that is an input too stays an input with a "
                 "default, be it a weight")
      ->allow_extra_args(false)
      ->type_name("NAME");
  app.add_flag("--fixed-defaults", options.fixedDefaults,
               "All other initializers are constants, the small ones too");
  app.add_flag("!--no-shared-dims", options.sharedDims,
               "Dims of one name in two inputs may differ");
}

/// How much is done, and how.
void addCompileOptions(CLI::App &app, CompileOptions &options) {
  auto setLevel = [&](const std::string &level) {
    options.isSmall = level == "s";
    options.level = options.isSmall ? 2 : level.front() - '0';
  };
  cli::oneOf(
      app.add_option_function<std::string>(
          "-O", setLevel,
          "0: nothing optional; 1: memory is shared; 2: layouts and fusion too "
          "(default); 3: all of LLVM for the host program; s: as 2, with one "
          "version of each kernel"),
      {"0", "1", "2", "3", "s"});
  cli::someOf(
      app.add_option("--disable", options.disabled, "Switch optimisations off"),
      optimisations());
  cli::oneOf(
      app.add_option("--backend", options.backend,
                     "What compiles kernels: cpu, or reference, which is slow "
                     "and makes each kernel without a plan, to compare with"),
      {"cpu", "reference"});
  app.add_option(
         "--only-version", options.onlyVersion,
         "Leave the version of this name alone in the kernels that have "
         "it, to compare with; x86-64-v3/any: in those of one machine")
      ->type_name("NAME");
  app.add_option("--max-trips", options.maxTrips,
                 "Trips after which a loop without a count is given up")
      ->check(CLI::PositiveNumber)
      ->option_text("COUNT");
  app.add_option("-j,--jobs", options.jobs, "Kernels compiled at once")
      ->type_name("COUNT");
  app.add_option("--cache", options.cacheDir,
                 "Folder of compiled kernels; empty for none")
      ->type_name("FOLDER");
  app.add_flag("--sanitize", options.sanitize,
               "Link the runtime that is built with AddressSanitizer and "
               "UBSan: for a process that holds them");
  app.add_flag("--time-report", options.timeReport, "Print seconds per step");
}

/// Checks of the result, and what is said of it.
void addReportOptions(CLI::App &app, CompileOptions &options) {
  app.add_option_function<std::string>(
         "--max-memory",
         [&options](const std::string &text) {
           llvm::Expected<int64_t> bytes = parseBytes(text);
           if (!bytes)
             throw CLI::ValidationError(llvm::toString(bytes.takeError()));
           options.maxMemory = *bytes;
         },
         "Refuse a model that can take more bytes, e.g. 512M")
      ->type_name("BYTES");
  cli::someOf(app.add_option("--remarks", options.remarks,
                             "Print what was decided, taken or not and why: "
                             "categories with commas between, or all"),
              remarkNames());
  app.add_option("--report", options.report,
                 "Write what was compiled into this file, .html or .json")
      ->type_name("FILE.{html,json}")
      ->check([](const std::string &path) {
        return isReportName(path)
                   ? ""
                   : "'" + path +
                         "': expected a name that ends in .html or "
                         ".json";
      });
}

/// Whether the result is right, and how much is said.
void addTalkOptions(CLI::App &app, CommandLine &line) {
  app.add_flag("--verify", line.verify.isOn,
               "Run the result at some shapes and compare it with that of "
               "--backend reference in f32; exit code 1 where they differ");
  app.add_option("--verify-shapes", line.verify.shapes,
                 "At most so many shapes, the smallest first")
      ->check(CLI::Range(1, 1000))
      ->option_text(fmt::format("COUNT={}", line.verify.shapes));
  app.add_option("--verify-seed", line.verify.seed,
                 "Of the other shapes and of the inputs")
      ->option_text(fmt::format("SEED={}", line.verify.seed));
  app.add_option("--verify-against", line.verify.against,
                 "A library that dycc made of the model earlier, in the place "
                 "of the reference")
      ->type_name("FILE.so");
  app.add_flag("-q,--quiet", line.compile.quiet, "Print errors alone");
  app.add_flag("-v,--verbose", line.isVerbose,
               "Print what was done, step by step");
}

/// The option that would write over the model, by whatever path or link; null
/// where none would.
const char *overwriting(const CompileOptions &options,
                        const std::string &model) {
  for (const auto &[option, path] : outputFiles(options))
    if (llvm::sys::fs::equivalent(path, model))
      return option;
  return nullptr;
}

/// What is wrong with the options taken together; null: nothing.
const char *misuse(const CommandLine &line) {
  const CompileOptions &options = line.compile;
  if (options.quiet && line.isVerbose)
    return "expected --quiet or --verbose, got both";
  bool isStopped = !options.stopAfter.empty();
  bool isText = isStopped || llvm::is_contained({EmitKind::Mlir, EmitKind::Llvm,
                                                 EmitKind::Header},
                                                options.emit);
  if (options.output.empty() && !isText)
    return "expected an output file, give one with -o";
  bool hasKernels = !isText && options.backend == "cpu";
  if (!options.tune.empty() && !hasKernels)
    return "--tune: expected --emit shared, object or static and --backend cpu";
  if (line.budget.maxError && options.input == "-")
    return "--max-error: the model is read several times, expected a file, got "
           "the standard input";
  if (line.budget.maxError && options.precision == "f32")
    return "--max-error: expected --precision f16 or bf16";
  if (line.budget.maxError && !(*line.budget.maxError >= 0))
    return "--max-error: expected a number that is not below 0";
  bool isRead = options.output.empty() || options.output == "-";
  if (!options.depfile.empty() && isRead)
    return "--depfile: expected an output file, give one with -o";
  bool hasBeside = !options.depfile.empty() || !options.headers.empty();
  if (hasBeside && (isStopped || options.emit == EmitKind::Mlir ||
                    options.emit == EmitKind::Llvm))
    return "--header and --depfile: expected --emit shared, object, static or "
           "header";
  return nullptr;
}

/// The user's cache folder, as other programs of this kind have it.
std::string defaultCache() {
  llvm::SmallString<256> dir;
  if (!llvm::sys::path::cache_directory(dir))
    return "";
  llvm::sys::path::append(dir, "dycc");
  return std::string(dir);
}

} // namespace

std::optional<int> CommandLine::parse(int argc, char **argv,
                                      llvm::raw_ostream &errors) {
  CLI::App app("dycc compiles an ONNX model into a shared library. Exit code "
               "0: done; 1: model refused, or the result is not verified; 2: "
               "usage; 3: internal error.",
               "dycc");
  compile.cacheDir = defaultCache();
  compile.jobs = std::thread::hardware_concurrency();
  addFileOptions(app, *this);
  addHeaderOptions(app, compile);
  addTargetOptions(app, compile);
  addDeviceOptions(app, compile);
  addInputOptions(app, compile);
  addCompileOptions(app, compile);
  addKernelOptions(app, compile);
  addPrecisionOptions(app, *this);
  addPlanOptions(app, compile);
  addReportOptions(app, compile);
  addTalkOptions(app, *this);
  app.set_version_flag("--version", versionText(),
                       "Print the versions of dycc, LLVM and Halide, and the "
                       "targets");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  compile.input = models.front();
  if (budget.maxError)
    compile.foundFile = std::exchange(compile.exceptions, "");
  const char *misused = misuse(*this);
  std::string wrong = misused ? misused : nameVariants(*this);
  std::vector<std::string> read = models;
  if (!compile.family.empty())
    read.push_back(compile.family);
  for (const std::string &file : read)
    if (const char *option = overwriting(compile, file);
        option && wrong.empty())
      wrong = fmt::format("{} names the model '{}' itself, expected another "
                          "file",
                          option, file);
  if (wrong.empty())
    return std::nullopt;
  printLabel(errors, "error") << wrong << "\n";
  return 2;
}

} // namespace dycc
