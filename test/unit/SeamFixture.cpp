#include "test/unit/SeamFixture.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dycc::test {

Seam::Seam() {
  std::string name =
      std::filesystem::temp_directory_path() / "dycc-seam-XXXXXX";
  folder = ::mkdtemp(name.data());
}

Seam::~Seam() { std::filesystem::remove_all(folder); }

std::string Seam::save(const ModelMaker &model, const std::string &name) {
  std::string file = path(name + ".onnx");
  std::ofstream(file, std::ios::binary) << model.model.SerializeAsString();
  return file;
}

std::string Seam::read(const std::string &file) const {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// In the new process: the program in place of this one, both streams in `out`.
[[noreturn]] static void become(const Names &arguments, const std::string &out,
                                const std::function<void()> &prepare) {
  std::vector<char *> argv;
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  if (!std::freopen(out.c_str(), "w", stdout) || ::dup2(1, 2) < 0)
    ::_exit(126);
  if (prepare)
    prepare();
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

Ended Seam::execute(const Names &arguments,
                    const std::function<void()> &prepare) {
  std::string out = path("streams");
  std::fflush(nullptr); // Or the new process prints it again.
  pid_t pid = ::fork();
  if (pid == 0)
    become(arguments, out, prepare);
  Ended ended;
  int status = 0;
  rusage usage = {};
  if (pid < 0 || ::wait4(pid, &status, 0, &usage) != pid)
    return ended;
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ended.text = read(out);
  ended.mostBytes = int64_t(usage.ru_maxrss) * 1024;
  std::filesystem::remove(out);
  return ended;
}

Ended Seam::runLinked(const char *program, const Names &objects) {
  std::ofstream(path("main.c")) << program;
  Names arguments{DYCC_TEST_COMPILER, "-std=c99", "-I",
                  std::string(DYCC_TEST_SOURCE) + "/runtime/include",
                  path("main.c")};
  arguments.insert(arguments.end(), objects.begin(), objects.end());
  for (const std::string &last :
       {std::string("-lm"), std::string("-o"), path("main")})
    arguments.push_back(last);
  Ended built = execute(arguments);
  return built.code == 0 ? execute({path("main")}) : built;
}

Ended Seam::dycc(const std::string &onnx, const std::string &output,
                 Names flags, const std::function<void()> &prepare) {
  Names arguments = {DYCC_TEST_DYCC, onnx, "-o", output, "--cache", ""};
  for (std::string &flag : flags) {
    if (flag == "--cache")
      arguments.resize(arguments.size() - 2);
    arguments.push_back(std::move(flag));
  }
  return execute(arguments, prepare);
}

std::string Seam::compile(const ModelMaker &model, Names flags,
                          const std::string &name) {
  std::string library = path(name + ".so");
  Ended ended = dycc(save(model, name), library, std::move(flags));
  EXPECT_EQ(ended.code, 0) << ended.text;
  return library;
}

Loaded::Loaded(const std::string &path, uint32_t threads,
               dycc_context_options options, const char *machine)
    : library(::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (!library) {
    ADD_FAILURE() << ::dlerror();
    std::abort();
  }
  auto query = dycc_query_fn(::dlsym(library, "dycc_model_query"));
  api = query(DYCC_ABI_VERSION);
  dycc_model_options modelOptions = {
      sizeof(modelOptions), threads, machine, 0, 0, nullptr};
  dycc_message message = {};
  EXPECT_EQ(api->model_create(&modelOptions, &model, &message), DYCC_OK)
      << message.text;
  options.size = sizeof(options);
  EXPECT_EQ(api->context_create(model, &options, &context, &message), DYCC_OK)
      << message.text;
}

Loaded::~Loaded() {
  api->context_destroy(context);
  EXPECT_EQ(api->model_destroy(model), DYCC_OK);
  ::dlclose(library);
}

dycc_status Loaded::run(const std::vector<DLTensor *> &inputs,
                        const std::vector<DLTensor *> &outputs,
                        const dycc_run_options *options) {
  return api->run(context, inputs.data(), outputs.data(), options);
}

dycc_peak Loaded::peak(const std::vector<int64_t> &symbols, uint32_t threads) {
  dycc_peak peak = {};
  dycc_message message = {};
  EXPECT_EQ(api->peak_bytes(model, symbols.data(), threads, &peak, &message),
            DYCC_OK)
      << message.text;
  return peak;
}

GuardedBytes::GuardedBytes(size_t bytes, bool atEnd) {
  size_t page = size_t(::sysconf(_SC_PAGESIZE));
  mapped = (bytes + page - 1) / page * page + 2 * page;
  pages = static_cast<uint8_t *>(
      ::mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ::mprotect(pages + page, mapped - 2 * page, PROT_READ | PROT_WRITE);
  begin = atEnd ? pages + mapped - page - bytes : pages + page;
}

GuardedBytes::~GuardedBytes() { ::munmap(pages, mapped); }

static void addConvolution(ModelMaker &m, const std::string &in,
                           const std::string &out) {
  proto::NodeProto &node =
      m.node("Conv", {in, out + "_weight", out + "_bias"}, {out});
  set(node, "pads", {1, 1, 1, 1});
}

ModelMaker imageModel() {
  ModelMaker m(17);
  m.input("x", {"N", "3", "H", "W"}).output("y").output("p");
  m.weight("first_weight", {16, 3, 3, 3}).weight("first_bias", {16});
  m.weight("second_weight", {8, 16, 3, 3}).weight("second_bias", {8});
  m.weight("third_weight", {8, 8, 3, 3}).weight("third_bias", {8});
  addConvolution(m, "x", "first");
  m.node("Relu", {"first"}, {"a"});
  addConvolution(m, "a", "second");
  m.node("Relu", {"second"}, {"b"});
  addConvolution(m, "b", "third");
  m.node("Add", {"third", "b"}, {"y"});
  proto::NodeProto &pool = m.node("MaxPool", {"y"}, {"p"});
  set(pool, "kernel_shape", {2, 2});
  set(pool, "pads", {1, 1, 1, 1});
  return m;
}

ModelMaker tokenModel() {
  ModelMaker m(17);
  m.input("x", {"B", "T", "24"}).output("y").output("z");
  m.weight("w", {24, 24}).weight("scale", {24}, 1).weight("shift", {24});
  m.integers("starts", {3}).integers("ends", {8}).integers("axes", {2});
  m.node("MatMul", {"x", "w"}, {"product"});
  m.node("LayerNormalization", {"product", "scale", "shift"}, {"normal"});
  set(m.node("Softmax", {"normal"}, {"soft"}), "axis", int64_t(-1));
  set(m.node("Transpose", {"soft"}, {"y"}), "perm", {0, 2, 1});
  m.node("Slice", {"normal", "starts", "ends", "axes"}, {"z"});
  return m;
}

ModelMaker loopModel() {
  using proto::TensorProto;
  ModelMaker m(17);
  m.input("x", {"1"}).output("y").weight("one", {}, 1).weight("none", {}, 0);
  TensorProto &yes = *m.graph().add_initializer();
  yes.set_name("yes");
  yes.set_data_type(TensorProto::BOOL);
  yes.add_int32_data(1);
  proto::NodeProto &loop = m.node("Loop", {"", "yes", "x"}, {"y"});
  loop.set_name("forever");
  proto::GraphProto &body = subgraph(loop, "body");
  addValue(body.add_input(), "trip", TensorProto::INT64);
  addValue(body.add_input(), "going", TensorProto::BOOL);
  addValue(body.add_input(), "carried");
  ModelMaker::addNode(body, "Squeeze", {"carried"}, {"scalar"});
  ModelMaker::addNode(body, "Greater", {"scalar", "none"}, {"more"});
  ModelMaker::addNode(body, "Mul", {"carried", "one"}, {"next"});
  addValue(body.add_output(), "more", TensorProto::BOOL);
  addValue(body.add_output(), "next");
  return m;
}

} // namespace dycc::test

//===----------------------------------------------------------------------===//
// Counting allocations
//===----------------------------------------------------------------------===//

static int64_t allocations = 0; // Changed atomically.

int64_t dycc::test::countAllocations() {
  return __atomic_load_n(&allocations, __ATOMIC_RELAXED);
}

#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer)
// These take the place of the C library's in the whole process, the loaded
// models included.
extern "C" {
// NOLINTBEGIN(readability-identifier-naming): glibc's names.
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
// NOLINTEND(readability-identifier-naming)

static void count() { __atomic_fetch_add(&allocations, 1, __ATOMIC_RELAXED); }

void *malloc(size_t bytes) {
  count();
  return __libc_malloc(bytes);
}
void *calloc(size_t items, size_t bytes) {
  count();
  return __libc_calloc(items, bytes);
}
void *realloc(void *memory, size_t bytes) {
  count();
  return __libc_realloc(memory, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  count();
  *memory = __libc_memalign(alignment, bytes);
  return *memory ? 0 : ENOMEM;
}
}
#endif
