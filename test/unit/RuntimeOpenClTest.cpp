// What a caller shares with a model that OpenCL's device runs: its context and
// queue, memory on the device, binaries of programs, times of launches.
#include "dycc/programs.h"
#include "runtime/abi/Calls.h"
#include "runtime/src/Devices.h"
#include "runtime/src/opencl/Queue.h"
#include "test/unit/RuntimeModel.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

extern "C" const DyccDeviceKind dycc_device_opencl;

namespace dycc::test {
namespace {

using rt::opencl::Library;

constexpr const char *kText =
    "__kernel void twice(__global char *x, const ulong xAt,\n"
    "                    __global char *y, const ulong yAt,\n"
    "                    __local int *none) {\n"
    "  size_t i = get_global_id(0);\n"
    "  ((__global float *)(y + yAt))[i] =\n"
    "      2 * ((__global float *)(x + xAt))[i];\n"
    "}\n";
constexpr uint64_t kBytes = 16;

/// s: f32[4] -> u = 2 * s by the device, in the caller's memory where that is
/// given; t = s + 1 by the host, in the arena.
int32_t runFar(DyccFrame *frame) {
  auto &queue = *static_cast<rt::opencl::Queue *>(frame->device);
  uint8_t *s = const_cast<uint8_t *>(frame->inputs[0]);
  uint8_t *u = frame->outputs[0] ? frame->outputs[0] : frame->arena;
  auto *t = reinterpret_cast<float *>(frame->arena + kBytes);
  dycc_rt_transfer(frame, s, kBytes,
                   DYCC_TRANSFER_TO_DEVICE | DYCC_TRANSFER_IF_HOST);
  dycc_rt_transfer(frame, s, kBytes, DYCC_TRANSFER_IF_DEVICE);
  dycc_rt_begin(frame, 0, 0, nullptr);
  rt::opencl::Argument arguments[] = {{nullptr, 8, queue.place(s)},
                                      {nullptr, 8, queue.place(u)}};
  queue.launch(kText, "twice", {{2, 1, 1}, {2, 1, 1}}, arguments, 2, 4);
  dycc_rt_end(frame, 0);
  dycc_rt_transfer(frame, u, kBytes, DYCC_TRANSFER_IF_HOST);
  for (int i = 0; i < 4; ++i)
    t[i] = reinterpret_cast<float *>(s)[i] + 1;
  frame->outputs[0] = u;
  frame->outputs[1] = reinterpret_cast<uint8_t *>(t);
  frame->outputDims[0] = frame->outputDims[1] = 4;
  return DYCC_OK;
}

DyccModelDesc farModel() {
  static const DyccMachineDesc machines[] = {{"far", "", &dycc_device_opencl}};
  DyccModelDesc desc = kStateModel;
  desc.machines = machines;
  desc.numMachines = 1;
  desc.run = runFar;
  return desc;
}

/// What a caller of OpenCL has.
class RuntimeOpenClShared : public ::testing::Test {
protected:
  void SetUp() override {
    dycc_message message = {};
    library = rt::opencl::loadLibrary(nullptr, &message);
    if (!library)
      GTEST_SKIP() << message.text;
    cl_platform_id platform = nullptr;
    if (library->GetPlatformIDs(1, &platform, nullptr) ||
        library->GetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device,
                              nullptr))
      GTEST_SKIP() << "no OpenCL device";
    context = makeContext();
    queue = makeQueue(context);
  }
  void TearDown() override {
    destroy();
    for (cl_mem one : memory)
      library->ReleaseMemObject(one);
    for (cl_command_queue one : queues)
      library->ReleaseCommandQueue(one);
    for (cl_context one : contexts)
      library->ReleaseContext(one);
    free(const_cast<Library *>(library));
  }

