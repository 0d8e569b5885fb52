// The command line of the compiler.
#include "compiler/driver/Compile.h"
#include "compiler/driver/OutputFiles.h"
#include "compiler/driver/RemarkTexts.h"
#include "compiler/driver/Report.h"
#include "compiler/driver/Reproducer.h"
#include "compiler/driver/Version.h"
#include "compiler/pipeline/Pipeline.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <CLI/CLI.hpp>
#include <map>
#include <thread>

namespace {

using dycc::CompileOptions;
using dycc::EmitKind;

/// Names of the stages that `--stop-after` takes.
std::vector<std::string> stageNames() {
  std::vector<std::string> names{"import"};
  for (const dycc::Stage &stage : dycc::stages())
    names.push_back(stage.name.str());
  return names;
}

/// What goes in and what comes out.
void addFileOptions(CLI::App &app, CompileOptions &options) {
  static const std::map<std::string, EmitKind> kinds{
      {"shared", EmitKind::Shared}, {"object", EmitKind::Object},
      {"static", EmitKind::Static}, {"mlir", EmitKind::Mlir},
      {"llvm", EmitKind::Llvm},     {"header", EmitKind::Header}};
  app.add_option("model", options.input, "ONNX file, - for the standard input")
      ->required();
  app.add_option("-o,--output", options.output, "File to write");
  app.add_option("--emit", options.emit, "What to write")
      ->transform(CLI::CheckedTransformer(kinds, CLI::ignore_case));
  app.add_option("--name", options.name,
                 "Name of the model, an identifier: its C function is "
                 "NAME_model_query, which a shared library has beside "
                 "dycc_model_query")
      ->check([](const std::string &name) {
        return dycc::isIdentifier(name)
                   ? ""
                   : "'" + name + "' is no identifier of C";
      });
  app.add_option("--stop-after", options.stopAfter,
                 "Stop after this stage and print the module")
      ->check(CLI::IsMember(stageNames()));
  app.add_option("--dump-stages", options.dumpStages,
                 "Write the module after each stage into this folder");
}

/// Files beside the artifact.
void addHeaderOptions(CLI::App &app, CompileOptions &options) {
  app.add_option("--header", options.headers,
                 "Write a header too: NAME.h for C, NAME.hpp for C++17")
      ->allow_extra_args(false)
      ->check([](const std::string &path) {
        llvm::StringRef extension = llvm::sys::path::extension(path);
        return extension == ".h" || extension == ".hpp"
                   ? ""
                   : "'" + path + "': expected a name that ends in .h or .hpp";
      });
  app.add_option("--namespace", options.space,
                 "Namespace of the C++ header (default: the model's name)")
      ->check([](const std::string &space) {
        return dycc::isIdentifier(space, /*isNested=*/true)
                   ? ""
                   : "'" + space + "' is no namespace of C++, like a::b";
      });
  app.add_option("--depfile", options.depfile,
                 "Write which files were read, as a rule of make");
}

/// The target, what is known of the inputs, and how much is done.
void addCompileOptions(CLI::App &app, CompileOptions &options) {
  app.add_option("--target", options.triple,
                 "Target triple, e.g. aarch64-linux-gnu");
  app.add_option("--mcpu", options.cpu, "Target processor");
  app.add_option("--mattr", options.features,
                 "Target features, e.g. +avx2,-fma");
  app.add_option("--dispatch", options.dispatch,
                 "Machines to have kernels for, e.g. v3,v4: the best that the "
                 "processor is runs, chosen when the model is created")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--dim", options.dims,
                 "Range of a dim: NAME=LO..HI or NAME=LO..HI%MULTIPLE");
  app.add_option("--input-shape", options.inputShapes,
                 "Shape of an input: NAME:DIMxDIMx...");
  app.add_option("--allow-symlinks", options.linkFolders,
                 "Folder that links to the model's external data may lead "
                 "into")
      ->allow_extra_args(false);
  app.add_option("--overridable", options.overridable,
                 "An initializer that is an input too stays an input with a "
                 "default, be it a weight")
      ->allow_extra_args(false);
  app.add_flag("--fixed-defaults", options.fixedDefaults,
               "All other initializers are constants, the small ones too");
  app.add_flag("!--no-shared-dims", options.sharedDims,
               "Dims of one name in two inputs may differ");
  auto setLevel = [&](const std::string &level) {
    options.isSmall = level == "s";
    options.level = options.isSmall ? 2 : level.front() - '0';
  };
  app.add_option_function<std::string>(
         "-O", setLevel,
         "0: nothing optional; 1: memory is shared; 2: layouts and fusion too "
         "(default); 3: all of LLVM for the host program; s: as 2, with one "
         "version of each kernel")
      ->check(CLI::IsMember({"0", "1", "2", "3", "s"}));
  app.add_option("--disable", options.disabled,
                 "Switch an optimisation off: fuse, in-place, layout, reuse")
      ->check(CLI::IsMember({"fuse", "in-place", "layout", "reuse", "share"}));
  app.add_option("--backend", options.backend,
                 "What compiles kernels: cpu, or reference, which is slow and "
                 "makes each kernel without a plan, to compare with")
      ->check(CLI::IsMember({"cpu", "reference"}));
  app.add_option(
      "--only-version", options.onlyVersion,
      "Leave the version of this name alone in the kernels that have "
      "it, to compare with; x86-64-v3/any: in those of one machine");
  app.add_option("--max-trips", options.maxTrips,
                 "Trips after which a loop without a count is given up")
      ->check(CLI::PositiveNumber);
  app.add_option("-j,--jobs", options.jobs, "Kernels compiled at once");
  app.add_option("--cache", options.cacheDir,
                 "Folder of compiled kernels; empty for none");
  app.add_flag("--sanitize", options.sanitize,
               "Link the runtime that is built with AddressSanitizer and "
               "UBSan: for a process that holds them");
  app.add_flag("--time-report", options.timeReport, "Print seconds per step");
}

