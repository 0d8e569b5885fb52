// Models with kernels for a device: which machine runs, and what goes wrong
// with a device or OpenCL's library.
#include "runtime/src/Devices.h"
#include "runtime/src/opencl/Queue.h"
#include "test/unit/RuntimeModel.h"

namespace dycc::test {
namespace {

const dycc_api *api = dycc_model_query(DYCC_ABI_VERSION);

/// What the device of these tests does, and what was done with it.
struct {
  bool isThere, hasQueues, runsFail;
  std::string library;
  int opened, closed, queues, begun;
} fake;

void *open(const dycc_model_options &options, const uint8_t *, uint64_t,
           dycc_status &status, dycc_message *message) {
  fake.library = options.device_library ? options.device_library : "usual";
  if (fake.isThere) {
    ++fake.opened;
    return &fake;
  }
  status = rt::fail(message, DYCC_UNSUPPORTED, "no device of this kind");
  return nullptr;
}
void close(void *) { ++fake.closed; }
void *openQueue(void *, void *, dycc_status &status, dycc_message *message) {
  if (fake.hasQueues) {
    ++fake.queues;
    return &fake;
  }
  status = rt::fail(message, DYCC_OUT_OF_MEMORY, "no queue");
  return nullptr;
}
void closeQueue(void *) { --fake.queues; }
void begin(dycc_context &, const rt::Plan &) { ++fake.begun; }
dycc_status finish(dycc_context &context) {
  return fake.runsFail ? rt::fail(context, DYCC_INTERNAL, "the device was lost")
                       : DYCC_OK;
}
dycc_status transfer(void *, void *, uint64_t, int32_t) { return DYCC_OK; }
dycc_status copy(void *, const void *, const void *, uint64_t) {
  return DYCC_OK;
}
void drop(void *, const void *) {}
void mark(void *, uint32_t) {}
dycc_status check(dycc_context &, const char *, const char *,
                  const rt::DeviceTensor &) {
  return DYCC_OK;
}
const DyccDeviceKind kFake = {open,  close,  openQueue, closeQueue,
                              begin, finish, transfer,  copy,
                              drop,  mark,   check};

const DyccMachineDesc kMachines[] = {{"far", "", &kFake},
                                     {"near", "", nullptr}};

DyccModelDesc modelFor(uint32_t numMachines) {
  DyccModelDesc desc = kModel;
  desc.machines = kMachines;
  desc.numMachines = numMachines;
  return desc;
}

struct Created {
  dycc_status status;
  std::string text;
  uint32_t machine = 0;
};

Created create(uint32_t numMachines, const char *machine = nullptr,
               const char *library = nullptr) {
  DyccModelDesc desc = modelFor(numMachines);
  dycc_model_options options = {};
  options.size = sizeof(options);
  options.max_threads = 1;
  options.machine = machine;
  options.device_library = library;
  dycc_model *model = nullptr;
  dycc_message message = {};
  Created made = {rt::createModel(desc, &options, &model, &message),
                  message.text};
  if (made.status == DYCC_OK) {
    made.machine = api->model_describe(model)->machine;
    EXPECT_EQ(api->model_destroy(model), DYCC_OK);
  }
  return made;
}

TEST(RuntimeDevice, IsOpenedOnceAndClosed) {
  fake = {true, true, false, "", 0, 0, 0, 0};
  Created made = create(2, nullptr, "some.so");
  EXPECT_EQ(made.status, DYCC_OK);
  EXPECT_EQ(made.text, "");
  EXPECT_EQ(made.machine, 0u);
  EXPECT_EQ(fake.library, "some.so");
  EXPECT_EQ(fake.opened, 1);
  EXPECT_EQ(fake.closed, 1);
}

TEST(RuntimeDevice, WithoutItTheProcessorRunsAndTheTextSaysSo) {
  fake = {};
  Created made = create(2);
  EXPECT_EQ(made.status, DYCC_OK);
  EXPECT_EQ(made.machine, 1u);
  EXPECT_EQ(made.text, "kernels of machine near run: no device of this kind");
  EXPECT_EQ(create(2, "near").text, "");
}

TEST(RuntimeDevice, AModelForItAloneIsRefused) {
  fake = {};
  for (const Created &made : {create(1), create(2, "far")}) {
    EXPECT_EQ(made.status, DYCC_UNSUPPORTED);
    EXPECT_EQ(made.text, "no device of this kind");
  }
}

TEST(RuntimeDevice, RunsAreBegunAndItsFailuresAreTheirs) {
  fake = {true, true, false, "", 0, 0, 0, 0};
  DyccModelDesc desc = modelFor(2);
  {
    Session session(desc);
    session.runAndCheck(3, 8);
    EXPECT_EQ(fake.begun, 1);
    fake.runsFail = true;
    Tensor x({3, 3, 8}), y({3}), z({3, 8}), p({24});
    EXPECT_EQ(session.run({&x, &y}, {&z, &p}), DYCC_INTERNAL);
    EXPECT_EQ(session.error(), "the device was lost");
    EXPECT_EQ(fake.queues, 1);
  }
  EXPECT_EQ(fake.queues, 0);
  EXPECT_EQ(fake.closed, 1);
}

TEST(RuntimeDevice, AContextWithoutAQueueIsRefused) {
  fake = {true, false, false, "", 0, 0, 0, 0};
  DyccModelDesc desc = modelFor(1);
  dycc_model *model = nullptr;
  ASSERT_EQ(rt::createModel(desc, nullptr, &model, nullptr), DYCC_OK);
  dycc_context *context = nullptr;
  dycc_message message = {};
  EXPECT_EQ(api->context_create(model, nullptr, &context, &message),
            DYCC_OUT_OF_MEMORY);
  EXPECT_STREQ(message.text, "no queue");
  EXPECT_EQ(api->model_destroy(model), DYCC_OK);
}

TEST(RuntimeOpenCl, ALibraryThatIsNoneIsNamed) {
  dycc_message message = {};
  EXPECT_EQ(rt::opencl::loadLibrary("/nowhere/libOpenCL.so", &message),
            nullptr);
  EXPECT_STREQ(message.text, "no OpenCL library \"/nowhere/libOpenCL.so\"");
  EXPECT_EQ(rt::opencl::loadLibrary("libm.so.6", &message), nullptr);
  EXPECT_STREQ(message.text,
               "OpenCL library \"libm.so.6\" lacks clGetPlatformIDs");
}

/// The device that OpenCL finds; a test without one is skipped.
class RuntimeOpenClDevice : public ::testing::Test {
protected:
  void SetUp() override {
    dycc_status status = DYCC_OK;
    dycc_message message = {};
    device = rt::opencl::Device::open({}, nullptr, 0, status, &message);
    if (!device)
      GTEST_SKIP() << message.text;
    queue = rt::opencl::Queue::open(*device, nullptr, status, &message);
    ASSERT_NE(queue, nullptr) << message.text;
    queue->begin(nullptr);
  }
  void TearDown() override {
    if (queue)
      queue->close();
    if (device)
      device->close();
  }

