// What a model has that is a family.
#include "Model.h"

namespace dycc::python {

dycc_status Model::createModel(const dycc_model_options &options,
                               dycc_message &message) {
  if (!families) {
    dycc_model *made = nullptr;
    dycc_status status = api->model_create(&options, &made, &message);
    model = made;
    return status;
  }
  dycc_status status = families->family_create(&options, &family, &message);
  if (status == DYCC_OK)
    model = families->family_describe(family)->variants[0].model;
  return status;
}

std::vector<std::string> Model::variants() const {
  std::vector<std::string> names;
  if (!families)
    return names;
  const dycc_family_info &info = *families->family_describe(family);
  for (uint32_t i = 0; i < info.num_variants; ++i)
    names.push_back(info.variants[i].name);
  return names;
}

std::vector<double> Model::qualities() const {
  if (!families)
    return {};
  const dycc_family_info &info = *families->family_describe(family);
  // A library of an earlier dycc has none.
  if (info.size < sizeof(info) || !info.qualities)
    return {};
  return {info.qualities, info.qualities + info.num_variants};
}

uint32_t Model::variantIndex(const std::string &name) const {
  std::vector<std::string> names = variants();
  std::string known;
  for (uint32_t i = 0; i < names.size(); ++i) {
    if (names[i] == name)
      return i;
    known += (i ? ", '" : "'") + names[i] + "'";
  }
  throw StatusError{"DYCC_INVALID_ARGUMENT",
                    "the model has no variant '" + name + "', expected " +
                        (known.empty() ? "none" : "one of " + known)};
}

void Model::select(const std::string &variant) {
  std::unique_lock lock(lifetime);
  if (!api)
    throw StatusError{"DYCC_INVALID_ARGUMENT", "the model is closed"};
  uint32_t index = variantIndex(variant);
  check(families->select(context, index), api->context_error(context));
  model = families->family_describe(family)->variants[index].model;
}

std::vector<dycc_variant_cost>
Model::query(const std::vector<int64_t> &symbols) {
  Shared open = keepOpen();
  checkSymbols(symbols);
  std::vector<dycc_variant_cost> costs(variants().size());
  dycc_message message{};
  if (families)
    check(families->query(family, symbols.data(), numThreads, costs.data(),
                          &message),
          message.text);
  return costs;
}

} // namespace dycc::python
