// Variants of a model in one library: what they share, and which of them runs.
#include "dycc/family.h"
#include "test/unit/RuntimeModel.h"

#include <malloc.h>

namespace {

using dycc::test::kModel;

int ran = -1; ///< The variant that the last run was of.

/// `kModel` as variant `number`, which notes that it runs, takes `arena` bytes
/// more and has a symbol of execution more.
template <int number, int64_t arena>
DyccModelDesc variant(const char *name) {
  DyccModelDesc desc = kModel;
  desc.name = name;
  desc.numSymbols += number;
  desc.run = [](DyccFrame *frame) {
    ran = number;
    return kModel.run(frame);
  };
  desc.plan = [](DyccFrame *frame, const int64_t *symbols, int64_t *slots) {
    int32_t status = kModel.plan(frame, symbols, slots);
    slots[DYCC_SLOT_ARENA] += arena;
    return status;
  };
  desc.bound = [](const int64_t *lower, const int64_t *upper, int64_t *slots) {
    kModel.bound(lower, upper, slots);
    slots[DYCC_SLOT_ARENA] += arena;
  };
  desc.estimate = [](const int64_t *symbols, int64_t machine) {
    return kModel.estimate(symbols, machine) + 1000000 * number;
  };
  return desc;
}

const DyccModelDesc kFast = variant<0, 0>("fast");
const DyccModelDesc kBest = variant<1, 4096>("best");
const DyccModelDesc *const kVariants[] = {&kFast, &kBest};
const double kQualities[] = {30.5, 32};

} // namespace

const DyccFamilyDesc dycc_family_desc = {kVariants, 2, 0, 640, kQualities};

namespace dycc::test {
namespace {

const dycc_family_api *family = dycc_family_query(DYCC_ABI_VERSION);
const dycc_api *api = family->model;

/// A family with one context.
class RuntimeFamily : public testing::Test {
protected:
  RuntimeFamily() {
    EXPECT_EQ(family->family_create(nullptr, &made, &message), DYCC_OK)
        << message.text;
    start({});
  }
  ~RuntimeFamily() override {
    api->context_destroy(context);
    EXPECT_EQ(family->family_destroy(made), DYCC_OK);
  }

  const dycc_family_info &info() { return *family->family_describe(made); }

  /// Makes the context anew, of one thread.
  void start(dycc_context_options options, uint32_t variant = 0) {
    api->context_destroy(context);
    options.size = sizeof(options);
    options.threads = 1;
    EXPECT_EQ(api->context_create(info().variants[variant].model, &options,
                                  &context, &message),
              DYCC_OK)
        << message.text;
  }

  dycc_status run(Tensor &x, Tensor &y, Tensor &z, Tensor &p) {
    const DLTensor *in[] = {&x.view, &y.view};
    DLTensor *out[] = {&z.view, &p.view};
    return api->run(context, in, out, nullptr);
  }
  /// The variant that a run is of; its first result is right.
  int runAt(int64_t n, int64_t w) {
    Tensor x({n, 3, w}), y({n}, 2), z({n, w}), p({n * w});
    EXPECT_EQ(run(x, y, z, p), DYCC_OK) << api->context_error(context);
    EXPECT_EQ(z.values[0],
              y.values[0] * (x.values[0] + x.values[w] + x.values[2 * w]));
    return ran;
  }