  rt::opencl::Device *device = nullptr;
  rt::opencl::Queue *queue = nullptr;
};

const rt::opencl::Grid kOne = {{1, 1, 1}, {1, 1, 1}};

TEST_F(RuntimeOpenClDevice, SaysWhatItsCompilerSays) {
  EXPECT_EQ(queue->launch("__kernel void k() { nonsense; }", "k", kOne, nullptr,
                          0, 0),
            DYCC_UNSUPPORTED);
  std::string text = queue->getFailure().message.text;
  EXPECT_NE(text.find("does not build a kernel: "), std::string::npos) << text;
  // It stays until the next run.
  int number = 0;
  EXPECT_EQ(queue->toDevice(&number, sizeof(number)), DYCC_UNSUPPORTED);
  EXPECT_EQ(queue->finish(), DYCC_UNSUPPORTED);
  queue->begin(nullptr);
  EXPECT_EQ(queue->toDevice(&number, sizeof(number)), DYCC_OK);
}

TEST_F(RuntimeOpenClDevice, NamesWhatFails) {
  const char *text = "__kernel void k(__local int *x) { x[0] = 0; }";
  EXPECT_EQ(queue->launch(text, "j", kOne, nullptr, 0, 4), DYCC_INTERNAL);
  EXPECT_STREQ(queue->getFailure().message.text,
               "OpenCL: clCreateKernel: CL_INVALID_KERNEL_NAME");
  queue->begin(nullptr);
  EXPECT_EQ(
      queue->launch(text, "k", {{1, 1, 1}, {1 << 20, 1, 1}}, nullptr, 0, 4),
      DYCC_INTERNAL);
  EXPECT_STREQ(queue->getFailure().message.text,
               "OpenCL: clEnqueueNDRangeKernel: CL_INVALID_WORK_GROUP_SIZE");
}

TEST_F(RuntimeOpenClDevice, MemoryHasItsImageWhereverItBelongs) {
  using Kind = rt::opencl::Mirror::Kind;
  std::vector<uint8_t> memory(256), copy(64);
  for (size_t i = 0; i < memory.size(); ++i)
    memory[i] = uint8_t(i);
  rt::opencl::Mirror &mirror = queue->mirror();
  // Two tensors of the caller that overlap are one piece.
  ASSERT_TRUE(mirror.add(Kind::Caller, memory.data(), 100));
  ASSERT_TRUE(mirror.add(Kind::Caller, memory.data() + 60, 100));
  EXPECT_EQ(queue->toDevice(memory.data(), 160), DYCC_OK);
  EXPECT_EQ(queue->copy(copy.data(), memory.data() + 50, 64), DYCC_OK);
  EXPECT_EQ(queue->finish(), DYCC_OK);
  std::vector<uint8_t> expected(memory.begin() + 50, memory.begin() + 114);
  EXPECT_EQ(queue->toHost(copy.data(), 64), DYCC_OK);
  EXPECT_EQ(copy, expected);
  // What was never sent is nothing to copy.
  std::vector<uint8_t> other(8, 1);
  mirror.drop(copy.data());
  EXPECT_EQ(queue->copy(other.data(), copy.data(), 8), DYCC_OK);
  EXPECT_EQ(mirror.find(other.data(), 8), nullptr);
}

} // namespace
} // namespace dycc::test
