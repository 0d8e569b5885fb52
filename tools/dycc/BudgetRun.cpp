#include "tools/dycc/BudgetRun.h"

#include "tools/dycc-run/Compare.h"
#include "tools/dycc-run/Samples.h"
#include "tools/dycc/Apart.h"

#include <algorithm>
#include <cmath>

namespace dycc {
namespace {

using nlohmann::json;
using run::HostTensor;

double largestOf(const HostTensor &tensor) {
  double largest = 0;
  for (int64_t i = 0, count = tensor.count(); i < count; ++i)
    largest = std::max(largest, std::fabs(tensor.at(i)));
  return largest;
}

std::vector<HostTensor> runOnce(run::Artifact &artifact, run::Inputs &inputs) {
  artifact.run(inputs);
  std::vector<HostTensor> outputs;
  for (uint32_t i = 0; i < artifact.info().num_outputs; ++i)
    outputs.emplace_back(artifact.output(i));
  return outputs;
}

/// Errors are relative to numbers.
void checkFinite(const HostTensor &output, const char *name) {
  if (output.isString() || !data::isFloat(output.type))
    return;
  for (int64_t i = 0, count = output.count(); i < count; ++i)
    if (!std::isfinite(output.at(i)))
      throw run::Refusal(
          fmt::format("output '{}' of the model in f32 is {} at {}, expects "
                      "finite numbers",
                      name, output.text(i, 9), run::indexOf(output, i)));
}

/// Both libraries at one sample after the other.
class Measurer {
public:
  Measurer(const std::string &model, const std::string &reference,
           const Note &note)
      : note(note), reference(reference, /*threads=*/0),
        own(model, /*threads=*/0) {
    errors.weightBytes = int64_t(own.info().weight_bytes);
  }

  void take(const std::string &sample) {
    ++errors.samples;
    note("model in f32");
    run::Inputs inputs;
    std::vector<HostTensor> expected;
    try {
      inputs = run::readInputs(sample, reference.info());
      expected = runOnce(reference, inputs);
      for (uint32_t i = 0; i < reference.info().num_outputs; ++i)
        checkFinite(expected[i], reference.info().outputs[i].name);
    } catch (const std::exception &error) {
      std::string text = error.what();
      // Of files it says which.
      throw run::Refusal(text.find(sample) != text.npos
                             ? text
                             : fmt::format("'{}': {}", sample, text));
    }
    note("model");
    compare(sample, inputs, expected);
  }

  SampleErrors errors;

private:
  void compare(const std::string &sample, run::Inputs &inputs,
               const std::vector<HostTensor> &expected) {
    std::vector<HostTensor> found;
    try {
      found = runOnce(own, inputs);
    } catch (const run::Refusal &error) {
      return add(HUGE_VAL, error.what(), sample);
    }
    for (uint32_t i = 0; i < own.info().num_outputs; ++i)
      add(relativeError(found[i], expected[i]),
          fmt::format("output '{}'", own.info().outputs[i].name), sample);
  }

  void add(double error, const std::string &what, const std::string &sample) {
    if (error > errors.largest) {
      errors.largest = error;
      errors.where = fmt::format("{} of '{}'", what, sample);
    }
  }

  const Note &note;
  run::Artifact reference, own;
};

} // namespace

double relativeError(const HostTensor &found, const HostTensor &expected) {
  if (!run::isSame(found.type, expected.type) || found.shape != expected.shape)
    return HUGE_VAL;
  double difference = run::deviationOf(found, expected, {}).by;
  if (difference == 0)
    return 0;
  double largest = expected.isString() ? 0 : largestOf(expected);
  return largest > 0 ? difference / largest : HUGE_VAL;
}

static json measureAll(const std::string &model, const std::string &reference,
                       const std::string &data, const Note &note) {
  try {
    std::vector<std::string> samples = run::findSamples(data);
    note("loading");
    Measurer measurer(model, reference, note);
    for (const std::string &sample : samples)
      measurer.take(sample);
    const SampleErrors &errors = measurer.errors;
    return {{"isNumber", std::isfinite(errors.largest)},
            {"largest", errors.largest},
            {"where", errors.where},
            {"samples", errors.samples},
            {"weightBytes", errors.weightBytes}};
  } catch (const run::Refusal &refusal) {
    return {{"refusal", refusal.what()}};
  }
}

SampleErrors measureErrors(const std::string &model,
                           const std::string &reference,
                           const std::string &data) {
  std::string problem;
  std::optional<json> told = runApart(
      [&](const Note &note) {
        return measureAll(model, reference, data, note);
      },
      problem);
  if (!told)
    return {HUGE_VAL, problem, 0, 0};
  if (told->contains("refusal"))
    throw run::Refusal(told->at("refusal"));
  return {told->at("isNumber") ? told->at("largest").get<double>() : HUGE_VAL,
          told->at("where"), told->at("samples"), told->at("weightBytes")};
}

} // namespace dycc
