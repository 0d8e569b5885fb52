// Families, as a user compiles and loads them.
#include "dycc/family.h"
#include "test/unit/SeamFixture.h"

#include <dlfcn.h>
#include <filesystem>
#include <fstream>

using namespace dycc::test;
namespace proto = dycc::proto;

namespace {

constexpr int64_t kWidth = 32;

void addConvolution(ModelMaker &m, const std::string &in,
                    const std::string &out, std::vector<int64_t> filter,
                    float first) {
  m.weight(out + "_w", filter, first).weight(out + "_b", {filter[0]}, first);
  set(m.node("Conv", {in, out + "_w", out + "_b"}, {out}), "pads",
      {1, 1, 1, 1});
}

/// x[N, 3, H, W] -> y[N, 3, H, W] by so many residual blocks, whose weights are
/// those of a deeper one too.
ModelMaker deepModel(int blocks) {
  ModelMaker m(17);
  m.input("x", {"N", "3", "H", "W"}).output("y");
  addConvolution(m, "x", "head", {kWidth, 3, 3, 3}, 1);
  std::string last = "head";
  for (int i = 0; i < blocks; ++i) {
    std::string name = "block" + std::to_string(i);
    addConvolution(m, last, name + "a", {2 * kWidth, kWidth, 3, 3},
                   2.f + float(i));
    m.node("Relu", {name + "a"}, {name + "r"});
    addConvolution(m, name + "r", name + "b", {kWidth, 2 * kWidth, 3, 3},
                   -2.f - float(i));
    m.node("Add", {name + "b", last}, {name});
    last = name;
  }
  addConvolution(m, last, "y", {3, kWidth, 3, 3}, 9);
  return m;
}

/// x[N, 64] -> a matrix product with the first `width` rows of a weight.
ModelMaker wideModel(int64_t width) {
  ModelMaker m(17);
  m.input("x", {"N", "64"}).output("y").weight("w", {width, 64}, 3);
  proto::NodeProto &node = m.node("Gemm", {"x", "w"}, {"y"});
  set(node, "transB", int64_t(1));
  return m;
}

/// A loaded family with one context.
class LoadedFamily {
public:
  explicit LoadedFamily(const std::string &path,
                        dycc_context_options options = {},
                        const char *machine = nullptr)
      : library(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!library) {
      ADD_FAILURE() << ::dlerror();
      std::abort();
    }
    api = dycc_family_query_fn(::dlsym(library, "dycc_family_query"))(
        DYCC_ABI_VERSION);
    dycc_model_options modelOptions = {
        sizeof(modelOptions), 1, machine, 0, 0, nullptr};
    dycc_message message = {};
    EXPECT_EQ(api->family_create(&modelOptions, &family, &message), DYCC_OK)
        << message.text;
    options.size = sizeof(options);
    EXPECT_EQ(api->model->context_create(info().variants[0].model, &options,
                                         &context, &message),
              DYCC_OK)
        << message.text;
  }
  ~LoadedFamily() {
    api->model->context_destroy(context);
    EXPECT_EQ(api->family_destroy(family), DYCC_OK);
    ::dlclose(library);
  }
  LoadedFamily(const LoadedFamily &) = delete;

  const dycc_family_info &info() const { return *api->family_describe(family); }
  void run(Tensor &x, Tensor &y) {
    const DLTensor *in[] = {&x.view};
    DLTensor *out[] = {&y.view};
    ASSERT_EQ(api->model->run(context, in, out, nullptr), DYCC_OK)
        << api->model->context_error(context);
  }

  const dycc_family_api *api = nullptr;
  dycc_family *family = nullptr;
  dycc_context *context = nullptr;

private:
  void *library;
};

class SeamFamily : public Seam {
protected:
  /// Compiles what has to compile; the path of the library. Kernels are taken
  /// from a cache, which has those of other calls.
  std::string compileFamily(const std::vector<ModelMaker> &models,
                            const Names &flags = {}) {
    Names all = {"--cache", path("cache")};
    for (size_t i = 1; i < models.size(); ++i)
      all.push_back(save(models[i], std::to_string(i)));
    all.insert(all.end(), flags.begin(), flags.end());
    Ended ended = dycc(save(models[0], "0"), path("family.so"), all);
    EXPECT_EQ(ended.code, 0) << ended.text;
    return path("family.so");
  }
  std::string compileAlone(const ModelMaker &model, Names flags = {}) {
    flags.insert(flags.begin(), {"--cache", path("cache")});
    return compile(model, flags);
  }

  /// Each variant gives what the model gives that is compiled alone.
  void expectSame(LoadedFamily &family, uint32_t variant, Loaded &alone,
                  const std::vector<int64_t> &in,
                  const std::vector<int64_t> &out) {
    Tensor x(in), expected(out), found(out, 9);
    ASSERT_EQ(alone.run({&x.view}, {&expected.view}), DYCC_OK) << alone.error();
    ASSERT_EQ(family.api->select(family.context, variant), DYCC_OK);
    family.run(x, found);
    EXPECT_EQ(found.values, expected.values) << "of variant " << variant;
  }
};

