#include "Model.h"

#include "Profile.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <thread>

namespace dycc::python {

/// What vector instructions like best.
static constexpr size_t kAlignment = 64;

Model::Model(const std::string &path, const LoadOptions &options)
    : numThreads(options.threads
                     ? options.threads
                     : std::max(1u, std::thread::hardware_concurrency())) {
  load(path);
  try {
    dycc_message message{};
    check(create(options, message), message.text);
    if (!options.variant.empty())
      select(options.variant);
  } catch (...) { // No destructor runs.
    close();
    throw;
  }
  auto portsOf = [](const dycc_value_info *infos, uint32_t count) {
    std::vector<Port> ports;
    for (uint32_t i = 0; i < count; ++i)
      ports.push_back({infos[i].name, infos[i].rank, infos[i].dtype});
    return ports;
  };
  inputPorts = portsOf(info().inputs, info().num_inputs);
  outputPorts = portsOf(info().outputs, info().num_outputs);
}

dycc_status Model::create(const LoadOptions &options, dycc_message &message) {
  dycc_model_options modelOptions{};
  modelOptions.size = sizeof(modelOptions);
  modelOptions.max_threads = numThreads;
  if (!options.machine.empty())
    modelOptions.machine = options.machine.c_str();
  modelOptions.plans = options.plans;
  dycc_context_options contextOptions{};
  contextOptions.size = sizeof(contextOptions);
  contextOptions.threads = numThreads;
  contextOptions.allocator = options.allocator;
  contextOptions.heap_limit = options.heapLimit;
  dycc_status status = createModel(modelOptions, message);
  return status == DYCC_OK
             ? api->context_create(model, &contextOptions, &context, &message)
             : status;
}

void Model::close() {
  std::unique_lock lock(lifetime);
  if (!api)
    return;
  api->context_destroy(context);
  if (families)
    families->family_destroy(family);
  else
    api->model_destroy(model);
  dlclose(library);
  api = nullptr;
}

Model::Shared Model::keepOpen() const {
  Shared lock(lifetime);
  if (!api)
    throw StatusError{"DYCC_INVALID_ARGUMENT", "the model is closed"};
  return lock;
}

void Model::load(const std::string &path) {
  // Without a slash dlopen() would search the system's folders.
  std::string file = path.find('/') == path.npos ? "./" + path : path;
  library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    throw StatusError{"DYCC_INVALID_ARGUMENT", dlerror()};
  auto query =
      reinterpret_cast<dycc_query_fn>(dlsym(library, "dycc_model_query"));
  api = query ? query(DYCC_ABI_VERSION) : nullptr;
  if (auto familyQuery = reinterpret_cast<dycc_family_query_fn>(
          dlsym(library, "dycc_family_query")))
    families = familyQuery(DYCC_ABI_VERSION);
  if (api)
    return;
  dlclose(library);
  if (!query)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      "'" + path + "': is no model of dycc"};
  throw StatusError{"DYCC_UNSUPPORTED", "'" + path +
                                            "': has no interface of version " +
                                            std::to_string(DYCC_ABI_VERSION)};
}

void Model::check(dycc_status status, const char *text) const {
  if (status != DYCC_OK)
    throw StatusError{api->status_name(status), text};
}

static std::vector<const int64_t *>
pointersOf(const std::vector<std::optional<Shape>> &shapes) {
  std::vector<const int64_t *> pointers;
  for (const std::optional<Shape> &shape : shapes)
    pointers.push_back(shape ? shape->data() : nullptr);
  pointers.push_back(nullptr); // data() of an empty one may be null.
  return pointers;
}

std::vector<int64_t>
Model::bind(const std::vector<std::optional<Shape>> &inputs) {
  Shared open = keepOpen();
  std::vector<int64_t> symbols(info().num_symbols + 1);
  dycc_message message{};
  check(api->bind_symbols(model, pointersOf(inputs).data(), symbols.data(),
                          &message),
        message.text);
  symbols.pop_back();
  return symbols;
}

std::vector<Shape>
Model::inferShapes(const std::vector<std::optional<Shape>> &inputs) {
  Shared open = keepOpen();
  return infer(inputs, nullptr);
}

