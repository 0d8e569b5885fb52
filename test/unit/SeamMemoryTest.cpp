// The seams of a compiled model's memory: the caller's tensors, the arena, the
// peak, allocations, donated inputs.
#include "test/unit/SeamFixture.h"

#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace dycc::test;
namespace proto = dycc::proto;

namespace {

class SeamMemory : public Seam {};

/// The bytes of a tensor in memory that the test chooses.
struct Placed {
  DLTensor view;
  Placed(Tensor &like, uint8_t *memory) : view(like.view) {
    view.data = memory;
    std::memcpy(memory, like.values.data(), like.values.size() * 4);
  }
};

size_t bytesOf(const Tensor &tensor) { return tensor.values.size() * 4; }

/// Runs `loaded` in ordinary memory and, for each edge, with every tensor
/// next to a page that faults; the same bits have to come out.
void checkGuarded(Loaded &loaded, const std::vector<int64_t> &in,
                  std::vector<std::vector<int64_t>> out) {
  Tensor x(in), y(out[0]), z(out[1]);
  ASSERT_EQ(loaded.run({&x.view}, {&y.view, &z.view}), DYCC_OK)
      << loaded.error();
  for (bool atEnd : {false, true}) {
    GuardedBytes xBytes(bytesOf(x), atEnd), yBytes(bytesOf(y), atEnd),
        zBytes(bytesOf(z), atEnd);
    Placed px(x, xBytes.data());
    Tensor other(out[0], 100), another(out[1], 100);
    Placed py(other, yBytes.data()), pz(another, zBytes.data());
    ASSERT_EQ(loaded.run({&px.view}, {&py.view, &pz.view}), DYCC_OK)
        << loaded.error();
    EXPECT_EQ(std::memcmp(y.values.data(), yBytes.data(), bytesOf(y)), 0);
    EXPECT_EQ(std::memcmp(z.values.data(), zBytes.data(), bytesOf(z)), 0);
  }
}

TEST_F(SeamMemory, TensorsOfTheCallerAreAccessedExactly) {
  Loaded images(compile(imageModel()));
  for (auto [n, h, w] : {std::array<int64_t, 3>{1, 1, 1},
                         {2, 7, 13},
                         {1, 16, 32},
                         {1, 31, 3},
                         {3, 5, 37}})
    checkGuarded(images, {n, 3, h, w}, {{n, 8, h, w}, {n, 8, h + 1, w + 1}});
  Loaded tokens(compile(tokenModel(), {}, "tokens"));
  for (auto [b, t] :
       {std::array<int64_t, 2>{1, 1}, {1, 7}, {3, 13}, {1, 64}, {2, 1}})
    checkGuarded(tokens, {b, t, 24}, {{b, 24, t}, {b, t, 5}});
}

TEST_F(SeamMemory, TensorsOfTheCallerHaveAnyAlignment) {
  Loaded images(compile(imageModel()));
  Tensor x({1, 3, 9, 11}), y({1, 8, 9, 11}), p({1, 8, 10, 12});
  ASSERT_EQ(images.run({&x.view}, {&y.view, &p.view}), DYCC_OK);
  for (size_t shift : {1, 2, 3, 4, 12, 20}) {
    std::vector<uint8_t> xBytes(bytesOf(x) + 64), yBytes(bytesOf(y) + 64),
        pBytes(bytesOf(p) + 64);
    Placed px(x, xBytes.data() + shift), py(y, yBytes.data() + shift),
        pp(p, pBytes.data() + shift);
    std::fill(yBytes.begin(), yBytes.end(), 0xab);
    ASSERT_EQ(images.run({&px.view}, {&py.view, &pp.view}), DYCC_OK);
    EXPECT_EQ(std::memcmp(yBytes.data() + shift, y.values.data(), bytesOf(y)),
              0);
    EXPECT_EQ(yBytes[shift - 1], 0xab);
    EXPECT_EQ(yBytes[shift + bytesOf(y)], 0xab);
  }
}

TEST_F(SeamMemory, PeakIsExactAndWhatTheAllocatorGave) {
  std::string library = compile(imageModel());
  CountingAllocator counter;
  Loaded images(library, 1, counter.options());
  int64_t context = counter.bytes;
  Tensor x({1, 3, 9, 11}), y({1, 8, 9, 11}), p({1, 8, 10, 12});
  ASSERT_EQ(images.run({&x.view}, {&y.view, &p.view}), DYCC_OK);
  dycc_peak peak = images.peak({1, 9, 11});
  EXPECT_EQ(peak.exact, 1u);
  EXPECT_EQ(counter.bytes, context + int64_t(peak.arena_bytes));
  EXPECT_EQ(int64_t(peak.bytes), counter.bytes);
}

/// The number behind `key` in a JSON text.
uint64_t numberIn(const std::string &json, const std::string &key) {
  size_t at = json.find("\"" + key + "\":");
  EXPECT_NE(at, json.npos) << key;
  return std::stoull(json.substr(at + key.size() + 3));
}

// One formula: what plan() computes, what the report says, what --max-memory
// refuses.
TEST_F(SeamMemory, PeakReportAndMaxMemoryAgreeToTheByte) {
  // The slots come to an odd number of 64 bytes.
  Names flags = {"--dim", "N=1", "--dim", "H=9", "--dim", "W=12"};
  Names reported = flags;
  reported.insert(reported.end(), {"--report", path("report.json")});
  Loaded images(compile(imageModel(), reported));
  dycc_peak found = {};
  ASSERT_EQ(images.api->peak_bytes_in(images.model, nullptr, nullptr, 1, &found,
                                      nullptr),
            DYCC_OK);
  uint64_t peak = found.arena_bytes;
  std::string report = read(path("report.json"));
  std::string at = report.substr(report.find("\"at\":"));
  EXPECT_EQ(numberIn(at, "arena") + numberIn(at, "scratch"), peak);
  for (bool isEnough : {false, true}) {
    Names limited = flags;
    limited.insert(limited.end(), {"--max-memory",
                                   std::to_string(isEnough ? peak : peak - 1)});
    Ended ended = dycc(path("model.onnx"), path("limited.so"), limited);
    EXPECT_EQ(ended.code, isEnough ? 0 : 1) << ended.text;
    EXPECT_EQ(
        ended.says("a run can take up to " + std::to_string(peak) + " bytes"),
        !isEnough)
        << ended.text;
  }
}

TEST_F(SeamMemory, PeakIsABoundWhereExecutionDecides) {
  ModelMaker m(17);
  m.input("x", {"N"}).output("y", proto::TensorProto::INT64);
  m.node("NonZero", {"x"}, {"y"});
  CountingAllocator counter;
  Loaded loaded(compile(m), 1, counter.options());
  int64_t shape[2] = {1, -1};
  DLTensor lent = {nullptr, {kDLCPU, 0}, 2, {}, shape, nullptr, 0};
  Tensor x({100});
  ASSERT_EQ(loaded.run({&x.view}, {&lent}), DYCC_OK) << loaded.error();
  dycc_peak peak = loaded.peak({100});
  EXPECT_EQ(peak.exact, 0u);
  EXPECT_LT(shape[1], 100);
  EXPECT_GE(int64_t(peak.bytes), counter.bytes);
}

/// Everything that can allocate is counted: the context's allocator, and
/// malloc() of this process.
TEST_F(SeamMemory, AfterReserveRunDoesNotAllocate) {
  std::string library = compile(imageModel());
  for (uint32_t threads : {1, 3}) {
    CountingAllocator counter;
    Loaded images(library, threads, counter.options());
    int64_t lower[] = {1, 1, 1}, upper[] = {2, 40, 40};
    ASSERT_EQ(images.api->reserve(images.context, lower, upper), DYCC_OK)
        << images.error();
    Tensor x({2, 3, 40, 40}), y({2, 8, 40, 40}), p({2, 8, 41, 41});
    Tensor x2({1, 3, 7, 5}), y2({1, 8, 7, 5}), p2({1, 8, 8, 6});
    const DLTensor *in[] = {&x.view}, *in2[] = {&x2.view};
    DLTensor *out[] = {&y.view, &p.view}, *out2[] = {&y2.view, &p2.view};
    int calls = counter.calls;
    int64_t allocations = countAllocations();
    dycc_status first = images.api->run(images.context, in, out, nullptr);
    dycc_status second = images.api->run(images.context, in2, out2, nullptr);
    EXPECT_EQ(countAllocations(), allocations);
    EXPECT_EQ(counter.calls, calls);
    EXPECT_EQ(first, DYCC_OK) << images.error();
    EXPECT_EQ(second, DYCC_OK) << images.error();
  }
}

TEST_F(SeamMemory, ArenaOfTheCallerSaysWhatItNeeds) {
  std::string library = compile(imageModel());
  uint64_t need = Loaded(library).peak({1, 9, 11}).arena_bytes;
  Tensor x({1, 3, 9, 11}), y({1, 8, 9, 11}), p({1, 8, 10, 12});
  GuardedBytes memory((need + 127) / 128 * 128, /*atEnd=*/true);
  dycc_context_options options = {};
  options.arena = memory.data();
  options.arena_bytes = need - 1;
  {
    Loaded small(library, 1, options);
    EXPECT_EQ(small.run({&x.view}, {&y.view, &p.view}), DYCC_ARENA_TOO_SMALL);
    EXPECT_EQ(small.error(), "arena has " + std::to_string(need - 1) +
                                 " bytes, needs " + std::to_string(need) +
                                 " (with 1 threads)");
  }
  options.arena_bytes = need;
  Loaded enough(library, 1, options);
  EXPECT_EQ(enough.run({&x.view}, {&y.view, &p.view}), DYCC_OK);
}

/// An arena whose pages are there once they are touched.
struct LazyArena {
  void *memory;
  size_t bytes;
  explicit LazyArena(size_t bytes)
      : memory(mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)),
        bytes(bytes) {}
  ~LazyArena() { munmap(memory, bytes); }
  size_t touched() const {
    size_t page = sysconf(_SC_PAGESIZE);
    std::vector<unsigned char> there((bytes + page - 1) / page);
    EXPECT_EQ(mincore(memory, bytes, there.data()), 0);
    return page * std::count(there.begin(), there.end(), 1);
  }
};

