// A compiled model in C++17, over its C interface (dycc/runtime.h), which has
// the rules for memory, threads and statuses. `dycc --header NAME.hpp` writes
// the typed part of one model: its `Model` and `Context` are the two below.
#ifndef DYCC_MODEL_HPP
#define DYCC_MODEL_HPP

#include "dycc/detail/calls.hpp"
#include "dycc/result.hpp"
#include "dycc/tensor.hpp"

#include <memory>

namespace dycc {

template <typename Interface>
class Context;
template <typename Interface>
class Family;

/// A model that is ready to run, with its pool of threads. Copies are the same
/// model, which lives as long as one of them or a context.
/// Thread rule: any number of calls at a time.
///
/// `Interface` is what the compiler writes of a model: Symbols, Inputs,
/// Outputs, Buffers, Shapes, name and query().
template <typename Interface>
class Model {
public:
  using Symbols = typename Interface::Symbols;
  using Inputs = typename Interface::Inputs;
  using Shapes = typename Interface::Shapes;

  /// `threads`: of the model's own pool, 0: all processors. `machine`: whose
  /// kernels run, of a model for several; nullptr: the best that this is.
  /// `plans`: that each context remembers, 0: as dycc_model_options says.
  /// DYCC_UNSUPPORTED names the processor's missing features;
  /// DYCC_INVALID_ARGUMENT also where the header is of another model than the
  /// program is linked with.
  static Result<Model> create(std::uint32_t threads = 0,
                              const char *machine = nullptr,
                              std::uint32_t plans = 0) {
    const dycc_api *api = Interface::query(DYCC_ABI_VERSION);
    if (!api)
      return detail::noInterface("model", Interface::name);
    dycc_model_options options = detail::optionsOf(threads, machine, plans);
    dycc_message message{};
    dycc_model *made = nullptr;
    if (dycc_status status = api->model_create(&options, &made, &message))
      return Failure{status, message.text};
    Model model(api, made);
    if (auto wrong = detail::checkInterface<Interface>(model.info()); !wrong)
      return wrong.failure();
    return model;
  }

  /// Names, types, symbols, kernels, machines. Valid as long as the model.
  const dycc_model_info &info() const {
    return *api->model_describe(handle.get());
  }

  /// The symbols at these inputs, of which the shapes alone are looked at.
  Result<Symbols> bind(const Inputs &inputs) const {
    Symbols symbols;
    detail::Extents<Inputs> extents(inputs);
    dycc_message message{};
    std::int64_t values[Symbols::count + 1] = {};
    if (dycc_status status = api->bind_symbols(handle.get(), extents.pointers(),
                                               values, &message))
      return Failure{status, message.text};
    std::size_t i = 0;
    Symbols::each(symbols, [&](std::int64_t &value) { value = values[i++]; });
    return symbols;
  }

  /// The extents of the outputs at these inputs, of which the shapes alone are
  /// looked at: exact, an upper bound where execution decides, or -1 where
  /// nothing bounds them.
  Result<Shapes> inferShapes(const Inputs &inputs) const {
    Shapes shapes;
    detail::Extents<Inputs> extents(inputs);
    std::int64_t *pointers[Shapes::count + 1] = {};
    std::size_t i = 0;
    Shapes::each(shapes, [&](const char *, auto &shape) {
      pointers[i++] = shape.data();
    });
    dycc_message message{};
    if (dycc_status status =
            api->infer_shapes(handle.get(), extents.pointers(), pointers,
                              /*exact=*/nullptr, &message))
      return Failure{status, message.text};
    return shapes;
  }

  /// Bytes of a run at these symbols on `threads` threads, weights aside.
  Result<dycc_peak> peakBytes(const Symbols &symbols,
                              std::uint32_t threads = 1) const {
    dycc_peak peak{};
    dycc_message message{};
    if (dycc_status status =
            api->peak_bytes(handle.get(), detail::Values(symbols).data(),
                            threads, &peak, &message))
      return Failure{status, message.text};
    return peak;
  }

  /// Bytes that are enough for all symbols from `lower` to `upper`.
  Result<dycc_peak> peakBytesIn(const Symbols &lower, const Symbols &upper,
                                std::uint32_t threads = 1) const {
    dycc_peak peak{};
    dycc_message message{};
    if (dycc_status status = api->peak_bytes_in(
            handle.get(), detail::Values(lower).data(),
            detail::Values(upper).data(), threads, &peak, &message))
      return Failure{status, message.text};
    return peak;
  }

