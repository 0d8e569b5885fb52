// Caches that grow in the caller's memory: what a run is told of their room,
// and what is refused.
//
//   past: f32[B, 2, P, 3], more: f32[B, 2, T, 3]
//   present = past and more along axis 2 : f32[B, 2, P + T, 3]
#include "test/unit/RuntimeModel.h"

#include <algorithm>
#include <array>

namespace dycc::test {
namespace {

constexpr int64_t kHeads = 2, kWidth = 3;

const DyccDimDesc pastDims[] = {
    {"B", 0, 0, -1}, {"2", -1, 0, 2}, {"P", 1, 0, -1}, {"3", -1, 0, 3}};
const DyccDimDesc moreDims[] = {
    {"B", 0, 0, -1}, {"2", -1, 0, 2}, {"T", 2, 0, -1}, {"3", -1, 0, 3}};
const DyccDimDesc presentDims[] = {
    {"B", 0, 0, -1}, {"2", -1, 0, 2}, {"P + T", -1, 0, -1}, {"3", -1, 0, 3}};
const DyccTensorDesc inputs[] = {
    {"past", pastDims, 4, kDLFloat, 32, 0, nullptr, nullptr},
    {"more", moreDims, 4, kDLFloat, 32, 0, nullptr, nullptr}};
const DyccTensorDesc outputs[] = {
    {"present", presentDims, 4, kDLFloat, 32, 0, nullptr, nullptr}};
const DyccSymbolDesc symbols[] = {
    {"B", 0, 8, 1}, {"P", 0, 64, 1}, {"T", 0, 64, 1}};
const DyccCacheDesc caches[] = {{0, 0, 2, 0}};

int32_t bind(DyccFrame *, const int64_t *dims, int64_t *values) {
  values[0] = dims[0];
  values[1] = dims[2];
  values[2] = dims[6];
  return DYCC_OK;
}

void infer(const int64_t *values, int64_t *dims, uint8_t *exact) {
  const int64_t present[] = {values[0], kHeads, values[1] + values[2], kWidth};
  std::copy_n(present, 4, dims);
  std::fill_n(exact, 4, uint8_t(1));
}

void bound(const int64_t *, const int64_t *values, int64_t *slots) {
  slots[DYCC_SLOT_ARENA] =
      4 * values[0] * kHeads * (values[1] + values[2]) * kWidth;
  slots[DYCC_SLOT_SCRATCH] = 0;
}

int32_t plan(DyccFrame *, const int64_t *values, int64_t *slots) {
  bound(values, values, slots);
  return DYCC_OK;
}

int32_t run(DyccFrame *frame) {
  auto [batch, past, more] = std::array<int64_t, 3>{
      frame->symbols[0], frame->symbols[1], frame->symbols[2]};
  uint8_t *&memory = frame->outputs[0];
  memory = memory ? memory : frame->arena;
  int64_t places = frame->rooms[0] ? frame->rooms[0] : past + more;
  auto *from = reinterpret_cast<const float *>(frame->inputs[0]);
  auto *added = reinterpret_cast<const float *>(frame->inputs[1]);
  auto *to = reinterpret_cast<float *>(memory);
  for (int64_t head = 0; head < batch * kHeads; ++head) {
    if (memory != frame->inputs[0])
      std::copy_n(from + head * past * kWidth, past * kWidth,
                  to + head * places * kWidth);
    std::copy_n(added + head * more * kWidth, more * kWidth,
                to + (head * places + past) * kWidth);
  }
  const int64_t dims[] = {batch, kHeads, past + more, kWidth};
  std::copy_n(dims, 4, frame->outputDims);
  return DYCC_OK;
}

DyccModelDesc model() {
  DyccModelDesc desc = kModel;
  desc.numInputs = 2;
  desc.numOutputs = 1;
  desc.numInputSymbols = desc.numSymbols = 3;
  desc.numSlots = DYCC_SLOT_FIRST;
  desc.numOutputDims = 4;
  desc.exact = 1;
  desc.inputs = inputs;
  desc.outputs = outputs;
  desc.symbols = symbols;
  desc.bind = bind;
  desc.infer = infer;
  desc.plan = plan;
  desc.bound = bound;
  desc.run = run;
  desc.numKernels = desc.numLaunches = desc.numLiveSizes = 0;
  desc.caches = caches;
  desc.numCaches = 1;
  return desc;
}

/// A cache of 2 images with 5 places, the first three of which are past.
struct RuntimeCache : testing::Test {
  DyccModelDesc desc = model();
  Session session{desc};
  Tensor memory{{2, 2, 5, 3}, 10}, past{{2, 2, 3, 3}}, more{{2, 2, 1, 3}, 50},
      present{{2, 2, 4, 3}};
  int64_t strides[4] = {30, 15, 3, 1}, outStrides[4] = {30, 15, 3, 1};
  uint8_t flags[2] = {1, 0};
  dycc_run_options donate = {sizeof(donate), 2, flags, nullptr,
                             nullptr,        0, 0,     0};

  RuntimeCache() {
    past.view.data = present.view.data = memory.values.data();
    past.view.strides = strides;
    present.view.strides = outStrides;
  }

  float at(int64_t head, int64_t place) const {
    return memory.values[(head * 5 + place) * 3];
  }