/// Results of the data are placed at their bound, half a GiB here; the pages
/// behind what they really hold stay untouched.
TEST_F(SeamMemory, OnlyActualSizesAreTouched) {
  ModelMaker m(17);
  m.input("x", {"N"}).output("y");
  m.weight("row", {128});
  m.node("NonZero", {"x"}, {"found"});
  m.node("Transpose", {"found"}, {"column"});
  auto &cast = m.node("Cast", {"column"}, {"value"});
  set(cast, "to", int64_t(proto::TensorProto::FLOAT));
  m.node("Add", {"value", "row"}, {"table"});
  auto &total = m.node("ReduceSum", {"table"}, {"y"});
  set(total, "keepdims", int64_t(0));
  std::string library = compile(m, {"--disable", "fuse"});
  constexpr int64_t count = 1 << 20;
  LazyArena arena(Loaded(library).peak({count}).arena_bytes);
  EXPECT_GT(arena.bytes, size_t(512) << 20);
  dycc_context_options options = {};
  options.arena = arena.memory;
  options.arena_bytes = arena.bytes;
  Loaded loaded(library, 1, options);
  Tensor x({count}), y({});
  std::fill(x.values.begin(), x.values.end(), 0.0f);
  x.values[5] = x.values[9] = 1;
  ASSERT_EQ(loaded.run({&x.view}, {&y.view}), DYCC_OK) << loaded.error();
  float row = 0;
  for (int i = 1; i < 128; ++i)
    row += float(i * 5 % 17) / 8 - 1;
  EXPECT_EQ(y.values[0], (5 + 9) * 128 + 2 * row);
  EXPECT_LT(arena.touched(), size_t(1) << 20);
}