  cl_context makeContext() {
    contexts.push_back(
        library->CreateContext(nullptr, 1, &device, nullptr, nullptr, nullptr));
    return contexts.back();
  }
  cl_command_queue makeQueue(cl_context of,
                             cl_command_queue_properties properties = 0) {
    queues.push_back(
        library->CreateCommandQueue(of, device, properties, nullptr));
    return queues.back();
  }
  cl_mem makeMemory(cl_context of, std::vector<float> values) {
    memory.push_back(library->CreateBuffer(
        of, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
        values.size() * sizeof(float), values.data(), nullptr));
    return memory.back();
  }
  std::vector<float> read(cl_mem from, size_t count) {
    std::vector<float> values(count);
    EXPECT_EQ(library->EnqueueReadBuffer(queue, from, CL_TRUE, 0,
                                         count * sizeof(float), values.data(),
                                         0, nullptr, nullptr),
              CL_SUCCESS);
    return values;
  }

  dycc_status create(const dycc_model_options &given = {},
                     cl_command_queue callers = nullptr,
                     dycc_context_options own = {}) {
    destroy();
    desc = farModel();
    dycc_model_options options = given;
    options.size = sizeof(options);
    options.max_threads = 1;
    message = {};
    dycc_status status = rt::createModel(desc, &options, &model, &message);
    own.size = sizeof(own);
    own.opencl_queue = callers;
    return status ? status : api->context_create(model, &own, &run, &message);
  }
  dycc_status createShared(const dycc_context_options &own = {}) {
    dycc_model_options options = {};
    options.opencl_context = context;
    options.opencl_device = device;
    return create(options, queue, own);
  }
  void destroy() {
    api->context_destroy(run);
    EXPECT_EQ(api->model_destroy(model), DYCC_OK);
    run = nullptr;
    model = nullptr;
  }

  /// A tensor of four floats at this byte of memory on the device.
  static void place(Tensor &tensor, cl_mem at, uint64_t offset = 0) {
    tensor.view.device = {kDLOpenCL, 0};
    tensor.view.data = at;
    tensor.view.byte_offset = offset;
  }
  dycc_status runWith(Tensor &s, Tensor &u, Tensor &t,
                      const dycc_run_options *options = nullptr) {
    const DLTensor *inputs[] = {&s.view};
    DLTensor *outputs[] = {&u.view, &t.view};
    return api->run(run, inputs, outputs, options);
  }
  std::string error() const { return api->context_error(run); }

  const dycc_api *api = dycc_model_query(DYCC_ABI_VERSION);
  const Library *library = nullptr;
  cl_device_id device = nullptr;
  cl_context context = nullptr;
  cl_command_queue queue = nullptr;
  std::vector<cl_context> contexts;
  std::vector<cl_command_queue> queues;
  std::vector<cl_mem> memory;
  DyccModelDesc desc;
  dycc_model *model = nullptr;
  dycc_context *run = nullptr;
  dycc_message message = {};
};

using Floats = std::vector<float>;

TEST_F(RuntimeOpenClShared, TensorsMayLieOnTheDevice) {
  ASSERT_EQ(createShared(), DYCC_OK) << message.text;
  Tensor s({4}), u({4}), t({4});
  cl_mem in = makeMemory(context, {0, 0, 1, 2, 3, 4});
  cl_mem out = makeMemory(context, {9, 9, 9, 9, 9, 9, 9, 9, 9});
  place(s, in, 8);
  place(u, out, 4);
  place(t, out, 20);
  ASSERT_EQ(runWith(s, u, t), DYCC_OK) << error();
  EXPECT_EQ(read(out, 9), (Floats{9, 2, 4, 6, 8, 2, 3, 4, 5}));
  // The next run has the host's memory again.
  Tensor hostS({4}), hostU({4}), hostT({4});
  ASSERT_EQ(runWith(hostS, hostU, hostT), DYCC_OK) << error();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(hostU.values[i], 2 * hostS.values[i]);
    EXPECT_EQ(hostT.values[i], hostS.values[i] + 1);
  }
  EXPECT_EQ(read(out, 9), (Floats{9, 2, 4, 6, 8, 2, 3, 4, 5}));
}

TEST_F(RuntimeOpenClShared, CommandsOfTheCallerComeFirst) {
  ASSERT_EQ(createShared(), DYCC_OK) << message.text;
  Tensor s({4}), u({4}), t({4});
  cl_mem in = makeMemory(context, {0, 0, 0, 0});
  place(s, in);
  const Floats values = {5, 6, 7, 8};
  ASSERT_EQ(library->EnqueueWriteBuffer(queue, in, CL_FALSE, 0, kBytes,
                                        values.data(), 0, nullptr, nullptr),
            CL_SUCCESS);
  ASSERT_EQ(runWith(s, u, t), DYCC_OK) << error();
  EXPECT_EQ(u.values, (Floats{10, 12, 14, 16}));
  EXPECT_EQ(t.values, (Floats{6, 7, 8, 9}));
}