  void expectRefusal(const std::string &text, bool donates = true) {
    EXPECT_EQ(
        session.run({&past, &more}, {&present}, donates ? &donate : nullptr),
        DYCC_INVALID_ARGUMENT);
    EXPECT_EQ(session.error(), text);
  }
  void expectGrowth(int64_t before) {
    std::vector<float> old = memory.values;
    ASSERT_EQ(session.run({&past, &more}, {&present}, &donate), DYCC_OK)
        << session.error();
    for (int64_t head = 0; head < 4; ++head)
      for (int64_t place = 0; place < 5; ++place)
        EXPECT_EQ(at(head, place), place == before
                                       ? more.values[head * 3]
                                       : old[(head * 5 + place) * 3])
            << head << ", " << place;
    EXPECT_EQ(present.shape, (std::vector<int64_t>{2, 2, before + 1, 3}));
    EXPECT_EQ(outStrides[1], 15);
    EXPECT_EQ(outStrides[0], 30);
  }
};

TEST_F(RuntimeCache, GrowsInPlace) { expectGrowth(3); }

TEST_F(RuntimeCache, GrowsToItsLastPlace) {
  past.shape[2] = 4;
  present.shape[2] = 5; // Compact strides, all of the memory.
  expectGrowth(4);
}

TEST_F(RuntimeCache, BeginsInTheOutputsRoom) {
  past.shape[2] = 0;
  past.view.strides = nullptr;
  expectGrowth(0);
}

TEST_F(RuntimeCache, CopiesCompactOnes) {
  Tensor compact{{2, 2, 3, 3}, 7}, lent = Tensor::lent(4);
  ASSERT_EQ(session.run({&compact, &more}, {&lent}), DYCC_OK);
  EXPECT_EQ(lent.data()[12], compact.values[9]);
  EXPECT_EQ(lent.data()[12 + 9], more.values[3]);
  // Donated memory that is the output's, too, but has no room by its strides.
  std::vector<float> expected(lent.data(), lent.data() + 48);
  memory.values.resize(60);
  std::copy(compact.values.begin(), compact.values.end(),
            memory.values.begin());
  past.view.strides = present.view.strides = nullptr;
  ASSERT_EQ(session.run({&past, &more}, {&present}, &donate), DYCC_OK)
      << session.error();
  memory.values.resize(48);
  EXPECT_EQ(memory.values, expected);
}

TEST_F(RuntimeCache, RefusesRoomThatIsNotDonated) {
  expectRefusal("input \"past\": has room along dim 2, expects to be donated",
                /*donates=*/false);
}

TEST_F(RuntimeCache, RefusesAnotherMemory) {
  Tensor other{{2, 2, 5, 3}};
  present.view.data = other.values.data();
  const char *text = "output \"present\": expects the memory of input "
                     "\"past\", which has room along dim 2";
  expectRefusal(text);
  present.view.data = nullptr;
  expectRefusal(text);
}

TEST_F(RuntimeCache, RefusesAnotherRoom) {
  outStrides[0] = 36;
  outStrides[1] = 18;
  expectRefusal("output \"present\": has 6 places along dim 2, expects 5 as "
                "input \"past\" has");
}

TEST_F(RuntimeCache, RefusesOtherExtents) {
  present.shape[0] = 1;
  expectRefusal(
      "output \"present\": dim 0 is 1, expects 2 as of input \"past\"");
}

TEST_F(RuntimeCache, RefusesRoomOfTheOutputAlone) {
  Tensor compact{{2, 2, 3, 3}};
  EXPECT_EQ(session.run({&compact, &more}, {&present}, &donate),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "output \"present\": has room along dim 2, expects input \"past\" "
            "to be donated and to have it in the same memory");
}

TEST_F(RuntimeCache, RefusesTooLittleRoom) {
  Tensor three{{2, 2, 3, 3}};
  EXPECT_EQ(session.run({&past, &three}, {&present}, &donate),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "output \"present\": memory has 240 bytes, needs 288");
}

TEST_F(RuntimeCache, RefusesRoomThatKernelsCannotCount) {
  strides[1] = 3 * (int64_t(INT32_MAX) / 12 + 1);
  strides[0] = 2 * strides[1];
  expectRefusal("input \"past\": has 178956971 places along dim 2, expects at "
                "most 2147483647 elements in all");
}

TEST_F(RuntimeCache, RefusesAnInputInItsRoom) {
  more.view.data = memory.values.data() + 9; // Behind the past.
  expectRefusal("input \"past\": is donated, expects memory of its own, "
                "overlaps input \"more\"");
  past.shape[2] = 0;
  past.view.strides = nullptr;
  expectRefusal("output \"present\": overlaps input \"more\", expects the "
                "memory of input \"past\" alone");
}

TEST_F(RuntimeCache, RefusesStridesThatRoomDoesNotExplain) {
  strides[2] = 4;
  expectRefusal(
      "input \"past\": stride of dim 2 is 4, expects compact strides (3)");
  strides[2] = 3;
  strides[0] = 31;
  expectRefusal(
      "input \"past\": stride of dim 0 is 31, expects compact strides (30)");
}

} // namespace
} // namespace dycc::test