  dycc_family *made = nullptr;
  dycc_context *context = nullptr;
  dycc_message message = {};
};

TEST_F(RuntimeFamily, DescribesItsVariants) {
  EXPECT_EQ(family->version, DYCC_ABI_VERSION);
  EXPECT_EQ(family->size, sizeof(dycc_family_api));
  EXPECT_EQ(dycc_family_query(0), nullptr);
  EXPECT_EQ(family->family_describe(nullptr), nullptr);
  ASSERT_EQ(info().num_variants, 2u);
  EXPECT_EQ(info().size, sizeof(dycc_family_info));
  EXPECT_EQ(info().weight_bytes, 640u);
  EXPECT_EQ(info().qualities, kQualities);
  EXPECT_STREQ(info().variants[0].name, "fast");
  EXPECT_STREQ(info().variants[1].name, "best");
  for (uint32_t i = 0; i < 2; ++i) {
    const dycc_model_info &model =
        *api->model_describe(info().variants[i].model);
    EXPECT_STREQ(model.name, info().variants[i].name);
    EXPECT_STREQ(model.inputs[0].name, "x");
  }
}

TEST_F(RuntimeFamily, RunsTheVariantThatIsSelected) {
  EXPECT_EQ(family->selected(context), 0u);
  EXPECT_EQ(runAt(2, 12), 0);
  ASSERT_EQ(family->select(context, 1), DYCC_OK);
  EXPECT_EQ(family->selected(context), 1u);
  EXPECT_EQ(runAt(2, 12), 1);
  ASSERT_EQ(family->select(context, 0), DYCC_OK);
  EXPECT_EQ(runAt(2, 12), 0);
  start({}, 1);
  EXPECT_EQ(family->selected(context), 1u);
  EXPECT_EQ(runAt(2, 12), 1);
}

TEST_F(RuntimeFamily, RemembersThePlansOfEachVariant) {
  behaviour.plans = 0;
  for (int round = 0; round < 3; ++round)
    for (uint32_t variant : {0, 1}) {
      ASSERT_EQ(family->select(context, variant), DYCC_OK);
      runAt(2, 12);
    }
  EXPECT_EQ(behaviour.plans, 2);
}

TEST_F(RuntimeFamily, KeepsWhatWasLentWhenAnotherOneIsSelected) {
  Tensor x({1, 3, 4}), y({1}, 2), z = Tensor::lent(2), p = Tensor::lent(1);
  ASSERT_EQ(run(x, y, z, p), DYCC_OK);
  float first = z.data()[0];
  ASSERT_EQ(family->select(context, 1), DYCC_OK);
  EXPECT_EQ(z.data()[0], first);
}

TEST_F(RuntimeFamily, RefusesAVariantThatItHasNot) {
  ASSERT_EQ(family->select(context, 1), DYCC_OK);
  EXPECT_EQ(family->select(context, 2), DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(api->context_error(context),
               "variant is 2, expects less than 2");
  EXPECT_EQ(family->selected(context), 1u);
  EXPECT_EQ(runAt(1, 4), 1);
  EXPECT_EQ(family->select(nullptr, 0), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(family->selected(nullptr), 0u);
}

TEST_F(RuntimeFamily, ReservesForTheVariantThatNeedsMost) {
  CountingAllocator counter;
  start(counter.options());
  ASSERT_EQ(api->reserve(context, nullptr, nullptr), DYCC_OK);
  dycc_peak peak;
  ASSERT_EQ(api->peak_bytes_in(info().variants[1].model, nullptr, nullptr, 1,
                               &peak, nullptr),
            DYCC_OK);
  EXPECT_EQ(uint64_t(counter.bytes), peak.bytes);
  int calls = counter.calls;
  for (uint32_t variant : {1, 0, 1}) {
    ASSERT_EQ(family->select(context, variant), DYCC_OK);
    Tensor x({8, 3, 64}), y({8}), z({8, 64}), p({512});
    size_t inside = mallinfo2().uordblks;
    ASSERT_EQ(run(x, y, z, p), DYCC_OK) << api->context_error(context);
    EXPECT_EQ(mallinfo2().uordblks, inside);
  }
  EXPECT_EQ(counter.calls, calls);
  start({});
}

TEST_F(RuntimeFamily, SaysWhatARunOfEachVariantTakes) {
  int64_t symbols[] = {7, 20};
  dycc_variant_cost costs[2];
  ASSERT_EQ(family->query(made, symbols, 1, costs, &message), DYCC_OK)
      << message.text;
  for (uint32_t i = 0; i < 2; ++i) {
    CountingAllocator counter;
    start(counter.options(), i);
    runAt(7, 20);
    EXPECT_EQ(uint64_t(counter.bytes), costs[i].peak.bytes);
    start({});
    double seconds = 0;
    ASSERT_EQ(
        api->estimate(info().variants[i].model, symbols, &seconds, nullptr),
        DYCC_OK);
    EXPECT_EQ(costs[i].seconds, seconds);
  }
  EXPECT_GT(costs[1].seconds, costs[0].seconds);
  EXPECT_EQ(costs[1].peak.arena_bytes, costs[0].peak.arena_bytes + 4096);
}

TEST_F(RuntimeFamily, RefusesBadQuestions) {
  int64_t symbols[] = {9, 20};
  dycc_variant_cost costs[2];
  EXPECT_EQ(family->query(made, symbols, 1, costs, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "symbol N is 9, expects 1 to 8");
  EXPECT_EQ(family->query(made, symbols, 1, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "costs is null");
  EXPECT_EQ(family->query(nullptr, symbols, 1, costs, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "family is null");
  EXPECT_EQ(family->family_create(nullptr, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "family is null");
}

TEST_F(RuntimeFamily, EndsAsAWholeWithoutContexts) {
  EXPECT_EQ(family->family_destroy(made), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(api->model_destroy(info().variants[1].model),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(family->family_destroy(nullptr), DYCC_OK);
  EXPECT_EQ(runAt(1, 4), 0);
}

TEST_F(RuntimeFamily, RefusesAVariantOfAnotherBuild) {
  DyccModelDesc other = kBest;
  other.version = 77;
  const DyccModelDesc *variants[] = {&kFast, &other};
  dycc_family *none = nullptr;
  EXPECT_EQ(
      rt::createFamily({variants, 2, 0, 0, nullptr}, nullptr, &none, &message),
      DYCC_INTERNAL);
  EXPECT_TRUE(std::string(message.text)
                  .starts_with("model was compiled for runtime 77"))
      << message.text;
}

} // namespace
} // namespace dycc::test