TEST_F(RuntimeOpenClShared, MemoryThatDoesNotFitIsRefused) {
  ASSERT_EQ(createShared(), DYCC_OK) << message.text;
  Tensor s({4}), u({4}), t({4});
  place(s, makeMemory(makeContext(), {1, 2, 3, 4}));
  EXPECT_EQ(runWith(s, u, t), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(error(),
            "input \"s\": lies in another OpenCL context, expects the model's");
  cl_mem shared = makeMemory(context, {1, 2, 3, 4, 5, 6});
  place(s, shared, 12);
  EXPECT_EQ(runWith(s, u, t), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(error(), "input \"s\": OpenCL's memory has 12 bytes, needs 16");
  place(s, shared);
  place(u, shared, 8);
  EXPECT_EQ(runWith(s, u, t), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(error(), "output \"u\": overlaps another tensor on the device");
  Tensor v({4});
  const uint8_t donated[] = {1};
  dycc_run_options options = {};
  options.size = sizeof(options);
  options.num_donated = 1;
  options.donated = donated;
  EXPECT_EQ(runWith(s, v, t, &options), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(error(), "input \"s\": is donated, but lies on the device");
  // What else is wrong is said as of any tensor.
  s.view.dtype.bits = 64;
  EXPECT_EQ(runWith(s, v, t), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(error(), "input \"s\": element type is f64, expects f32");
}

TEST_F(RuntimeOpenClShared, QueuesAndDevicesThatDoNotFitAreRefused) {
  dycc_model_options options = {};
  options.opencl_context = context;
  EXPECT_EQ(create(options, makeQueue(makeContext())), DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "OpenCL queue belongs to another context, expects "
                             "the model's");
  EXPECT_EQ(create(options,
                   makeQueue(context, CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE)),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text,
               "OpenCL queue runs commands out of order, expects one in order");
  options.opencl_device = &options; // No address of a device.
  EXPECT_EQ(create(options), DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "OpenCL device is none of the context's 1");
}

TEST_F(RuntimeOpenClShared, TellsTimesOfLaunchesWhereItIsAsked) {
  ASSERT_EQ(createShared(), DYCC_OK) << message.text;
  std::vector<dycc_device_launch> told;
  dycc_profile profile = {};
  profile.user = &told;
  profile.begin = [](void *, uint32_t) {};
  profile.end = profile.begin;
  dycc_run_options options = {};
  options.size = sizeof(options);
  options.profile = &profile;
  options.profile_size = sizeof(profile);
  Tensor s({4}), u({4}), t({4});
  ASSERT_EQ(runWith(s, u, t, &options), DYCC_OK) << error();
  profile.device = [](void *user, const dycc_device_launch *launch) {
    static_cast<std::vector<dycc_device_launch> *>(user)->push_back(*launch);
  };
  ASSERT_EQ(runWith(s, u, t, &options), DYCC_OK) << error();
  ASSERT_EQ(runWith(s, u, t), DYCC_OK) << error();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].size, sizeof(dycc_device_launch));
  EXPECT_EQ(told[0].call, 0u);
  EXPECT_EQ(told[0].kernel, 0u);
  EXPECT_STREQ(told[0].entry, "twice");
  EXPECT_GT(told[0].queued, 0u);
  EXPECT_LE(told[0].queued, told[0].began);
  EXPECT_LT(told[0].began, told[0].ended);
}

/// Keeps programs, and counts.
struct Kept {
  std::map<std::string, std::string> programs;
  int stores = 0;

  dycc_program_cache table() {
    return {[](void *user, const char *key, void *data, uint64_t capacity) {
              const std::string &kept =
                  static_cast<Kept *>(user)->programs[key];
              if (kept.size() <= capacity)
                std::copy(kept.begin(), kept.end(), static_cast<char *>(data));
              return uint64_t(kept.size());
            },
            [](void *user, const char *key, const void *data, uint64_t bytes) {
              auto &kept = *static_cast<Kept *>(user);
              ++kept.stores;
              kept.programs[key].assign(static_cast<const char *>(data), bytes);
            },
            this};
  }
};

TEST_F(RuntimeOpenClShared, ProgramsAreKeptAndDamagedOnesBuiltAgain) {
  Kept kept;
  dycc_program_cache cache = kept.table();
  dycc_model_options options = {};
  options.program_cache = &cache;
  auto check = [&](int stores) {
    ASSERT_EQ(create(options), DYCC_OK) << message.text;
    Tensor s({4}), u({4}), t({4});
    ASSERT_EQ(runWith(s, u, t), DYCC_OK) << error();
    EXPECT_EQ(u.values[3], 2 * s.values[3]);
    EXPECT_EQ(kept.stores, stores);
  };
  check(1);
  ASSERT_EQ(kept.programs.size(), 1u);
  std::string &program = kept.programs.begin()->second;
  const std::string good = program;
  EXPECT_EQ(kept.programs.begin()->first.substr(0, 5), "dycc-");
  EXPECT_EQ(kept.programs.begin()->first.size(), 37u);
  check(1); // From the binary.
  program.back() ^= 1;
  check(2);
  program = good.substr(0, good.size() / 2);
  check(3);
  program = good; // Of another program, by its key.
  program[8] ^= 1;
  check(4);
  program = "x";
  check(5);
  EXPECT_EQ(program.size(), good.size());
  check(5);
}

TEST_F(RuntimeOpenClShared, AFolderKeepsPrograms) {
  namespace fs = std::filesystem;
  fs::path folder = fs::path(::testing::TempDir()) / "dycc-programs";
  fs::remove_all(folder);
  dycc_model_options options = {};
  std::string name = folder.string();
  options.program_folder = name.c_str();
  auto check = [&](size_t files) {
    ASSERT_EQ(create(options), DYCC_OK) << message.text;
    Tensor s({4}), u({4}), t({4});
    ASSERT_EQ(runWith(s, u, t), DYCC_OK) << error();
    EXPECT_EQ(u.values[3], 2 * s.values[3]);
    size_t count = 0;
    if (fs::exists(folder))
      count = size_t(std::distance(fs::directory_iterator(folder), {}));
    EXPECT_EQ(count, files);
  };
  check(0); // It is not there.
  fs::create_directory(folder);
  check(1);
  fs::path file = fs::directory_iterator(folder)->path();
  auto written = fs::last_write_time(file);
  auto size = fs::file_size(file);
  check(1);
  EXPECT_EQ(fs::last_write_time(file), written);
  fs::resize_file(file, size / 2);
  check(1);
  EXPECT_EQ(fs::file_size(file), size);
  fs::remove_all(folder);
}

TEST_F(RuntimeOpenClShared, MemoryOfTheHostMayEnd) {
  CountingAllocator allocator;
  ASSERT_EQ(createShared(allocator.options()), DYCC_OK) << message.text;
  Tensor s({4}), u({4}), t({4});
  ASSERT_EQ(runWith(s, u, t), DYCC_OK) << error(); // It has its arena.
  place(s, makeMemory(context, {1, 2, 3, 4}));
  allocator.allowed = 0;
  EXPECT_EQ(runWith(s, u, t), DYCC_OUT_OF_MEMORY);
  EXPECT_EQ(error(), "input \"s\": no memory for a tensor on the device (16 "
                     "bytes)");
  allocator.allowed = 1 << 30;
  EXPECT_EQ(runWith(s, u, t), DYCC_OK) << error();
  EXPECT_EQ(u.values, (Floats{2, 4, 6, 8}));
  destroy();
}

TEST(RuntimeDeviceTensors, NeedADevice) {
  Session session(kStateModel);
  Tensor s({4}), u({4}), t({4});
  s.view.device = {kDLOpenCL, 0};
  EXPECT_EQ(session.run({&s}, {&u, &t}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(session.error(),
            "input \"s\": is on device type 4, expects the CPU (1)");
}

} // namespace
} // namespace dycc::test
