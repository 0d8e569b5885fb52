// Models with kernels for several machines: which of them run.
#include "test/unit/RuntimeModel.h"

namespace dycc::test {
namespace {

const dycc_api *api = dycc_model_query(DYCC_ABI_VERSION);

/// What every processor of its kind has.
constexpr const char *kAlwaysThere =
#if defined(__x86_64__)
    "sse2";
#else
    "neon";
#endif

/// A model with kernels for machines that need these features.
class Machines {
public:
  explicit Machines(const std::vector<const char *> &features) {
    static const char *const names[] = {"best", "good", "fair"};
    for (const char *feature : features)
      list.push_back({names[list.size()], feature, nullptr});
    desc.machines = list.data();
    desc.numMachines = uint32_t(list.size());
  }

  /// The one that runs where `name` is asked for, or null.
  uint32_t chosen(const char *name = nullptr) {
    dycc_model_options options = {};
    options.size = sizeof(options);
    options.max_threads = 1;
    options.machine = name;
    dycc_model *model = nullptr;
    dycc_message message;
    EXPECT_EQ(rt::createModel(desc, &options, &model, &message), DYCC_OK)
        << message.text;
    uint32_t machine = api->model_describe(model)->machine;
    EXPECT_EQ(api->model_destroy(model), DYCC_OK);
    return machine;
  }
  std::string refusal(dycc_status expected, const char *name = nullptr) {
    dycc_model_options options = {};
    options.size = sizeof(options);
    options.max_threads = 1;
    options.machine = name;
    dycc_model *model = nullptr;
    dycc_message message;
    EXPECT_EQ(rt::createModel(desc, &options, &model, &message), expected);
    EXPECT_EQ(rt::createModel(desc, &options, &model, nullptr), expected);
    return message.text;
  }

  DyccModelDesc desc = kModel;

private:
  std::vector<DyccMachineDesc> list;
};

TEST(RuntimeMachines, TheFirstThatTheProcessorIsRuns) {
  EXPECT_EQ(Machines({kAlwaysThere, ""}).chosen(), 0u);
  EXPECT_EQ(Machines({"bogus", kAlwaysThere}).chosen(), 1u);
  EXPECT_EQ(Machines({"bogus", "quux", ""}).chosen(), 2u);
  // Without machines it is the first of none.
  dycc_model_options older = {};
  older.size = 8;
  older.max_threads = 1;
  older.machine = "no such field";
  dycc_model *model;
  ASSERT_EQ(rt::createModel(kModel, &older, &model, nullptr), DYCC_OK);
  EXPECT_EQ(api->model_describe(model)->num_machines, 0u);
  EXPECT_EQ(api->model_describe(model)->machine, 0u);
  EXPECT_EQ(api->model_destroy(model), DYCC_OK);
}

TEST(RuntimeMachines, OneCanBeAskedFor) {
  Machines machines({kAlwaysThere, "bogus", ""});
  EXPECT_EQ(machines.chosen("best"), 0u);
  EXPECT_EQ(machines.chosen("fair"), 2u);
  EXPECT_EQ(machines.refusal(DYCC_UNSUPPORTED, "good"),
            "processor cannot run the model: for good it lacks bogus");
  EXPECT_EQ(machines.refusal(DYCC_INVALID_ARGUMENT, "great"),
            "model has no machine \"great\", expected one of best, good, fair");
  EXPECT_EQ(Machines({}).refusal(DYCC_INVALID_ARGUMENT, "good"),
            "model has no machine \"good\", expected one of none");
}

TEST(RuntimeMachines, WhatTheProcessorLacksIsNamedForEach) {
  Machines machines({"bogus,quux-2", "quux-2"});
  EXPECT_EQ(machines.refusal(DYCC_UNSUPPORTED),
            "processor cannot run the model: for best it lacks bogus, quux-2; "
            "for good it lacks quux-2");
}

TEST(RuntimeMachines, FunctionsAndCallersAreToldWhichRuns) {
  Machines machines({"bogus", ""});
  static int64_t seen;
  machines.desc.plan = [](DyccFrame *frame, const int64_t *symbols,
                          int64_t *slots) {
    seen = frame->machine;
    return kModel.plan(frame, symbols, slots);
  };
  Session session(machines.desc);
  session.runAndCheck(2, 12);
  EXPECT_EQ(seen, 1);
  const dycc_model_info &info = *api->model_describe(session.model);
  ASSERT_EQ(info.num_machines, 2u);
  EXPECT_STREQ(info.machines[1].name, "good");
  EXPECT_STREQ(info.machines[0].cpu_features, "bogus");
  EXPECT_EQ(info.kernel_machines[0], 0u);
  int64_t symbols[] = {8, 64};
  double seconds = 0;
  ASSERT_EQ(api->estimate(session.model, symbols, &seconds, nullptr), DYCC_OK);
  EXPECT_DOUBLE_EQ(seconds, 8001e-9); // The nanosecond is the machine's.
  seen = 0;
  dycc_peak peak;
  ASSERT_EQ(api->peak_bytes(session.model, symbols, 1, &peak, nullptr),
            DYCC_OK);
  EXPECT_EQ(seen, 1);
}

} // namespace
} // namespace dycc::test
