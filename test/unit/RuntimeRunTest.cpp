#include "dycc/profile.h"
#include "test/unit/RuntimeModel.h"

#include <cmath>
#include <malloc.h>

namespace dycc::test {
namespace {

class RuntimeRun : public testing::Test {
protected:
  void TearDown() override {
    behaviour.scratchAsked = behaviour.resultAsked = 0;
    behaviour.kernelError = behaviour.failLate = false;
    behaviour.quietStatus = 0;
  }
};

TEST_F(RuntimeRun, ComputesEveryShapeWithOneContext) {
  Session session;
  for (int64_t n : {1, 2, 7, 8})
    for (int64_t w : {0, 12, 64})
      session.runAndCheck(n, w);
}

TEST_F(RuntimeRun, PlansEachShapeOnce) {
  Session session;
  behaviour.plans = 0;
  for (int round = 0; round < 3; ++round)
    for (int64_t n : {1, 2, 3})
      session.runAndCheck(n, 12);
  EXPECT_EQ(behaviour.plans, 3);
}

TEST_F(RuntimeRun, ReplacesThePlanUsedLongestAgo) {
  Session session;
  behaviour.plans = 0;
  for (int64_t w : {4, 12, 16, 20, 24, 28, 36, 40, 44})
    session.runAndCheck(1, w);
  EXPECT_EQ(behaviour.plans, 9); // One more than are remembered.
  session.runAndCheck(1, 44);
  EXPECT_EQ(behaviour.plans, 9);
  session.runAndCheck(1, 4);
  EXPECT_EQ(behaviour.plans, 10);
}

TEST_F(RuntimeRun, RemembersAsManyPlansAsItIsTold) {
  Session few(kModel, /*threads=*/1, {}, /*plans=*/1);
  behaviour.plans = 0;
  for (int64_t w : {4, 4, 12, 4})
    few.runAndCheck(1, w);
  EXPECT_EQ(behaviour.plans, 3);
  Session many(kModel, /*threads=*/1, {}, /*plans=*/20);
  behaviour.plans = 0;
  for (int round = 0; round < 2; ++round)
    for (int64_t w : {4, 12, 16, 20, 24, 28, 36, 40, 44})
      many.runAndCheck(1, w);
  EXPECT_EQ(behaviour.plans, 9);
}

/// In the memory of a run, and given to no caller that does not know the field.
TEST_F(RuntimeRun, PlansAreInThePeak) {
  auto peakOf = [](uint32_t size, uint32_t plans) {
    dycc_model_options options = {};
    options.size = size;
    options.plans = plans;
    dycc_model *model = nullptr;
    EXPECT_EQ(rt::createModel(kModel, &options, &model, nullptr), DYCC_OK);
    const dycc_api *api = dycc_model_query(DYCC_ABI_VERSION);
    const int64_t symbols[] = {1, 12};
    dycc_peak peak = {};
    EXPECT_EQ(api->peak_bytes(model, symbols, 1, &peak, nullptr), DYCC_OK);
    EXPECT_EQ(rt::destroyModel(model), DYCC_OK);
    return peak.bytes;
  };
  uint64_t usual = peakOf(sizeof(dycc_model_options), 0);
  EXPECT_EQ(peakOf(sizeof(dycc_model_options), 8), usual);
  EXPECT_LT(peakOf(sizeof(dycc_model_options), 1), usual);
  EXPECT_GT(peakOf(sizeof(dycc_model_options), 100), usual);
  EXPECT_EQ(peakOf(offsetof(dycc_model_options, plans), 100), usual);
}

TEST_F(RuntimeRun, LendsOutputsWithoutData) {
  Session session;
  Tensor x({2, 3, 12}), y({2}, 2), z = Tensor::lent(2), p = Tensor::lent(1);
  ASSERT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
  EXPECT_EQ(z.shape, (std::vector<int64_t>{2, 12}));
  EXPECT_EQ(z.view.dtype.code, kDLFloat);
  EXPECT_EQ(z.view.device.device_type, kDLCPU);
  EXPECT_EQ(z.data()[0],
            y.values[0] * (x.values[0] + x.values[12] + x.values[24]));
  EXPECT_LT(p.shape[0], 24);
}

TEST_F(RuntimeRun, AppliesByteOffsetsAtAnyAlignment) {
  Session session;
  Tensor x({1, 3, 4}), y({1}, 2), z({1, 4}), p({4});
  std::vector<uint8_t> bytes(4 * 12 + 3);
  memcpy(bytes.data() + 3, x.values.data(), 4 * 12);
  x.view.data = bytes.data();
  x.view.byte_offset = 3;
#if !__has_feature(undefined_behavior_sanitizer)
  ASSERT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
  EXPECT_EQ(z.values[0],
            y.values[0] * (x.values[0] + x.values[4] + x.values[8]));
#endif
}

TEST_F(RuntimeRun, WritesCompactStridesOfOutputs) {
  Session session;
  Tensor x({2, 3, 12}), y({2}, 2), z({2, 12}), p({24});
  int64_t zStrides[] = {12, 1}, pStrides[] = {1};
  z.view.strides = zStrides;
  p.view.strides = pStrides;
  ASSERT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
  EXPECT_EQ(zStrides[0], 12);
  EXPECT_EQ(pStrides[0], 1);
}

TEST_F(RuntimeRun, DoesNotAllocateAfterReserve) {
  for (uint32_t threads : {1, 3}) {
    CountingAllocator counter;
    Session session(kModel, threads, counter.options());
    ASSERT_EQ(session.api->reserve(session.context, nullptr, nullptr), DYCC_OK)
        << session.error();
    int calls = counter.calls;
    Tensor x({8, 3, 64}), y({8}), z({8, 64}), p({512});
    Tensor x2({3, 3, 20}), y2({3}), z2 = Tensor::lent(2), p2 = Tensor::lent(1);
    std::vector<DLTensor *> in = {&x.view, &y.view}, out = {&z.view, &p.view};
    size_t before = mallinfo2().uordblks;
    EXPECT_EQ(session.api->run(session.context, in.data(), out.data(), nullptr),
              DYCC_OK);
    in = {&x2.view, &y2.view};
    out = {&z2.view, &p2.view};
    EXPECT_EQ(session.api->run(session.context, in.data(), out.data(), nullptr),
              DYCC_OK);
    EXPECT_EQ(mallinfo2().uordblks, before);
    EXPECT_EQ(counter.calls, calls);
  }
}

TEST_F(RuntimeRun, GivesBackAllItTook) {
  CountingAllocator counter;
  {
    Session session(kModel, 2, counter.options());
    behaviour.scratchAsked = 1000;
    behaviour.resultAsked = 4096;
    session.runAndCheck(8, 64);
    EXPECT_GT(counter.bytes, 0);
  }
  EXPECT_EQ(counter.bytes, 0);
}

TEST_F(RuntimeRun, TakesUnplannedScratchFromTheAllocator) {
  CountingAllocator counter;
  Session session(kModel, 1, counter.options());
  session.runAndCheck(8, 64);
  int calls = counter.calls;
  behaviour.scratchAsked = 1000;
  session.runAndCheck(8, 64);
  EXPECT_EQ(counter.calls, calls + 1); // Kept for the other seven rows.
  session.runAndCheck(8, 64);
  EXPECT_EQ(counter.calls, calls + 1);
}

TEST_F(RuntimeRun, LeavesTheKernelWithoutScratch) {
  for (uint32_t threads : {1, 3}) {
    CountingAllocator counter;
    Session session(kModel, threads, counter.options());
    session.runAndCheck(8, 64);
    behaviour.scratchAsked = 1000;
    counter.allowed = 0;
    Tensor x({8, 3, 64}), y({8}), z({8, 64}), p({512});
    EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OUT_OF_MEMORY);
    EXPECT_EQ(session.error(), "no memory for a kernel's scratch (1256 bytes)");
    behaviour.scratchAsked = 0;
    session.runAndCheck(8, 64);
  }
}

TEST_F(RuntimeRun, ReportsThatResultsWithoutBoundHaveNoMemory) {
  CountingAllocator counter;
  Session session(kModel, 1, counter.options());
  session.runAndCheck(1, 4);
  behaviour.resultAsked = 64;
  counter.allowed = 0;
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(session.error(), "node 'p': no memory for a result of 64 bytes");
  counter.allowed = 100;
  session.runAndCheck(1, 4);
}

TEST_F(RuntimeRun, ReportsThatTheArenaHasNoMemory) {
  CountingAllocator counter;
  Session session(kModel, 1, counter.options());
  counter.allowed = 0;
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(session.error(), "no memory for the arena (256 bytes)");
  counter.allowed = 100;
  session.runAndCheck(1, 4);
}

TEST_F(RuntimeRun, SaysWhatACallersArenaNeeds) {
  alignas(DYCC_ARENA_ALIGNMENT) static uint8_t arena[256];
  dycc_context_options options = {};
  options.arena = arena;
  options.arena_bytes = sizeof(arena);
  Session session(kModel, 1, options);
  session.runAndCheck(1, 4);
  Tensor x({8, 3, 64}), y({8}), z({8, 64}), p({512});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_ARENA_TOO_SMALL);
  EXPECT_EQ(session.error(),
            "arena has 256 bytes, needs 4352 (with 1 threads)");
  EXPECT_EQ(session.api->reserve(session.context, nullptr, nullptr),
            DYCC_ARENA_TOO_SMALL);
  session.runAndCheck(1, 4);
}

