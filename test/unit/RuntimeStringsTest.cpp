// Strings at the boundary and in the table of a context.
#include "test/unit/RuntimeModel.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace dycc::test {
namespace {

using std::string_view_literals::operator""sv;

constexpr DyccString kConstants[] = {{"constant", 8}, {"other", 5}};

/// A table for the two, as the compiler makes one.
std::array<uint32_t, 4> placeConstants() {
  std::array<uint32_t, 4> slots = {};
  for (uint32_t n = 0; n < 2; ++n) {
    uint64_t at = dycc_hash_string(kConstants[n].data, kConstants[n].size);
    while (slots[at % 4])
      ++at;
    slots[at % 4] = n + 1;
  }
  return slots;
}
const std::array<uint32_t, 4> kSlots = placeConstants();

constexpr DyccDimDesc kDims[] = {{"N", 0, 0, -1}};
constexpr DyccDimDesc kTwo[] = {{"2", -1, 0, 2}};
constexpr DyccTensorDesc kInputs[] = {
    {"x", kDims, 1, DYCC_DTYPE_STRING, 128, 0, nullptr, nullptr}};
constexpr DyccTensorDesc kOutputs[] = {
    {"y", kDims, 1, DYCC_DTYPE_STRING, 128, 0, nullptr, nullptr},
    {"z", kTwo, 1, DYCC_DTYPE_STRING, 128, 0, nullptr, nullptr}};
constexpr DyccSymbolDesc kSymbols[] = {{"N", 0, 100000, 1}};

int32_t bind(DyccFrame *, const int64_t *dims, int64_t *symbols) {
  symbols[0] = dims[0];
  return DYCC_OK;
}
void infer(const int64_t *symbols, int64_t *dims, uint8_t *exact) {
  dims[0] = symbols[0];
  dims[1] = 2;
  exact[0] = exact[1] = 1;
}
void bound(const int64_t *, const int64_t *upper, int64_t *slots) {
  slots[DYCC_SLOT_ARENA] = 8 * upper[0] + 64;
  slots[DYCC_SLOT_SCRATCH] = 0;
}
int32_t plan(DyccFrame *, const int64_t *symbols, int64_t *slots) {
  bound(symbols, symbols, slots);
  return DYCC_OK;
}
/// y = x backwards, z = "", "other".
int32_t run(DyccFrame *frame) {
  int64_t n = frame->symbols[0];
  auto *z = reinterpret_cast<uint64_t *>(frame->arena), *y = z + 8;
  auto *x = reinterpret_cast<const uint64_t *>(frame->inputs[0]);
  for (int64_t i = 0; i < n; ++i)
    y[i] = x[n - 1 - i];
  z[0] = 0;
  z[1] = 2;
  frame->outputs[0] = reinterpret_cast<uint8_t *>(y);
  frame->outputs[1] = reinterpret_cast<uint8_t *>(z);
  frame->outputDims[0] = n;
  frame->outputDims[1] = 2;
  return DYCC_OK;
}

DyccModelDesc makeModel() {
  DyccModelDesc desc = kStateModel;
  desc.numInputSymbols = desc.numSymbols = 1;
  desc.inputs = kInputs;
  desc.outputs = kOutputs;
  desc.symbols = kSymbols;
  desc.bind = bind;
  desc.infer = infer;
  desc.plan = plan;
  desc.bound = bound;
  desc.run = run;
  desc.strings = kConstants;
  desc.numStrings = 2;
  desc.stringSlots = kSlots.data();
  desc.numStringSlots = 4;
  return desc;
}

const DyccModelDesc kTexts = makeModel();

/// A tensor of strings with one axis; without data: for the context to lend.
struct Strings {
  std::vector<dycc_string> values;
  int64_t extent;
  DLTensor view;

  explicit Strings(const std::vector<std::string_view> &texts)
      : extent(int64_t(texts.size())) {
    for (std::string_view text : texts)
      values.push_back({text.data(), text.size()});
    view = {values.data(), {kDLCPU, 0}, 1, type(), &extent, nullptr, 0};
  }
  Strings() : Strings(std::vector<std::string_view>{}) { view.data = nullptr; }
  Strings(const Strings &) = delete;

