// The process that compiles kernels: it serves more than once, whatever the
// process that asks does with threads meanwhile, and its end is told.
#include "codegen/kernels/KernelServer.h"
#include "KernelHarness.h"
#include "codegen/kernels/KernelCache.h"

#include <csignal>
#include <fstream>
#include <thread>
#include <unistd.h>

using namespace dycc::test;
using dycc::codegen::KernelRequest;
using dycc::codegen::KernelServer;
using dycc::codegen::TaskEnd;

namespace {

/// Writes the kernel's name in the place of an object; ends its server, or
/// throws, at the kernels that are called so.
class NamingBackend final : public dycc::codegen::Backend {
public:
  llvm::StringRef name() const override { return "naming"; }
  std::string key(dycc::dyn::VersionAttr) const override { return "naming"; }
  std::optional<dycc::codegen::KernelRefusal>
  plan(dycc::dyn::KernelOp) const override {
    return std::nullopt;
  }
  dycc::dyn::ExprAttr compile(dycc::dyn::KernelOp kernel, unsigned,
                              const std::string &path) const override {
    if (kernel.getSymName() == "end")
      ::kill(::getppid(), SIGKILL);
    if (kernel.getSymName() == "throw")
      throw std::logic_error("thrown");
    std::ofstream(path) << kernel.getSymName().str();
    return dycc::dyn::ExprAttr::symbol(kernel.getContext(), "N");
  }
};

class KernelServing : public KernelTest {
protected:
  KernelRequest request(const std::string &name) {
    GroupText relu{{"@f32[N]"}, {"@f32[N]"}, "%r = Relu(%0) : @f32[N]", "%r"};
    return KernelRequest::get(parse(relu, name), 0, cache.file(name).path());
  }

  NamingBackend naming;
  dycc::codegen::KernelCache cache{""};
};

TEST_F(KernelServing, ServesMoreThanOnceBesideThreads) {
  KernelServer server(naming);
  std::atomic<bool> isDone = false;
  std::thread other([&] {
    while (!isDone)
      delete new int;
  });
  for (const char *prefix : {"a", "b"}) {
    std::vector<KernelRequest> requests;
    for (int i = 0; i < 5; ++i)
      requests.push_back(request(prefix + std::to_string(i)));
    size_t last = 0;
    std::vector<TaskEnd> ends =
        server.run(requests, 2, [&](size_t done) { EXPECT_EQ(done, ++last); });
    EXPECT_EQ(last, 5u);
    ASSERT_EQ(ends.size(), 5u);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(ends[i].error, "");
      auto [scratch, object] =
          dycc::codegen::KernelFile(requests[i].path).read();
      EXPECT_EQ(scratch, "#dyn.expr<N>");
      EXPECT_EQ(object, prefix + std::to_string(i));
    }
  }
  isDone = true;
  other.join();
}

TEST_F(KernelServing, TellsOfWhatFails) {
  KernelServer server(naming);
  std::vector<TaskEnd> ends =
      server.run({request("throw"), request("good")}, 1);
  ASSERT_EQ(ends.size(), 2u);
  EXPECT_EQ(ends[0].error, "thrown");
  EXPECT_TRUE(ends[0].isDefect);
  EXPECT_EQ(ends[1].error, "");
}

TEST_F(KernelServing, TellsOfItsEnd) {
  KernelServer server(naming);
  for (int round = 0; round < 2; ++round) {
    std::vector<TaskEnd> ends = server.run({request("end")}, 1);
    ASSERT_EQ(ends.size(), 1u);
    EXPECT_EQ(ends[0].error, "kernel compiler is gone");
    EXPECT_FALSE(ends[0].isDefect);
  }
}

} // namespace
