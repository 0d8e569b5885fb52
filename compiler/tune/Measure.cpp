#include "compiler/tune/Measure.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

#include <nlohmann/json.hpp>

using namespace llvm;
using nlohmann::json;

namespace dycc::tune {
namespace {

std::string inFolder(StringRef folder, StringRef name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return path.str().str();
}

/// The first line of a file, "" where there is none.
std::string firstLine(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().split('\n').first.str() : "";
}

std::vector<std::string> argumentsOf(const BenchJob &job, StringRef result) {
  constexpr double ofWarmUp = 0.2;
  std::vector<std::string> arguments{job.program, job.after,   "--against",
                                     job.before,  "--profile", "--json",
                                     result.str()};
  auto add = [&](const char *option, const std::string &value) {
    arguments.push_back(option);
    arguments.push_back(value);
  };
  add("--threads", std::to_string(job.threads));
  add("--min-time", std::to_string(job.seconds));
  add("--warm-up", std::to_string(job.seconds * ofWarmUp));
  if (!job.machine.empty())
    add("--machine", job.machine);
  for (const std::string &dim : job.dims)
    add("--dim", dim);
  for (const std::string &input : job.inputs)
    add("--input", input);
  return arguments;
}

/// Times of both sides, from what dycc-bench wrote of one size.
BenchTimes timesOf(const json &written) {
  BenchTimes times;
  const json &size = written.at("sizes").at(0);
  times.model = {size.at("against").at("min"), size.at("min")};
  auto least = [&](const char *profile, double Pair::*side) {
    for (const json &kernel : written.at(profile).at("kernels"))
      times.kernels[kernel.at("name").get<std::string>()].*side =
          kernel.at("least_seconds");
  };
  least("against_profile", &Pair::before);
  least("profile", &Pair::after);
  return times;
}

Expected<BenchTimes> readTimes(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError("dycc-bench wrote no times");
  try {
    return timesOf(json::parse((*buffer)->getBuffer().str()));
  } catch (const json::exception &error) {
    return createStringError("expects times of dycc-bench, got: %s",
                             error.what());
  }
}

} // namespace

Expected<BenchTimes> runBench(const BenchJob &job) {
  std::string result = inFolder(job.folder, "times.json");
  std::string log = inFolder(job.folder, "log");
  for (const std::string &path : {result, log}) // Those of another run.
    sys::fs::remove(path);
  std::vector<std::string> arguments = argumentsOf(job, result);
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(""),
                                          StringRef(log)};
  std::string problem;
  int status = sys::ExecuteAndWait(
      job.program, SmallVector<StringRef>(arguments.begin(), arguments.end()),
      std::nullopt, redirects, job.limit, /*MemoryLimit=*/0, &problem);
  if (status == 0)
    return readTimes(result);
  std::string said = firstLine(log);
  if (said.empty() || status < 0)
    said = "dycc-bench ended: " +
           (problem.empty() ? "status " + std::to_string(status) : problem);
  return createStringError(said);
}

Expected<std::string> findBench() {
  std::string self =
      sys::fs::getMainExecutable(nullptr, reinterpret_cast<void *>(&findBench));
  std::string path = inFolder(sys::path::parent_path(self), "dycc-bench");
  if (!sys::fs::can_execute(path))
    return createStringError("cannot find '%s', which measures plans",
                             path.c_str());
  return path;
}

} // namespace dycc::tune