  static DLDataType type() { return {DYCC_DTYPE_STRING, 128, 1}; }
  std::vector<std::string> texts() const {
    std::vector<std::string> result;
    auto *strings = static_cast<const uint8_t *>(view.data);
    for (int64_t i = 0; i < extent; ++i) {
      dycc_string string;
      memcpy(&string, strings + i * sizeof(string), sizeof(string));
      result.emplace_back(string.data, string.size);
      EXPECT_EQ(string.data[string.size], 0);
    }
    return result;
  }
};

struct RuntimeStrings : testing::Test {
  Session session{kTexts};

  dycc_status run(Strings &x, Strings &y, Strings &z) {
    const DLTensor *in[] = {&x.view};
    DLTensor *out[] = {&y.view, &z.view};
    return session.api->run(session.context, in, out, nullptr);
  }
};

TEST_F(RuntimeStrings, EqualOnesHaveOneHandle) {
  rt::Strings &strings = session.context->strings;
  EXPECT_EQ(strings.intern(nullptr, 0), 0u);
  EXPECT_EQ(strings.intern("constant", 8), 1u);
  EXPECT_EQ(strings.intern("other", 5), 2u);
  std::vector<uint64_t> handles;
  auto textOf = [](int i) {
    return std::string(i % 90, 'x') + std::to_string(i);
  };
  for (int i = 0; i < 20000; ++i) {
    handles.push_back(strings.intern(textOf(i).data(), textOf(i).size()));
    ASSERT_EQ(handles.back(), uint64_t(i) + 3);
  }
  for (int i = 0; i < 20000; ++i) {
    ASSERT_EQ(strings.intern(textOf(i).data(), textOf(i).size()), handles[i]);
    dycc_string string = strings.at(handles[i]);
    ASSERT_EQ(std::string(string.data, string.size), textOf(i));
    ASSERT_EQ(string.data[string.size], 0);
  }
  std::string large(5 << 20, 'y');
  uint64_t handle = strings.intern(large.data(), large.size());
  EXPECT_EQ(strings.intern(large.data(), large.size()), handle);
  EXPECT_NE(strings.intern(large.data(), large.size() - 1), handle);
}

TEST_F(RuntimeStrings, AnyBytesPass) {
  Strings x({"a", "", "with\0zero"sv, "\xff no UTF-8", "a", "other",
             std::string_view()}),
      y, z;
  ASSERT_EQ(run(x, y, z), DYCC_OK) << session.error();
  EXPECT_EQ(y.texts(),
            (std::vector<std::string>{"", "other", "a", "\xff no UTF-8",
                                      std::string("with\0zero"sv), "", "a"}));
  EXPECT_EQ(z.texts(), (std::vector<std::string>{"", "other"}));
  EXPECT_EQ(y.view.dtype.code, DYCC_DTYPE_STRING);
  EXPECT_EQ(y.view.dtype.bits, 128);
}

TEST_F(RuntimeStrings, CallersMemoryAtAnyAddress) {
  Strings x({"one", "two"}), y({"", "", ""}), z;
  std::vector<uint8_t> moved(3 * sizeof(dycc_string) + 1);
  memcpy(moved.data() + 1, x.values.data(), 2 * sizeof(dycc_string));
  x.view.data = moved.data();
  x.view.byte_offset = 1;
  std::vector<uint8_t> room(3 * sizeof(dycc_string) + 1);
  y.view.data = room.data() + 1;
  ASSERT_EQ(run(x, y, z), DYCC_OK) << session.error();
  EXPECT_EQ(y.extent, 2);
  EXPECT_EQ(y.view.data, room.data() + 1);
  EXPECT_EQ(y.texts(), (std::vector<std::string>{"two", "one"}));
}

TEST_F(RuntimeStrings, NoneHaveNoAddress) {
  Strings x, y, z;
  ASSERT_EQ(run(x, y, z), DYCC_OK) << session.error();
  EXPECT_EQ(y.extent, 0);
  EXPECT_NE(y.view.data, nullptr);
}

TEST_F(RuntimeStrings, WhatTheyPointToIsChecked) {
  Strings x({"a", "b"}), y, z;
  x.values[1] = {nullptr, 3};
  EXPECT_EQ(run(x, y, z), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "input \"x\": element 1 has 3 bytes at a null pointer");
  Tensor floats({2});
  const DLTensor *in[] = {&floats.view};
  DLTensor *out[] = {&y.view, &z.view};
  EXPECT_EQ(session.api->run(session.context, in, out, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "input \"x\": element type is f32, expects string");
  Strings small({"a"}), two({"c", "d"});
  EXPECT_EQ(run(two, small, z), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "output \"y\": memory has 16 bytes, needs 32");
}

TEST_F(RuntimeStrings, LentOnesAreNoInput) {
  Strings x({"a string", "b"}), y, z;
  ASSERT_EQ(run(x, y, z), DYCC_OK) << session.error();
  Strings lent({""}), again, other;
  memcpy(&lent.values[0], y.view.data, sizeof(dycc_string));
  EXPECT_EQ(run(lent, again, other), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "input \"x\": element 0 lies in the context's memory, expects "
            "memory of the caller (copy what a run lent)");
  EXPECT_EQ(run(x, again, other), DYCC_OK) << session.error();
}

TEST_F(RuntimeStrings, TheSameRunAllocatesOnce) {
  CountingAllocator allocator;
  {
    Session counted(kTexts, 1, allocator.options());
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i)
      texts.push_back("string " + std::to_string(i));
    Strings x(std::vector<std::string_view>(texts.begin(), texts.end()));
    int calls = 0;
    for (int i = 0; i < 6; ++i) {
      Strings y, z;
      const DLTensor *in[] = {&x.view};
      DLTensor *out[] = {&y.view, &z.view};
      ASSERT_EQ(counted.api->run(counted.context, in, out, nullptr), DYCC_OK);
      if (i < 3)
        calls = allocator.calls;
    }
    EXPECT_EQ(allocator.calls, calls);
  }
  EXPECT_EQ(allocator.bytes, 0);
}

TEST_F(RuntimeStrings, TheHeapLimitHolds) {
  dycc_context_options options = {};
  options.heap_limit = 100000;
  Session limited(kTexts, 1, options);
  std::string large(200000, 'x');
  Strings x({large}), y, z;
  const DLTensor *in[] = {&x.view};
  DLTensor *out[] = {&y.view, &z.view};
  EXPECT_EQ(limited.api->run(limited.context, in, out, nullptr),
            DYCC_OUT_OF_MEMORY);
  EXPECT_NE(limited.error().find("input \"x\": no memory for its strings ("),
            std::string::npos)
      << limited.error();
  Strings small({"y"}), found, other;
  in[0] = &small.view;
  DLTensor *outs[] = {&found.view, &other.view};
  EXPECT_EQ(limited.api->run(limited.context, in, outs, nullptr), DYCC_OK)
      << limited.error();
}

TEST_F(RuntimeStrings, WithoutMemoryARunFails) {
  CountingAllocator allocator;
  Session counted(kTexts, 1, allocator.options());
  Strings x({"a", "b"});
  std::vector<std::string> errors;
  for (int allowed = 0; errors.empty() || errors.back() != ""; ++allowed) {
    ASSERT_LT(allowed, 20);
    counted.api->reserve(counted.context, nullptr, nullptr);
    allocator.allowed = allowed;
    Strings y, z;
    const DLTensor *in[] = {&x.view};
    DLTensor *out[] = {&y.view, &z.view};
    dycc_status status = counted.api->run(counted.context, in, out, nullptr);
    allocator.allowed = 1 << 30;
    errors.push_back(counted.error());
    EXPECT_EQ(status, errors.back() == "" ? DYCC_OK : DYCC_OUT_OF_MEMORY);
  }
  EXPECT_EQ(errors.front(), "input \"x\": no memory for its strings");
  EXPECT_NE(std::find(errors.begin(), errors.end(),
                      "output \"y\": no memory for 2 strings"),
            errors.end());
}

} // namespace
} // namespace dycc::test
