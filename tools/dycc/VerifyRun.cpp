#include "tools/dycc/VerifyRun.h"

#include "tools/dycc-run/Compare.h"

#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

namespace dycc {
namespace {

using nlohmann::json;
using run::HostTensor;

/// Outputs, or why there are none.
struct Results {
  std::vector<HostTensor> outputs;
  std::string refusal;
};

Results runOnce(run::Artifact &artifact, run::Inputs &inputs) {
  Results results;
  try {
    artifact.run(inputs);
    for (uint32_t i = 0; i < artifact.info().num_outputs; ++i)
      results.outputs.emplace_back(artifact.output(i));
  } catch (const std::runtime_error &error) {
    results.refusal = error.what();
  }
  return results;
}

bool isInteger(DLDataType type) {
  return type.code == kDLInt || type.code == kDLUInt;
}

/// One level in at most 0.01 % of 8-bit values: floats next to a half are
/// rounded to either side (docs/testing.md).
bool isRounding(const HostTensor &found, const data::Deviation &deviation) {
  return isInteger(found.type) && found.type.bits <= 8 && deviation.by <= 1 &&
         deviation.beyond * 10000 <= found.count();
}

VerifyOutcome differs(const std::string &text) {
  return {VerifyOutcome::Differs, 0, 0, "", text};
}

/// Elements that are no NaN and no infinity.
int64_t countFinite(const HostTensor &tensor) {
  if (tensor.isString())
    return tensor.count();
  int64_t count = 0;
  for (int64_t i = 0; i < tensor.count(); ++i)
    count += std::isfinite(tensor.at(i));
  return count;
}

/// Adds what one output comes to.
void compareOutput(const char *name, const HostTensor &found,
                   const HostTensor &expected, const data::Tolerance &tolerance,
                   VerifyOutcome &outcome) {
  if (!run::isSame(found.type, expected.type) || found.shape != expected.shape)
    outcome = differs(fmt::format("output '{}' is {}, the reference has {}",
                                  name, found.describe(), expected.describe()));
  if (outcome.state == VerifyOutcome::Differs)
    return;
  outcome.values += countFinite(expected);
  data::Deviation deviation = run::deviationOf(found, expected, tolerance);
  if (deviation.beyond && !isRounding(found, deviation)) {
    outcome = differs(fmt::format(
        "output '{}', {}, is {} at {}, the reference has {}; {} of {} "
        "elements beyond the tolerance",
        name, found.describe(), found.text(deviation.wrong, 9),
        run::indexOf(found, deviation.wrong), expected.text(deviation.wrong, 9),
        deviation.beyond, found.count()));
  } else if (deviation.by > outcome.largest) {
    outcome.largest = deviation.by;
    outcome.output = name;
  }
}

VerifyOutcome compare(const Results &found, const Results &expected,
                      const dycc_model_info &info,
                      const data::Tolerance &tolerance) {
  if (found.refusal.empty() != expected.refusal.empty())
    return found.refusal.empty()
               ? differs("the reference refuses it: " + expected.refusal)
               : differs("the model refuses it, the reference does not: " +
                         found.refusal);
  if (!found.refusal.empty())
    return {VerifyOutcome::Refused, 0, 0, "", found.refusal};
  VerifyOutcome outcome;
  for (uint32_t i = 0; i < info.num_outputs; ++i)
    compareOutput(info.outputs[i].name, found.outputs[i], expected.outputs[i],
                  tolerance, outcome);
  return outcome;
}

/// In the process of its own. `tell` gets the name of what runs next.
template <typename Tell>
VerifyOutcome compareAt(const VerifyPair &pair, const bench::Point &point,
                        uint64_t seed, Tell tell) {
  tell("loading");
  run::Artifact model(pair.model, /*threads=*/0, pair.machine, pair.variant);
  run::Artifact reference(pair.reference, /*threads=*/0, /*machine=*/"",
                          pair.variant);
  VerifyOutcome outcome;
  for (const char *values : {"", "0..2", "0"}) {
    std::vector<std::string> fills;
    for (uint32_t i = 0; *values && i < model.info().num_inputs; ++i)
      if (isInteger(model.info().inputs[i].dtype))
        fills.push_back(
            fmt::format("{}={}", model.info().inputs[i].name, values));
    run::Inputs inputs = bench::makeInputs(model, point, fills, seed);
    tell("model");
    Results found = runOnce(model, inputs);
    tell("reference");
    Results expected = runOnce(reference, inputs);
    tell("comparison");
    outcome = compare(found, expected, model.info(), pair.tolerance);
    if (outcome.state != VerifyOutcome::Refused)
      break;
  }
  return outcome;
}

void writeAll(int file, const std::string &text) {
  for (size_t at = 0; at < text.size();) {
    ssize_t count = write(file, text.data() + at, text.size() - at);
    if (count <= 0)
      return;
    at += size_t(count);
  }
}

[[noreturn]] void beChild(int file, const VerifyPair &pair,
                          const bench::Point &point, uint64_t seed) {
  // The compiler takes a crash for its own.
  for (int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV})
    std::signal(signal, SIG_DFL);
  VerifyOutcome outcome;
  try {
    outcome = compareAt(pair, point, seed, [&](const char *what) {
      writeAll(file, std::string(what) + "\n");
    });
  } catch (const std::exception &error) {
    outcome = differs(error.what());
  }
  json told{{"state", outcome.state},
            {"values", outcome.values},
            {"largest", outcome.largest},
            {"output", outcome.output},
            {"text", outcome.text}};
  // Names may be any bytes.
  writeAll(file, told.dump(-1, ' ', false, json::error_handler_t::replace));
  _exit(0);
}

std::string readAll(int file) {
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = read(file, buffer, sizeof(buffer))) != 0;)
    if (count > 0)
      text.append(buffer, size_t(count));
    else if (errno != EINTR)
      break;
  return text;
}

} // namespace

VerifyOutcome runBoth(const VerifyPair &pair, const bench::Point &point,
                      uint64_t seed) {
  int ends[2];
  if (pipe(ends) != 0)
    return differs("no pipe");
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    beChild(ends[1], pair, point, seed);
  }
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return differs("no process to run it in");
  }
  std::string text = readAll(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  // What was told last: what ran, or the outcome.
  std::string last = text.substr(text.find_last_of('\n') + 1);
  json told = json::parse(last, nullptr, /*allow_exceptions=*/false);
  if (told.is_object())
    return {told["state"], told["values"], told["largest"], told["output"],
            told["text"]};
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return differs(fmt::format(
      "the {} ended with {} {}", text.substr(text.find_last_of('\n') + 1),
      WIFSIGNALED(status) ? "signal" : "exit code",
      WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
}

} // namespace dycc
