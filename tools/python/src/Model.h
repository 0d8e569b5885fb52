// A compiled model behind the Python package: no Python here.
#ifndef DYCC_TOOLS_PYTHON_MODEL_H
#define DYCC_TOOLS_PYTHON_MODEL_H

#include "dycc/family.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace dycc::python {

class Profile;

/// A status other than DYCC_OK, by its name, and the text.
struct StatusError {
  std::string status, text;
};

using Shape = std::vector<int64_t>;

/// Memory of a result, which whoever takes it frees with std::free():
/// dycc_strings with what they point to behind them.
struct Result {
  std::unique_ptr<void, void (*)(void *)> memory{nullptr, nullptr};
  Shape shape;
  DLDataType type;
};

/// How many elements a tensor of these extents has.
size_t countElements(const Shape &shape);

/// What a model is loaded with.
struct LoadOptions {
  uint32_t threads = 0;   ///< 0: all processors.
  std::string machine;    ///< Whose kernels run; empty: the best that this is.
  std::string variant;    ///< Of a family; empty: the first.
  uint64_t heapLimit = 0; ///< Most bytes beyond the arena; 0: no limit.
  uint32_t plans = 0;     ///< That are remembered; 0: as usual.
  /// Where the context's memory is from; null: the C library. It has to
  /// outlive the model.
  const dycc_allocator *allocator = nullptr;
};

/// What is said of a run beside its tensors.
struct RunOptions {
  /// A flag for each input, or none: its memory may be overwritten, and may be
  /// an output's too.
  std::vector<uint8_t> donated;
  Profile *profile = nullptr;
  uint64_t seed = 0; ///< Of random numbers; 0: they go on.
};

/// What an input or output is, beside its extents.
struct Port {
  std::string name;
  int32_t rank;
  DLDataType type;
};

/// A loaded library with one context, until close(). Of a family the model is
/// the variant that is selected.
/// Thread rule: any number of calls at a time; runs wait for each other.
/// All functions throw a StatusError, and do when the model is closed.
class Model {
public:
  Model(const std::string &path, const LoadOptions &options);
  Model(const Model &) = delete;
  ~Model() { close(); }

  /// Frees all that the model has, behind the calls that are in flight.
  void close();

  /// Of a model that is open; the constructor's caller reads it at once.
  const dycc_model_info &info() const { return *api->model_describe(model); }
  /// Names of the variants; none where it is no family.
  std::vector<std::string> variants() const;
  /// Of each variant, or none.
  std::vector<double> qualities() const;
  /// The place of the one that runs.
  uint32_t selected() const {
    return families ? families->selected(context) : 0;
  }
  /// Behind the calls that are in flight.
  void select(const std::string &variant);
  /// What a run of each variant takes.
  std::vector<dycc_variant_cost> query(const std::vector<int64_t> &symbols);
  const std::vector<Port> &inputs() const { return inputPorts; }
  const std::vector<Port> &outputs() const { return outputPorts; }
  uint32_t threads() const { return numThreads; }

  /// Symbols of input extents; nothing stands for a default.
  std::vector<int64_t> bind(const std::vector<std::optional<Shape>> &inputs);
  /// Extents of each output; -1 where nothing bounds one.
  std::vector<Shape>
  inferShapes(const std::vector<std::optional<Shape>> &inputs);
  dycc_peak peak(const std::vector<int64_t> &symbols);
  dycc_peak peakIn(const std::vector<int64_t> &lower,
                   const std::vector<int64_t> &upper);
  double estimate(const std::vector<int64_t> &symbols);
  void reserve(const std::vector<int64_t> &lower,
               const std::vector<int64_t> &upper);

  /// Runs once. `inputs` has null for a default. Of `outputs` those that are
  /// not `missing` are filled, and their shapes become the actual ones; the
  /// others are returned, in their order.
  std::vector<Result> run(const std::vector<const DLTensor *> &inputs,
                          std::vector<DLTensor> &outputs,
                          const std::vector<uint32_t> &missing,
                          const RunOptions &options);
  /// Runs once; what has no data is lent by the context, until anything else
  /// runs. Returns the number of the run.
  uint64_t lend(const std::vector<const DLTensor *> &inputs,
                std::vector<DLTensor> &outputs, const RunOptions &options);
  /// Copies what that run lent, `lent` of `outputs`.
  std::vector<Result> copyLent(uint64_t run,
                               const std::vector<DLTensor> &outputs,
                               const std::vector<uint32_t> &lent);

private:
  using Shared = std::shared_lock<std::shared_mutex>;

  void check(dycc_status status, const char *text) const;
  /// Fails where `values` is no value for each symbol.
  void checkSymbols(const std::vector<int64_t> &values) const;
  void load(const std::string &path);
  dycc_status create(const LoadOptions &options, dycc_message &message);
  /// Makes the family, where it is one, else the model.
  dycc_status createModel(const dycc_model_options &options,
                          dycc_message &message);
  /// Fails where there is none of that name.
  uint32_t variantIndex(const std::string &name) const;
  /// Keeps the model open; fails where it is closed.
  Shared keepOpen() const;
  /// Runs once; the caller has both locks.
  void runLocked(const std::vector<const DLTensor *> &inputs,
                 std::vector<DLTensor> &outputs, const RunOptions &options);
  /// inferShapes() of a model that is kept open. `exact` may be null and gets
  /// whether all extents of an output are exact.
  std::vector<Shape> infer(const std::vector<std::optional<Shape>> &inputs,
                           std::vector<bool> *exact);
  /// Memory for the missing outputs whose extents are known; none for the
  /// others, which are copied out of the context.
  std::vector<Result> allocate(const std::vector<const DLTensor *> &inputs,
                               const std::vector<uint32_t> &missing);

  void *library = nullptr;
  const dycc_api *api = nullptr;
  const dycc_family_api *families = nullptr; ///< Null: it is a model.
  dycc_family *family = nullptr;
  std::atomic<dycc_model *> model = nullptr; ///< Changed by select().
  dycc_context *context = nullptr;
  uint32_t numThreads = 0;
  std::vector<Port> inputPorts, outputPorts;
  mutable std::shared_mutex lifetime; ///< Exclusive: to close.
  std::mutex mutex;                   ///< Of the context; behind the other.
  uint64_t numRuns = 0; ///< Uses of the context: each ends what was lent.
};

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_MODEL_H