TEST_F(RuntimeRun, StopsAtTheCancelFlag) {
  Session session;
  int32_t cancel = 1;
  dycc_run_options options = {sizeof(options), 0, nullptr, &cancel,
                              nullptr,         0, 0,       0};
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  behaviour.tasks = 0;
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_CANCELLED);
  EXPECT_EQ(session.error(), "run was cancelled");
  EXPECT_EQ(behaviour.tasks, 0);
  session.runAndCheck(1, 4);
}

TEST_F(RuntimeRun, PassesTheCancelFlagToTheProgram) {
  Session session;
  int32_t cancel = 0;
  dycc_profile profile = {
      [](void *user, uint32_t) { *static_cast<int32_t *>(user) = 1; },
      [](void *, uint32_t) {},
      &cancel,
      nullptr,
      nullptr,
      nullptr,
      nullptr};
  dycc_run_options options = {sizeof(options), 0, nullptr, &cancel,
                              &profile,        0, 0,       0};
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_CANCELLED);
  EXPECT_EQ(session.error(), "run was cancelled");
}

TEST_F(RuntimeRun, TellsTheProfileHook) {
  Session session;
  std::string log;
  dycc_profile profile = {[](void *user, uint32_t kernel) {
                            *static_cast<std::string *>(user) +=
                                "begin " + std::to_string(kernel);
                          },
                          [](void *user, uint32_t kernel) {
                            *static_cast<std::string *>(user) +=
                                " end " + std::to_string(kernel);
                          },
                          &log,
                          nullptr,
                          nullptr,
                          nullptr,
                          nullptr};
  dycc_run_options options = {sizeof(options), 0, nullptr, nullptr,
                              &profile,        0, 0,       0};
  Tensor x({1, 3, 4}), y({1}), z({1, 4}), p({4});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_OK);
  EXPECT_EQ(log, "begin 0 end 0");
}

