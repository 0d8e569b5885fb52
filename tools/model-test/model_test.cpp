// The program behind dycc_add_model_test(): runs a model that it is linked with
// on ONNX test data and compares the outputs.
//
//     model_test <folder> [--rtol <number>] [--atol <number>]
//
// Exit code 0: they match; 1: they differ, or the model or the data is refused;
// 2: usage. A project compiles it for its target, with C++17.
#include "compare.hpp"
#include "proto_tensor.hpp"

#include <dycc/runtime.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

extern "C" const dycc_api *DYCC_TEST_QUERY(uint32_t abi_version);

namespace {

using namespace dycc::data;
using Tensors = std::map<uint32_t, ProtoTensor>;

/// Reads `<folder>/<prefix>_<i>.pb` for i = 0, 1 and so on. A tensor whose name
/// the model knows is that value, any other one value i.
Tensors readTensors(const std::string &folder, const char *prefix,
                    const dycc_value_info *infos, uint32_t count) {
  Tensors tensors;
  for (uint32_t i = 0; i < count; ++i) {
    std::string path = folder + "/" + prefix + "_" + std::to_string(i) + ".pb";
    std::ifstream file(path, std::ios::binary);
    if (!file)
      break;
    std::string text(std::istreambuf_iterator<char>(file), {});
    try {
      ProtoTensor tensor = readProtoTensor(text);
      uint32_t at = i;
      for (uint32_t k = 0; k < count; ++k)
        if (tensor.name == infos[k].name)
          at = k;
      tensors[at] = std::move(tensor);
    } catch (const BadTensor &error) {
      throw std::runtime_error("'" + path + "': " + error.what());
    }
  }
  return tensors;
}

std::string textOf(const int64_t *shape, size_t rank) {
  std::string text = "[";
  for (size_t i = 0; i < rank; ++i)
    text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

/// One model, its context, and the outputs of its last run.
class Runner {
public:
  Runner() : api(DYCC_TEST_QUERY(DYCC_ABI_VERSION)) {
    dycc_message message{};
    check(api->model_create(nullptr, &model, &message), message.text);
    check(api->context_create(model, nullptr, &context, &message),
          message.text);
  }
  Runner(const Runner &) = delete;
  ~Runner() {
    api->context_destroy(context);
    api->model_destroy(model);
  }

  const dycc_model_info &info() const { return *api->model_describe(model); }

  void run(Tensors &given) {
    std::vector<DLTensor> inputs(info().num_inputs);
    std::vector<const DLTensor *> in(info().num_inputs);
    for (uint32_t i = 0; i < info().num_inputs; ++i) {
      auto it = given.find(i);
      if (it == given.end() && !info().inputs[i].has_default)
        throw std::runtime_error(
            "no value for input \"" + std::string(info().inputs[i].name) +
            "\": expected input_" + std::to_string(i) + ".pb");
      if (it == given.end())
        continue;
      ProtoTensor &tensor = it->second;
      std::vector<dycc_string> strings;
      for (const std::string &text : tensor.strings)
        strings.push_back({text.data(), text.size()});
      if (!strings.empty())
        tensor.bytes.assign(
            reinterpret_cast<const char *>(strings.data()),
            reinterpret_cast<const char *>(strings.data() + strings.size()));
      inputs[i] = {tensor.bytes.data(),
                   {kDLCPU, 0},
                   int(tensor.shape.size()),
                   tensor.type,
                   tensor.shape.data(),
                   nullptr,
                   0};
      in[i] = &inputs[i];
    }
    std::vector<DLTensor *> out;
    outputs.resize(info().num_outputs);
    shapes.resize(info().num_outputs);
    for (uint32_t i = 0; i < info().num_outputs; ++i) {
      shapes[i].resize(size_t(info().outputs[i].rank));
      outputs[i] = {nullptr,
                    {kDLCPU, 0},
                    info().outputs[i].rank,
                    info().outputs[i].dtype,
                    shapes[i].data(),
                    nullptr,
                    0};
      out.push_back(&outputs[i]);
    }
    dycc_status status = api->run(context, in.data(), out.data(), nullptr);
    check(status, api->context_error(context));
  }

  /// Compares output i and prints what that came to.
  bool matches(uint32_t i, const ProtoTensor &expected,
               const Tolerance &tolerance) const {
    const DLTensor &found = outputs[i];
    const char *name = info().outputs[i].name;
    if (!isSame(info().outputs[i].dtype, expected.type) ||
        shapes[i] != expected.shape) {
      std::printf("%s differs: is %u:%u%s, expects %u:%u%s\n", name,
                  info().outputs[i].dtype.code, info().outputs[i].dtype.bits,
                  textOf(found.shape, shapes[i].size()).c_str(),
                  expected.type.code, expected.type.bits,
                  textOf(expected.shape.data(), expected.shape.size()).c_str());
      return false;
    }
    if (isSame(expected.type, kString))
      return matchesStrings(name, found, expected);
    auto count =
        int64_t(expected.bytes.size() / dycc_element_bytes(expected.type));
    Elements mine{expected.type,
                  static_cast<const char *>(found.data) + found.byte_offset,
                  count};
    Elements theirs{expected.type, expected.bytes.data(), count};
    Deviation deviation = deviationOf(mine, theirs, tolerance);
    if (deviation.worst < 0)
      std::printf("%s matches: %lld elements equal\n", name,
                  static_cast<long long>(count));
    else
      std::printf("%s %s: %lld of %lld elements beyond the tolerance, worst "
                  "deviation %.3g at %lld: %.9g, expects %.9g\n",
                  name, deviation.beyond ? "differs" : "matches",
                  static_cast<long long>(deviation.beyond),
                  static_cast<long long>(count), deviation.by,
                  static_cast<long long>(deviation.worst),
                  elementAt(mine, deviation.worst),
                  elementAt(theirs, deviation.worst));
    return deviation.beyond == 0;
  }

private:
  static bool matchesStrings(const char *name, const DLTensor &found,
                             const ProtoTensor &expected) {
    auto *strings = static_cast<const dycc_string *>(found.data);
    size_t wrong = 0, count = expected.strings.size();
    for (size_t i = 0; i < count; ++i)
      wrong +=
          expected.strings[i] != std::string(strings[i].data, strings[i].size);
    if (wrong)
      std::printf("%s differs: %zu of %zu strings\n", name, wrong, count);
    else
      std::printf("%s matches: %zu elements equal\n", name, count);
    return wrong == 0;
  }
  void check(dycc_status status, const char *text) const {
    if (status != DYCC_OK)
      throw std::runtime_error(std::string(api->status_name(status)) + ": " +
                               text);
  }

  const dycc_api *api;
  dycc_model *model = nullptr;
  dycc_context *context = nullptr;
  std::vector<DLTensor> outputs;
  std::vector<std::vector<int64_t>> shapes;
};

bool runTest(const std::string &folder, const Tolerance &tolerance) {
  Runner runner;
  const dycc_model_info &info = runner.info();
  Tensors inputs = readTensors(folder, "input", info.inputs, info.num_inputs);
  Tensors expected =
      readTensors(folder, "output", info.outputs, info.num_outputs);
  if (expected.empty())
    throw std::runtime_error("'" + folder +
                             "': nothing to compare, expected output_0.pb");
  runner.run(inputs);
  bool matches = true;
  for (const auto &[index, tensor] : expected)
    matches &= runner.matches(index, tensor, tolerance);
  return matches;
}

/// Takes a number of the command line apart.
bool readNumber(const char *text, double &number) {
  char *end = nullptr;
  number = std::strtod(text, &end);
  return end != text && *end == 0 && number >= 0;
}

} // namespace

int main(int argc, char **argv) {
  Tolerance tolerance;
  bool isGood = argc == 2 || argc == 4 || argc == 6;
  for (int i = 2; isGood && i < argc; i += 2) {
    std::string option = argv[i];
    isGood = option == "--rtol"   ? readNumber(argv[i + 1], tolerance.rtol)
             : option == "--atol" ? readNumber(argv[i + 1], tolerance.atol)
                                  : false;
  }
  if (!isGood) {
    std::fprintf(stderr,
                 "usage: %s <folder> [--rtol <number>] [--atol <number>]\n",
                 argv[0]);
    return 2;
  }
  try {
    return runTest(argv[1], tolerance) ? 0 : 1;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
