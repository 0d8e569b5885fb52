#include "tools/dycc-run/Samples.h"

#include "tools/dycc-run/Npy.h"
#include "tools/dycc-run/Npz.h"

#include <algorithm>
#include <filesystem>

namespace fs = std::filesystem;

namespace dycc::run {
namespace {

constexpr std::string_view kArchive = ".npz";

/// The value of this name, `count` where there is none.
uint32_t indexOf(const Values &values, const std::string &name) {
  return uint32_t(std::find_if(values.infos, values.infos + values.count,
                               [&](const dycc_value_info &info) {
                                 return name == info.name;
                               }) -
                  values.infos);
}

HostTensor asType(HostTensor tensor, DLDataType type) {
  if (isSame(tensor.type, carrierOf(type)))
    tensor.type = type;
  return tensor;
}

Tensors readArchive(const std::string &path, const Values &values) {
  Tensors found;
  for (NamedTensor &read : readNpz(path))
    if (uint32_t i = indexOf(values, read.name); i < values.count)
      found.insert_or_assign(
          i, asType(std::move(read.tensor), values.infos[i].dtype));
  return found;
}

void readProtos(const std::string &folder, const Values &values,
                Tensors &into) {
  for (uint32_t i = 0; i < values.count; ++i) {
    std::string path = fmt::format("{}/{}_{}.pb", folder, values.prefix, i);
    if (!fs::exists(path))
      return;
    NamedTensor read = readTensorProto(path);
    uint32_t index = indexOf(values, read.name);
    into.insert_or_assign(index < values.count ? index : i,
                          std::move(read.tensor));
  }
}

/// What is no .pb.
void readOthers(const std::string &folder, const Values &values,
                Tensors &into) {
  for (uint32_t i = 0; i < values.count; ++i)
    for (const char *extension : {".npy", ".json"}) {
      std::string path =
          fmt::format("{}/{}{}", folder, values.infos[i].name, extension);
      if (!into.contains(i) && fs::exists(path))
        into.emplace(i, readTensor(path, values.infos[i].dtype));
    }
}

/// Of an archive its arrays, of a folder its files.
std::vector<std::string> namesIn(const std::string &sample) {
  std::vector<std::string> names;
  if (!fs::is_directory(sample))
    for (const NamedTensor &read : readNpz(sample))
      names.push_back(read.name);
  else
    for (const fs::directory_entry &entry : fs::directory_iterator(sample))
      names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// Whether a folder has values: files that only a sample has.
bool holdsValues(const fs::path &folder) {
  for (const fs::directory_entry &entry : fs::directory_iterator(folder)) {
    std::string name = entry.path().filename();
    if (name.ends_with(".npy") ||
        (name.starts_with("input_") && name.ends_with(".pb")))
      return true;
  }
  return false;
}

} // namespace

Values inputsOf(const dycc_model_info &info) {
  return {info.inputs, info.num_inputs, "input"};
}

Values outputsOf(const dycc_model_info &info) {
  return {info.outputs, info.num_outputs, "output"};
}

HostTensor readTensor(const std::string &path, DLDataType type) {
  if (path.ends_with(".json"))
    return parseStrings(readFile(path), fmt::format("'{}'", path));
  return asType(readNpy(path), type);
}

Tensors readSample(const std::string &path, const Values &values) {
  if (path.ends_with(kArchive))
    return readArchive(path, values);
  Tensors found;
  readProtos(path, values, found);
  readOthers(path, values, found);
  return found;
}

Inputs
completeInputs(Tensors given, const dycc_model_info &info,
               const std::function<void(const dycc_value_info &)> &refuse) {
  Inputs inputs(info.num_inputs);
  for (uint32_t i = 0; i < info.num_inputs; ++i)
    if (auto it = given.find(i); it != given.end())
      inputs[i] = std::move(it->second);
    else if (!info.inputs[i].has_default)
      refuse(info.inputs[i]);
  for (uint32_t i = 0; i < info.num_inputs; ++i)
    if (inputs[i] && int64_t(inputs[i]->shape.size()) != info.inputs[i].rank)
      throw Refusal(fmt::format("input '{}': is {}, expects rank {}",
                                info.inputs[i].name, inputs[i]->describe(),
                                info.inputs[i].rank));
  return inputs;
}

Inputs readInputs(const std::string &sample, const dycc_model_info &info) {
  return completeInputs(
      readSample(sample, inputsOf(info)), info,
      [&](const dycc_value_info &missing) {
        throw Refusal(fmt::format("'{}': no value for input '{}', has '{}'",
                                  sample, missing.name,
                                  fmt::join(namesIn(sample), "', '")));
      });
}

std::vector<std::string> findSamples(const std::string &path) {
  if (!fs::exists(path))
    throw Refusal(fmt::format("'{}': is not there, expects samples", path));
  if (!fs::is_directory(path))
    return {path};
  std::vector<std::string> samples;
  for (const fs::directory_entry &entry : fs::directory_iterator(path)) {
    std::string name = entry.path();
    if (entry.is_directory() ? holdsValues(entry.path())
                             : name.ends_with(kArchive))
      samples.push_back(name);
  }
  std::sort(samples.begin(), samples.end());
  if (holdsValues(path))
    samples.insert(samples.begin(), path);
  if (samples.empty())
    throw Refusal(fmt::format("'{}': has no samples, expects .npz files, or "
                              "folders with input_0.pb or NAME.npy",
                              path));
  return samples;
}

} // namespace dycc::run
