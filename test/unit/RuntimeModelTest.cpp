#include "test/unit/RuntimeModel.h"

#include <fstream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace dycc::test {
namespace {

const dycc_api *api = dycc_model_query(DYCC_ABI_VERSION);

TEST(RuntimeQuery, GivesTheTableOfAVersionTheCallerKnows) {
  EXPECT_EQ(dycc_model_query(0), nullptr);
  ASSERT_NE(dycc_model_query(1), nullptr);
  EXPECT_EQ(dycc_model_query(1)->version, 1u);
  EXPECT_EQ(dycc_model_query(1000)->version, DYCC_ABI_VERSION);
  EXPECT_EQ(api->size, sizeof(dycc_api));
}

TEST(RuntimeQuery, NamesEveryStatus) {
  EXPECT_STREQ(api->status_name(DYCC_OK), "DYCC_OK");
  EXPECT_STREQ(api->status_name(DYCC_ARENA_TOO_SMALL), "DYCC_ARENA_TOO_SMALL");
  EXPECT_STREQ(api->status_name(DYCC_INTERNAL), "DYCC_INTERNAL");
  EXPECT_STREQ(api->status_name(dycc_status(8)), "unknown status");
}

TEST(RuntimeModel, IsMadeThroughTheTable) {
  dycc_model *model;
  dycc_message message;
  ASSERT_EQ(api->model_create(nullptr, &model, &message), DYCC_OK);
  EXPECT_STREQ(api->model_describe(model)->name, "hand");
  EXPECT_EQ(api->model_destroy(model), DYCC_OK);
  EXPECT_EQ(api->model_destroy(nullptr), DYCC_OK);
  EXPECT_EQ(api->model_describe(nullptr), nullptr);
}

TEST(RuntimeModel, DescribesItself) {
  Session session;
  const dycc_model_info &info = *api->model_describe(session.model);
  EXPECT_EQ(info.size, sizeof(info));
  ASSERT_EQ(info.num_inputs, 2u);
  ASSERT_EQ(info.num_outputs, 2u);
  EXPECT_EQ(info.exact, 0u);
  EXPECT_STREQ(info.metadata, "{\"opset\": 21}");
  EXPECT_EQ(info.weight_bytes, 64u);
  const dycc_value_info &x = info.inputs[0];
  EXPECT_STREQ(x.name, "x");
  EXPECT_EQ(x.kind, uint32_t(DYCC_VALUE_TENSOR));
  ASSERT_EQ(x.rank, 3);
  EXPECT_EQ(x.dtype.code, kDLFloat);
  EXPECT_STREQ(x.dims[2].text, "W");
  EXPECT_EQ(x.dims[2].symbol, 1);
  EXPECT_EQ(x.dims[1].value, 3);
  EXPECT_STREQ(info.outputs[1].dims[0].text, "?");
  ASSERT_EQ(info.num_symbols, 2u);
  EXPECT_STREQ(info.symbols[1].name, "W");
  EXPECT_EQ(info.symbols[1].upper, 64);
  EXPECT_EQ(info.symbols[1].multiple, 4);
  ASSERT_EQ(info.num_kernels, 1u);
  EXPECT_STREQ(info.kernels[0].nodes, "sum,scale");
}

void expectRefusal(const DyccModelDesc &desc, dycc_status status,
                   const std::string &text) {
  dycc_model *model = nullptr;
  dycc_message message;
  EXPECT_EQ(rt::createModel(desc, nullptr, &model, &message), status);
  EXPECT_EQ(std::string(message.text), text);
  EXPECT_EQ(rt::createModel(desc, nullptr, &model, nullptr), status);
  EXPECT_EQ(model, nullptr);
}

TEST(RuntimeModel, NamesTheFeaturesTheProcessorLacks) {
  DyccModelDesc desc = kModel;
  desc.cpuFeatures = "bogus,quux-2";
  expectRefusal(desc, DYCC_UNSUPPORTED,
                "processor lacks bogus, quux-2; model was compiled for one "
                "with bogus,quux-2");
}

TEST(RuntimeModel, KnowsTheFeaturesOfThisProcessor) {
  DyccModelDesc desc = kModel;
#if defined(__x86_64__)
  desc.cpuFeatures = "sse2,cx8,fxsr";
  EXPECT_TRUE(__builtin_cpu_supports("sse2"));
  for (auto [name, has] :
       {std::pair("avx2", __builtin_cpu_supports("avx2") != 0),
        std::pair("fma", __builtin_cpu_supports("fma") != 0),
        std::pair("avx512f", __builtin_cpu_supports("avx512f") != 0),
        std::pair("avx512vnni", __builtin_cpu_supports("avx512vnni") != 0),
        std::pair("bmi2", __builtin_cpu_supports("bmi2") != 0),
        std::pair("f16c", __builtin_cpu_supports("f16c") != 0)}) {
    char text[64];
    rt::Text missing(text);
    rt::listMissingFeatures(name, missing);
    EXPECT_EQ(missing.empty(), has) << name;
  }
#elif defined(__aarch64__)
  desc.cpuFeatures = "neon";
#endif
  Session session(desc);
  session.runAndCheck(2, 12);
}

TEST(RuntimeText, KeepsTheEndsOfLongNames) {
  dycc_message message;
  auto refuse = [&](const std::string &name) {
    rt::fail(&message, DYCC_INVALID_ARGUMENT,
             "input \"%s\": dim %d (%s) of input \"%s\"", name.c_str(), 3,
             name.c_str(), name.c_str());
    return std::string(message.text);
  };
  EXPECT_EQ(refuse("x"), "input \"x\": dim 3 (x) of input \"x\"");
  std::string text = refuse("a" + std::string(3000, 'x') + "z");
  EXPECT_LT(text.size(), 400u);
  EXPECT_EQ(text.find("input \"axxx"), 0u);
  EXPECT_NE(text.find("xx...xx"), text.npos);
  EXPECT_EQ(text.substr(text.size() - 3), "xz\"");
  // No character is cut in two.
  std::string umlauts;
  for (int i = 0; i < 1000; ++i)
    umlauts += "\u00e4";
  text = refuse(umlauts);
  EXPECT_EQ(text.find("\u00e4...\u00e4"), text.find("...") - 2);
  rt::fail(&message, DYCC_INVALID_ARGUMENT, "%s", text.c_str());
  EXPECT_EQ(message.text, text);
}

TEST(RuntimeModel, RefusesADescriptionOfAnotherBuild) {
  DyccModelDesc desc = kModel;
  desc.version = 77;
  expectRefusal(desc, DYCC_INTERNAL,
                "model was compiled for runtime 77, but linked with runtime " +
                    std::to_string(DYCC_MODEL_DESC_VERSION));
}

TEST(RuntimeModel, RefusesBadOptions) {
  dycc_message message;
  dycc_model *model;
  EXPECT_EQ(rt::createModel(kModel, nullptr, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "model is null");
  dycc_model_options options = {};
  options.size = 4;
  EXPECT_EQ(rt::createModel(kModel, &options, &model, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "model options have size 4, expects at least 8");
}

/// No more address space than `bytes` beyond what is taken, while it lives.
class LittleMemory {
public:
  explicit LittleMemory(rlim_t bytes) {
    getrlimit(RLIMIT_AS, &before);
    std::ifstream statm("/proc/self/statm");
    rlim_t pages = 0;
    statm >> pages;
    rlimit limit = {pages * rlim_t(sysconf(_SC_PAGESIZE)) + bytes,
                    before.rlim_max};
    setrlimit(RLIMIT_AS, &limit);
  }
  ~LittleMemory() { setrlimit(RLIMIT_AS, &before); }

private:
  rlimit before;
};

TEST(RuntimeModel, SaysThatThereIsNoMemory) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "the sanitizer needs address space of its own";
#endif
  const dycc_api *api = dycc_model_query(1);
  dycc_message message;
  dycc_model *model;
  LittleMemory little(64 << 20);
  dycc_model_options options = {};
  options.size = sizeof(options);
  options.max_threads = 1 << 20;
  EXPECT_EQ(rt::createModel(kModel, &options, &model, &message),
            DYCC_OUT_OF_MEMORY);
  EXPECT_TRUE(
      std::string(message.text).starts_with("no memory for the model ("))
      << message.text;
  DyccModelDesc many = kModel;
  many.numSlots = 1 << 26;
  options.max_threads = 1;
  ASSERT_EQ(rt::createModel(many, &options, &model, &message), DYCC_OK);
  int64_t symbols[] = {1, 4};
  dycc_peak peak;
  EXPECT_EQ(api->peak_bytes(model, symbols, 1, &peak, &message),
            DYCC_OUT_OF_MEMORY);
  EXPECT_TRUE(std::string(message.text).starts_with("no memory ("))
      << message.text;
  EXPECT_EQ(api->model_destroy(model), DYCC_OK);
}

TEST(RuntimeModel, OutlivesItsContexts) {
  Session session;
  EXPECT_EQ(api->model_destroy(session.model), DYCC_INVALID_ARGUMENT);
  session.runAndCheck(1, 4);
}

TEST(RuntimeModel, SharesAProcessWithAnother) {
  Session one, two(kStateModel);
  Tensor s({4}, 10), t({4}), u({4});
  one.runAndCheck(3, 8);
  ASSERT_EQ(two.run({&s}, {&u, &t}), DYCC_OK);
  one.runAndCheck(8, 12);
  EXPECT_EQ(t.values[0], s.values[0] + 1);
}

TEST(RuntimeContext, RefusesBadOptions) {
  Session session;
  dycc_message message;
  dycc_context *context = nullptr;
  auto expect = [&](dycc_context_options options, const char *text) {
    EXPECT_EQ(api->context_create(session.model, &options, &context, &message),
              DYCC_INVALID_ARGUMENT);
    EXPECT_STREQ(message.text, text);
  };
  dycc_context_options options = {};
  options.size = 8;
  expect(options, "context options have size 8, expects at least 40");
  options.size = sizeof(options);
  alignas(128) uint8_t bytes[256];
  options.arena = bytes + 64;
  expect(options, "arena is not aligned to 128 bytes");
  options.arena = nullptr;
  dycc_executor executor = {};
  options.executor = &executor;
  expect(options, "executor has no parallel_for or no thread");
  options.executor = nullptr;
  dycc_allocator allocator = {};
  options.allocator = &allocator;
  expect(options, "allocator has no allocate or no release");
  CountingAllocator empty;
  empty.allowed = 0;
  allocator = empty.table();
  EXPECT_EQ(api->context_create(session.model, &options, &context, &message),
            DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(std::string(message.text).find("no memory for the context ("), 0u);
  EXPECT_EQ(api->context_create(nullptr, nullptr, &context, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "model is null");
  EXPECT_EQ(api->context_create(session.model, nullptr, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "context is null");
  api->context_destroy(nullptr);
}

/// Questions that need no context.
struct RuntimeShapes : testing::Test {
  Session session;
  dycc_message message;
  int64_t x[3] = {2, 3, 12}, y[1] = {2};
  const int64_t *dims[2] = {x, y};
};

TEST_F(RuntimeShapes, BindsExtentsToSymbols) {
  int64_t symbols[2];
  ASSERT_EQ(api->bind_symbols(session.model, dims, symbols, &message), DYCC_OK);
  EXPECT_EQ(symbols[0], 2);
  EXPECT_EQ(symbols[1], 12);
  x[2] = 68;
  EXPECT_EQ(api->bind_symbols(session.model, dims, symbols, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "input \"x\": dim 2 (W) is 68, expects 0 to 64");
  dims[1] = nullptr;
  EXPECT_EQ(api->bind_symbols(session.model, dims, symbols, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "input \"y\": extents are null");
  EXPECT_EQ(api->bind_symbols(session.model, dims, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "symbols is null");
}

TEST_F(RuntimeShapes, RefusesTensorsTooLargeForKernels) {
  static const DyccSymbolDesc wide[] = {{"N", 1, INT64_MAX, 1},
                                        {"W", 0, INT64_MAX, 1}};
  DyccModelDesc desc = kModel;
  desc.symbols = wide;
  Session large(desc);
  int64_t symbols[2];
  x[2] = int64_t(1) << 40;
  EXPECT_EQ(api->bind_symbols(large.model, dims, symbols, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "input \"x\": has more than 2147483647 elements");
  x[0] = 0;
  EXPECT_EQ(api->bind_symbols(large.model, dims, symbols, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "input \"x\": dim 0 (N) is 0, expects at least 1");
  EXPECT_EQ(api->reserve(large.context, nullptr, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(large.error(), "symbol N has no upper bound, expects one");
  int64_t lower[] = {1, 0}, upper[] = {int64_t(1) << 29, int64_t(1) << 29};
  EXPECT_EQ(api->reserve(large.context, lower, upper), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(large.error(), "planned memory is too large (2305843009213693952 "
                           "bytes, 2147483648 per thread)");
}

TEST_F(RuntimeShapes, InfersExtentsAndFlagsBounds) {
  int64_t z[2], p[1];
  uint8_t pExact[1];
  int64_t *outputs[] = {z, p};
  uint8_t *exact[] = {nullptr, pExact};
  ASSERT_EQ(api->infer_shapes(session.model, dims, outputs, exact, &message),
            DYCC_OK);
  EXPECT_EQ(z[0], 2);
  EXPECT_EQ(z[1], 12);
  EXPECT_EQ(p[0], 24);
  EXPECT_EQ(pExact[0], 0);
  EXPECT_EQ(api->infer_shapes(session.model, dims, outputs, nullptr, nullptr),
            DYCC_OK);
  EXPECT_EQ(api->infer_shapes(session.model, dims, nullptr, exact, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "output_dims is null");
}

TEST_F(RuntimeShapes, CountsPeakBytes) {
  dycc_peak peak, four;
  int64_t symbols[] = {8, 64};
  ASSERT_EQ(api->peak_bytes(session.model, symbols, 1, &peak, &message),
            DYCC_OK);
  EXPECT_EQ(peak.arena_bytes, 2u * 8 * 64 * 4 + 256);
  EXPECT_EQ(peak.exact, 0u);
  ASSERT_EQ(api->peak_bytes(session.model, symbols, 4, &four, &message),
            DYCC_OK);
  EXPECT_EQ(four.arena_bytes, peak.arena_bytes + 3 * 256);
  EXPECT_GT(four.bytes, peak.bytes + 3 * rt::kStackBytes);
  ASSERT_EQ(
      api->peak_bytes_in(session.model, nullptr, nullptr, 1, &four, &message),
      DYCC_OK);
  EXPECT_EQ(four.arena_bytes, peak.arena_bytes);
}

TEST_F(RuntimeShapes, EstimatesSeconds) {
  double seconds = 0;
  int64_t symbols[] = {8, 64};
  ASSERT_EQ(api->estimate(session.model, symbols, &seconds, &message), DYCC_OK);
  EXPECT_DOUBLE_EQ(seconds, 8e-6); // 1000 ns for each N.
  symbols[0] = 9;
  EXPECT_EQ(api->estimate(session.model, symbols, &seconds, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "symbol N is 9, expects 1 to 8");
  EXPECT_EQ(api->estimate(session.model, nullptr, &seconds, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "symbols is null");
  EXPECT_EQ(api->estimate(session.model, symbols, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "seconds is null");
  EXPECT_EQ(api->estimate(nullptr, symbols, &seconds, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "model is null");
}

TEST_F(RuntimeShapes, IsWhatAContextTakes) {
  CountingAllocator counter;
  Session counted(kModel, 1, counter.options());
  counted.runAndCheck(7, 20);
  int64_t symbols[] = {7, 20};
  dycc_peak peak;
  ASSERT_EQ(api->peak_bytes(counted.model, symbols, 1, &peak, nullptr),
            DYCC_OK);
  EXPECT_EQ(uint64_t(counter.bytes), peak.bytes);
}

TEST_F(RuntimeShapes, RefusesBadQuestionsForPeakBytes) {
  dycc_peak peak;
  int64_t symbols[] = {9, 64};
  EXPECT_EQ(api->peak_bytes(session.model, symbols, 1, &peak, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "symbol N is 9, expects 1 to 8");
  EXPECT_EQ(api->peak_bytes(session.model, symbols, 0, &peak, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "threads is 0, expects at least 1");
  EXPECT_EQ(api->peak_bytes(session.model, nullptr, 1, &peak, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "symbols is null");
  EXPECT_EQ(api->peak_bytes(session.model, symbols, 1, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "peak is null");
  int64_t folded[] = {8, 4};
  EXPECT_EQ(api->peak_bytes(session.model, folded, 1, &peak, &message),
            DYCC_MODEL_ERROR);
  EXPECT_STREQ(message.text, "node \"fold\": expects another size than 32");
}

TEST(RuntimeExactModel, HasAnExactPeak) {
  Session session(kStateModel);
  dycc_peak peak;
  EXPECT_EQ(api->peak_bytes(session.model, nullptr, 1, &peak, nullptr),
            DYCC_OK);
  EXPECT_EQ(peak.exact, 1u);
  EXPECT_EQ(peak.arena_bytes, 128u);
}

} // namespace
} // namespace dycc::test
