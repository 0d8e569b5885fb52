// The traces of dycc-run, of runs that are made up here.
#include "tools/dycc-run/HostTensor.h"
#include "tools/dycc-run/Profile.h"
#include "tools/dycc-run/Trace.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace dycc::run {
namespace {

using nlohmann::json;

/// A model of one kernel, launched twice in a run.
struct MadeUp {
  const dycc_symbol_info symbols[1] = {{"N", 1, 64, 1}};
  // A name may be any bytes.
  const dycc_kernel_info kernels[1] = {{"add_1\xff", "a, b"}};
  const dycc_operand_info operands[2] = {{2, {kDLFloat, 32, 1}},
                                         {0, {kDLInt, 64, 1}}};
  dycc_model_info info = {};

  MadeUp() {
    info.size = sizeof(info);
    info.name = "net";
    info.symbols = symbols;
    info.num_symbols = 1;
    info.kernels = kernels;
    info.num_kernels = 1;
    info.num_launches = 2;
  }

  void run(Trace &trace, int64_t n,
           const std::vector<dycc_device_launch> &onDevice = {}) {
    trace.beforeRun({n}, {8 * n, 12 * n});
    Clock::time_point begin = Clock::now();
    for (uint32_t number = 0; number < 2; ++number) {
      const int64_t symbolValues[] = {2 * n}, dims[] = {n, 3};
      dycc_launch launch = {};
      launch.launch = number;
      launch.num_operands = launch.num_results = launch.num_symbols = 1;
      launch.nodes = number ? "b" : "a \"quoted\"";
      launch.version = number ? "few" : "";
      launch.operands = operands;
      launch.dims = dims;
      launch.symbols = symbolValues;
      launch.heap_bytes = number;
      trace.onLaunch(launch);
      trace.onBegin(0, Clock::now());
      if (number)
        runParts(trace);
      trace.onEnd(0, Clock::now());
    }
    for (const dycc_device_launch &launch : onDevice)
      trace.onDevice(launch);
    trace.onRun(begin, Clock::now());
  }

  static void runParts(Trace &trace) {
    std::thread other([&] {
      trace.onBeginPart(1, 2, Clock::now());
      trace.onEndPart(1, Clock::now());
    });
    trace.onBeginPart(0, 2, Clock::now());
    trace.onEndPart(0, Clock::now());
    other.join();
  }
};

std::vector<json> of(const json &trace, const char *phase,
                     const char *category = nullptr) {
  std::vector<json> found;
  for (const json &event : trace["traceEvents"])
    if (event["ph"] == phase && (!category || event["cat"] == category))
      found.push_back(event);
  return found;
}

TEST(Trace, HasSlicesOfRunsLaunchesAndParts) {
  MadeUp model;
  Trace trace(model.info, 2);
  model.run(trace, 5);
  model.run(trace, 7);
  json all = json::parse(trace.text());
  std::vector<json> runs = of(all, "X", "run");
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[1]["name"], "run 2");
  EXPECT_EQ(runs[1]["args"]["symbols"]["N"], 7);
  EXPECT_GE(runs[1]["ts"], double(runs[0]["ts"]) + double(runs[0]["dur"]));
  std::vector<json> launches = of(all, "X", "kernel");
  ASSERT_EQ(launches.size(), 4u);
  EXPECT_EQ(launches[0]["args"], (json{{"nodes", "a \"quoted\""},
                                       {"operands", {"f32[5, 3]"}},
                                       {"results", {"i64[]"}},
                                       {"symbols", {10}}}));
  EXPECT_EQ(launches[3]["args"]["version"], "few");
  EXPECT_EQ(launches[3]["args"]["operands"][0], "f32[7, 3]");
  std::vector<json> parts = of(all, "X", "part");
  ASSERT_EQ(parts.size(), 4u);
  int ofCaller = 0;
  for (const json &part : parts) {
    EXPECT_EQ(part["args"]["nodes"], "b");
    ofCaller += part["tid"] == 1;
  }
  EXPECT_EQ(ofCaller, 2);
}

