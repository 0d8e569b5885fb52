#include "Model.h"

#include "Profile.h"

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <thread>

namespace dycc::python {

/// What vector instructions like best.
static constexpr size_t kAlignment = 64;

Model::Model(const std::string &path, uint32_t threads,
             const std::string &machine)
    : numThreads(threads ? threads
                         : std::max(1u, std::thread::hardware_concurrency())) {
  load(path);
  dycc_model_options options{sizeof(options), numThreads,
                             machine.empty() ? nullptr : machine.c_str()};
  dycc_context_options contextOptions{};
  contextOptions.size = sizeof(contextOptions);
  contextOptions.threads = numThreads;
  dycc_message message{};
  dycc_status status = api->model_create(&options, &model, &message);
  if (status == DYCC_OK)
    status = api->context_create(model, &contextOptions, &context, &message);
  if (status != DYCC_OK) { // No destructor runs.
    StatusError error{api->status_name(status), message.text};
    api->model_destroy(model);
    dlclose(library);
    throw error;
  }
}

Model::~Model() {
  api->context_destroy(context);
  api->model_destroy(model);
  dlclose(library);
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
  std::vector<int64_t> symbols(info().num_symbols + 1);
  dycc_message message{};
  check(api->bind_symbols(model, pointersOf(inputs).data(), symbols.data(),
                          &message),
        message.text);
  symbols.pop_back();
  return symbols;
}

std::vector<Shape>
Model::inferShapes(const std::vector<std::optional<Shape>> &inputs,
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
    exact->push_back(all);
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
  checkSymbols(symbols);
  dycc_peak peak{};
  dycc_message message{};
  check(api->peak_bytes(model, symbols.data(), numThreads, &peak, &message),
        message.text);
  return peak;
}

dycc_peak Model::peakIn(const std::vector<int64_t> &lower,
                        const std::vector<int64_t> &upper) {
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
  checkSymbols(lower);
  checkSymbols(upper);
  std::lock_guard lock(mutex);
  check(api->reserve(context, lower.data(), upper.data()),
        api->context_error(context));
}

static uint64_t countBytes(const Shape &shape, DLDataType type) {
  uint64_t bytes = type.bits / 8;
  for (int64_t extent : shape)
    bytes *= uint64_t(extent);
  return bytes;
}

/// Memory of these extents.
static Result makeResult(Shape shape, DLDataType type) {
  uint64_t bytes = countBytes(shape, type);
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
                                    std::vector<DLTensor> &outputs) {
  bool areAllThere = true;
  for (const DLTensor &output : outputs)
    areAllThere &= output.data != nullptr;
  std::vector<Result> results;
  if (areAllThere)
    return results;
  std::vector<std::optional<Shape>> shapes;
  for (uint32_t i = 0; i < info().num_inputs; ++i) {
    // A wrong rank is told of by the run.
    if (inputs[i] && inputs[i]->ndim != info().inputs[i].rank)
      return results;
    shapes.push_back(
        inputs[i] ? std::optional(Shape(inputs[i]->shape,
                                        inputs[i]->shape + inputs[i]->ndim))
                  : std::nullopt);
  }
  std::vector<bool> exact;
  std::vector<Shape> inferred = inferShapes(shapes, &exact);
  for (uint32_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].data)
      continue;
    Result result{.shape = Shape(info().outputs[i].rank),
                  .type = info().outputs[i].dtype};
    if (exact[i])
      result = makeResult(inferred[i], info().outputs[i].dtype);
    outputs[i].data = result.memory.get();
    results.push_back(std::move(result));
    outputs[i].shape = results.back().shape.data();
  }
  return results;
}

std::vector<Result> Model::run(const std::vector<const DLTensor *> &inputs,
                               std::vector<DLTensor> &outputs,
                               Profile *profile) {
  std::vector<uint32_t> missing;
  for (uint32_t i = 0; i < outputs.size(); ++i)
    if (!outputs[i].data)
      missing.push_back(i);
  std::vector<Shape> none(outputs.size());
  for (uint32_t i : missing) {
    none[i].resize(info().outputs[i].rank + 1);
    outputs[i].shape = none[i].data();
  }
  std::vector<Result> results = allocate(inputs, outputs);
  std::vector<DLTensor *> pointers;
  for (DLTensor &output : outputs)
    pointers.push_back(&output);
  dycc_profile listener = profile ? profile->listen(info()) : dycc_profile{};
  dycc_run_options options{};
  options.size = sizeof(options);
  options.profile = profile ? &listener : nullptr;

  std::lock_guard lock(mutex);
  auto start = std::chrono::steady_clock::now();
  dycc_status status =
      api->run(context, inputs.data(), pointers.data(), &options);
  std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  check(status, api->context_error(context));
  if (profile)
    profile->addRun(time.count());
  // What the context lent is its own again once another run begins.
  for (size_t i = 0; i < results.size(); ++i) {
    const DLTensor &output = outputs[missing[i]];
    if (results[i].memory)
      continue;
    Result copy = makeResult(Shape(output.shape, output.shape + output.ndim),
                             results[i].type);
    if (uint64_t bytes = countBytes(copy.shape, copy.type))
      std::memcpy(copy.memory.get(),
                  static_cast<const char *>(output.data) + output.byte_offset,
                  bytes);
    results[i] = std::move(copy);
  }
  return results;
}

} // namespace dycc::python