/// How kernels compute, as far as a user has a say.
void addKernelOptions(CLI::App &app, CompileOptions &options) {
  const std::map<std::string, dycc::dyn::WinogradUse> winograd{
      {"off", dycc::dyn::WinogradUse::Off},
      {"safe", dycc::dyn::WinogradUse::Safe},
      {"fast", dycc::dyn::WinogradUse::Fast}};
  app.add_option("--winograd", options.winograd,
                 "Convolutions of 3 x 3 taps by Winograd's filtering: off; "
                 "safe: where errors stay within 2e-5 of the result's largest "
                 "value (default); fast: wherever that is faster")
      ->transform(CLI::Transformer(winograd))
      ->option_text("off|safe|fast");
}

/// Plans made before, and the search for them.
void addPlanOptions(CLI::App &app, CompileOptions &options) {
  app.add_option("--plans", options.plans,
                 "File of plans for kernels, as --tune writes it")
      ->allow_extra_args(false);
  auto *tune = app.add_option(
      "--tune", options.tune,
      "Look for faster plans by running the model on this machine, compile "
      "with them and add them to this file; kernels that it has plans for "
      "keep these");
  app.add_option("--tune-at", options.tuneAt,
                 "Extents to run at, NAME=NUMBER,...; one that is not named is "
                 "the middle of its declared range, else 64")
      ->allow_extra_args(false)
      ->needs(tune);
  app.add_option("--tune-input", options.tuneInputs,
                 "NAME=LO..HI or NAME=VALUE: what the elements of an input are "
                 "taken from (floats -1..1, integers 0..10)")
      ->allow_extra_args(false)
      ->needs(tune);
  app.add_option("--tune-seconds", options.tuneSeconds,
                 "Time that this may take")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->needs(tune);
  app.add_option("--tune-threads", options.tuneThreads,
                 "Threads to run on, 0: all processors")
      ->capture_default_str()
      ->needs(tune);
}

/// Checks of the result, and what is said of it.
void addReportOptions(CLI::App &app, CompileOptions &options) {
  app.add_option_function<std::string>(
      "--max-memory",
      [&options](const std::string &text) {
        llvm::Expected<int64_t> bytes = dycc::parseBytes(text);
        if (!bytes)
          throw CLI::ValidationError(llvm::toString(bytes.takeError()));
        options.maxMemory = *bytes;
      },
      "Refuse a model that can take more bytes, e.g. 512M");
  app.add_option("--remarks", options.remarks,
                 "Print what was decided, taken or not and why: categories "
                 "with commas between, or all")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(dycc::remarkNames()));
  app.add_option("--report", options.report,
                 "Write what was compiled into this file, .html or .json")
      ->check([](const std::string &path) {
        return dycc::isReportName(path)
                   ? ""
                   : "'" + path +
                         "': expected a name that ends in .html or "
                         ".json";
      });
}

/// The option that would write over the model, by whatever path or link; null
/// where none would.
const char *overwriting(const CompileOptions &options) {
  for (const auto &[option, path] : dycc::outputFiles(options))
    if (llvm::sys::fs::equivalent(path, options.input))
      return option;
  return nullptr;
}

/// What is wrong with the options taken together; null: nothing.
const char *misuse(const CompileOptions &options) {
  bool isStopped = !options.stopAfter.empty();
  bool isText = isStopped || llvm::is_contained({EmitKind::Mlir, EmitKind::Llvm,
                                                 EmitKind::Header},
                                                options.emit);
  if (options.output.empty() && !isText)
    return "expected an output file, give one with -o";
  bool isRead = options.output.empty() || options.output == "-";
  if (!options.depfile.empty() && isRead)
    return "--depfile: expected an output file, give one with -o";
  bool hasBeside = !options.depfile.empty() || !options.headers.empty();
  if (hasBeside && (isStopped || options.emit == EmitKind::Mlir ||
                    options.emit == EmitKind::Llvm))
    return "--header and --depfile: expected --emit shared, object, static or "
           "header";
  bool hasKernels = !isText && options.backend == "cpu";
  if (!options.tune.empty() && !hasKernels)
    return "--tune: expected --emit shared, object or static and --backend cpu";
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

int main(int argc, char **argv) {
  CLI::App app("dycc compiles an ONNX model into a shared library");
  CompileOptions options;
  options.cacheDir = defaultCache();
  options.jobs = std::thread::hardware_concurrency();
  options.progress = llvm::sys::Process::StandardErrIsDisplayed();
  addFileOptions(app, options);
  addHeaderOptions(app, options);
  addCompileOptions(app, options);
  addKernelOptions(app, options);
  addPlanOptions(app, options);
  addReportOptions(app, options);
  app.set_version_flag("--version", dycc::versionText(),
                       "Print the versions of dycc, LLVM and Halide, and the "
                       "targets");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (const char *wrong = misuse(options)) {
    llvm::errs() << "error: " << wrong << "\n";
    return 2;
  }
  if (const char *option = overwriting(options)) {
    llvm::errs() << "error: " << option << " names the model '" << options.input
                 << "' itself, expected another file\n";
    return 2;
  }
  dycc::prepareReproducer({argv, size_t(argc)},
                          (options.output.empty() ? "dycc" : options.output) +
                              ".reproducer.sh");
  return static_cast<int>(dycc::compileModel(options, llvm::errs()));
}
