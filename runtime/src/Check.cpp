// Checks of what the caller passes that need no knowledge of the model beyond
// its description. The compiled bind() only adds extents that are formulas.
#include "runtime/src/Model.h"

namespace dycc::rt {

/// Which dim of which input gave a symbol its value.
struct Source {
  const DyccTensorDesc *input;
  int32_t dim;
};

static Source findSource(const DyccModelDesc &desc, int32_t symbol) {
  for (uint32_t i = 0; i < desc.numInputs; ++i)
    for (int32_t d = 0; d < desc.inputs[i].rank; ++d)
      if (desc.inputs[i].dims[d].symbol == symbol)
        return {&desc.inputs[i], d};
  return {nullptr, 0};
}

/// What is wrong with a symbol's value, as the end of an error text.
static bool describeMisfit(const DyccSymbolDesc &symbol, int64_t value,
                           Text &text) {
  if (value < symbol.lower || value > symbol.upper) {
    if (symbol.upper == INT64_MAX)
      text << "at least " << symbol.lower;
    else if (symbol.lower == symbol.upper)
      text << symbol.lower;
    else
      text << symbol.lower << " to " << symbol.upper;
    return true;
  }
  if (symbol.multiple > 1 && value % symbol.multiple != 0) {
    text << "a multiple of " << symbol.multiple;
    return true;
  }
  return false;
}

static dycc_status checkDim(const DyccModelDesc &desc,
                            const int64_t *const *inputDims, uint32_t input,
                            int32_t d, dycc_message *message) {
  const DyccTensorDesc &tensor = desc.inputs[input];
  const DyccDimDesc &dim = tensor.dims[d];
  int64_t value = dimsOf(desc, inputDims, input)[d];
  if (value < 0)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "input \"%s\": dim %d is %d, expects no negative extent",
                tensor.name, d, value);
  if (dim.symbol < 0) {
    if (dim.value >= 0 && value != dim.value)
      return fail(message, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": dim %d is %d, expects %d", tensor.name, d,
                  value, dim.value);
    return DYCC_OK;
  }
  char expected[96];
  Text text(expected);
  if (describeMisfit(desc.symbols[dim.symbol], value, text))
    return fail(message, DYCC_INVALID_ARGUMENT,
                "input \"%s\": dim %d (%s) is %d, expects %s", tensor.name, d,
                dim.text, value, expected);
  Source source = findSource(desc, dim.symbol);
  int64_t first =
      dimsOf(desc, inputDims, source.input - desc.inputs)[source.dim];
  if (first != value)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "input \"%s\": dim %d (%s) is %d, but dim %d of input \"%s\" "
                "is %d",
                tensor.name, d, dim.text, value, source.dim, source.input->name,
                first);
  return DYCC_OK;
}

dycc_status checkDims(const dycc_model &model, const int64_t *const *inputDims,
                      dycc_message *message) {
  const DyccModelDesc &desc = *model.desc;
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    for (int32_t d = 0; d < desc.inputs[i].rank; ++d)
      if (dycc_status status = checkDim(desc, inputDims, i, d, message))
        return status;
    // Kernels count elements in 32 bits.
    if (countElements(dimsOf(desc, inputDims, i), desc.inputs[i].rank,
                      INT32_MAX) < 0)
      return fail(message, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": has more than %d elements",
                  desc.inputs[i].name, INT32_MAX);
  }
  return DYCC_OK;
}

dycc_status checkSymbols(const DyccModelDesc &desc, const int64_t *symbols,
                         dycc_message *message) {
  for (uint32_t i = 0; i < desc.numInputSymbols; ++i) {
    char expected[96];
    Text text(expected);
    if (describeMisfit(desc.symbols[i], symbols[i], text))
      return fail(message, DYCC_INVALID_ARGUMENT, "symbol %s is %d, expects %s",
                  desc.symbols[i].name, symbols[i], expected);
  }
  return DYCC_OK;
}

dycc_status checkRange(const DyccModelDesc &desc, const int64_t *&lower,
                       const int64_t *&upper, int64_t *storage,
                       dycc_message *message) {
  for (uint32_t i = 0; i < desc.numInputSymbols; ++i) {
    const DyccSymbolDesc &symbol = desc.symbols[i];
    int64_t low = lower ? lower[i] : symbol.lower;
    int64_t high = upper ? upper[i] : symbol.upper;
    if (high == INT64_MAX)
      return fail(message, DYCC_INVALID_ARGUMENT,
                  "symbol %s has no upper bound, expects one", symbol.name);
    if (low > high)
      return fail(message, DYCC_INVALID_ARGUMENT,
                  "symbol %s: range %d to %d is empty", symbol.name, low, high);
    if (low < symbol.lower || high > symbol.upper)
      return fail(message, DYCC_INVALID_ARGUMENT,
                  "symbol %s: range %d to %d is not inside of %d to %d",
                  symbol.name, low, high, symbol.lower, symbol.upper);
    storage[i] = low;
    storage[desc.numInputSymbols + i] = high;
  }
  lower = storage;
  upper = storage + desc.numInputSymbols;
  return DYCC_OK;
}

dycc_status bindSymbols(const dycc_model &model,
                        const int64_t *const *inputDims, int64_t *flat,
                        int64_t *symbols, FrameBase &frame) {
  const DyccModelDesc &desc = *model.desc;
  if (dycc_status status =
          checkDims(model, inputDims, frame.failure->message)) {
    frame.failure->status = status;
    return status;
  }
  int64_t *next = flat;
  for (uint32_t i = 0; i < desc.numInputs; ++i) {
    size_t rank = desc.inputs[i].rank;
    for (size_t d = 0; d < rank; ++d)
      *next++ = dimsOf(desc, inputDims, i)[d];
  }
  return dycc_status(desc.bind(&frame, flat, symbols));
}

} // namespace dycc::rt
