#include "KernelHarness.h"
#include "codegen/kernels/DispatchBackend.h"
#include "codegen/target/Dispatch.h"

using namespace dycc::test;
using dycc::codegen::TargetInfo;

namespace {

class KernelDispatch : public KernelTest {};

using dycc::codegen::dispatchTargets;

std::vector<TargetInfo> machinesOf(const char *triple,
                                   const std::vector<std::string> &names) {
  auto targets = dispatchTargets(triple, names);
  EXPECT_TRUE(static_cast<bool>(targets));
  return targets ? *targets : std::vector<TargetInfo>();
}

TEST_F(KernelDispatch, MachinesOfADispatchAreSortedTheBestFirst) {
  auto x86 = machinesOf("x86_64-linux-gnu", {"v1", "v4", "x86-64-v3"});
  ASSERT_EQ(x86.size(), 3u);
  EXPECT_EQ(x86[0].machine, "x86-64-v4");
  EXPECT_EQ(x86[1].machine, "x86-64-v3");
  EXPECT_EQ(x86[2].machine, "x86-64");
  auto arm = machinesOf("aarch64-linux-gnu", {"armv8-a", "v8.2", "v8.6"});
  ASSERT_EQ(arm.size(), 3u);
  EXPECT_EQ(arm[0].machine, "armv8.6-a");
  EXPECT_TRUE(arm[0].hasFeature("i8mm"));
  EXPECT_EQ(arm[1].machine, "armv8.2-a");
  EXPECT_FALSE(arm[1].hasFeature("i8mm"));
  EXPECT_TRUE(arm[1].hasFeature("dotprod"));
  EXPECT_FALSE(arm[2].hasFeature("dotprod"));
  EXPECT_TRUE(arm[2].hasFeature("neon"));
}

TEST_F(KernelDispatch, MachinesOfADispatchShareLayouts) {
  using namespace dycc::codegen;
  auto both = machinesOf("x86_64-linux-gnu", {"v3", "v4"});
  EXPECT_EQ(commonPanelWidths(both), (std::vector<int64_t>{32, 48}));
  EXPECT_EQ(commonFilterWidths(both), (std::vector<int64_t>{32, 48}));
  EXPECT_EQ(commonChannelBlock(both), 16);
  auto low = machinesOf("x86_64-linux-gnu", {"v3", "v1"});
  EXPECT_EQ(commonPanelWidths(low), (std::vector<int64_t>{24, 16}));
  // A tile of one row is better than none.
  auto far = machinesOf("x86_64-linux-gnu", {"v4", "v1"});
  EXPECT_EQ(commonPanelWidths(far), (std::vector<int64_t>{32, 48}));
  auto one = machinesOf("x86_64-linux-gnu", {"v4"});
  EXPECT_EQ(commonPanelWidths(one), one[0].panelWidths());
  EXPECT_EQ(commonFilterWidths(one), one[0].filterWidths());
}

TEST_F(KernelDispatch, CodeForAllMachinesUsesWhatEachHas) {
  using dycc::codegen::commonTarget;
  auto both = machinesOf("x86_64-linux-gnu", {"v3", "v4"});
  TargetInfo common = commonTarget(both);
  EXPECT_TRUE(common.hasFeature("avx2"));
  EXPECT_FALSE(common.hasFeature("avx512f"));
  EXPECT_EQ(common.cpu, "");
  EXPECT_EQ(commonTarget(both[0]).key(), both[0].key());
}

TEST_F(KernelDispatch, BadDispatchesAreRefused) {
  auto error = [](const char *triple, const std::vector<std::string> &names) {
    auto targets = dispatchTargets(triple, names);
    EXPECT_FALSE(static_cast<bool>(targets));
    return llvm::toString(targets.takeError());
  };
  EXPECT_EQ(error("x86_64-linux-gnu", {"v3", "v5"}),
            "--dispatch: unknown machine 'v5', expected some of x86-64-v4 "
            "(v4), x86-64-v3 (v3), x86-64 (v1)");
  EXPECT_EQ(error("x86_64-linux-gnu", {"v3", "v8.2"}),
            "--dispatch: machine 'v8.2' is of aarch64, expected some of the "
            "target's, x86_64: x86-64-v4 (v4), x86-64-v3 (v3), x86-64 (v1)");
  EXPECT_EQ(error("aarch64-linux-gnu", {"v8", "armv8-a"}),
            "--dispatch: got machine 'armv8-a' twice, expected different "
            "ones");
  EXPECT_EQ(error("riscv64-linux-gnu", {"v3"}),
            "unsupported target 'riscv64-linux-gnu': expects x86_64 or "
            "aarch64");
}

TEST_F(KernelDispatch, EachMachineHasVersionsOfItsOwn) {
  auto targets = machinesOf("x86_64-linux-gnu", {"v3", "v1"});
  dycc::codegen::DispatchBackend backend;
  for (const TargetInfo &target : targets)
    backend.add(target.machine,
                std::make_unique<dycc::halide::CpuBackend>(target));
  dycc::dyn::KernelOp kernel =
      parse({{"@f32[N]"}, {"@f32[N]"}, "%r = Relu(%0) : @f32[N]", "%r"}, "k");
  ASSERT_FALSE(backend.plan(kernel));
  ASSERT_EQ(kernel.getNumVersions(), 2u);
  EXPECT_EQ(kernel.getNumMachines(), 2u);
  EXPECT_EQ(kernel.getVersion(0).getMachine(), "x86-64-v3");
  EXPECT_EQ(kernel.getVersion(1).getMachine(), "x86-64");
  EXPECT_EQ(kernel.getVersion(0).getPlan().getVector(), 32);
  EXPECT_EQ(kernel.getVersion(1).getPlan().getVector(), 16);
  EXPECT_EQ(backend.key(kernel.getVersion(1)), targets[1].key());
  auto made = dycc::codegen::compileKernels(kernel, backend, {1, ""});
  ASSERT_TRUE(succeeded(made));
  ASSERT_EQ(made->size(), 2u);
  EXPECT_EQ((*made)[0].name, "k_x86_64_v3");
  EXPECT_EQ((*made)[1].name, "k_x86_64");
  EXPECT_NE((*made)[0].object, (*made)[1].object);
}

} // namespace
