// A compiled model, loaded and ready to run.
#ifndef DYCC_TOOLS_DYCC_RUN_ARTIFACT_H
#define DYCC_TOOLS_DYCC_RUN_ARTIFACT_H

#include "dycc/family.h"
#include "tools/dycc-run/HostTensor.h"
#include "tools/dycc-run/Listener.h"

namespace dycc::run {

/// A tensor for each input; none where the model's default is wanted.
using Inputs = std::vector<std::optional<HostTensor>>;

/// Owns library, model and context. Of a family the model is one variant. All
/// failures of the model are thrown: as a Refusal, or as an InternalError where
/// it is a defect.
class Artifact {
public:
  /// `threads`: 0: all processors. `machine`: whose kernels run; empty: the
  /// best that the processor is. `variant`: of a family; empty: its first.
  Artifact(const std::string &path, uint32_t threads,
           const std::string &machine = "", const std::string &variant = "");
  Artifact(const Artifact &) = delete;
  Artifact &operator=(const Artifact &) = delete;
  ~Artifact();

  const dycc_model_info &info() const { return *api->model_describe(model); }
  /// Index of an input or output; throws a UsageError with the known names.
  uint32_t inputIndex(const std::string &name) const;
  uint32_t outputIndex(const std::string &name) const;

  /// Runs once; the results stay valid until the next run. Returns seconds.
  /// `listener` may be null.
  double run(Inputs &inputs, Listener *listener = nullptr);
  const DLTensor &output(uint32_t index) const { return outputs[index]; }

  uint32_t numThreads() const { return threads; }
  /// The model's symbols at these inputs.
  std::vector<int64_t> symbolsOf(const Inputs &inputs) const;
  /// Bytes of the arena that are in use at each launch.
  std::vector<int64_t> liveBytesAt(const std::vector<int64_t> &symbols) const;
  /// Seconds that a run is thought to take on one thread: ranks symbols.
  double estimateAt(const std::vector<int64_t> &symbols) const;
  /// Bytes that a run with these inputs takes.
  dycc_peak peakOf(const Inputs &inputs) const {
    return peakAt(symbolsOf(inputs));
  }
  dycc_peak peakAt(const std::vector<int64_t> &symbols) const;

  /// What the model is, for a person.
  std::string describe() const;

private:
  void check(dycc_status status, const char *text) const;
  void load(const std::string &path);
  void createModel(const std::string &machine, const std::string &variant);
  /// The variant's place; throws a UsageError with the known names.
  uint32_t variantIndex(const std::string &name) const;
  std::string describeVariants() const;

  void *library = nullptr;
  const dycc_api *api = nullptr;
  const dycc_family_api *families = nullptr; ///< Null: it is a model.
  dycc_family *family = nullptr;
  dycc_model *model = nullptr;
  dycc_context *context = nullptr;
  uint32_t threads;
  std::vector<std::vector<int64_t>> outputShapes;
  std::vector<DLTensor> outputs;
};

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_ARTIFACT_H
