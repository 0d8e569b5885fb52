// What a run tells beside the times of kernels: launches, parts, live bytes.
#include "dycc/profile.h"
#include "test/unit/RuntimeModel.h"

#include <mutex>
#include <set>
#include <thread>

namespace dycc::test {
namespace {

/// All that a run told, in order; parts in the order of their ends.
struct Log {
  std::vector<std::string> lines;
  std::vector<std::thread::id> threads; ///< Of the parts.
  std::mutex lock;

  void add(const std::string &line) {
    std::lock_guard guard(lock);
    lines.push_back(line);
  }
};

std::string list(const int64_t *numbers, int64_t count) {
  std::string text;
  for (int64_t i = 0; i < count; ++i)
    text += (i ? " " : "") + std::to_string(numbers[i]);
  return text;
}

std::string textOf(const dycc_launch &launch) {
  std::string text = std::to_string(launch.launch) + " of " + launch.nodes +
                     ", version " + launch.version + ", symbols " +
                     list(launch.symbols, launch.num_symbols);
  const int64_t *dims = launch.dims;
  for (uint32_t i = 0; i < launch.num_operands + launch.num_results; ++i) {
    const dycc_operand_info &operand = launch.operands[i];
    EXPECT_TRUE(operand.dtype.code == kDLFloat && operand.dtype.bits == 32 &&
                operand.dtype.lanes == 1);
    text += (i < launch.num_operands ? ", operand " : ", result ") +
            list(dims, operand.rank);
    dims += operand.rank;
  }
  return text;
}

dycc_profile hooks(Log &log) {
  auto of = [](void *user) -> Log & { return *static_cast<Log *>(user); };
  static auto logOf = of;
  dycc_profile profile = {};
  profile.user = &log;
  profile.begin = [](void *user, uint32_t) { logOf(user).add("begin"); };
  profile.end = [](void *user, uint32_t) { logOf(user).add("end"); };
  profile.launch = [](void *user, const dycc_launch *launch) {
    EXPECT_EQ(launch->size, sizeof(dycc_launch));
    logOf(user).add(textOf(*launch));
  };
  profile.begin_part = [](void *, uint32_t part, uint32_t parts) {
    EXPECT_LT(part, parts);
  };
  profile.end_part = [](void *user, uint32_t part) {
    logOf(user).add("part " + std::to_string(part));
    std::lock_guard guard(logOf(user).lock);
    logOf(user).threads.push_back(std::this_thread::get_id());
  };
  return profile;
}

/// Runs each task of a loop on a thread of its own.
void threadPerTask(void *, uint32_t count, void (*task)(void *, uint32_t),
                   void *data) {
  std::vector<std::thread> threads;
  for (uint32_t i = 0; i < count; ++i)
    threads.emplace_back(task, data, i);
  for (std::thread &thread : threads)
    thread.join();
}

dycc_status runWith(Session &session, const dycc_profile &profile,
                    uint32_t profileSize, uint32_t optionsSize) {
  dycc_run_options options = {};
  options.size = optionsSize;
  options.profile = &profile;
  options.profile_size = profileSize;
  Tensor x({2, 3, 4}), y({2}), z({2, 4}), p({8});
  return session.run({&x, &y}, {&z, &p}, &options);
}

constexpr const char *kLaunch =
    "1 of scale, version rows, symbols 2 4, operand "
    "2 3 4, operand 2, result 2 4";

TEST(RuntimeProfile, TellsLaunchesWithTheirShapes) {
  Session session;
  Log log;
  dycc_profile profile = hooks(log);
  ASSERT_EQ(
      runWith(session, profile, sizeof(profile), sizeof(dycc_run_options)),
      DYCC_OK);
  EXPECT_EQ(log.lines, (std::vector<std::string>{kLaunch, "begin", "end"}));
}

TEST(RuntimeProfile, TellsPartsOnTheThreadsThatRunThem) {
  dycc_executor executor = {threadPerTask, 2, 0, nullptr};
  dycc_context_options options = {};
  options.executor = &executor;
  Session session(kModel, 2, options);
  Log log;
  dycc_profile profile = hooks(log);
  ASSERT_EQ(
      runWith(session, profile, sizeof(profile), sizeof(dycc_run_options)),
      DYCC_OK);
  ASSERT_EQ(log.lines.size(), 5u);
  EXPECT_EQ(log.lines[1], "begin");
  EXPECT_EQ(std::set<std::string>(log.lines.begin() + 2, log.lines.begin() + 4),
            (std::set<std::string>{"part 0", "part 1"}));
  EXPECT_EQ(log.lines[4], "end");
  ASSERT_EQ(log.threads.size(), 2u);
  for (std::thread::id thread : log.threads)
    EXPECT_NE(thread, std::this_thread::get_id());
}

// The fields behind what they know may be any bytes.
TEST(RuntimeProfile, TellsOlderCallersWhatTheyKnow) {
  Session session;
  Log log;
  dycc_profile profile = hooks(log);
  for (auto [profileSize, optionsSize] :
       {std::pair(0u, uint32_t(sizeof(dycc_run_options))),
        std::pair(24u, uint32_t(sizeof(dycc_run_options))),
        std::pair(uint32_t(sizeof(profile)), 32u)}) {
    log.lines.clear();
    ASSERT_EQ(runWith(session, profile, profileSize, optionsSize), DYCC_OK);
    EXPECT_EQ(log.lines, (std::vector<std::string>{"begin", "end"}));
  }
}

TEST(RuntimeProfile, TellsBytesBeyondTheArena) {
  Session session;
  uint64_t bytes = 1;
  dycc_profile profile = {};
  profile.user = &bytes;
  profile.begin = profile.end = [](void *, uint32_t) {};
  profile.launch = [](void *user, const dycc_launch *launch) {
    *static_cast<uint64_t *>(user) = launch->heap_bytes;
  };
  ASSERT_EQ(
      runWith(session, profile, sizeof(profile), sizeof(dycc_run_options)),
      DYCC_OK);
  EXPECT_EQ(bytes, 0u);
}

TEST(RuntimeProfile, SaysLiveBytesOfEachLaunch) {
  Session session;
  ASSERT_EQ(session.api->model_describe(session.model)->num_launches, 2u);
  int64_t symbols[] = {2, 8}, bytes[2] = {};
  dycc_message message;
  ASSERT_EQ(session.api->live_bytes(session.model, symbols, bytes, &message),
            DYCC_OK);
  EXPECT_EQ(bytes[0], 8);
  EXPECT_EQ(bytes[1], 128);
  EXPECT_EQ(session.api->live_bytes(session.model, symbols, nullptr, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "bytes is null");
  EXPECT_EQ(session.api->live_bytes(nullptr, symbols, bytes, &message),
            DYCC_INVALID_ARGUMENT);
  EXPECT_STREQ(message.text, "model is null");
  symbols[1] = 7;
  EXPECT_EQ(session.api->live_bytes(session.model, symbols, bytes, &message),
            DYCC_INVALID_ARGUMENT);
}

} // namespace
} // namespace dycc::test
