// The seams of a compilation: workers, the cache, weights, equal builds.
#include "test/unit/SeamFixture.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace dycc::test;
namespace proto = dycc::proto;

namespace {

class SeamBuild : public Seam {
protected:
  std::vector<std::filesystem::path> kernels() {
    std::vector<std::filesystem::path> files;
    for (auto &entry : std::filesystem::directory_iterator(path("cache")))
      files.push_back(entry.path());
    return files;
  }
};

TEST_F(SeamBuild, SameBytesForAnyNumberOfJobs) {
  std::string onnx = save(imageModel());
  std::string first;
  for (const char *jobs : {"1", "4", "2"}) {
    Ended ended = dycc(onnx, path("model.so"), {"-j", jobs});
    ASSERT_EQ(ended.code, 0) << ended.text;
    std::string bytes = read(path("model.so"));
    ASSERT_FALSE(bytes.empty());
    EXPECT_TRUE(first.empty() || first == bytes) << jobs << " jobs";
    first = bytes;
  }
}

/// The kernel compiler cannot write its object and is killed for it; the
/// compiler itself, which writes no more than the message, lives on.
TEST_F(SeamBuild, KilledWorkerIsAnErrorThatNamesTheNode) {
  ModelMaker m(17);
  m.input("x", {"N"}).output("y");
  m.node("Relu", {"x"}, {"y"}).set_name("rectify");
  Ended ended = dycc(save(m), path("model.so"), {}, [] {
    rlimit little = {512, 512};
    ::setrlimit(RLIMIT_FSIZE, &little);
  });
  EXPECT_NE(ended.code, 0);
  EXPECT_TRUE(ended.says("error: node 'rectify': cannot compile the kernel of "
                         "Relu: kernel compiler stopped by signal 25"))
      << ended.text;
  EXPECT_FALSE(std::filesystem::exists(path("model.so")));
}

/// The compiler waits for a model on its standard input when the signal comes.
TEST_F(SeamBuild, CrashLeavesAReproducer) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::thread crash([&] {
    std::string children =
        "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    pid_t pid = 0;
    for (int tries = 0; tries < 100 && !pid; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      std::ifstream(children) >> pid;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    ::kill(pid, SIGSEGV);
  });
  Ended ended =
      dycc("-", path("model.so"), {}, [&ends] { ::dup2(ends[0], 0); });
  crash.join();
  EXPECT_EQ(ended.code, 3);
  std::string file = path("model.so.reproducer.sh");
  EXPECT_TRUE(
      ended.says("error: internal error in import; '" + file + "' repeats it"))
      << ended.text;
  EXPECT_NE(read(file).find(") failed in: import\ncd '"), std::string::npos);
  EXPECT_NE(read(file).find("--dump-stages"), std::string::npos);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(SeamBuild, MissingTemporaryFolderIsAnError) {
  Names cached = {"--cache", path("cache")};
  Ended ended = dycc(save(imageModel()), path("model.so"), cached,
                     [] { ::setenv("TMPDIR", "/nonexistent", 1); });
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(ended.says("error: cannot make a temporary folder"))
      << ended.text;
}

TEST_F(SeamBuild, BrokenCacheEntriesAreNotUsed) {
  std::string onnx = save(imageModel());
  Names cached = {"--cache", path("cache")};
  Ended ended = dycc(onnx, path("first.so"), cached);
  ASSERT_EQ(ended.code, 0) << ended.text;
  ASSERT_FALSE(kernels().empty());
  for (const std::filesystem::path &file : kernels()) {
    std::string bytes = read(file);
    bytes[bytes.size() / 2] ^= 1;
    std::ofstream(file, std::ios::binary) << bytes;
  }
  ended = dycc(onnx, path("first.so"), cached);
  ASSERT_EQ(ended.code, 0) << ended.text;
  std::string second = read(path("first.so"));
  ended = dycc(onnx, path("first.so"));
  ASSERT_EQ(ended.code, 0) << ended.text;
  EXPECT_EQ(read(path("first.so")), second);
}

TEST_F(SeamBuild, EqualWeightsAreStoredOnce) {
  ModelMaker m(17);
  m.input("x", {"N", "128"}).output("y");
  m.weight("a", {128, 128}).weight("b", {128, 128}).weight("c", {128, 128}, 3);
  m.node("MatMul", {"x", "a"}, {"u"});
  m.node("MatMul", {"u", "b"}, {"v"});
  m.node("MatMul", {"v", "c"}, {"y"});
  Loaded loaded(compile(m));
  uint64_t bytes = loaded.api->model_describe(loaded.model)->weight_bytes;
  EXPECT_GE(bytes, 2 * 128 * 128 * 4u);
  EXPECT_LT(bytes, 3 * 128 * 128 * 4u);
}

/// 24 matrices of 12.6 MB, in a file beside the model.
TEST_F(SeamBuild, MemoryStaysBelowTwiceTheWeights) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "the sanitizer keeps memory of its own";
#endif
  constexpr int64_t kWidth = 1774, kCount = 24;
  constexpr int64_t kBytes = kWidth * kWidth * 4;
  // What dycc takes for a model without weights, Halide and LLVM included.
  constexpr int64_t kConstant = 256 << 20;
  ModelMaker m(17);
  m.input("x", {"N", std::to_string(kWidth)}).output("y");
  std::ofstream file(path("weights.bin"), std::ios::binary);
  std::vector<float> values(kWidth * kWidth);
  std::string last = "x";
  for (int64_t i = 0; i < kCount; ++i) {
    for (size_t at = 0; at < values.size(); ++at)
      values[at] = float(at * 31 + size_t(i) * 7919);
    file.write(reinterpret_cast<const char *>(values.data()), kBytes);
    std::string name = "w" + std::to_string(i);
    proto::TensorProto &tensor = *m.graph().add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(proto::TensorProto::FLOAT);
    tensor.add_dims(kWidth);
    tensor.add_dims(kWidth);
    tensor.set_data_location(proto::TensorProto::EXTERNAL);
    for (auto [key, value] :
         {std::pair<const char *, std::string>{"location", "weights.bin"},
          {"offset", std::to_string(i * kBytes)},
          {"length", std::to_string(kBytes)}}) {
      auto *entry = tensor.add_external_data();
      entry->set_key(key);
      entry->set_value(value);
    }
    std::string next = i + 1 == kCount ? "y" : "v" + std::to_string(i);
    m.node("MatMul", {last, name}, {next});
    last = next;
  }
  file.close();
  Ended ended = dycc(save(m), path("model.so"));
  ASSERT_EQ(ended.code, 0) << ended.text;
  EXPECT_LT(ended.mostBytes, 2 * kCount * kBytes + kConstant);
  std::printf("weights %lld MB, compiler %lld MB\n",
              (long long)(kCount * kBytes >> 20),
              (long long)(ended.mostBytes >> 20));
  EXPECT_GT(std::filesystem::file_size(path("model.so")),
            uintmax_t(kCount * kBytes));
}

} // namespace
