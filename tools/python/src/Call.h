// A run whose memory stays.
#ifndef DYCC_TOOLS_PYTHON_CALL_H
#define DYCC_TOOLS_PYTHON_CALL_H

#include "Arguments.h"

namespace dycc::python {

/// Runs a model with the same arrays each time. The model has to outlive it.
/// Thread rule: any; calls wait for each other.
class Call {
public:
  Call(Model &model, std::vector<std::optional<Input>> inputs,
       std::vector<std::optional<Output>> outputs, RunOptions options)
      : model(model), arguments(model, std::move(inputs), std::move(outputs)),
        options(std::move(options)) {}

  /// Runs once, without the interpreter's lock.
  void run();
  /// Copies of what the last run left with the model, and the extents of what
  /// it wrote into the caller's memory.
  nanobind::tuple results();

private:
  Model &model;
  Arguments arguments;
  RunOptions options;
  uint64_t number = 0; ///< Of the last run; 0 where it failed.
  std::mutex mutex;    ///< Of all this; before the locks of the model.
};

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_CALL_H
