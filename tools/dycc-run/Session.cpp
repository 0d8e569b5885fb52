#include "tools/dycc-run/Session.h"

#include "tools/dycc-run/Command.h"
#include "tools/dycc-run/Npy.h"
#include "tools/dycc-run/Profile.h"
#include "tools/dycc-run/Samples.h"
#include "tools/dycc-run/ShapeRecorder.h"
#include "tools/dycc-run/Trace.h"

#include <algorithm>
#include <set>

namespace dycc::run {
namespace {

/// NAME=VALUE of the command line.
struct Assignment {
  std::string name, value;
};

/// Names hold any character, '=' included: of the model's names that start the
/// text it is the longest; where none does, what stands before the first '='.
Assignment split(const std::string &text, const dycc_value_info *infos,
                 uint32_t count) {
  size_t at = text.find('='), longest = 0;
  for (uint32_t i = 0; i < count; ++i) {
    std::string_view name = infos[i].name;
    bool starts = text.size() > name.size() && text[name.size()] == '=' &&
                  std::string_view(text).substr(0, name.size()) == name;
    if (starts && name.size() > longest)
      at = longest = name.size();
  }
  if (at == text.npos || at == 0 || at + 1 == text.size())
    throw UsageError(fmt::format("'{}': expects NAME=VALUE", text));
  return {text.substr(0, at), text.substr(at + 1)};
}

/// NAME=@PATH of an output.
Assignment splitFile(const std::string &text, const dycc_model_info &info) {
  Assignment result = split(text, info.outputs, info.num_outputs);
  if (result.value[0] != '@' || result.value.size() == 1)
    throw UsageError(fmt::format("'{}': expects NAME=@FILE", text));
  result.value.erase(0, 1);
  return result;
}

/// The command line overrides a data set, but not itself.
void refuseTwice(std::set<uint32_t> &given, uint32_t index, const char *role,
                 const std::string &name) {
  if (!given.insert(index).second)
    throw UsageError(fmt::format("{} '{}' is given twice", role, name));
}

/// NAME=@FILE, a list of strings, or extents and a type.
HostTensor readInput(const Assignment &input, DLDataType type, uint64_t seed) {
  const std::string &value = input.value;
  if (value[0] == '@')
    return readTensor(value.substr(1), type);
  if (value[0] == '[' || value[0] == '"')
    return parseStrings(value, fmt::format("input '{}'", input.name));
  return makeTensor(value, seed);
}

/// A .npy file, or JSON for strings.
void writeOutput(const std::string &path, const HostTensor &tensor) {
  if (tensor.isString() && path.ends_with(".json"))
    return writeText(path, jsonOf(tensor) + "\n");
  writeNpy(path, tensor);
}

Inputs collectInputs(const Options &options, const Artifact &artifact) {
  const dycc_model_info &info = artifact.info();
  Tensors given;
  if (!options.data.empty())
    given = readSample(options.data, inputsOf(info));
  std::set<uint32_t> named;
  for (const std::string &text : options.inputs) {
    Assignment input = split(text, info.inputs, info.num_inputs);
    uint32_t index = artifact.inputIndex(input.name);
    refuseTwice(named, index, "input", input.name);
    given.insert_or_assign(index, readInput(input, info.inputs[index].dtype,
                                            options.seed + index));
  }
  return completeInputs(
      std::move(given), info, [](const dycc_value_info &missing) {
        throw UsageError(fmt::format("no value for input '{0}': pass --input "
                                     "{0}=@FILE.npy or {0}=1x3x64x64xf32",
                                     missing.name));
      });
}

Tensors collectExpected(const Options &options, const Artifact &artifact) {
  const dycc_model_info &info = artifact.info();
  Tensors expected;
  if (!options.data.empty())
    expected = readSample(options.data, outputsOf(info));
  std::set<uint32_t> named;
  for (const std::string &text : options.expected) {
    Assignment output = splitFile(text, info);
    uint32_t index = artifact.outputIndex(output.name);
    refuseTwice(named, index, "expected output", output.name);
    expected.insert_or_assign(
        index, readTensor(output.value, info.outputs[index].dtype));
  }
  return expected;
}

void printTimes(std::vector<double> seconds) {
  if (seconds.size() == 1)
    return;
  double first = seconds.front();
  std::sort(seconds.begin(), seconds.end());
  fmt::print("{} runs: first {:.3f} ms, min {:.3f} ms, median {:.3f} ms, max "
             "{:.3f} ms\n",
             seconds.size(), first * 1e3, seconds.front() * 1e3,
             seconds[seconds.size() / 2] * 1e3, seconds.back() * 1e3);
}

void runAndTime(Artifact &artifact, Inputs &inputs, const Options &options) {
  Profile profile(artifact.info());
  ShapeRecorder shapes(artifact.info());
  std::optional<Trace> trace;
  Listeners listeners;
  if (options.profile || !options.profileFile.empty())
    listeners.add(profile);
  if (!options.traceFile.empty())
    listeners.add(trace.emplace(artifact.info(), artifact.numThreads()));
  if (!options.shapeFile.empty())
    listeners.add(shapes);
  std::vector<double> seconds;
  for (uint32_t i = 0; i < options.repeat; ++i)
    seconds.push_back(
        artifact.run(inputs, listeners.empty() ? nullptr : &listeners));
  printTimes(std::move(seconds));
  if (options.profile)
    fmt::print("{}", profile.table());
  if (!options.profileFile.empty())
    writeText(options.profileFile, profile.json());
  if (!options.traceFile.empty())
    writeText(options.traceFile, trace->text());
  if (!options.shapeFile.empty())
    writeText(options.shapeFile, shapes.text());
}

/// Type, extents and the first elements.
std::string summarize(const HostTensor &tensor) {
  std::string text = tensor.describe();
  int64_t shown = std::min<int64_t>(tensor.count(), 8);
  for (int64_t i = 0; i < shown; ++i)
    text += (i ? ", " : ": ") + tensor.text(i, 7);
  return text + (shown < tensor.count() ? ", ..." : "");
}

} // namespace

bool runSession(const Options &options) {
  Artifact artifact(options.model, options.threads, options.machine,
                    options.variant);
  if (options.describe) {
    fmt::print("{}", artifact.describe());
    if (options.inputs.empty() && options.data.empty())
      return true;
  }
  std::vector<Assignment> files;
  for (const std::string &text : options.outputs) {
    files.push_back(splitFile(text, artifact.info()));
    artifact.outputIndex(files.back().name);
  }
  Inputs inputs = collectInputs(options, artifact);
  Tensors expected = collectExpected(options, artifact);
  runAndTime(artifact, inputs, options);
  if (options.describe) {
    dycc_peak peak = artifact.peakOf(inputs);
    fmt::print("peak {}{} bytes{}\n", peak.exact ? "" : "at most ", peak.bytes,
               peak.unbounded
                   ? fmt::format(", and {} results that nothing bounds",
                                 peak.unbounded)
                   : "");
  }
  bool matches = true;
  const dycc_model_info &info = artifact.info();
  for (uint32_t i = 0; i < info.num_outputs; ++i) {
    HostTensor found(artifact.output(i));
    fmt::print("{} = {}\n", info.outputs[i].name, summarize(found));
    for (const Assignment &file : files)
      if (file.name == info.outputs[i].name)
        writeOutput(file.value, found);
    auto it = expected.find(i);
    if (it == expected.end())
      continue;
    Comparison result = compare(found, it->second, options.tolerance);
    fmt::print("{} {}: {}\n", info.outputs[i].name,
               result.matches ? "matches" : "differs", result.text);
    matches &= result.matches;
  }
  return matches;
}

} // namespace dycc::run
