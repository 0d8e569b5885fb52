#include "tools/dycc-inspect/Library.h"

#include "compiler/driver/ShapePoint.h"
#include "compiler/driver/SymbolTexts.h"
#include "dycc/family.h"

#include <cstddef>
#include <dlfcn.h>
#include <fstream>

using nlohmann::json;

namespace dycc {
namespace {

std::string typeText(const dycc_value_info &value) {
  static const char *const codes[] = {"i", "u", "f", "", "bf"};
  uint8_t code = value.dtype.code;
  const char *narrow = dycc_narrow_float(code);
  std::string text =
      code == DYCC_DTYPE_BOOL     ? "bool"
      : code == DYCC_DTYPE_STRING ? "string"
      : narrow                    ? narrow
               : codes[code < 5 ? code : 3] + std::to_string(value.dtype.bits);
  text += "[";
  for (int32_t d = 0; d < value.rank; ++d)
    text += (d ? ", " : "") + withCeilings(value.dims[d].text);
  return text + "]";
}

json describeValues(const dycc_value_info *values, uint32_t count) {
  json result = json::array();
  for (uint32_t i = 0; i < count; ++i)
    result.push_back({{"name", values[i].name}, {"type", typeText(values[i])}});
  return result;
}

/// The formula that dycc left in the library, taken apart again: terms of a
/// sum, "align64(...)" for a slot, "threads * align128(...)" for scratch.
void splitPeak(const std::string &peak, json &memory) {
  memory["slots"] = memory["scratch"] = json::array();
  auto add = [&](const std::string &term) {
    size_t open = term.find('(') + 1;
    std::string size = term.substr(open, term.size() - open - 1);
    if (term.rfind("align64(", 0) == 0)
      memory["slots"].push_back({{"bytes", size}, {"short", size}});
    else if (term.rfind("threads * align128(", 0) == 0)
      memory["scratch"].push_back(size);
  };
  size_t begin = 0;
  int depth = 0;
  bool isQuoted = false; // A name that is no identifier.
  for (size_t i = 0; i <= peak.size(); ++i) {
    char c = i < peak.size() ? peak[i] : '+';
    isQuoted ^= c == '"';
    if (!isQuoted)
      depth += (c == '(') - (c == ')');
    if (c != '+' || depth != 0 || isQuoted)
      continue;
    size_t end = i < peak.size() ? i - 1 : i;
    add(peak.substr(begin, end - begin));
    begin = i + 2;
  }
}

/// The most that runs take over the declared ranges.
void describeMost(const dycc_api &api, const dycc_model *model, json &memory) {
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
}

/// Seconds that a run is thought to take; 0 where the model is older.
double estimateAt(const dycc_api &api, const dycc_model *model,
                  const std::vector<int64_t> &values) {
  double seconds = 0;
  if (api.size >= offsetof(dycc_api, estimate) + sizeof(api.estimate))
    api.estimate(model, values.data(), &seconds, nullptr);
  return seconds;
}

/// What runs take where the extents are `at`. Returns what is wrong.
std::string describeAt(const dycc_api &api, const dycc_model *model,
                       const dycc_model_info &info,
                       const std::vector<std::string> &at, json &memory) {
  std::vector<SymbolValue> symbols;
  for (uint32_t i = 0; i < info.num_symbols; ++i)
    symbols.push_back({info.symbols[i].name, info.symbols[i].lower,
                       info.symbols[i].upper, info.symbols[i].multiple});
  if (llvm::Error error = setValues(symbols, at))
    return llvm::toString(std::move(error));
  std::vector<int64_t> values;
  json texts = json::array();
  for (const SymbolValue &symbol : symbols) {
    values.push_back(symbol.value);
    texts.push_back({{"name", symbol.name}, {"value", symbol.value}});
  }
  dycc_peak peak;
  dycc_message message;
  if (api.peak_bytes(model, values.data(), 1, &peak, &message) == DYCC_OK)
    memory["at"] = {{"symbols", texts},
                    {"arena", peak.arena_bytes},
                    {"threads", 1},
                    {"bytes", peak.bytes},
                    {"seconds", estimateAt(api, model, values)}};
  else if (!at.empty())
    return message.text;
  return "";
}

json describeMemory(const dycc_api &api, const dycc_model *model,
                    const dycc_model_info &info, const json &metadata) {
  std::string peak = metadata.value("peak", std::string("?"));
  json memory{{"weight_bytes", info.weight_bytes},
              {"exact", info.exact != 0},
              {"peak", peak},
              {"terms", json::array()}};
  splitPeak(peak, memory);
  json names = metadata.value("names", json::object());
  for (auto &[name, definition] : names.items())
    memory["terms"].push_back({{"name", name}, {"is", definition}});
  describeMost(api, model, memory);
  return memory;
}

/// Whether a model is new enough to know machines.
bool hasMachines(const dycc_model_info &info) {
  constexpr size_t end =
      offsetof(dycc_model_info, kernel_machines) + sizeof(info.kernel_machines);
  return info.size >= end && info.num_machines > 0;
}

/// What the model has kernels for, and whose run here.
json describeMachines(const dycc_model_info &info) {
  json machines = json::array();
  for (uint32_t i = 0; hasMachines(info) && i < info.num_machines; ++i)
    machines.push_back({{"name", info.machines[i].name},
                        {"cpu_features", info.machines[i].cpu_features},
                        {"runs", i == info.machine}});
  return machines;
}

json describeKernels(const dycc_model_info &info) {
  json kernels = json::array();
  for (uint32_t i = 0; i < info.num_kernels; ++i) {
    kernels.push_back(
        {{"name", info.kernels[i].name}, {"nodes", info.kernels[i].nodes}});
    if (hasMachines(info))
      kernels.back()["machine"] = info.machines[info.kernel_machines[i]].name;
  }
  return kernels;
}

json describe(const dycc_api &api, const dycc_model *model) {
  const dycc_model_info &info = *api.model_describe(model);
  json metadata = json::parse(info.metadata, nullptr, /*exceptions=*/false);
  json report;
  report["model"] = {
      {"name", info.name},
      {"metadata", metadata},
      {"cpu_features", info.cpu_features},
      {"machines", describeMachines(info)},
      {"inputs", describeValues(info.inputs, info.num_inputs)},
      {"outputs", describeValues(info.outputs, info.num_outputs)}};
  report["symbols"] = json::array();
  for (uint32_t i = 0; i < info.num_symbols; ++i)
    report["symbols"].push_back({{"name", info.symbols[i].name},
                                 {"lower", info.symbols[i].lower},
                                 {"upper", info.symbols[i].upper},
                                 {"multiple", info.symbols[i].multiple}});
  report["kernels"] = describeKernels(info);
  report["memory"] = describeMemory(api, model, info, metadata);
  return report;
}

/// The variants of a family, with what a run takes at the symbols of `report`.
/// Null where the library is of a model.
json describeFamily(void *library, const json &report) {
  auto query = dycc_family_query_fn(::dlsym(library, "dycc_family_query"));
  const dycc_family_api *api = query ? query(DYCC_ABI_VERSION) : nullptr;
  dycc_model_options options = {};
  options.size = sizeof(options);
  options.max_threads = 1;
  dycc_family *family = nullptr;
  if (!api || api->family_create(&options, &family, nullptr) != DYCC_OK)
    return nullptr;
  const dycc_family_info &info = *api->family_describe(family);
  json made{{"weight_bytes", info.weight_bytes}, {"variants", json::array()}};
  std::vector<int64_t> symbols;
  bool isAt = report["memory"].contains("at");
  if (isAt)
    for (const json &symbol : report["memory"]["at"]["symbols"])
      symbols.push_back(symbol["value"].get<int64_t>());
  std::vector<dycc_variant_cost> costs(info.num_variants);
  isAt = isAt && api->query(family, symbols.data(), 1, costs.data(), nullptr) ==
                     DYCC_OK;
  for (uint32_t i = 0; i < info.num_variants; ++i) {
    const dycc_model_info &model =
        *api->model->model_describe(info.variants[i].model);
    json variant{{"name", info.variants[i].name},
                 {"weight_bytes", model.weight_bytes},
                 {"kernels", model.num_kernels}};
    if (info.size >= sizeof(info) && info.qualities)
      variant["quality"] = info.qualities[i];
    if (isAt) {
      variant["arena"] = costs[i].peak.arena_bytes;
      variant["bytes"] = costs[i].peak.bytes;
      variant["seconds"] = costs[i].seconds;
    }
    made["variants"].push_back(std::move(variant));
  }
  api->family_destroy(family);
  return made;
}

} // namespace

bool isLibrary(const std::string &path) {
  char magic[4] = {};
  std::ifstream(path, std::ios::binary).read(magic, sizeof(magic));
  return std::string_view(magic, 4) == "\x7f"
                                       "ELF";
}

std::string inspectLibrary(const std::string &path,
                           const std::vector<std::string> &at, json &report) {
  // Without a slash dlopen() would search the system's folders.
  std::string file = path.find('/') == path.npos ? "./" + path : path;
  void *library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return ::dlerror();
  auto query = dycc_query_fn(::dlsym(library, "dycc_model_query"));
  const dycc_api *api = query ? query(DYCC_ABI_VERSION) : nullptr;
  if (!api)
    return "'" + path + "': is no model of dycc";
  dycc_model_options options = {};
  options.size = sizeof(options);
  options.max_threads = 1;
  dycc_model *model;
  dycc_message message;
  if (api->model_create(&options, &model, &message) != DYCC_OK)
    return "'" + path + "': " + message.text;
  report = describe(*api, model);
  std::string error = describeAt(*api, model, *api->model_describe(model), at,
                                 report["memory"]);
  if (json family = describeFamily(library, report); !family.is_null())
    report["family"] = std::move(family);
  api->model_destroy(model);
  ::dlclose(library);
  return error;
}

} // namespace dycc
