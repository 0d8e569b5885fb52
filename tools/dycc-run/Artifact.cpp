#include "tools/dycc-run/Artifact.h"

#include <cstddef>
#include <dlfcn.h>
#include <thread>

namespace dycc::run {

Artifact::Artifact(const std::string &path, uint32_t threads,
                   const std::string &machine, const std::string &variant)
    : threads(threads ? threads
                      : std::max(1u, std::thread::hardware_concurrency())) {
  load(path);
  createModel(machine, variant);
  dycc_context_options options = {};
  options.size = sizeof(options);
  options.threads = this->threads;
  dycc_message message;
  check(api->context_create(model, &options, &context, &message), message.text);
  for (uint32_t i = 0; i < info().num_outputs; ++i)
    outputShapes.emplace_back(info().outputs[i].rank);
  for (std::vector<int64_t> &shape : outputShapes)
    outputs.push_back({nullptr,
                       {kDLCPU, 0},
                       int(shape.size()),
                       {},
                       shape.data(),
                       nullptr,
                       0});
}

/// A constructor that throws calls no destructor, so load() cleans up itself;
/// model and library of a failed start live until the program's end.
void Artifact::load(const std::string &path) {
  // Without a slash dlopen() would search the system's folders.
  std::string file = path.find('/') == path.npos ? "./" + path : path;
  library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw Refusal(dlerror());
  auto query =
      reinterpret_cast<dycc_query_fn>(dlsym(library, "dycc_model_query"));
  if (!query)
    throw Refusal(fmt::format("'{}': is no model of dycc", path));
  api = query(DYCC_ABI_VERSION);
  if (!api)
    throw Refusal(fmt::format("'{}': has no interface of version {}", path,
                              DYCC_ABI_VERSION));
  if (auto familyQuery = reinterpret_cast<dycc_family_query_fn>(
          dlsym(library, "dycc_family_query")))
    families = familyQuery(DYCC_ABI_VERSION);
}

/// What is said of a model that can be run.
static void note(std::string_view text) {
  if (!text.empty())
    fmt::print(stderr, "dycc-run: {}\n", text);
}

void Artifact::createModel(const std::string &machine,
                           const std::string &variant) {
  dycc_model_options options = {};
  options.size = sizeof(options);
  options.max_threads = threads;
  if (!machine.empty())
    options.machine = machine.c_str();
  dycc_message message = {};
  if (!families && !variant.empty())
    throw UsageError(
        fmt::format("--variant '{}': the model is none of a family", variant));
  if (!families) {
    check(api->model_create(&options, &model, &message), message.text);
    return note(message.text);
  }
  check(families->family_create(&options, &family, &message), message.text);
  note(message.text);
  uint32_t index = variant.empty() ? 0 : variantIndex(variant);
  model = families->family_describe(family)->variants[index].model;
}

uint32_t Artifact::variantIndex(const std::string &name) const {
  const dycc_family_info &info = *families->family_describe(family);
  std::string known;
  for (uint32_t i = 0; i < info.num_variants; ++i) {
    if (name == info.variants[i].name)
      return i;
    known += fmt::format("{}'{}'", i ? ", " : "", info.variants[i].name);
  }
  throw UsageError(fmt::format("family has no variant '{}', expects one of {}",
                               name, known));
}

Artifact::~Artifact() {
  api->context_destroy(context);
  if (families)
    families->family_destroy(family);
  else
    api->model_destroy(model);
  dlclose(library);
}

void Artifact::check(dycc_status status, const char *text) const {
  if (status == DYCC_OK)
    return;
  std::string full = fmt::format("{}: {}", api->status_name(status), text);
  if (status == DYCC_INTERNAL)
    throw InternalError(full);
  throw Refusal(full);
}

static uint32_t findName(const dycc_value_info *infos, uint32_t count,
                         const char *role, const std::string &name) {
  std::string known;
  for (uint32_t i = 0; i < count; ++i) {
    if (name == infos[i].name)
      return i;
    known += fmt::format("{}'{}'", i ? ", " : "", infos[i].name);
  }
  throw UsageError(fmt::format("model has no {} '{}', expects one of {}", role,
                               name, known));
}

uint32_t Artifact::inputIndex(const std::string &name) const {
  return findName(info().inputs, info().num_inputs, "input", name);
}

uint32_t Artifact::outputIndex(const std::string &name) const {
  return findName(info().outputs, info().num_outputs, "output", name);
}

double Artifact::run(Inputs &inputs, Listener *listener) {
  std::vector<DLTensor> views(inputs.size());
  std::vector<const DLTensor *> in;
  std::vector<DLTensor *> out;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i])
      views[i] = inputs[i]->view();
    in.push_back(inputs[i] ? &views[i] : nullptr);
  }
  for (DLTensor &tensor : outputs) {
    tensor.data = nullptr;
    out.push_back(&tensor);
  }
  dycc_profile hooks = {};
  dycc_run_options options = {};
  options.size = sizeof(options);
  if (listener) {
    std::vector<int64_t> symbols = symbolsOf(inputs);
    listener->beforeRun(symbols, liveBytesAt(symbols));
    hooks = hooksFor(*listener);
    options.profile = &hooks;
    options.profile_size = sizeof(hooks);
  }
  Clock::time_point start = Clock::now();
  dycc_status status = api->run(context, in.data(), out.data(), &options);
  Clock::time_point end = Clock::now();
  check(status, api->context_error(context));
  if (listener)
    listener->onRun(start, end);
  return std::chrono::duration<double>(end - start).count();
}

