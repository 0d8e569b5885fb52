#include "test/unit/RuntimeModel.h"

namespace dycc::test {
namespace {

/// Tensors of kModel that are right, to be made wrong one at a time.
struct RuntimeCheck : testing::Test {
  Session session;
  Tensor x{{2, 3, 12}}, y{{2}, 4}, z{{2, 12}}, p{{24}};

  void expectRefusal(const std::string &text) {
    EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_INVALID_ARGUMENT);
    EXPECT_EQ(session.error(), text);
    session.runAndCheck(2, 12); // The next run works.
  }
};

TEST_F(RuntimeCheck, AcceptsTheTensorsTheTestsStartFrom) {
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
}

TEST_F(RuntimeCheck, NamesNullTensors) {
  EXPECT_EQ(session.run({&x, nullptr}, {&z, &p}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "input \"y\": is null");
  EXPECT_EQ(session.run({&x, &y}, {nullptr, &p}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "output \"z\": is null");
  EXPECT_EQ(session.api->run(session.context, nullptr, nullptr, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "inputs is null");
  DLTensor *in[] = {&x.view, &y.view};
  EXPECT_EQ(session.api->run(session.context, in, nullptr, nullptr),
            DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "outputs is null");
  EXPECT_EQ(session.api->run(nullptr, in, in, nullptr), DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(session.api->context_error(nullptr), "context is null");
}

TEST_F(RuntimeCheck, RefusesAnotherRank) {
  x.view.ndim = 2;
  expectRefusal("input \"x\": rank is 2, expects 3");
}

TEST_F(RuntimeCheck, RefusesShapeAndDataThatAreNull) {
  x.view.shape = nullptr;
  expectRefusal("input \"x\": shape is null");
  x.view.shape = x.shape.data();
  x.view.data = nullptr;
  expectRefusal("input \"x\": data is null");
}

TEST_F(RuntimeCheck, RefusesAnotherType) {
  x.view.dtype = {kDLInt, 64, 1};
  expectRefusal("input \"x\": element type is i64, expects f32");
  x.view.dtype = {DYCC_DTYPE_BOOL, 8, 1};
  expectRefusal("input \"x\": element type is bool, expects f32");
  x.view.dtype = {kDLComplex, 64, 1};
  expectRefusal("input \"x\": element type is type 5:64, expects f32");
  x.view.dtype = {kDLFloat, 32, 4};
  expectRefusal("input \"x\": element type has 4 lanes, expects 1");
  x.view.dtype = {kDLFloat, 32, 1};
  z.view.dtype = {kDLBfloat, 16, 1};
  expectRefusal("output \"z\": element type is bf16, expects f32");
  z.view.dtype = {DYCC_DTYPE_FLOAT8_E5M2FNUZ, 8, 1};
  expectRefusal("output \"z\": element type is f8e5m2fnuz, expects f32");
  z.view.dtype = {kDLUInt, 4, 1};
  expectRefusal("output \"z\": element type is u4, expects f32");
}

TEST_F(RuntimeCheck, RefusesAnotherDevice) {
  y.view.device = {kDLCUDA, 0};
  expectRefusal("input \"y\": is on device type 2, expects the CPU (1)");
}

TEST_F(RuntimeCheck, RefusesStridesThatAreNotCompact) {
  int64_t strides[] = {36, 24, 1};
  x.view.strides = strides;
  expectRefusal(
      "input \"x\": stride of dim 1 is 24, expects compact strides (12)");
  strides[1] = 12;
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
}

TEST_F(RuntimeCheck, RefusesExtentsThatDoNotFit) {
  x.shape[1] = 4;
  expectRefusal("input \"x\": dim 1 is 4, expects 3");
  x.shape = {9, 3, 12};
  expectRefusal("input \"x\": dim 0 (N) is 9, expects 1 to 8");
  x.shape = {2, 3, 13};
  expectRefusal("input \"x\": dim 2 (W) is 13, expects a multiple of 4");
  x.shape = {2, 3, -4};
  expectRefusal("input \"x\": dim 2 is -4, expects no negative extent");
  x.shape = {1, 3, 12};
  expectRefusal("input \"y\": dim 0 (N) is 2, but dim 0 of input \"x\" is 1");
}

TEST_F(RuntimeCheck, RefusesOutputsThatAreTooSmall) {
  z.shape = {2, 11};
  expectRefusal("output \"z\": memory has 88 bytes, needs 96");
  z.shape = {2, 12};
  p.shape = {0}; // How many there are is known after the run only.
  expectRefusal("output \"p\": memory has 0 bytes, needs 80");
}

TEST_F(RuntimeCheck, RefusesMemoryThatOverlaps) {
  z.view.data = x.view.data;
  expectRefusal("output \"z\": overlaps input \"x\", which is not donated");
  z.view.data = z.values.data();
  z.view.byte_offset = 0;
  p.view.data = z.view.data;
  expectRefusal("output \"p\": overlaps output \"z\"");
}

TEST_F(RuntimeCheck, RefusesTheMemoryThatTheContextLent) {
  Tensor lent = Tensor::lent(2);
  ASSERT_EQ(session.run({&x, &y}, {&lent, &p}), DYCC_OK);
  y.view.data = lent.view.data;
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "input \"y\": lies in the context's arena, expects memory of the "
            "caller (copy what a run lent)");
  y.view.data = y.values.data();
  EXPECT_EQ(session.run({&x, &y}, {&lent, &p}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "output \"z\": lies in the context's arena, expects memory of the "
            "caller or data that is null");
}

TEST_F(RuntimeCheck, RefusesRunOptionsThatDoNotFit) {
  uint8_t flags[] = {1};
  dycc_run_options options = {4, 1, flags, nullptr, nullptr, 0, 0, 0};
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "run options have size 4, expects at least 32");
  options.size = sizeof(options);
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "run options: 1 donated flags, expects 2");
}

TEST_F(RuntimeCheck, RefusesADonatedInputThatIsAnotherToo) {
  uint8_t flags[] = {0, 1};
  dycc_run_options options = {sizeof(options), 2, flags, nullptr,
                              nullptr,         0, 0,     0};
  y.view.data = x.view.data;
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_OK) << session.error();
  EXPECT_EQ(session.run({&x, &y}, {&z, &p}, &options), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "input \"y\": is donated, expects memory of its "
                             "own, overlaps input \"x\"");
}

TEST_F(RuntimeCheck, RefusesReservationsThatDoNotFit) {
  auto expect = [&](std::vector<int64_t> lower, std::vector<int64_t> upper,
                    const std::string &text) {
    EXPECT_EQ(session.api->reserve(session.context, lower.data(), upper.data()),
              DYCC_INVALID_ARGUMENT);
    EXPECT_EQ(session.error(), text);
  };
  expect({3, 4}, {2, 8}, "symbol N: range 3 to 2 is empty");
  expect({1, 4}, {2, 80}, "symbol W: range 4 to 80 is not inside of 0 to 64");
  expect({1, 4}, {1, INT64_MAX}, "symbol W has no upper bound, expects one");
  EXPECT_EQ(session.api->reserve(nullptr, nullptr, nullptr),
            DYCC_INVALID_ARGUMENT);
}

/// Runs of kStateModel, whose results may lie in its input.
struct RuntimeDonation : testing::Test {
  Session session{kStateModel};
  Tensor s{{4}, 10}, t{{4}}, u{{4}};
  uint8_t flag = 1;
  dycc_run_options donate = {sizeof(donate), 1, &flag, nullptr,
                             nullptr,        0, 0,     0};
};

TEST_F(RuntimeDonation, KeepsInputsThatAreNotDonated) {
  std::vector<float> before = s.values;
  ASSERT_EQ(session.run({&s}, {&u, &t}), DYCC_OK);
  EXPECT_EQ(s.values, before);
  EXPECT_EQ(u.values, before);
  EXPECT_EQ(t.values[3], before[3] + 1);
}

TEST_F(RuntimeDonation, UpdatesADonatedInputInPlace) {
  std::vector<float> before = s.values;
  t.view.data = s.view.data;
  ASSERT_EQ(session.run({&s}, {&u, &t}, &donate), DYCC_OK) << session.error();
  EXPECT_EQ(s.values[0], before[0] + 1);
  EXPECT_EQ(u.values, before);
}

TEST_F(RuntimeDonation, SavesAResultBeforeItsPlaceIsWritten) {
  std::vector<float> before = s.values;
  u.view.data = s.view.data; // t is made in s, and has to leave before u.
  ASSERT_EQ(session.run({&s}, {&u, &t}, &donate), DYCC_OK) << session.error();
  EXPECT_EQ(s.values, before);
  EXPECT_EQ(t.values[0], before[0] + 1);
}

TEST_F(RuntimeDonation, LendsTheInputItself) {
  Tensor lent = Tensor::lent(1);
  ASSERT_EQ(session.run({&s}, {&u, &lent}, &donate), DYCC_OK);
  EXPECT_EQ(lent.view.data, s.view.data);
}

TEST_F(RuntimeDonation, RefusesToOverwriteWhatIsLent) {
  Tensor lent = Tensor::lent(1);
  u.view.data = s.view.data;
  EXPECT_EQ(session.run({&s}, {&u, &lent}, &donate), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(), "output \"u\": its memory is a donated input "
                             "that holds another result");
}

} // namespace
} // namespace dycc::test
