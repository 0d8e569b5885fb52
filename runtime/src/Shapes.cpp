// Questions about a model that need no context.
#include "runtime/src/Shapes.h"

#include "runtime/src/Memory.h"

namespace dycc::rt {
namespace {

/// Memory for one call.
class Temporary {
public:
  explicit Temporary(uint64_t numbers)
      : bytes(numbers * sizeof(int64_t)),
        memory(static_cast<int64_t *>(allocate(kSystemAllocator, bytes))) {}
  Temporary(const Temporary &) = delete;
  Temporary &operator=(const Temporary &) = delete;
  ~Temporary() { release(kSystemAllocator, memory, bytes); }

  int64_t *numbers() const { return memory; }
  dycc_status refuse(dycc_message *message) const {
    return fail(message, DYCC_OUT_OF_MEMORY, "no memory (%d bytes)", bytes);
  }

private:
  uint64_t bytes;
  int64_t *memory;
};

/// What the compiled functions get outside of a run.
struct LoneFrame : FrameBase {
  Failure own;
  LoneFrame(const dycc_model &model, dycc_message *message) {
    memset(static_cast<DyccFrame *>(this), 0, sizeof(DyccFrame));
    weights = model.desc->weights;
    machine = model.machine;
    own = {message, DYCC_OK};
    random = nullptr;
    failure = &own;
  }
};

void clear(dycc_message *message) {
  if (message)
    message->text[0] = 0;
}

} // namespace

static dycc_status bindTo(const dycc_model &model,
                          const int64_t *const *inputDims, int64_t *symbols,
                          dycc_message *message) {
  clear(message);
  for (uint32_t i = 0; i < model.desc->numInputs; ++i)
    if (!inputDims ||
        (!dimsOf(*model.desc, inputDims, i) && model.desc->inputs[i].rank > 0))
      return fail(message, DYCC_INVALID_ARGUMENT,
                  "input \"%s\": extents are null", model.desc->inputs[i].name);
  Temporary flat(model.numInputDims);
  if (!flat.numbers())
    return flat.refuse(message);
  LoneFrame frame(model, message);
  return bindSymbols(model, inputDims, flat.numbers(), symbols, frame);
}

dycc_status bind(const dycc_model *model, const int64_t *const *inputDims,
                 int64_t *symbols, dycc_message *message) {
  if (!model || (!symbols && model->desc->numInputSymbols))
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                model ? "symbols" : "model");
  return bindTo(*model, inputDims, symbols, message);
}

dycc_status inferShapes(const dycc_model *model,
                        const int64_t *const *inputDims,
                        int64_t *const *outputDims, uint8_t *const *exact,
                        dycc_message *message) {
  if (!model || !outputDims)
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                model ? "output_dims" : "model");
  const DyccModelDesc &desc = *model->desc;
  uint64_t numDims = desc.numOutputDims;
  Temporary memory(desc.numInputSymbols + 2 * numDims);
  if (!memory.numbers())
    return memory.refuse(message);
  int64_t *symbols = memory.numbers();
  if (dycc_status status = bindTo(*model, inputDims, symbols, message))
    return status;
  int64_t *dims = symbols + desc.numInputSymbols;
  auto *flags = reinterpret_cast<uint8_t *>(dims + numDims);
  desc.infer(symbols, dims, flags);
  for (uint32_t i = 0; i < desc.numOutputs; ++i)
    for (int32_t d = 0; d < desc.outputs[i].rank; ++d, ++dims, ++flags) {
      outputDims[i][d] = *dims;
      if (exact && exact[i])
        exact[i][d] = *flags;
    }
  return DYCC_OK;
}

static dycc_status fillPeak(const dycc_model &model, const int64_t *slots,
                            uint32_t threads, uint32_t exact, dycc_peak *peak,
                            dycc_message *message) {
  uint64_t arena = arenaBytes(slots, threads);
  if (arena == UINT64_MAX)
    return fail(message, DYCC_OUT_OF_MEMORY,
                "planned memory is too large (%d bytes, %d per thread)",
                slots[DYCC_SLOT_ARENA], slots[DYCC_SLOT_SCRATCH]);
  uint64_t stacks = (threads - 1) * kStackBytes;
  *peak = {arena + contextBytes(model, threads) + stacks, arena, exact,
           model.desc->numUnbounded};
  return DYCC_OK;
}