  /// Seconds that a run is thought to take on one thread: ranks shapes.
  Result<double> estimate(const Symbols &symbols) const {
    double seconds = 0;
    dycc_message message{};
    if (dycc_status status = api->estimate(
            handle.get(), detail::Values(symbols).data(), &seconds, &message))
      return Failure{status, message.text};
    return seconds;
  }

  /// A context with `threads` threads, 0: as many as the model's pool has.
  Result<Context<Interface>> context(std::uint32_t threads = 0) const {
    dycc_context_options options{};
    options.size = sizeof(options);
    options.threads = threads;
    return context(options);
  }
  /// One with an own executor, allocator or arena, see dycc/runtime.h.
  Result<Context<Interface>>
  context(const dycc_context_options &options) const {
    dycc_context *made = nullptr;
    dycc_message message{};
    if (dycc_status status =
            api->context_create(handle.get(), &options, &made, &message))
      return Failure{status, message.text};
    return Context<Interface>(*this, made);
  }

private:
  friend class Context<Interface>;
  friend class Family<Interface>;
  Model(const dycc_api *api, dycc_model *made)
      : api(api),
        handle(made, [api](dycc_model *model) { api->model_destroy(model); }) {}
  /// Of a family, which `handle` owns as a whole.
  Model(const dycc_api *api, std::shared_ptr<dycc_model> handle)
      : api(api), handle(std::move(handle)) {}

  const dycc_api *api;
  std::shared_ptr<dycc_model> handle;
};

/// The state of one run at a time. Thread rule: one call at a time.
template <typename Interface>
class Context {
public:
  using Symbols = typename Interface::Symbols;
  using Inputs = typename Interface::Inputs;
  using Outputs = typename Interface::Outputs;
  using Buffers = typename Interface::Buffers;

  /// Takes the memory that runs need, at all symbols of the model, or from
  /// `lower` to `upper`: no run allocates afterwards.
  Result<void> reserve() { return reserve(nullptr, nullptr); }
  Result<void> reserve(const Symbols &lower, const Symbols &upper) {
    return reserve(detail::Values(lower).data(), detail::Values(upper).data());
  }

  /// Runs the model once. Where `buffers` has memory for an output, it is
  /// written there: its shape says how much it holds, at least what
  /// Model::inferShapes() says. Else the context lends memory, until its next
  /// run, reserve or end. Nothing of the arguments is kept.
  /// Fails with any status, DYCC_INVALID_ARGUMENT also where a span has fewer
  /// elements than its shape; the next run works in any case.
  Result<Outputs> run(const Inputs &inputs, const Buffers &buffers = {},
                      const dycc_run_options *options = nullptr) {
    detail::InputTensors<Inputs> in(inputs);
    detail::OutputTensors<Buffers> out(buffers);
    if (!in.failure.text.empty())
      return in.failure;
    if (!out.failure.text.empty())
      return out.failure;
    if (dycc_status status =
            model.api->run(handle.get(), in.pointers, out.pointers, options))
      return Failure{status, model.api->context_error(handle.get())};
    Outputs outputs;
    std::size_t i = 0;
    Outputs::each(outputs, [&](const char *, auto &tensor) {
      detail::readBack(out.tensors[i++], tensor);
    });
    return outputs;
  }

private:
  friend class Model<Interface>;
  friend class Family<Interface>;
  Context(Model<Interface> model, dycc_context *made)
      : model(std::move(model)), handle(made, {this->model.api}) {}

  Result<void> reserve(const std::int64_t *lower, const std::int64_t *upper) {
    if (dycc_status status = model.api->reserve(handle.get(), lower, upper))
      return Failure{status, model.api->context_error(handle.get())};
    return {};
  }

  struct Destroy {
    const dycc_api *api;
    void operator()(dycc_context *context) const {
      api->context_destroy(context);
    }
  };

  // In this order: the context goes before the model.
  Model<Interface> model;
  std::unique_ptr<dycc_context, Destroy> handle;
};

} // namespace dycc

#endif // DYCC_MODEL_HPP
