// Inputs and outputs of a model in files.
#ifndef DYCC_TOOLS_DYCC_RUN_SAMPLES_H
#define DYCC_TOOLS_DYCC_RUN_SAMPLES_H

#include "tools/dycc-run/Artifact.h"

#include <functional>
#include <map>

namespace dycc::run {

/// Values by the index of the input or output.
using Tensors = std::map<uint32_t, HostTensor>;

/// Inputs or outputs of a model.
struct Values {
  const dycc_value_info *infos;
  uint32_t count;
  const char *prefix; ///< Of their files in an ONNX test data set.
};
Values inputsOf(const dycc_model_info &info);
Values outputsOf(const dycc_model_info &info);

/// Reads a file for a value of this type: .npy, which lacks some types and has
/// their bits, or .json of strings. Throws a Refusal that names the path.
HostTensor readTensor(const std::string &path, DLDataType type);

/// Those of `values` that a sample has, which is an .npz file with arrays of
/// their names, or a folder: with PREFIX_0.pb, PREFIX_1.pb and so on (a tensor
/// whose name the model knows is that value, any other one of the file's
/// number), and NAME.npy, or NAME.json for strings. What else is there is no
/// matter. Throws a Refusal that names the path.
Tensors readSample(const std::string &path, const Values &values);

/// Inputs to run with, of a sample. Throws a Refusal that names it where one is
/// missing that has no default, or has another rank.
Inputs readInputs(const std::string &sample, const dycc_model_info &info);
/// All inputs of a model of those that are given. `refuse` throws for one that
/// is missing and has no default; a Refusal names one that has another rank
/// than the model's, which comes before a look at extents.
Inputs
completeInputs(Tensors given, const dycc_model_info &info,
               const std::function<void(const dycc_value_info &)> &refuse);

/// The samples at `path`, in the order of their names: itself, and .npz files
/// and folders with values in it. Throws a Refusal where there is none.
std::vector<std::string> findSamples(const std::string &path);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_SAMPLES_H
