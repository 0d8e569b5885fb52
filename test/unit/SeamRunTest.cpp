// The seams between a compiled model and its caller, memory aside.
#include "test/unit/SeamFixture.h"

#include <cstring>
#include <fstream>
#include <thread>

using namespace dycc::test;
namespace proto = dycc::proto;

namespace {

class SeamRun : public Seam {};

/// An executor that counts, and runs its tasks on threads of its own.
struct Executor {
  int loops = 0;
  bool backwards = false;
  dycc_executor table(uint32_t threads) {
    dycc_executor table = {};
    table.max_threads = threads;
    table.user = this;
    table.parallel_for = [](void *user, uint32_t count,
                            void (*task)(void *, uint32_t), void *data) {
      auto &self = *static_cast<Executor *>(user);
      ++self.loops;
      if (self.backwards) {
        for (uint32_t i = count; i-- > 0;)
          task(data, i);
        return;
      }
      std::vector<std::thread> threads;
      for (uint32_t i = 0; i < count; ++i)
        threads.emplace_back(task, data, i);
      for (std::thread &thread : threads)
        thread.join();
    };
    return table;
  }
};

TEST_F(SeamRun, ExecutorOfTheCallerRunsTheLoopsWithTheSameBits) {
  std::string library = compile(imageModel());
  Tensor x({2, 3, 67, 45}), y({2, 8, 67, 45}), p({2, 8, 68, 46});
  {
    Loaded serial(library, 1);
    ASSERT_EQ(serial.run({&x.view}, {&y.view, &p.view}), DYCC_OK);
  }
  auto compare = [&](Loaded &loaded) {
    Tensor y2({2, 8, 67, 45}, 9), p2({2, 8, 68, 46}, 9);
    ASSERT_EQ(loaded.run({&x.view}, {&y2.view, &p2.view}), DYCC_OK)
        << loaded.error();
    EXPECT_EQ(
        std::memcmp(y.values.data(), y2.values.data(), y.values.size() * 4), 0);
    EXPECT_EQ(
        std::memcmp(p.values.data(), p2.values.data(), p.values.size() * 4), 0);
  };
  for (uint32_t threads : {2, 3, 7}) {
    Loaded pool(library, threads);
    compare(pool);
    for (bool backwards : {false, true}) {
      Executor executor{0, backwards};
      dycc_executor table = executor.table(threads);
      dycc_context_options options = {};
      options.executor = &table;
      Loaded loaded(library, 1, options);
      compare(loaded);
      EXPECT_GT(executor.loops, 0);
    }
  }
}

TEST_F(SeamRun, BindPlanAndRunRefuseApart) {
  ModelMaker m(17);
  m.input("x", {"A", "B"}).input("y", {"C"}).output("z");
  m.integers("rows", {-1, 2});
  m.node("Relu", {"x"}, {"r"});
  m.node("Reshape", {"r", "rows"}, {"s"}).set_name("reshape_mid");
  m.integers("first", {0}).node("NonZero", {"s"}, {"n"});
  m.node("Gather", {"y", "n"}, {"z"}).set_name("gather_mid");
  Loaded loaded(compile(m, {"--dim", "C=1..8"}));
  int64_t shape[] = {2, -1};
  DLTensor z = {nullptr, {kDLCPU, 0}, 2, {}, shape, nullptr, 0};
  // bind: what the inputs' extents say.
  Tensor x({3, 4}), y({9});
  EXPECT_EQ(loaded.run({&x.view, &y.view}, {&z}), DYCC_INVALID_ARGUMENT);
  EXPECT_NE(loaded.error().find("input \"y\": dim 0 (C) is 9, expects 1 to 8"),
            std::string::npos)
      << loaded.error();
  // plan: what only several of them together break, before anything runs.
  Tensor odd({3, 3}), fine({8});
  EXPECT_EQ(loaded.run({&odd.view, &fine.view}, {&z}), DYCC_MODEL_ERROR);
  EXPECT_NE(loaded.error().find("node 'reshape_mid': "), std::string::npos)
      << loaded.error();
  // run: what the data breaks.
  Tensor few({1});
  EXPECT_EQ(loaded.run({&x.view, &few.view}, {&z}), DYCC_MODEL_ERROR);
  EXPECT_NE(loaded.error().find("gather_mid"), std::string::npos)
      << loaded.error();
  EXPECT_EQ(loaded.run({&x.view, &fine.view}, {&z}), DYCC_OK) << loaded.error();
}

/// -w[0, 0, 0] in the shape [N, M, K], the extents of x, y and z.
ModelMaker outerModel() {
  ModelMaker m(17);
  m.input("x", {"N"}).input("y", {"M"}).input("z", {"K"}).output("sum");
  m.weight("w", {1, 1, 1});
  m.node("Shape", {"x"}, {"n"});
  m.node("Shape", {"y"}, {"m"});
  m.node("Shape", {"z"}, {"k"});
  set(m.node("Concat", {"n", "m", "k"}, {"shape"}), "axis", int64_t(0));
  m.node("Expand", {"w", "shape"}, {"wide"});
  m.node("Neg", {"wide"}, {"sum"}).set_name("outer");
  return m;
}

TEST_F(SeamRun, TensorsBeyondTheRangeOfKernelsAreRefused) {
  Loaded loaded(compile(outerModel()));
  auto run = [&](int64_t n, int64_t m, int64_t k) {
    Tensor x({n}), y({m}), z({k});
    Tensor sum = Tensor::lent(3);
    return loaded.run({&x.view, &y.view, &z.view}, {&sum.view});
  };
  // 2^31 elements: one more than a kernel can count.
  EXPECT_EQ(run(1 << 11, 1 << 10, 1 << 10), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(loaded.error(), "node 'wide, outer': a tensor of 8589934592 "
                            "bytes is too large, expected at most 8589934588");
  // 2^62 elements: 2^64 bytes, which wrap to none.
  EXPECT_EQ(run(1 << 21, 1 << 21, 1 << 20), DYCC_INVALID_ARGUMENT);
  EXPECT_NE(loaded.error().find("is too large"), std::string::npos)
      << loaded.error();
  EXPECT_EQ(run(3, 2, 5), DYCC_OK) << loaded.error();
}

TEST_F(SeamRun, ProcessorThatLacksAFeatureIsNamedAtLoad) {
  // No processor has it any more: it was in two generations only.
  std::string library =
      compile(loopModel(), {"--mattr", "+avx512vp2intersect"});
  Ended ended = execute({DYCC_TEST_RUN, library, "--describe"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(ended.says("avx512vp2intersect")) << ended.text;
}

TEST_F(SeamRun, CancelFlagEndsALoop) {
  Loaded loaded(compile(loopModel(), {"--max-trips", "1000000000000"}));
  Tensor x({1}, 5), y({1}); // Its first value is 2: it never ends.
  ASSERT_GT(x.values[0], 0);
  volatile int32_t cancel = 0;
  dycc_run_options options = {sizeof(options), 0, nullptr, &cancel,
                              nullptr,         0, 0,       0};
  std::thread canceller([&cancel] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancel = 1;
  });
  EXPECT_EQ(loaded.run({&x.view}, {&y.view}, &options), DYCC_CANCELLED);
  canceller.join();
  EXPECT_EQ(loaded.error(), "cancelled in the loop of node 'forever'");
  Tensor negative({1}, -5);
  EXPECT_EQ(loaded.run({&negative.view}, {&y.view}), DYCC_OK);
  EXPECT_EQ(y.values[0], negative.values[0]);
}

TEST_F(SeamRun, LoopWithoutEndIsGivenUp) {
  Loaded loaded(compile(loopModel(), {"--max-trips", "1000"}));
  Tensor x({1}, 5), y({1});
  EXPECT_EQ(loaded.run({&x.view}, {&y.view}), DYCC_MODEL_ERROR);
  EXPECT_EQ(loaded.error(),
            "node 'forever': the loop did not end after 1000 trips");
}

TEST_F(SeamRun, NumbersThatSteerShapesHaveARange) {
  ModelMaker m(17);
  m.input("x", {"N"}).input("count", proto::TensorProto::INT64).output("y");
  setDims(m.graph().mutable_input(1), {"1"});
  m.node("Tile", {"x", "count"}, {"y"}).set_name("repeated");
  Loaded loaded(compile(m));
  Tensor x({5}), y = Tensor::lent(1);
  int64_t count = int64_t(1) << 40, one = 1;
  DLTensor steer = {&count, {kDLCPU, 0}, 1, {kDLInt, 64, 1}, &one, nullptr, 0};
  EXPECT_EQ(loaded.run({&x.view, &steer}, {&y.view}), DYCC_MODEL_ERROR);
  EXPECT_EQ(loaded.error(),
            "node 'count': a value that steers a shape is 1099511627776, "
            "expected one in [0, 2147483647]");
  count = 3;
  EXPECT_EQ(loaded.run({&x.view, &steer}, {&y.view}), DYCC_OK);
  EXPECT_EQ(y.shape[0], 15);
}

TEST_F(SeamRun, ModelsOfNoKnownVersionAreRefused) {
  std::ofstream(path("none.c"))
      << "#include <dycc/runtime.h>\n"
         "const dycc_api *dycc_model_query(uint32_t v)"
         "{ return 0; }\n";
  Ended ended = execute({DYCC_TEST_COMPILER, "-shared", "-fPIC", "-I",
                         std::string(DYCC_TEST_SOURCE) + "/runtime/include",
                         path("none.c"), "-o", path("none.so")});
  ASSERT_EQ(ended.code, 0) << ended.text;
  ended = execute({DYCC_TEST_RUN, path("none.so"), "--describe"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(ended.says("none.so': has no interface of version 1"))
      << ended.text;
}

TEST_F(SeamRun, ValuesAreTensorsOrRefusedByKind) {
  Loaded loaded(compile(loopModel()));
  Tensor x({1}, -5), y({1});
  dycc_value in = {}, out = {};
  in.kind = out.kind = DYCC_VALUE_TENSOR;
  in.as.tensor = &x.view;
  out.as.tensor = &y.view;
  EXPECT_EQ(loaded.api->run_values(loaded.context, &in, &out, nullptr),
            DYCC_OK);
  EXPECT_EQ(y.values[0], x.values[0]);
  in.kind = DYCC_VALUE_SEQUENCE;
  EXPECT_EQ(loaded.api->run_values(loaded.context, &in, &out, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(loaded.error(), "input \"x\": is a sequence, expects a tensor");
}

TEST_F(SeamRun, TwoModelsShareAProcess) {
  std::string first = compile(imageModel(), {}, "images");
  std::string second = compile(tokenModel(), {}, "tokens");
  Loaded images(first, 2), tokens(second, 2), again(first, 2);
  Tensor x({1, 3, 8, 8}), y({1, 8, 8, 8}), y2({1, 8, 8, 8}), p({1, 8, 9, 9});
  Tensor t({1, 6, 24}), u({1, 24, 6}), v({1, 6, 5});
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(images.run({&x.view}, {&y.view, &p.view}), DYCC_OK);
    ASSERT_EQ(tokens.run({&t.view}, {&u.view, &v.view}), DYCC_OK);
    ASSERT_EQ(again.run({&x.view}, {&y2.view, &p.view}), DYCC_OK);
    EXPECT_EQ(y.values, y2.values);
  }
}

/// A program that knows two models by name and runs y = f(x) of each.
constexpr const char *kProgram = R"(
#include <dycc/runtime.h>
#include <stdio.h>
const dycc_api *one_model_query(uint32_t);
const dycc_api *two_model_query(uint32_t);
static int run(const dycc_api *api) {
  float x = -3, y = 0;
  int64_t shape = 1;
  DLTensor in = {&x, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, &shape, 0, 0}, out = in;
  const DLTensor *ins[] = {&in};
  DLTensor *outs[] = {&out};
  dycc_model *model;
  dycc_context *context;
  out.data = &y;
  if (api->model_create(0, &model, 0) ||
      api->context_create(model, 0, &context, 0) ||
      api->run(context, ins, outs, 0))
    return 1;
  printf("%g\n", y);
  api->context_destroy(context);
  return api->model_destroy(model);
}
int main(void) { return run(one_model_query(1)) || run(two_model_query(1)); }
)";

TEST_F(SeamRun, TwoModelsLinkIntoOneProgram) {
  ModelMaker abs(17), neg(17);
  abs.input("x", {"N"}).output("y").node("Abs", {"x"}, {"y"});
  neg.input("x", {"N"}).output("y");
  neg.node("Mul", {"x", "x"}, {"square"});
  neg.node("Neg", {"square"}, {"y"});
  std::string one = path("one.o"), two = path("libtwo.a");
  Ended ended = dycc(save(abs), one, {"--emit", "object", "--name", "one"});
  ASSERT_EQ(ended.code, 0) << ended.text;
  ended = dycc(save(neg), two, {"--emit", "static", "--name", "two"});
  ASSERT_EQ(ended.code, 0) << ended.text;
  ended = runLinked(kProgram, {one, two});
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_EQ(ended.text, "3\n-9\n");
}

} // namespace
