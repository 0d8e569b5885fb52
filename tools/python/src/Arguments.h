// The tensors of a run, over arrays of Python.
#ifndef DYCC_TOOLS_PYTHON_ARGUMENTS_H
#define DYCC_TOOLS_PYTHON_ARGUMENTS_H

#include "Model.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace dycc::python {

using Input = nanobind::ndarray<nanobind::ro>;
using Output = nanobind::ndarray<>;

/// Inputs and outputs of runs of one model. Keeps the arrays alive.
/// Thread rule: one run at a time, between reset() and the last use of shapes.
class Arguments {
public:
  /// `inputs` has nothing for a default, `outputs` nothing where the caller
  /// brings no memory. Throws a StatusError.
  Arguments(const Model &model, std::vector<std::optional<Input>> inputs,
            std::vector<std::optional<Output>> outputs);
  Arguments(const Arguments &) = delete;

  /// Makes the outputs what they are before a run: the caller's memory with all
  /// its extents, and no memory for the others.
  void reset();

  const std::vector<const DLTensor *> &inputs() const { return pointers; }
  std::vector<DLTensor> &outputs() { return out; }
  /// Outputs without memory of the caller.
  const std::vector<uint32_t> &missing() const { return withoutMemory; }
  /// Of each output its extents behind a run; none of a missing one.
  std::vector<Shape> shapes() const;

private:
  std::vector<std::optional<Input>> inputArrays;
  std::vector<std::optional<Output>> outputArrays;
  std::vector<DLTensor> in, out;
  std::vector<const DLTensor *> pointers;
  std::vector<uint32_t> withoutMemory;
  std::vector<Shape> extents; ///< Of the outputs, which runs write.
};

/// An array over memory that it frees; of strings a list of them, and extents.
nanobind::object arrayOf(Result result);

} // namespace dycc::python

#endif // DYCC_TOOLS_PYTHON_ARGUMENTS_H
