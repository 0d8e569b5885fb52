#include "tools/dycc-calibrate/Workshop.h"

#include "compiler/driver/Version.h"
#include "compiler/tune/MachineFile.h"
#include "compiler/tune/Process.h"
#include "tools/dycc-run/Command.h"
#include "tools/dycc-run/HostTensor.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace dycc::calibrate {

namespace fs = std::filesystem;

static std::string find(const char *program, const char *duty) {
  auto path = tune::findProgram(program, duty);
  if (!path)
    throw run::Refusal(llvm::toString(path.takeError()));
  return *path;
}

static std::string textOf(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Workshop::Workshop(std::string folder, const std::string &machine,
                   unsigned threads)
    : folder(std::move(folder)), threads(threads),
      compiler(find("dycc", "compiles what is measured")),
      bench(find("dycc-bench", "measures it")) {
  std::error_code code;
  fs::create_directories(this->folder, code);
  if (code)
    throw run::Refusal("cannot make '" + this->folder + "': " + code.message());
  std::string stamp =
      fmt::format("{}, {} threads, revision {}, dycc {}", machine, threads,
                  tune::MachineFile::kRevision,
                  versionText().substr(0, versionText().find('\n')));
  std::string file = path("measured-on");
  std::string found = textOf(file);
  if (found.empty() && fs::is_empty(this->folder))
    run::writeText(file, found = stamp);
  if (found != stamp)
    throw run::Refusal(fmt::format("'{}' has measurements of '{}', expects "
                                   "'{}' or an empty folder",
                                   this->folder, found, stamp));
}

std::string Workshop::path(const std::string &name) const {
  return tune::inFolder(folder, name);
}

std::string Workshop::path(const Problem &problem, const Extents &point,
                           unsigned pass, const char *ending) const {
  std::string name = problem.name;
  for (const auto &[symbol, extent] : point)
    name += "." + symbol + std::to_string(extent);
  return path(name + "." + std::to_string(pass) + ending);
}

std::string Workshop::modelOf(const Problem &problem) const {
  return path(problem.name + ".onnx");
}

std::vector<std::string> Workshop::launchesOf(const Problem &problem,
                                              const Extents &point) const {
  std::vector<std::string> paths;
  for (unsigned pass = 0; isMeasured(problem, point, pass); ++pass)
    paths.push_back(path(problem, point, pass, ".shapes"));
  return paths;
}

/// The times are what is written last.
bool Workshop::isMeasured(const Problem &problem, const Extents &point,
                          unsigned pass) const {
  return fs::exists(path(problem, point, pass, ".json"));
}

void Workshop::write(const Problem &problem) const {
  run::writeText(modelOf(problem), problem.model);
}

void Workshop::call(std::vector<std::string> arguments) const {
  constexpr unsigned kLimit = 600;
  if (llvm::Error error = tune::runProgram(arguments, kLimit, path("log")))
    throw run::Refusal(llvm::toString(std::move(error)));
}

void Workshop::measure(const Problem &problem, const Extents &point,
                       unsigned pass) const {
  std::string library = path(problem.name + ".so");
  if (!fs::exists(library))
    call({compiler, modelOf(problem), "-o", library, "--quiet"});
  std::vector<std::string> arguments{
      bench,       library, "--threads",  std::to_string(threads),
      "--warm-up", "0.03",  "--min-time", "0.1"};
  if (threads == 1)
    arguments.push_back("--processor-time");
  for (const std::string &extent : textsOf(point))
    arguments.insert(arguments.end(), {"--dim", extent});
  std::vector<std::string> recorded = arguments;
  recorded.insert(recorded.end(),
                  {"--profile-shapes", path(problem, point, pass, ".shapes")});
  call(recorded);
  // By another name until it is complete.
  std::string times = path("times");
  arguments.insert(arguments.end(), {"--json", times});
  call(arguments);
  fs::rename(times, path(problem, point, pass, ".json"));
}

double Workshop::secondsOf(const Problem &problem, const Extents &point) const {
  double least = secondsIn(path(problem, point, 0, ".json"));
  for (unsigned pass = 1; isMeasured(problem, point, pass); ++pass)
    least = std::min(least, secondsIn(path(problem, point, pass, ".json")));
  return least;
}

double Workshop::secondsIn(const std::string &file) const {
  try {
    return nlohmann::json::parse(textOf(file)).at("sizes").at(0).at("min");
  } catch (const nlohmann::json::exception &error) {
    throw run::Refusal("'" + file +
                       "': expects times of dycc-bench, got: " + error.what());
  }
}

std::vector<std::string> textsOf(const Extents &point) {
  std::vector<std::string> texts;
  for (const auto &[symbol, extent] : point)
    texts.push_back(symbol + "=" + std::to_string(extent));
  return texts;
}

} // namespace dycc::calibrate
