#include "compiler/tune/Measure.h"

#include "compiler/tune/Process.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <nlohmann/json.hpp>

using namespace llvm;
using nlohmann::json;

namespace dycc::tune {
namespace {

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
  sys::fs::remove(result); // That of another run.
  if (Error error = runProgram(argumentsOf(job, result), job.limit,
                               inFolder(job.folder, "log")))
    return std::move(error);
  return readTimes(result);
}

} // namespace dycc::tune
