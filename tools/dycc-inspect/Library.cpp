#include "tools/dycc-inspect/Library.h"

#include "dycc/runtime.h"

#include <dlfcn.h>
#include <fstream>

using nlohmann::json;

namespace dycc {
namespace {

std::string typeText(const dycc_value_info &value) {
  static const char *const codes[] = {"i", "u", "f", "", "bf"};
  std::string text = value.dtype.code == DYCC_DTYPE_BOOL
                         ? "bool"
                         : codes[value.dtype.code < 5 ? value.dtype.code : 3] +
                               std::to_string(value.dtype.bits);
  text += "[";
  for (int32_t d = 0; d < value.rank; ++d)
    text += (d ? ", " : "") + std::string(value.dims[d].text);
  return text + "]";
}

json describeValues(const dycc_value_info *values, uint32_t count) {
  json result = json::array();
  for (uint32_t i = 0; i < count; ++i)
    result.push_back({{"name", values[i].name}, {"type", typeText(values[i])}});
  return result;
}

json describeMemory(const dycc_api &api, const dycc_model *model,
                    const dycc_model_info &info, const json &metadata) {
  json memory{{"weight_bytes", info.weight_bytes},
              {"exact", info.exact != 0},
              {"peak", metadata.value("peak", std::string("?"))}};
  dycc_peak peak;
  dycc_message message;
  dycc_status status =
      api.peak_bytes_in(model, nullptr, nullptr, 1, &peak, &message);
  if (status != DYCC_OK)
    memory["unbounded"] = message.text;
  else if (peak.unbounded)
    memory["unbounded"] =
        std::to_string(peak.unbounded) + " results that nothing bounds";
  else
    memory["most_bytes"] = peak.bytes;
  return memory;
}

json describe(const dycc_api &api, const dycc_model *model) {
  const dycc_model_info &info = *api.model_describe(model);
  json metadata = json::parse(info.metadata, nullptr, /*exceptions=*/false);
  json report;
  report["model"] = {
      {"name", info.name},
      {"metadata", metadata},
      {"cpu_features", info.cpu_features},
      {"inputs", describeValues(info.inputs, info.num_inputs)},
      {"outputs", describeValues(info.outputs, info.num_outputs)}};
  report["symbols"] = json::array();
  for (uint32_t i = 0; i < info.num_symbols; ++i)
    report["symbols"].push_back({{"name", info.symbols[i].name},
                                 {"lower", info.symbols[i].lower},
                                 {"upper", info.symbols[i].upper},
                                 {"multiple", info.symbols[i].multiple}});
  report["kernels"] = json::array();
  for (uint32_t i = 0; i < info.num_kernels; ++i)
    report["kernels"].push_back(
        {{"name", info.kernels[i].name}, {"nodes", info.kernels[i].nodes}});
  report["memory"] = describeMemory(api, model, info, metadata);
  return report;
}

} // namespace

bool isLibrary(const std::string &path) {
  char magic[4] = {};
  std::ifstream(path, std::ios::binary).read(magic, sizeof(magic));
  return std::string_view(magic, 4) == "\x7f"
                                       "ELF";
}

std::string inspectLibrary(const std::string &path, json &report) {
  // Without a slash dlopen() would search the system's folders.
  std::string file = path.find('/') == path.npos ? "./" + path : path;
  void *library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return ::dlerror();
  auto query = dycc_query_fn(::dlsym(library, "dycc_model_query"));
  const dycc_api *api = query ? query(DYCC_ABI_VERSION) : nullptr;
  if (!api)
    return "'" + path + "': is no model of dycc";
  dycc_model_options options = {sizeof(options), /*max_threads=*/1};
  dycc_model *model;
  dycc_message message;
  if (api->model_create(&options, &model, &message) != DYCC_OK)
    return "'" + path + "': " + message.text;
  report = describe(*api, model);
  api->model_destroy(model);
  ::dlclose(library);
  return "";
}

} // namespace dycc