std::vector<Shape> Model::infer(const std::vector<std::optional<Shape>> &inputs,
                                std::vector<bool> *exact) {
  std::vector<Shape> shapes;
  std::vector<std::vector<uint8_t>> flags;
  for (uint32_t i = 0; i < info().num_outputs; ++i) {
    shapes.emplace_back(info().outputs[i].rank);
    flags.emplace_back(info().outputs[i].rank + 1);
  }
  std::vector<int64_t *> extents;
  std::vector<uint8_t *> exacts;
  for (uint32_t i = 0; i < info().num_outputs; ++i) {
    extents.push_back(shapes[i].data());
    exacts.push_back(flags[i].data());
  }
  dycc_message message{};
  check(api->infer_shapes(model, pointersOf(inputs).data(), extents.data(),
                          exacts.data(), &message),
        message.text);
  for (uint32_t i = 0; exact && i < info().num_outputs; ++i) {
    bool all = true;
    for (size_t d = 0; d < shapes[i].size(); ++d)
      all &= flags[i][d] != 0;
    (*exact)[i] = all;
  }
  return shapes;
}

void Model::checkSymbols(const std::vector<int64_t> &values) const {
  if (values.size() != info().num_symbols)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      "got " + std::to_string(values.size()) +
                          " values of symbols, the model has " +
                          std::to_string(info().num_symbols)};
}

dycc_peak Model::peak(const std::vector<int64_t> &symbols) {
  Shared open = keepOpen();
  checkSymbols(symbols);
  dycc_peak peak{};
  dycc_message message{};
  check(api->peak_bytes(model, symbols.data(), numThreads, &peak, &message),
        message.text);
  return peak;
}

dycc_peak Model::peakIn(const std::vector<int64_t> &lower,
                        const std::vector<int64_t> &upper) {
  Shared open = keepOpen();
  checkSymbols(lower);
  checkSymbols(upper);
  dycc_peak peak{};
  dycc_message message{};
  check(api->peak_bytes_in(model, lower.data(), upper.data(), numThreads, &peak,
                           &message),
        message.text);
  return peak;
}

double Model::estimate(const std::vector<int64_t> &symbols) {
  Shared open = keepOpen();
  checkSymbols(symbols);
  if (api->size < sizeof(dycc_api))
    throw StatusError{"DYCC_UNSUPPORTED",
                      "the library is of an earlier dycc, without estimates"};
  double seconds = 0;
  dycc_message message{};
  check(api->estimate(model, symbols.data(), &seconds, &message), message.text);
  return seconds;
}

void Model::reserve(const std::vector<int64_t> &lower,
                    const std::vector<int64_t> &upper) {
  Shared open = keepOpen();
  checkSymbols(lower);
  checkSymbols(upper);
  std::lock_guard lock(mutex);
  ++numRuns;
  check(api->reserve(context, lower.data(), upper.data()),
        api->context_error(context));
}

size_t countElements(const Shape &shape) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

static uint64_t countBytes(const Shape &shape, DLDataType type) {
  return uint64_t(countElements(shape)) * dycc_element_bytes(type);
}

