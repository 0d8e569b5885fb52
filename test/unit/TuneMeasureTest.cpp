// Measuring in a process of its own: whatever happens there, it is a text here.
#include "compiler/tune/Measure.h"
#include "compiler/tune/Process.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace dycc::tune;
namespace fs = std::filesystem;

namespace {

class TuneMeasure : public ::testing::Test {
protected:
  TuneMeasure() {
    folder = fs::temp_directory_path() /
             ("dycc-measure-" + std::to_string(::getpid()));
    fs::create_directories(folder);
  }
  ~TuneMeasure() override { fs::remove_all(folder); }

  /// A job for a program of the shell in the place of dycc-bench.
  BenchJob job(const std::string &script) {
    fs::path program = folder / "dycc-bench";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
    BenchJob job;
    job.program = program.string();
    job.before = "before.so";
    job.after = "after.so";
    job.folder = folder.string();
    job.dims = {"H=3"};
    return job;
  }

  std::string problem(const BenchJob &job) {
    auto times = runBench(job);
    return times ? "none" : llvm::toString(times.takeError());
  }

  fs::path folder;
};

const std::string times = R"({"sizes": [{"min": 0.5, "against": {"min": 0.75}}],
"profile": {"kernels": [{"name": "k", "least_seconds": 0.125}]},
"against_profile": {"kernels": [{"name": "k", "least_seconds": 0.25}]}})";

TEST_F(TuneMeasure, ReadsTimesOfBothSides) {
  BenchJob given = job("echo \"$@\" > " + (folder / "said").string() +
                       "\ncat > \"$6\" <<'END'\n" + times + "\nEND");
  given.machine = "x86-64-v3";
  given.inputs = {"x=0..1"};
  auto read = runBench(given);
  ASSERT_TRUE(static_cast<bool>(read)) << llvm::toString(read.takeError());
  EXPECT_EQ(read->model.before, 0.75);
  EXPECT_EQ(read->model.after, 0.5);
  EXPECT_EQ(read->kernels["k"].before, 0.25);
  EXPECT_EQ(read->kernels["k"].after, 0.125);
  std::ifstream file(folder / "said");
  std::string said((std::istreambuf_iterator<char>(file)), {});
  for (const char *part :
       {"after.so --against before.so --profile --json", "--machine x86-64-v3",
        "--dim H=3", "--input x=0..1", "--threads 1"})
    EXPECT_NE(said.find(part), std::string::npos) << said;
}

TEST_F(TuneMeasure, TellsHowItEnded) {
  EXPECT_EQ(problem(job("echo 'dycc-bench: error: no' >&2; exit 1")),
            "dycc-bench: error: no");
  EXPECT_EQ(problem(job("exit 3")), "dycc-bench ended: status 3");
  EXPECT_EQ(problem(job("kill -SEGV $$")).find("dycc-bench ended: "), 0u);
  EXPECT_EQ(problem(job("exit 0")), "dycc-bench wrote no times");
  EXPECT_EQ(problem(job("echo '{}' > \"$6\""))
                .find("expects times of dycc-bench, got: "),
            0u);
}

TEST_F(TuneMeasure, EndsWhatHangs) {
  BenchJob hanging = job("exec sleep 100");
  hanging.limit = 1;
  auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(problem(hanging).find("dycc-bench ended: "), 0u);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(50));
}

TEST_F(TuneMeasure, FindsTheProgramBesideThisOne) {
  auto found = findProgram("dycc-bench", "measures plans");
  if (found)
    EXPECT_EQ(fs::path(*found).filename(), "dycc-bench");
  else
    EXPECT_NE(llvm::toString(found.takeError()).find("which measures plans"),
              std::string::npos);
}

} // namespace
