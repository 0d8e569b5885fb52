// How dycc/model.hpp turns the typed structs of a model into arguments of the
// C interface. No part of what a program uses.
//
// A struct of tensors or shapes has `count` and each(self, f), which calls
// f(name, field) in the model's order; one of symbols calls f(value).
#ifndef DYCC_DETAIL_CALLS_HPP
#define DYCC_DETAIL_CALLS_HPP

#include "dycc/result.hpp"
#include "dycc/tensor.hpp"

#include <cstring>
#include <optional>
#include <string>

namespace dycc::detail {

/// Of a model or family whose library knows no such version.
inline Failure noInterface(const char *what, const char *name) {
  return {DYCC_UNSUPPORTED, std::string(what) + " \"" + name +
                                "\" has no interface of version " +
                                std::to_string(DYCC_ABI_VERSION)};
}

inline dycc_model_options optionsOf(std::uint32_t threads, const char *machine,
                                    std::uint32_t plans) {
  dycc_model_options options{};
  options.size = sizeof(options);
  options.max_threads = threads;
  options.machine = machine;
  options.plans = plans;
  return options;
}

/// A tensor that has to be there, and one with a default.
template <typename T, std::size_t Rank>
const Tensor<T, Rank> *present(const Tensor<T, Rank> &tensor) {
  return &tensor;
}
template <typename T, std::size_t Rank>
const Tensor<T, Rank> *present(const std::optional<Tensor<T, Rank>> &tensor) {
  return tensor ? &*tensor : nullptr;
}

/// Symbols in a row.
template <typename Symbols>
class Values {
public:
  explicit Values(const Symbols &symbols) {
    std::size_t i = 0;
    Symbols::each(symbols,
                  [&](const std::int64_t &value) { values[i++] = value; });
  }
  const std::int64_t *data() const { return values; }

private:
  std::int64_t values[Symbols::count + 1] = {};
};

/// The extents of inputs; of a default none. `inputs` must outlive it.
template <typename Inputs>
class Extents {
public:
  explicit Extents(const Inputs &inputs) {
    std::size_t i = 0;
    Inputs::each(inputs, [&](const char *, const auto &input) {
      const auto *tensor = present(input);
      rows[i++] = tensor ? tensor->shape.data() : nullptr;
    });
  }
  const std::int64_t *const *pointers() const { return rows; }

private:
  const std::int64_t *rows[Inputs::count + 1] = {};
};

template <typename T, std::size_t Rank>
DLTensor view(const Tensor<T, Rank> &tensor, std::int64_t *shape) {
  DLTensor result{};
  result.data = const_cast<std::remove_const_t<T> *>(tensor.elements.data());
  result.device = {kDLCPU, 0};
  result.ndim = static_cast<std::int32_t>(Rank);
  result.dtype = dataTypeOf<std::remove_const_t<T>>();
  result.shape = shape;
  return result;
}

inline Failure wrongSize(const char *role, const char *name, std::size_t found,
                         std::size_t expected) {
  return {DYCC_INVALID_ARGUMENT,
          std::string(role) + " \"" + name + "\": has memory for " +
              std::to_string(found) + " elements, its shape has " +
              std::to_string(expected)};
}

/// The inputs of a run. `inputs` must outlive it.
template <typename Inputs>
struct InputTensors {
  explicit InputTensors(const Inputs &inputs) {
    std::size_t i = 0;
    Inputs::each(inputs, [&](const char *name, const auto &input) {
      if (const auto *tensor = present(input)) {
        // The C interface writes no shape of an input.
        tensors[i] =
            view(*tensor, const_cast<std::int64_t *>(tensor->shape.data()));
        pointers[i] = &tensors[i];
        if (tensor->elements.size() < sizeOf(tensor->shape))
          failure = wrongSize("input", name, tensor->elements.size(),
                              sizeOf(tensor->shape));
      }
      ++i;
    });
  }

  DLTensor tensors[Inputs::count + 1] = {};
  const DLTensor *pointers[Inputs::count + 1] = {};
  Failure failure; ///< Without a text: there is none.
};

/// The outputs of a run: memory of the caller, or none.
template <typename Buffers>
struct OutputTensors {
  explicit OutputTensors(Buffers buffers) : buffers(std::move(buffers)) {
    std::size_t i = 0;
    Buffers::each(this->buffers, [&](const char *name, auto &buffer) {
      tensors[i] = view(buffer, buffer.shape.data());
      pointers[i] = &tensors[i];
      ++i;
      if (buffer.elements.data() &&
          buffer.elements.size() < sizeOf(buffer.shape))
        failure = wrongSize("output", name, buffer.elements.size(),
                            sizeOf(buffer.shape));
    });
  }
  OutputTensors(const OutputTensors &) = delete;

  Buffers buffers; ///< A copy: a run writes the shapes.
  DLTensor tensors[Buffers::count + 1] = {};
  DLTensor *pointers[Buffers::count + 1] = {};
  Failure failure; ///< Without a text: there is none.
};

/// What a run has left in an output.
template <typename T, std::size_t Rank>
void readBack(const DLTensor &from, Tensor<T, Rank> &tensor) {
  for (std::size_t d = 0; d < Rank; ++d)
    tensor.shape[d] = from.shape[d];
  const char *data = static_cast<const char *>(from.data) + from.byte_offset;
  tensor.elements = {reinterpret_cast<T *>(data), sizeOf(tensor.shape)};
}

/// Compares one struct of tensors with what the model says.
template <typename Values>
Result<void> checkValues(const char *role, const dycc_value_info *infos,
                         std::uint32_t count) {
  Failure failure;
  auto refuse = [&](std::string found) {
    failure = {DYCC_INVALID_ARGUMENT, "the header is of another model: " +
                                          std::string(role) + " " + found};
  };
  if (count != Values::count)
    refuse("count is " + std::to_string(count) + " in the library, " +
           std::to_string(Values::count) + " in the header");
  std::uint32_t i = 0;
  Values values;
  Values::each(values, [&](const char *name, const auto &field) {
    using Field =
        std::remove_const_t<std::remove_pointer_t<decltype(present(field))>>;
    DLDataType type = dataTypeOf<typename Field::Element>();
    if (i < count && failure.text.empty() &&
        (std::strcmp(infos[i].name, name) != 0 ||
         infos[i].rank != static_cast<std::int32_t>(Field::rank) ||
         infos[i].dtype.code != type.code || infos[i].dtype.bits != type.bits))
      refuse("\"" + std::string(infos[i].name) + "\" of rank " +
             std::to_string(infos[i].rank) + " in the library, \"" + name +
             "\" of rank " + std::to_string(Field::rank) +
             " in the header, or of another element type");
    ++i;
  });
  if (!failure.text.empty())
    return failure;
  return {};
}

/// A header and a library that were not made together do not run.
template <typename Interface>
Result<void> checkInterface(const dycc_model_info &info) {
  if (info.num_symbols != Interface::Symbols::count)
    return Failure{DYCC_INVALID_ARGUMENT,
                   "the header is of another model: symbol count is " +
                       std::to_string(info.num_symbols) + " in the library, " +
                       std::to_string(Interface::Symbols::count) +
                       " in the header"};
  if (auto wrong = checkValues<typename Interface::Inputs>("input", info.inputs,
                                                           info.num_inputs);
      !wrong)
    return wrong;
  return checkValues<typename Interface::Outputs>("output", info.outputs,
                                                  info.num_outputs);
}

} // namespace dycc::detail

#endif // DYCC_DETAIL_CALLS_HPP
