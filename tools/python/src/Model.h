// A compiled model behind the Python package: no Python here.
#ifndef DYCC_TOOLS_PYTHON_MODEL_H
#define DYCC_TOOLS_PYTHON_MODEL_H

#include "dycc/runtime.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace dycc::python {

class Profile;

/// A status other than DYCC_OK, by its name, and the text.
struct StatusError {
  std::string status, text;
};

using Shape = std::vector<int64_t>;

/// Memory of a result, which whoever takes it frees with std::free().
struct Result {
  std::unique_ptr<void, void (*)(void *)> memory{nullptr, nullptr};
  Shape shape;
  DLDataType type;
};

/// A loaded library with one model and one context.
/// Thread rule: any number of calls at a time; runs wait for each other.
/// All functions throw a StatusError.
class Model {
public:
  /// `threads`: 0: all processors. `machine`: whose kernels run; empty: the
  /// best that the processor is.
  Model(const std::string &path, uint32_t threads, const std::string &machine);
  Model(const Model &) = delete;
  ~Model();

  const dycc_model_info &info() const { return *api->model_describe(model); }
  uint32_t threads() const { return numThreads; }

  /// Symbols of input extents; nothing stands for a default.
  std::vector<int64_t> bind(const std::vector<std::optional<Shape>> &inputs);
  /// Extents of each output; -1 where nothing bounds one. `exact` may be null
  /// and gets whether all of an output's are exact.
  std::vector<Shape>
  inferShapes(const std::vector<std::optional<Shape>> &inputs,
              std::vector<bool> *exact = nullptr);
  dycc_peak peak(const std::vector<int64_t> &symbols);
  dycc_peak peakIn(const std::vector<int64_t> &lower,
                   const std::vector<int64_t> &upper);
  double estimate(const std::vector<int64_t> &symbols);
  void reserve(const std::vector<int64_t> &lower,
               const std::vector<int64_t> &upper);

  /// Runs once. `inputs` has null for a default. Of `outputs` those with data
  /// are filled, and their shapes become the actual ones; the others are
  /// returned, in their order. `profile` may be null.
  std::vector<Result> run(const std::vector<const DLTensor *> &inputs,
                          std::vector<DLTensor> &outputs, Profile *profile);

private:
  void check(dycc_status status, const char *text) const;
  /// Fails where `values` is no value for each symbol.
  void checkSymbols(const std::vector<int64_t> &values) const;
  void load(const std::string &path);
  /// Memory for the outputs that have none and whose extents are known; copied
  /// out of the context are the others.
  std::vector<Result> allocate(const std::vector<const DLTensor *> &inputs,
                               std::vector<DLTensor> &outputs);

  void *library = nullptr;
  const dycc_api *api = nullptr;
  dycc_model *model = nullptr;
  dycc_context *context = nullptr;
  uint32_t numThreads = 0;
  std::mutex mutex; ///< Of the context.
};

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_MODEL_H
