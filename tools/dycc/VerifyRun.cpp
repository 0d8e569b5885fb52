#include "tools/dycc/VerifyRun.h"

#include "tools/dycc-run/Compare.h"
#include "tools/dycc/Apart.h"

#include <cmath>

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

/// In the process of its own.
VerifyOutcome compareAt(const VerifyPair &pair, const bench::Point &point,
                        uint64_t seed, const Note &note) {
  note("loading");
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
    note("model");
    Results found = runOnce(model, inputs);
    note("reference");
    Results expected = runOnce(reference, inputs);
    note("comparison");
    outcome = compare(found, expected, model.info(), pair.tolerance);
    if (outcome.state != VerifyOutcome::Refused)
      break;
  }
  return outcome;
}

} // namespace

VerifyOutcome runBoth(const VerifyPair &pair, const bench::Point &point,
                      uint64_t seed) {
  std::string problem;
  std::optional<json> told = runApart(
      [&](const Note &note) {
        VerifyOutcome outcome = compareAt(pair, point, seed, note);
        return json{{"state", outcome.state},
                    {"values", outcome.values},
                    {"largest", outcome.largest},
                    {"output", outcome.output},
                    {"text", outcome.text}};
      },
      problem);
  if (!told)
    return differs(problem);
  return {told->at("state"), told->at("values"), told->at("largest"),
          told->at("output"), told->at("text")};
}

} // namespace dycc