TEST_F(SeamFamily, VariantsComputeWhatTheyDoAlone) {
  std::vector<ModelMaker> models = {deepModel(1), deepModel(4), deepModel(2)};
  LoadedFamily family(compileFamily(models));
  ASSERT_EQ(family.info().num_variants, 3u);
  EXPECT_STREQ(family.info().variants[2].name, "2");
  for (uint32_t i = 0; i < models.size(); ++i) {
    Loaded alone(compileAlone(models[i]));
    for (int64_t size : {1, 13, 40})
      expectSame(family, i, alone, {2, 3, size, size + 3},
                 {2, 3, size, size + 3});
  }
}

/// What is in the shallow one is in the deep one: the file grows by programs.
TEST_F(SeamFamily, WeightsAndKernelsAreThereOnce) {
  std::vector<ModelMaker> models = {deepModel(4), deepModel(2), deepModel(3)};
  std::string together = compileFamily(models);
  LoadedFamily family(together);
  uint64_t weights = 0, contexts = 0, largest = 0;
  for (const ModelMaker &model : models) {
    std::string library = compileAlone(model);
    Loaded alone(library);
    weights += alone.api->model_describe(alone.model)->weight_bytes;
    contexts += alone.peak({1, 64, 64}).bytes;
    largest = std::max<uint64_t>(largest, std::filesystem::file_size(library));
  }
  const dycc_model_info &deep =
      *family.api->model->model_describe(family.info().variants[0].model);
  EXPECT_EQ(family.info().weight_bytes, deep.weight_bytes);
  EXPECT_LE(std::filesystem::file_size(together), largest * 11 / 10);
  int64_t symbols[] = {1, 64, 64};
  dycc_variant_cost costs[3];
  dycc_message message = {};
  ASSERT_EQ(family.api->query(family.family, symbols, 1, costs, &message),
            DYCC_OK)
      << message.text;
  uint64_t most = 0;
  for (const dycc_variant_cost &cost : costs)
    most = std::max(most, cost.peak.bytes);
  EXPECT_LE(family.info().weight_bytes + most, (weights + contexts) * 6 / 10);
  EXPECT_GT(costs[0].seconds, costs[2].seconds);
  EXPECT_GT(costs[2].seconds, costs[1].seconds);
}

/// The columns of the product are in whole panels: those of the narrow one are
/// the first of the wide one.
TEST_F(SeamFamily, TheFirstChannelsLieInTheWiderLayer) {
  std::vector<ModelMaker> models = {wideModel(64), wideModel(192),
                                    wideModel(128)};
  LoadedFamily family(compileFamily(models));
  EXPECT_EQ(family.info().weight_bytes, 192u * 64 * sizeof(float));
  for (uint32_t i = 0; i < models.size(); ++i) {
    Loaded alone(compileAlone(models[i]));
    expectSame(family, i, alone, {5, 64},
               {5, i == 0   ? 64
                   : i == 1 ? 192
                            : 128});
  }
}

TEST_F(SeamFamily, SwitchingAllocatesNothing) {
  CountingAllocator counter;
  LoadedFamily family(
      compileFamily({deepModel(1), deepModel(3)},
                    {"--dim", "N=1", "--dim", "H=1..40", "--dim", "W=1..40"}),
      counter.options());
  ASSERT_EQ(family.api->model->reserve(family.context, nullptr, nullptr),
            DYCC_OK);
  int calls = counter.calls;
  Tensor x({1, 3, 40, 33}), y({1, 3, 40, 33});
  int64_t before = countAllocations();
  for (uint32_t variant : {1, 0, 1, 0}) {
    ASSERT_EQ(family.api->select(family.context, variant), DYCC_OK);
    family.run(x, y);
  }
  EXPECT_EQ(countAllocations(), before);
  EXPECT_EQ(counter.calls, calls);
}

TEST_F(SeamFamily, TheFirstVariantIsAModelOfItsOwn) {
  std::vector<ModelMaker> models = {wideModel(64), wideModel(128)};
  std::string library =
      compileFamily(models, {"--variants", "small,large", "--name", "net"});
  Loaded loaded(library);
  const dycc_model_info &info = *loaded.api->model_describe(loaded.model);
  EXPECT_STREQ(info.name, "small");
  EXPECT_EQ(info.outputs[0].dims[1].value, 64);
}

TEST_F(SeamFamily, EveryMachineHasAllVariants) {
  std::vector<ModelMaker> models = {wideModel(64), wideModel(128)};
  Names flags = {"--target", "x86_64-linux-gnu", "--dispatch", "v1,v3"};
  LoadedFamily family(compileFamily(models, flags), {}, "x86-64");
  for (uint32_t i = 0; i < 2; ++i) {
    Loaded alone(compileAlone(models[i], flags), 1, {}, "x86-64");
    expectSame(family, i, alone, {5, 64}, {5, i == 0 ? 64 : 128});
  }
}

