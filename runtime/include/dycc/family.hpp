// A family in C++17, over its C interface (dycc/family.h): variants of a model
// that share weights and kernels. Each is a Model of dycc/model.hpp, and a
// Context runs any of them. `dycc a.onnx b.onnx --header NAME.hpp` writes the
// typed part.
#ifndef DYCC_FAMILY_HPP
#define DYCC_FAMILY_HPP

#include "dycc/family.h"
#include "dycc/model.hpp"

#include <vector>

namespace dycc {

/// Variants that are ready to run, with one pool of threads. Copies are the
/// same family, which lives as long as one of them, of its models or a context.
/// Thread rule: any number of calls at a time, but for select().
///
/// `Interface` is that of a model, with queryFamily() too.
template <typename Interface>
class Family {
public:
  using Symbols = typename Interface::Symbols;

  /// As Model::create().
  static Result<Family> create(std::uint32_t threads = 0,
                               const char *machine = nullptr,
                               std::uint32_t plans = 0) {
    const dycc_family_api *api = Interface::queryFamily(DYCC_ABI_VERSION);
    if (!api)
      return detail::noInterface("family", Interface::name);
    dycc_model_options options = detail::optionsOf(threads, machine, plans);
    dycc_message message{};
    dycc_family *made = nullptr;
    if (dycc_status status = api->family_create(&options, &made, &message))
      return Failure{status, message.text};
    Family family(api, made);
    for (std::uint32_t i = 0; i < family.size(); ++i)
      if (auto wrong =
              detail::checkInterface<Interface>(family.variant(i).info());
          !wrong)
        return wrong.failure();
    return family;
  }

  /// Names, and what all weigh. Valid as long as the family.
  const dycc_family_info &info() const {
    return *api->family_describe(handle.get());
  }
  std::uint32_t size() const { return info().num_variants; }
  const char *name(std::uint32_t variant) const {
    return info().variants[variant].name;
  }

  /// The model of a variant, less than size(): what it says of itself, of its
  /// extents and bytes. Its contexts are of the family and run it first.
  Model<Interface> variant(std::uint32_t variant) const {
    return {api->model, std::shared_ptr<dycc_model>(
                            handle, info().variants[variant].model)};
  }
  /// A context that runs the first variant until another one is selected.
  Result<Context<Interface>> context(std::uint32_t threads = 0) const {
    return variant(0).context(threads);
  }

  /// What a run at these symbols on `threads` threads takes, of each variant.
  Result<std::vector<dycc_variant_cost>>
  query(const Symbols &symbols, std::uint32_t threads = 1) const {
    std::vector<dycc_variant_cost> costs(size());
    dycc_message message{};
    if (dycc_status status =
            api->query(handle.get(), detail::Values(symbols).data(), threads,
                       costs.data(), &message))
      return Failure{status, message.text};
    return costs;
  }

  /// The next run of `context`, which is of this family, is of this variant.
  /// Thread rule: one call at a time per context.
  Result<void> select(Context<Interface> &context,
                      std::uint32_t variant) const {
    if (dycc_status status = api->select(context.handle.get(), variant))
      return Failure{status, api->model->context_error(context.handle.get())};
    return {};
  }
  /// The variant that `context` runs next.
  std::uint32_t selected(const Context<Interface> &context) const {
    return api->selected(context.handle.get());
  }

private:
  Family(const dycc_family_api *api, dycc_family *made)
      : api(api), handle(made, [api](dycc_family *family) {
          api->family_destroy(family);
        }) {}

  const dycc_family_api *api;
  std::shared_ptr<dycc_family> handle;
};

} // namespace dycc

#endif // DYCC_FAMILY_HPP
