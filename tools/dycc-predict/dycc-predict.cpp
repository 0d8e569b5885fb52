// Says what runs of a model take, without compiling its kernels.
#include "compiler/driver/Diagnostics.h"
#include "compiler/driver/TargetOptions.h"
#include "compiler/driver/Version.h"
#include "tools/command-line/ModelOptions.h"
#include "tools/dycc-predict/Predictor.h"
#include "tools/dycc-predict/Service.h"

#include <fmt/format.h>
#include <iostream>
#include <unistd.h>

using namespace dycc;

namespace {

struct Options {
  CompileOptions compile;
  std::vector<std::string> at;
  bool hasLaunches = false, isService = false;
};

void addOptions(CLI::App &app, Options &options) {
  CompileOptions &compile = options.compile;
  app.add_option("model", compile.input, "ONNX file, - for the standard input")
      ->type_name("FILE.onnx");
  app.add_option("--machine", compile.machineFile,
                 "File of what kernels take on the machine, as dycc-calibrate "
                 "writes it; without it times are rough")
      ->type_name("FILE.json");
  app.add_option("--at", options.at,
                 "Extents to say it of, NAME=NUMBER,..., as often as wanted; "
                 "one that is not named is the middle of its declared range, "
                 "else 64")
      ->allow_extra_args(false)
      ->type_name("NAME=NUMBER,...");
  app.add_flag("--launches", options.hasLaunches,
               "Say it of each launch of a kernel too");
  app.add_flag("--service", options.isService,
               "Answer requests on the standard input, of any number of models "
               "(docs/oracle.md)");
  app.set_version_flag("--version", versionText(),
                       "Print the versions of dycc, LLVM and Halide, and the "
                       "targets");
}

void addModelOptions(CLI::App &app, CompileOptions &compile) {
  cli::addExtentOptions(app, compile);
  app.add_option("--target", compile.triple, "Target triple")
      ->type_name("TRIPLE");
  app.add_option("--mcpu", compile.cpu, "Target processor")->type_name("CPU");
  app.add_flag("-q,--quiet", compile.quiet, "Print no warnings");
}

/// The extents of one `--at`.
std::vector<std::string> split(const std::string &at) {
  llvm::SmallVector<llvm::StringRef> words;
  llvm::StringRef(at).split(words, ',');
  return {words.begin(), words.end()};
}

/// The exit code.
int print(const Options &options) {
  auto predictor = predict::Predictor::make(options.compile, llvm::errs());
  if (!predictor)
    return 1;
  fmt::print("machine {}{}, weights {} bytes\n", predictor->machine(),
             predictor->isMeasured() ? "" : " (not measured)",
             predictor->get().weightBytes());
  fmt::print("{:>12} {:>14}  at\n", "ms", "arena bytes");
  std::vector<std::string> points = options.at;
  if (points.empty())
    points.push_back("");
  for (const std::string &point : points) {
    auto figures = predictor->get().at(
        point.empty() ? std::vector<std::string>() : split(point),
        options.hasLaunches);
    std::string wrong =
        figures ? figures->refusal : llvm::toString(figures.takeError());
    if (!wrong.empty()) {
      printLabel(llvm::errs(), "error") << wrong << "\n";
      return 1;
    }
    fmt::print("{:>12.4f} {:>14}  {}\n", figures->seconds * 1e3,
               figures->arenaBytes, point);
    for (auto [nodes, seconds] :
         llvm::zip(predictor->get().getLaunches(), figures->launches))
      fmt::print("{:>12.4f} {:>14}    {}\n", seconds * 1e3, "", nodes);
  }
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  llvm::errs().enable_colors(showsColours(STDERR_FILENO));
  CLI::App app("dycc-predict says what runs of an ONNX model are thought to "
               "take, without compiling its kernels. Exit code 0: done; 1: "
               "model or extents refused; 2: usage.",
               "dycc-predict");
  Options options;
  addOptions(app, options);
  addModelOptions(app, options.compile);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (options.isService) {
    predict::serve(options.compile, std::cin, std::cout);
    return 0;
  }
  if (options.compile.input.empty()) {
    printLabel(llvm::errs(), "error") << "expected a model\n";
    return 2;
  }
  return print(options);
}