TEST_F(SeamMemory, DonatedInputTakesTheResult) {
  ModelMaker m(17);
  m.input("cache", {"N", "4"}).input("x", {"1", "4"}).output("next");
  m.node("Add", {"cache", "x"}, {"next"});
  Loaded loaded(compile(m));
  Tensor cache({5, 4}), x({1, 4}, 10), expected({5, 4});
  for (size_t i = 0; i < expected.values.size(); ++i)
    expected.values[i] = cache.values[i] + x.values[i % 4];
  DLTensor next = cache.view;
  EXPECT_EQ(loaded.run({&cache.view, &x.view}, {&next}), DYCC_INVALID_ARGUMENT);
  EXPECT_EQ(loaded.error(),
            "output \"next\": overlaps input \"cache\", which is not donated");
  uint8_t donated[] = {1, 0};
  dycc_run_options options = {sizeof(options), 2, donated, nullptr,
                              nullptr,         0, 0,       0};
  ASSERT_EQ(loaded.run({&cache.view, &x.view}, {&next}, &options), DYCC_OK)
      << loaded.error();
  EXPECT_EQ(next.data, cache.view.data);
  EXPECT_EQ(cache.values, expected.values);
}

/// Without memory for the result it lies in the donated input, where the kernel
/// has written it; what is not donated stays as it is.
TEST_F(SeamMemory, KernelWritesIntoADonatedInput) {
  ModelMaker m(17);
  m.input("cache", {"N", "4"}).input("x", {"1", "4"}).output("next");
  m.node("Add", {"cache", "x"}, {"next"});
  Loaded loaded(compile(m));
  Tensor cache({5, 4}), x({1, 4}, 10), next = Tensor::lent(2);
  std::vector<float> before = cache.values;
  ASSERT_EQ(loaded.run({&cache.view, &x.view}, {&next.view}), DYCC_OK);
  EXPECT_NE(next.view.data, cache.view.data);
  EXPECT_EQ(cache.values, before);
  uint8_t donated[] = {1, 0};
  dycc_run_options options = {sizeof(options), 2, donated, nullptr,
                              nullptr,         0, 0,       0};
  Tensor inPlace = Tensor::lent(2);
  ASSERT_EQ(loaded.run({&cache.view, &x.view}, {&inPlace.view}, &options),
            DYCC_OK)
      << loaded.error();
  EXPECT_EQ(inPlace.view.data, cache.view.data);
  EXPECT_EQ(cache.values[5], before[5] + x.values[1]);
}

} // namespace
