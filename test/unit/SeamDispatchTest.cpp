// Models with kernels for several machines, as a user loads them.
#include "test/unit/SeamFixture.h"

#include <cmath>

using namespace dycc::test;

namespace {

class SeamDispatch : public Seam {
protected:
  /// What runs on each machine that this processor is.
  std::vector<std::string> machinesOf(const std::string &library) {
    std::vector<std::string> names, here;
    {
      Loaded loaded(library);
      const dycc_model_info &info = *loaded.api->model_describe(loaded.model);
      for (uint32_t i = info.machine; i < info.num_machines; ++i)
        here.push_back(info.machines[i].name);
    }
    return here;
  }
};

void expectClose(const Tensor &found, const Tensor &expected) {
  for (size_t i = 0; i < expected.values.size(); ++i)
    ASSERT_NEAR(found.values[i], expected.values[i],
                1e-4 * (1 + std::fabs(expected.values[i])))
        << i;
}

TEST_F(SeamDispatch, EveryMachineComputesTheSame) {
  ModelMaker model = imageModel();
  std::string plain = compile(model, {"--target", "x86_64-linux-gnu"}, "plain");
  std::string library = compile(model, {"--dispatch", "v3,v1,v4"});
  Tensor x({2, 3, 37, 29}), y({2, 8, 37, 29}), p({2, 8, 38, 30});
  Loaded baseline(plain);
  ASSERT_EQ(baseline.run({&x.view}, {&y.view, &p.view}), DYCC_OK);
  std::vector<std::string> machines = machinesOf(library);
  EXPECT_EQ(machines.back(), "x86-64");
  for (const std::string &machine : machines) {
    SCOPED_TRACE(machine);
    Loaded loaded(library, 2, {}, machine.c_str());
    Tensor y2({2, 8, 37, 29}, 9), p2({2, 8, 38, 30}, 9);
    ASSERT_EQ(loaded.run({&x.view}, {&y2.view, &p2.view}), DYCC_OK)
        << loaded.error();
    expectClose(y2, y);
    expectClose(p2, p);
  }
}

TEST_F(SeamDispatch, ModelsOfTwoMachinesShareAProcess) {
  std::string library = compile(tokenModel(), {"--dispatch", "v1,v3"});
  std::vector<std::string> machines = machinesOf(library);
  Loaded best(library), least(library, 1, {}, machines.back().c_str());
  EXPECT_EQ(least.api->model_describe(least.model)->machine, 1u);
  for (int64_t length : {1, 7, 33}) {
    Tensor x({2, length, 24});
    Tensor y({2, 24, length}), z({2, length, 5});
    Tensor y2({2, 24, length}, 9), z2({2, length, 5}, 9);
    ASSERT_EQ(best.run({&x.view}, {&y.view, &z.view}), DYCC_OK);
    ASSERT_EQ(least.run({&x.view}, {&y2.view, &z2.view}), DYCC_OK);
    expectClose(y2, y);
    expectClose(z2, z);
  }
}

TEST_F(SeamDispatch, TheLessAbleMachineIsThoughtToTakeLonger) {
  std::string library = compile(imageModel(), {"--dispatch", "v1,v3"});
  auto seconds = [&](const char *machine) {
    Loaded loaded(library, 1, {}, machine);
    int64_t symbols[] = {2, 64, 64};
    double result = 0;
    EXPECT_EQ(loaded.api->estimate(loaded.model, symbols, &result, nullptr),
              DYCC_OK);
    return result;
  };
  if (machinesOf(library).size() == 2)
    EXPECT_GT(seconds("x86-64"), seconds("x86-64-v3"));
}

TEST_F(SeamDispatch, AnotherMachineIsRefusedByName) {
  std::string library = compile(loopModel(), {"--dispatch", "v1,v3"});
  Ended ended =
      execute({DYCC_TEST_RUN, library, "--describe", "--machine", "x86-64-v2"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(ended.says("model has no machine \"x86-64-v2\", expected one of "
                         "x86-64-v3, x86-64"))
      << ended.text;
  ended =
      execute({DYCC_TEST_RUN, library, "--describe", "--machine", "x86-64"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_TRUE(ended.says("machine x86-64, runs: any")) << ended.text;
  EXPECT_TRUE(ended.says("machine x86-64-v3: avx,avx2,")) << ended.text;
}

} // namespace