std::vector<int64_t> Artifact::symbolsOf(const Inputs &inputs) const {
  std::vector<const int64_t *> dims;
  for (const std::optional<HostTensor> &tensor : inputs)
    dims.push_back(tensor ? tensor->shape.data() : nullptr);
  std::vector<int64_t> symbols(info().num_symbols);
  dycc_message message;
  check(api->bind_symbols(model, dims.data(), symbols.data(), &message),
        message.text);
  return symbols;
}

/// Whether the model's table of functions has the one at this offset.
static bool has(const dycc_api &api, size_t offset) {
  return api.size >= offset + sizeof(void *);
}

std::vector<int64_t>
Artifact::liveBytesAt(const std::vector<int64_t> &symbols) const {
  if (!has(*api, offsetof(dycc_api, live_bytes)))
    return {};
  std::vector<int64_t> bytes(info().num_launches);
  dycc_message message;
  check(api->live_bytes(model, symbols.data(), bytes.data(), &message),
        message.text);
  return bytes;
}

double Artifact::estimateAt(const std::vector<int64_t> &symbols) const {
  double seconds = 0;
  dycc_message message;
  check(api->estimate(model, symbols.data(), &seconds, &message), message.text);
  return seconds;
}

dycc_peak Artifact::peakAt(const std::vector<int64_t> &symbols) const {
  dycc_message message;
  dycc_peak peak;
  check(api->peak_bytes(model, symbols.data(), threads, &peak, &message),
        message.text);
  return peak;
}

static std::string describeValue(const dycc_value_info &value) {
  std::vector<const char *> dims;
  for (int32_t i = 0; i < value.rank; ++i)
    dims.push_back(value.dims[i].text);
  return fmt::format("{}: {}[{}]", value.name, nameOf(value.dtype),
                     fmt::join(dims, ", "));
}

static std::string describeSymbol(const dycc_symbol_info &symbol) {
  std::string text = fmt::format("{}: {}..", symbol.name, symbol.lower);
  if (symbol.upper != INT64_MAX)
    text += fmt::format("{}", symbol.upper);
  if (symbol.multiple > 1)
    text += fmt::format(", a multiple of {}", symbol.multiple);
  return text;
}

/// The kinds of processor that there are kernels for.
static std::string describeMachines(const dycc_model_info &model) {
  constexpr size_t first =
      offsetof(dycc_model_info, kernel_machines) + sizeof(const uint32_t *);
  std::string text;
  for (uint32_t i = 0; model.size >= first && i < model.num_machines; ++i)
    text += fmt::format("  machine {}{}: {}\n", model.machines[i].name,
                        i == model.machine ? ", runs" : "",
                        *model.machines[i].cpu_features
                            ? model.machines[i].cpu_features
                            : "any");
  return text;
}

/// Of a family, with what all of them weigh.
std::string Artifact::describeVariants() const {
  if (!families)
    return "";
  const dycc_family_info &info = *families->family_describe(family);
  std::string text = fmt::format("  variants: {}, weights of all: {} bytes\n",
                                 info.num_variants, info.weight_bytes);
  for (uint32_t i = 0; i < info.num_variants; ++i)
    text += fmt::format(
        "  variant {}{}: weights: {} bytes\n", info.variants[i].name,
        info.variants[i].model == model ? ", runs" : "",
        api->model_describe(info.variants[i].model)->weight_bytes);
  return text;
}

std::string Artifact::describe() const {
  const dycc_model_info &model = info();
  std::string text =
      fmt::format("model {} (interface {})\n", model.name, api->version);
  for (uint32_t i = 0; i < model.num_inputs; ++i)
    text += fmt::format("  input  {}{}\n", describeValue(model.inputs[i]),
                        model.inputs[i].has_default ? ", has a default" : "");
  for (uint32_t i = 0; i < model.num_outputs; ++i)
    text += fmt::format("  output {}\n", describeValue(model.outputs[i]));
  for (uint32_t i = 0; i < model.num_symbols; ++i)
    text += fmt::format("  symbol {}\n", describeSymbol(model.symbols[i]));
  text += describeMachines(model) + describeVariants();
  text += fmt::format(
      "  weights: {} bytes\n  processor: {}\n"
      "  kernels: {}\n  memory: {}\n  metadata: {}\n",
      model.weight_bytes, *model.cpu_features ? model.cpu_features : "any",
      model.num_kernels, model.exact ? "exact" : "bounded", model.metadata);
  return text;
}

} // namespace dycc::run