/// x[N, 64], w[64, 64] -> y[copies * N, 64], the product of the copies.
ModelMaker rowsModel(int copies) {
  ModelMaker m(17);
  m.input("x", {"N", "64"}).input("w", {"64", "64"}).output("y");
  set(m.node("Concat", Names(size_t(copies), "x"), {"r"}), "axis", int64_t(0));
  m.node("MatMul", {"r", "w"}, {"y"});
  return m;
}

/// The products are one kernel but for the rows that it is planned for: three
/// have one version of it, more have others.
TEST_F(SeamFamily, KernelsWithOtherPlansStayApart) {
  std::vector<ModelMaker> models = {rowsModel(1), rowsModel(8)};
  Names flags = {"--dim", "N=1..3"};
  LoadedFamily family(compileFamily(models, flags));
  auto productOf = [&](uint32_t variant) {
    const dycc_model_info &info = *family.api->model->model_describe(
        family.info().variants[variant].model);
    for (uint32_t i = 0; i < info.num_kernels; ++i)
      if (std::string(info.kernels[i].nodes) == "y")
        return std::string(info.kernels[i].name);
    return std::string();
  };
  EXPECT_NE(productOf(0).substr(0, 16), productOf(1).substr(0, 16));
  for (uint32_t i = 0; i < 2; ++i) {
    Loaded alone(compileAlone(models[i], flags));
    int64_t rows = i == 0 ? 3 : 24;
    Tensor x({3, 64}), w({64, 64}, 2), expected({rows, 64}), found({rows, 64});
    ASSERT_EQ(alone.run({&x.view, &w.view}, {&expected.view}), DYCC_OK);
    ASSERT_EQ(family.api->select(family.context, i), DYCC_OK);
    const DLTensor *in[] = {&x.view, &w.view};
    DLTensor *out[] = {&found.view};
    ASSERT_EQ(family.api->model->run(family.context, in, out, nullptr),
              DYCC_OK);
    EXPECT_EQ(found.values, expected.values) << "of variant " << i;
  }
}

constexpr const char *kProgram = R"(
#include <dycc/family.h>
#include <stdio.h>
const dycc_family_api *net_family_query(uint32_t version);
const dycc_family_api *other_family_query(uint32_t version);

static int show(const dycc_family_api *api) {
  dycc_family *family;
  dycc_context *context;
  if (api->family_create(NULL, &family, NULL))
    return 1;
  const dycc_family_info *info = api->family_describe(family);
  if (api->model->context_create(info->variants[1].model, NULL, &context, NULL))
    return 1;
  for (uint32_t i = 0; i < info->num_variants; ++i) {
    float x = -3, y = 0;
    int64_t shape[] = {1};
    DLTensor in = {&x, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, shape, NULL, 0};
    DLTensor out = {&y, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, shape, NULL, 0};
    const DLTensor *inputs[] = {&in};
    DLTensor *outputs[] = {&out};
    if (api->select(context, i) ||
        api->model->run(context, inputs, outputs, NULL))
      return 1;
    printf("%s: %g\n", info->variants[i].name, y);
  }
  api->model->context_destroy(context);
  return api->family_destroy(family);
}

int main(void) {
  return show(net_family_query(DYCC_ABI_VERSION)) ||
         show(other_family_query(DYCC_ABI_VERSION));
}
)";

TEST_F(SeamFamily, TwoFamiliesLinkIntoOneProgram) {
  Names files;
  for (const char *op : {"Abs", "Neg"}) {
    ModelMaker m(17);
    m.input("x", {"N"}).output("y").node(op, {"x"}, {"y"});
    files.push_back(save(m, op));
  }
  std::string one = path("net.o"), two = path("libother.a");
  Ended ended =
      dycc(files[0], one, {files[1], "--emit", "object", "--name", "net"});
  ASSERT_EQ(ended.code, 0) << ended.text;
  ended =
      dycc(files[1], two, {files[0], "--emit", "static", "--name", "other"});
  ASSERT_EQ(ended.code, 0) << ended.text;
  ended = runLinked(kProgram, {one, two});
  EXPECT_EQ(ended.code, 0) << ended.text;
  EXPECT_EQ(ended.text, "Abs: 3\nNeg: 3\nNeg: 3\nAbs: 3\n");
}

TEST_F(SeamFamily, SameBytesForAnyNumberOfJobs) {
  std::string first;
  for (const char *jobs : {"1", "3"}) {
    std::string bytes =
        read(compileFamily({deepModel(1), deepModel(2)}, {"-j", jobs}));
    ASSERT_FALSE(bytes.empty());
    EXPECT_TRUE(first.empty() || first == bytes) << jobs << " jobs";
    first = bytes;
  }
}

} // namespace