/// A launch of a device that took from `began` to `ended`, by its own clock.
dycc_device_launch launchOf(uint32_t call, const char *entry, uint64_t began,
                            uint64_t ended) {
  return {sizeof(dycc_device_launch), call, 0, 0, entry, 5000, began, ended};
}

TEST(Trace, HasLaunchesOfADevice) {
  MadeUp model;
  Trace trace(model.info, 2);
  model.run(
      trace, 5,
      {launchOf(0, "first", 7000, 9000), launchOf(1, "second", 9500, 9900)});
  model.run(trace, 5, {launchOf(1, "again", 6000, 8000)});
  json all = json::parse(trace.text());
  std::vector<json> slices = of(all, "X", "device");
  std::vector<json> kernels = of(all, "X", "kernel");
  ASSERT_EQ(slices.size(), 3u);
  EXPECT_EQ(slices[0]["name"], "first");
  EXPECT_EQ(slices[1]["args"]["nodes"], "b");
  // Microseconds behind the host's begin of the launch.
  double begin = kernels[0]["ts"];
  EXPECT_NEAR(double(slices[0]["ts"]) - begin, 2, 1e-6);
  EXPECT_NEAR(double(slices[0]["dur"]), 2, 1e-6);
  EXPECT_NEAR(double(slices[1]["ts"]) - begin, 4.5, 1e-6);
  EXPECT_NEAR(double(slices[2]["ts"]) - double(kernels[3]["ts"]), 1, 1e-6);
  std::vector<std::string> names;
  for (const json &event : of(all, "M"))
    if (event["tid"] == slices[0]["tid"])
      names.push_back(event["args"]["name"]);
  EXPECT_EQ(names, std::vector<std::string>{"device"});
}

TEST(Profile, HasATableOfTheDevice) {
  MadeUp model;
  Profile profile(model.info);
  EXPECT_EQ(profile.table().find("on the device"), std::string::npos);
  profile.onDevice(launchOf(0, "first", 1000, 3000));
  profile.onDevice(launchOf(1, "second", 3000, 9000));
  std::string table = profile.table();
  EXPECT_NE(table.find(" share         ms launches  us/launch  on the device: "
                       "nodes\n100.0%      0.008        2       4.00  add_1"),
            std::string::npos)
      << table;
  json kernel = json::parse(profile.json())["kernels"][0];
  EXPECT_EQ(kernel["device_launches"], 2);
  EXPECT_NEAR(double(kernel["device_seconds"]), 8e-6, 1e-12);
}

TEST(Trace, HasLiveBytesAsACounter) {
  MadeUp model;
  Trace trace(model.info, 2);
  model.run(trace, 5);
  std::vector<int64_t> arena, beyond;
  for (const json &event : of(json::parse(trace.text()), "C")) {
    arena.push_back(event["args"]["arena"]);
    beyond.push_back(event["args"]["beyond the arena"]);
  }
  EXPECT_EQ(arena, (std::vector<int64_t>{40, 60, 0}));
  EXPECT_EQ(beyond, (std::vector<int64_t>{0, 1, 0}));
}

TEST(Trace, NamesTheTracks) {
  MadeUp model;
  Trace trace(model.info, 2);
  model.run(trace, 5);
  std::vector<std::string> names;
  for (const json &event : of(json::parse(trace.text()), "M"))
    names.push_back(event["args"]["name"]);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (std::vector<std::string>{"caller", "net", "worker 1"}));
}

TEST(Trace, RefusesModelsThatTellNoLaunches) {
  MadeUp model;
  model.info.size = 112;
  try {
    Trace trace(model.info, 1);
    FAIL() << "expected a refusal";
  } catch (const Refusal &refusal) {
    EXPECT_STREQ(refusal.what(),
                 "the model was compiled by a dycc that knew no traces, "
                 "expected one that is compiled anew");
  }
}

} // namespace
} // namespace dycc::run