TEST_F(RuntimeRun, ReportsFailuresAndGoesOn) {
  Session session;
  Tensor x({1, 3, 32}), y({1}), z({1, 32}), p({32});
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(), "node \"fold\": expects another size than 32");
  Tensor x2({2, 3, 4}), y2({2}), z2({2, 4}), p2({8});
  y2.values[0] = NAN;
  EXPECT_EQ(session.run({&x2, &y2}, {&z2, &p2}), DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(), "node \"gate\": 100% NaN");
  y2.values[0] = 1;
  behaviour.kernelError = true;
  EXPECT_EQ(session.run({&x2, &y2}, {&z2, &p2}), DYCC_INTERNAL);
  EXPECT_EQ(session.error(), "kernel failed: row 1 is refused");
  behaviour.kernelError = false;
  behaviour.quietStatus = DYCC_INTERNAL;
  EXPECT_EQ(session.run({&x2, &y2}, {&z2, &p2}), DYCC_INTERNAL);
  EXPECT_EQ(session.error(), "model \"hand\" failed with status 7");
  behaviour.quietStatus = 0;
  EXPECT_EQ(session.run({&x2, &y2}, {&z2, &p2}), DYCC_OK);
  EXPECT_EQ(session.error(), "");
}

TEST_F(RuntimeRun, RunsValuesThatAreTensors) {
  Session session;
  Tensor x({1, 3, 4}), y({1}, 2), z({1, 4}), p({4});
  dycc_value in[2] = {}, out[2] = {};
  in[0].kind = in[1].kind = out[0].kind = out[1].kind = DYCC_VALUE_TENSOR;
  in[0].as.tensor = &x.view;
  in[1].as.tensor = &y.view;
  out[0].as.tensor = &z.view;
  out[1].as.tensor = &p.view;
  ASSERT_EQ(session.api->run_values(session.context, in, out, nullptr),
            DYCC_OK);
  EXPECT_EQ(z.values[0],
            y.values[0] * (x.values[0] + x.values[4] + x.values[8]));
  in[1].kind = DYCC_VALUE_SEQUENCE;
  EXPECT_EQ(session.api->run_values(session.context, in, out, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "input \"y\": is a sequence, expects a tensor");
  in[1].kind = DYCC_VALUE_TENSOR;
  out[0].kind = 99;
  EXPECT_EQ(session.api->run_values(session.context, in, out, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "output \"z\": is of an unknown kind, expects a tensor");
  EXPECT_EQ(session.api->run_values(session.context, nullptr, out, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "inputs is null");
}

} // namespace
} // namespace dycc::test
