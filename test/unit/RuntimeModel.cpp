#include "test/unit/RuntimeModel.h"

#include <cmath>

using HalideTask = int (*)(void *, int, uint8_t *);
extern "C" {
int halide_do_par_for(void *, HalideTask, int min, int size, uint8_t *);
void *halide_malloc(void *, size_t);
void halide_free(void *, void *);
void halide_error(void *, const char *);
}

namespace dycc::test {

Behaviour behaviour;

enum { kSlotZ = DYCC_SLOT_FIRST, kSlotP, kNumSlots };

static const DyccDimDesc xDims[] = {
    {"N", 0, 0, -1}, {"3", -1, 0, 3}, {"W", 1, 0, -1}};
static const DyccDimDesc yDims[] = {{"N", 0, 0, -1}};
static const DyccDimDesc zDims[] = {{"N", 0, 0, -1}, {"W", 1, 0, -1}};
static const DyccDimDesc pDims[] = {{"?", -1, 0, -1}};
static const DyccTensorDesc inputs[] = {
    {"x", xDims, 3, kDLFloat, 32, 0, nullptr, nullptr},
    {"y", yDims, 1, kDLFloat, 32, 0, nullptr, nullptr}};
static const DyccTensorDesc outputs[] = {
    {"z", zDims, 2, kDLFloat, 32, 0, nullptr, nullptr},
    {"p", pDims, 1, kDLFloat, 32, 0, nullptr, nullptr}};
static const DyccSymbolDesc symbols[] = {{"N", 1, 8, 1}, {"W", 0, 64, 4}};
static const DyccOperandDesc operands[] = {
    {3, kDLFloat, 32, 1}, {1, kDLFloat, 32, 1}, {2, kDLFloat, 32, 1}};
static const DyccKernelDesc kernels[] = {
    {"sum_scale", "sum,scale", "rows", operands, 2, 1, 2, 0}};
static const char *const launchNodes[] = {"sum", "scale"};
alignas(64) static const uint8_t weights[64] = {1, 2, 3};

static int64_t roundUp(int64_t bytes) { return (bytes + 63) / 64 * 64; }

static int32_t bind(DyccFrame *, const int64_t *dims, int64_t *values) {
  values[0] = dims[0];
  values[1] = dims[2];
  return DYCC_OK;
}

static void infer(const int64_t *values, int64_t *dims, uint8_t *exact) {
  dims[0] = values[0];
  dims[1] = values[1];
  dims[2] = values[0] * values[1];
  exact[0] = exact[1] = 1;
  exact[2] = 0;
}

static void size(int64_t n, int64_t w, int64_t *slots) {
  slots[DYCC_SLOT_ARENA] = 2 * roundUp(4 * n * w);
  slots[DYCC_SLOT_SCRATCH] = (4 * w + 127) / 128 * 128;
}

static int32_t plan(DyccFrame *frame, const int64_t *values, int64_t *slots) {
  ++behaviour.plans;
  int64_t n = values[0], w = values[1];
  if (n * w == 32) {
    const int64_t arguments[] = {int64_t("fold"), n * w};
    return dycc_rt_fail(frame, DYCC_MODEL_ERROR,
                        "node \"%s\": expects another size than %d", arguments,
                        2);
  }
  size(n, w, slots);
  slots[kSlotZ] = 0;
  slots[kSlotP] = roundUp(4 * n * w);
  return DYCC_OK;
}

static int64_t estimate(const int64_t *symbols, int64_t machine) {
  return 1000 * symbols[0] + machine;
}

static void bound(const int64_t *, const int64_t *upper, int64_t *slots) {
  size(upper[0], upper[1], slots);
}

static void liveSizes(const int64_t *values, int64_t *sizes) {
  sizes[0] = 4 * values[0];
  sizes[1] = 8 * values[0] * values[1];
}
static const int32_t liveSteps[] = {1, 0, 2, -1, 0};

struct Closure {
  const float *x, *y;
  float *z;
  int64_t w;
};

static int kernelRow(void *frame, int n, uint8_t *closure) {
  ++behaviour.tasks;
  auto &c = *reinterpret_cast<Closure *>(closure);
  auto *sums = static_cast<float *>(
      halide_malloc(frame, 4 * c.w + behaviour.scratchAsked));
  for (int64_t i = 0; i < c.w; ++i)
    sums[i] = c.x[(n * 3) * c.w + i] + c.x[(n * 3 + 1) * c.w + i] +
              c.x[(n * 3 + 2) * c.w + i];
  for (int64_t i = 0; i < c.w; ++i)
    c.z[n * c.w + i] = c.y[n] * sums[i];
  halide_free(frame, sums);
  if (behaviour.kernelError && n == 1) {
    halide_error(frame, "row 1 is refused");
    return -1;
  }
  return 0;
}

static int32_t run(DyccFrame *frame) {
  if (behaviour.quietStatus)
    return behaviour.quietStatus;
  int64_t n = frame->symbols[0], w = frame->symbols[1];
  auto *z = reinterpret_cast<float *>(frame->arena + frame->slots[kSlotZ]);
  auto *p = reinterpret_cast<float *>(frame->arena + frame->slots[kSlotP]);
  auto *y = reinterpret_cast<const float *>(frame->inputs[1]);
  Closure closure = {reinterpret_cast<const float *>(frame->inputs[0]), y, z,
                     w};
  if (std::isnan(y[0])) {
    const int64_t arguments[] = {int64_t("gate")};
    return dycc_rt_fail(frame, DYCC_MODEL_ERROR, "node \"%s\": 100%% NaN",
                        arguments, 1);
  }
  const int64_t numbers[] = {n, w, n, 3, w, n, n, w};
  dycc_rt_begin(frame, 0, /*launch=*/1, numbers);
  int code = halide_do_par_for(frame, kernelRow, 0, int(n),
                               reinterpret_cast<uint8_t *>(&closure));
  dycc_rt_end(frame, 0);
  if (code)
    return DYCC_INTERNAL;
  if (frame->cancel && *frame->cancel)
    return DYCC_CANCELLED;
  void *beyond = nullptr;
  if (int64_t asked = behaviour.resultAsked) {
    if (int32_t status = dycc_rt_allocate(frame, "p", &beyond, &asked, 1, 1))
      return status;
    p = static_cast<float *>(beyond);
  }
  if (behaviour.failLate)
    return dycc_rt_fail(frame, DYCC_MODEL_ERROR, "late", nullptr, 0);
  int64_t count = 0;
  for (int64_t i = 0; i < n * w; ++i)
    if (z[i] > 0)
      p[count++] = z[i];
  const int64_t dims[] = {n, w, count};
  std::copy(dims, dims + 3, frame->outputDims);
  frame->outputs[0] = reinterpret_cast<uint8_t *>(z);
  frame->outputs[1] = reinterpret_cast<uint8_t *>(p);
  return DYCC_OK;
}

const DyccModelDesc kModel = {DYCC_MODEL_DESC_VERSION,
                              2,
                              2,
                              2,
                              2,
                              kNumSlots,
                              3,
                              /*exact=*/0,
                              "hand",
                              "{\"opset\": 21}",
                              "",
                              inputs,
                              outputs,
                              symbols,
                              weights,
                              sizeof(weights),
                              bind,
                              infer,
                              plan,
                              bound,
                              estimate,
                              run,
                              kernels,
                              1,
                              0,
                              nullptr,
                              0,
                              2,
                              launchNodes,
                              liveSizes,
                              liveSteps,
                              2,
                              0,
                              nullptr,
                              nullptr,
                              0,
                              0,
                              nullptr,
                              nullptr,
                              0,
                              0};

static const DyccDimDesc stateDims[] = {{"4", -1, 0, 4}};
static const DyccTensorDesc stateIn[] = {
    {"s", stateDims, 1, kDLFloat, 32, 0, nullptr, nullptr}};
static const DyccTensorDesc stateOut[] = {
    {"u", stateDims, 1, kDLFloat, 32, 0, nullptr, nullptr},
    {"t", stateDims, 1, kDLFloat, 32, 0, nullptr, nullptr}};

static int32_t stateBind(DyccFrame *, const int64_t *, int64_t *) { return 0; }

static void stateInfer(const int64_t *, int64_t *dims, uint8_t *exact) {
  dims[0] = dims[1] = 4;
  exact[0] = exact[1] = 1;
}

static void stateBound(const int64_t *, const int64_t *, int64_t *slots) {
  slots[DYCC_SLOT_ARENA] = 32;
  slots[DYCC_SLOT_SCRATCH] = 0;
}

static int32_t statePlan(DyccFrame *, const int64_t *values, int64_t *slots) {
  stateBound(values, values, slots);
  return DYCC_OK;
}

static int32_t stateRun(DyccFrame *frame) {
  bool inPlace = frame->donated && frame->donated[0];
  auto *s = reinterpret_cast<const float *>(frame->inputs[0]);
  uint8_t *kept = inPlace ? frame->arena + 16 : frame->inputs[0];
  if (inPlace)
    std::copy(s, s + 4, reinterpret_cast<float *>(kept));
  uint8_t *sum = inPlace ? frame->inputs[0] : frame->arena;
  for (int i = 0; i < 4; ++i)
    reinterpret_cast<float *>(sum)[i] = s[i] + 1;
  frame->outputs[0] = kept;
  frame->outputs[1] = sum;
  frame->outputDims[0] = frame->outputDims[1] = 4;
  return DYCC_OK;
}

const DyccModelDesc kStateModel = {DYCC_MODEL_DESC_VERSION,
                                   1,
                                   2,
                                   0,
                                   0,
                                   DYCC_SLOT_FIRST,
                                   2,
                                   /*exact=*/1,
                                   "state",
                                   "{}",
                                   "",
                                   stateIn,
                                   stateOut,
                                   nullptr,
                                   weights,
                                   sizeof(weights),
                                   stateBind,
                                   stateInfer,
                                   statePlan,
                                   stateBound,
                                   estimate,
                                   stateRun,
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
                                   0,
                                   nullptr,
                                   nullptr,
                                   0,
                                   0};

Session::Session(const DyccModelDesc &desc, uint32_t threads,
                 dycc_context_options options, uint32_t plans)
    : api(dycc_model_query(DYCC_ABI_VERSION)) {
  dycc_model_options modelOptions = {};
  modelOptions.size = sizeof(modelOptions);
  modelOptions.max_threads = threads;
  modelOptions.plans = plans;
  dycc_message message;
  EXPECT_EQ(rt::createModel(desc, &modelOptions, &model, &message), DYCC_OK)
      << message.text;
  options.size = sizeof(options);
  EXPECT_EQ(api->context_create(model, &options, &context, &message), DYCC_OK)
      << message.text;
}

Session::~Session() {
  api->context_destroy(context);
  EXPECT_EQ(api->model_destroy(model), DYCC_OK);
}

dycc_status Session::run(const std::vector<Tensor *> &in,
                         const std::vector<Tensor *> &out,
                         const dycc_run_options *options) {
  std::vector<DLTensor *> inViews, outViews;
  for (Tensor *tensor : in)
    inViews.push_back(tensor ? &tensor->view : nullptr);
  for (Tensor *tensor : out)
    outViews.push_back(tensor ? &tensor->view : nullptr);
  return api->run(context, inViews.data(), outViews.data(), options);
}

void Session::runAndCheck(int64_t n, int64_t w) {
  Tensor x({n, 3, w}), y({n}, 2), z({n, w}), p({n * w});
  ASSERT_EQ(run({&x, &y}, {&z, &p}), DYCC_OK) << error();
  int64_t count = 0;
  for (int64_t i = 0; i < n * w; ++i) {
    const float *row = &x.values[i / w * 3 * w + i % w];
    float expected = y.values[i / w] * (row[0] + row[w] + row[2 * w]);
    ASSERT_EQ(z.values[i], expected) << "at " << i;
    if (expected > 0) {
      ASSERT_EQ(p.values[count++], expected);
    }
  }
  ASSERT_EQ(p.shape[0], count);
}

} // namespace dycc::test

const DyccModelDesc dycc_model_desc = dycc::test::kModel;