static dycc_status checkPeak(const dycc_model *model, uint32_t threads,
                             const dycc_peak *peak, dycc_message *message) {
  clear(message);
  if (!model || !peak)
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                model ? "peak" : "model");
  if (threads == 0)
    return fail(message, DYCC_INVALID_ARGUMENT,
                "threads is 0, expects at least 1");
  return DYCC_OK;
}

/// Refuses symbols that are no point at which the model can be asked.
static dycc_status checkPoint(const DyccModelDesc &desc, const int64_t *symbols,
                              dycc_message *message) {
  if (!symbols && desc.numInputSymbols)
    return fail(message, DYCC_INVALID_ARGUMENT, "symbols is null");
  return checkSymbols(desc, symbols, message);
}

dycc_status peakBytes(const dycc_model *model, const int64_t *symbols,
                      uint32_t threads, dycc_peak *peak,
                      dycc_message *message) {
  if (dycc_status status = checkPeak(model, threads, peak, message))
    return status;
  const DyccModelDesc &desc = *model->desc;
  if (dycc_status status = checkPoint(desc, symbols, message))
    return status;
  Temporary slots(desc.numSlots);
  if (!slots.numbers())
    return slots.refuse(message);
  LoneFrame frame(*model, message);
  if (int32_t status = desc.plan(&frame, symbols, slots.numbers()))
    return dycc_status(status);
  return fillPeak(*model, slots.numbers(), threads, desc.exact, peak, message);
}

dycc_status estimateSeconds(const dycc_model *model, const int64_t *symbols,
                            double *seconds, dycc_message *message) {
  clear(message);
  if (!model || !seconds)
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                model ? "seconds" : "model");
  const DyccModelDesc &desc = *model->desc;
  if (dycc_status status = checkPoint(desc, symbols, message))
    return status;
  *seconds = static_cast<double>(desc.estimate(symbols, model->machine)) * 1e-9;
  return DYCC_OK;
}

dycc_status liveBytes(const dycc_model *model, const int64_t *symbols,
                      int64_t *bytes, dycc_message *message) {
  clear(message);
  if (!model || (!bytes && model->desc->numLaunches))
    return fail(message, DYCC_INVALID_ARGUMENT, "%s is null",
                model ? "bytes" : "model");
  const DyccModelDesc &desc = *model->desc;
  if (dycc_status status = checkPoint(desc, symbols, message))
    return status;
  Temporary sizes(desc.numLiveSizes);
  if (!sizes.numbers())
    return sizes.refuse(message);
  desc.liveSizes(symbols, sizes.numbers());
  const int32_t *step = desc.liveSteps;
  int64_t live = 0;
  for (uint32_t launch = 0; launch < desc.numLaunches; ++launch) {
    for (; *step; ++step)
      live +=
          *step > 0 ? sizes.numbers()[*step - 1] : -sizes.numbers()[-*step - 1];
    ++step;
    bytes[launch] = live;
  }
  return DYCC_OK;
}

dycc_status peakBytesIn(const dycc_model *model, const int64_t *lower,
                        const int64_t *upper, uint32_t threads, dycc_peak *peak,
                        dycc_message *message) {
  if (dycc_status status = checkPeak(model, threads, peak, message))
    return status;
  const DyccModelDesc &desc = *model->desc;
  Temporary storage(2 * uint64_t(desc.numInputSymbols));
  if (!storage.numbers())
    return storage.refuse(message);
  if (dycc_status status =
          checkRange(desc, lower, upper, storage.numbers(), message))
    return status;
  int64_t slots[DYCC_SLOT_FIRST] = {};
  desc.bound(lower, upper, slots);
  return fillPeak(*model, slots, threads, /*exact=*/0, peak, message);
}

} // namespace dycc::rt
