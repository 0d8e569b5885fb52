// A compiled model in the form in which the compiler emits one, for the tests
// of the linker: y[i] = exp(x[i] * weights[i % 4]), x: f32[N]. Built for each
// target without a standard library.
#include "runtime/abi/Calls.h"
#include "runtime/abi/Memory.h"
#include "runtime/abi/Model.h"

extern "C" {
extern __attribute__((visibility("hidden"))) const float dycc_weights[];
float expf(float);
#ifdef DYCC_TEST_UNDEFINED
float nobody_has_this(float);
#define expf nobody_has_this
#endif

/// Not reached from the model: the linker drops it, and what it needs.
void nobody_calls_this();
void unused() { nobody_calls_this(); }
}

static int32_t bind(DyccFrame *, const int64_t *dims, int64_t *symbols) {
  symbols[0] = dims[0];
  return 0;
}

static void infer(const int64_t *symbols, int64_t *dims, uint8_t *exact) {
  dims[0] = symbols[0];
  exact[0] = 1;
}

static int64_t estimate(const int64_t *, int64_t) { return 1000; }
static void liveSizes(const int64_t *, int64_t *) {}

static void bound(const int64_t *, const int64_t *upper, int64_t *slots) {
  slots[DYCC_SLOT_ARENA] = 4 * upper[0];
  slots[DYCC_SLOT_SCRATCH] = 0;
}

static int32_t plan(DyccFrame *, const int64_t *symbols, int64_t *slots) {
  bound(symbols, symbols, slots);
  return 0;
}

static int32_t run(DyccFrame *frame) {
  auto *x = reinterpret_cast<const float *>(frame->inputs[0]);
  auto *y = reinterpret_cast<float *>(frame->arena);
  auto *weights = reinterpret_cast<const float *>(frame->weights);
  for (int64_t i = 0; i < frame->symbols[0]; ++i)
    y[i] = expf(x[i] * weights[i % 4]);
  frame->outputs[0] = frame->arena;
  frame->outputDims[0] = frame->symbols[0];
  return 0;
}

static const DyccDimDesc dims[] = {{"N", 0, 0, -1}};
static const DyccTensorDesc input = {"x", dims, 1, 2, 32, 0, nullptr, nullptr};
static const DyccTensorDesc output = {"y", dims, 1, 2, 32, 0, nullptr, nullptr};
static const DyccSymbolDesc symbol = {"N", 1, 1000, 1};

extern "C" __attribute__((visibility("hidden")))
const DyccModelDesc dycc_model_desc = {
    DYCC_MODEL_DESC_VERSION,
    1,
    1,
    1,
    1,
    DYCC_SLOT_FIRST,
    1,
    /*exact=*/1,
    "linked",
    "{}",
    "",
    &input,
    &output,
    &symbol,
    reinterpret_cast<const uint8_t *>(dycc_weights),
    16,
    bind,
    infer,
    plan,
    bound,
    estimate,
    run,
    nullptr,
    0,
    0,
    nullptr,
    0,
    0,
    nullptr,
    liveSizes,
    nullptr,
    0,
    0,
    nullptr,
    nullptr,
    0,
    0};