/// Memory of these extents, and `more` bytes behind it.
static Result makeResult(Shape shape, DLDataType type, uint64_t more = 0) {
  uint64_t bytes = countBytes(shape, type) + more;
  uint64_t rounded =
      (std::max<uint64_t>(bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
  void *memory = std::aligned_alloc(kAlignment, rounded);
  if (!memory)
    throw StatusError{"DYCC_OUT_OF_MEMORY", "no memory for a result of " +
                                                std::to_string(bytes) +
                                                " bytes"};
  return {{memory, std::free}, std::move(shape), type};
}

std::vector<Result> Model::allocate(const std::vector<const DLTensor *> &inputs,
                                    const std::vector<uint32_t> &missing) {
  std::vector<Result> results;
  std::vector<std::optional<Shape>> shapes;
  for (size_t i = 0; i < inputs.size(); ++i) {
    // A wrong rank is told of by the run.
    if (inputs[i] && inputs[i]->ndim != inputPorts[i].rank)
      break;
    shapes.push_back(
        inputs[i] ? std::optional(Shape(inputs[i]->shape,
                                        inputs[i]->shape + inputs[i]->ndim))
                  : std::nullopt);
  }
  bool canInfer = !missing.empty() && shapes.size() == inputs.size();
  std::vector<bool> exact(outputPorts.size());
  std::vector<Shape> inferred;
  if (canInfer)
    inferred = infer(shapes, &exact);
  for (uint32_t i : missing) {
    const Port &port = outputPorts[i];
    // Strings are the context's.
    if (exact[i] && port.type.code != DYCC_DTYPE_STRING)
      results.push_back(makeResult(inferred[i], port.type));
    else
      results.push_back({.shape = Shape(port.rank), .type = port.type});
  }
  return results;
}

void Model::runLocked(const std::vector<const DLTensor *> &inputs,
                      std::vector<DLTensor> &outputs,
                      const RunOptions &options) {
  std::vector<DLTensor *> pointers;
  for (DLTensor &output : outputs)
    pointers.push_back(&output);
  Profile *profile = options.profile;
  dycc_profile listener = profile ? profile->listen(info()) : dycc_profile{};
  dycc_run_options runOptions{};
  runOptions.size = sizeof(runOptions);
  runOptions.profile = profile ? &listener : nullptr;
  runOptions.seed = options.seed;
  runOptions.num_donated = options.donated.size();
  runOptions.donated =
      options.donated.empty() ? nullptr : options.donated.data();

  ++numRuns;
  auto start = std::chrono::steady_clock::now();
  dycc_status status =
      api->run(context, inputs.data(), pointers.data(), &runOptions);
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  check(status, api->context_error(context));
  if (profile)
    profile->addRun(time.count());
}

/// Copies strings and their bytes into one block of memory.
static Result copyOfStrings(const DLTensor &output, DLDataType type) {
  Shape shape(output.shape, output.shape + output.ndim);
  auto *from = static_cast<const dycc_string *>(output.data);
  size_t count = countElements(shape);
  uint64_t bytes = 0;
  for (size_t i = 0; i < count; ++i)
    bytes += from[i].size;
  Result copy = makeResult(std::move(shape), type, bytes);
  auto *to = static_cast<dycc_string *>(copy.memory.get());
  auto *next = reinterpret_cast<char *>(to + count);
  for (size_t i = 0; i < count; ++i) {
    to[i] = {next, from[i].size};
    std::memcpy(next, from[i].data, from[i].size);
    next += from[i].size;
  }
  return copy;
}

/// What the context lent is its own again once another run begins.
static Result copyOf(const DLTensor &output, DLDataType type) {
  if (type.code == DYCC_DTYPE_STRING)
    return copyOfStrings(output, type);
  Result copy =
      makeResult(Shape(output.shape, output.shape + output.ndim), type);
  if (uint64_t bytes = countBytes(copy.shape, type))
    std::memcpy(copy.memory.get(),
                static_cast<const char *>(output.data) + output.byte_offset,
                bytes);
  return copy;
}

std::vector<Result> Model::run(const std::vector<const DLTensor *> &inputs,
                               std::vector<DLTensor> &outputs,
                               const std::vector<uint32_t> &missing,
                               const RunOptions &options) {
  Shared open = keepOpen();
  std::vector<Result> results = allocate(inputs, missing);
  for (size_t i = 0; i < missing.size(); ++i) {
    outputs[missing[i]].data = results[i].memory.get();
    outputs[missing[i]].shape = results[i].shape.data();
  }
  std::lock_guard lock(mutex);
  runLocked(inputs, outputs, options);
  for (size_t i = 0; i < missing.size(); ++i)
    if (!results[i].memory)
      results[i] = copyOf(outputs[missing[i]], results[i].type);
  return results;
}

uint64_t Model::lend(const std::vector<const DLTensor *> &inputs,
                     std::vector<DLTensor> &outputs,
                     const RunOptions &options) {
  Shared open = keepOpen();
  std::lock_guard lock(mutex);
  runLocked(inputs, outputs, options);
  return numRuns;
}

std::vector<Result> Model::copyLent(uint64_t run,
                                    const std::vector<DLTensor> &outputs,
                                    const std::vector<uint32_t> &lent) {
  Shared open = keepOpen();
  std::lock_guard lock(mutex);
  std::vector<Result> results;
  if (!lent.empty() && run != numRuns)
    throw StatusError{"DYCC_INVALID_ARGUMENT",
                      "the model has run again since, and has taken back the "
                      "memory of the results"};
  for (uint32_t i : lent)
    results.push_back(copyOf(outputs[i], outputPorts[i].type));
  return results;
}

} // namespace dycc::python
