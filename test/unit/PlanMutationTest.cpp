// dycc-verify-plan finds broken plans: real ones, each broken at random in one
// way. A failure names the model and the seed.
#include "compiler/driver/Frontend.h"
#include "passes/plan/Passes.h"
#include "test/unit/PlanModels.h"
#include "test/unit/PlanMutations.h"

#include "mlir/Pass/PassManager.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

using namespace mlir;
using namespace dycc;
using namespace dycc::test;

namespace {

constexpr unsigned kSeeds = 400; // For each model.

/// A model up to the plan stage.
class Planned {
public:
  explicit Planned(const ModelMaker &model, const std::string &name)
      : options(save(model, name)), frontend(options, llvm::errs()) {
    isGood = frontend.import() == CompileStatus::Ok;
    for (const Stage &stage : stages())
      isGood = isGood && frontend.run(stage) == CompileStatus::Ok;
    std::filesystem::remove(options.input);
  }
  ModuleOp module() { return frontend.getModule(); }

  bool isGood;

private:
  static CompileOptions save(const ModelMaker &model, const std::string &name) {
    CompileOptions options;
    options.input =
        (std::filesystem::temp_directory_path() /
         ("dycc-plan-" + name + "-" + std::to_string(::getpid()) + ".onnx"))
            .string();
    std::ofstream file(options.input, std::ios::binary);
    EXPECT_TRUE(model.model.SerializeToOstream(&file));
    return options;
  }

  CompileOptions options;
  Frontend frontend;
};

/// What dycc-verify-plan says of a module; empty: nothing.
std::string verify(ModuleOp module) {
  std::string text;
  ScopedDiagnosticHandler handler(module.getContext(),
                                  [&](Diagnostic &diagnostic) {
                                    text += diagnostic.str() + "\n";
                                    return success();
                                  });
  PassManager manager(module.getContext());
  manager.addNestedPass<func::FuncOp>(createVerifyPlanPass());
  bool isBad = failed(manager.run(module));
  EXPECT_EQ(isBad, !text.empty()) << text;
  return text;
}

std::vector<Mutation> mutations() {
  std::vector<Mutation> all(slotMutations());
  llvm::append_range(all, placementMutations());
  llvm::append_range(all, tableMutations());
  return all;
}

/// A copy of `module` that `seed` has broken; what was done to it.
std::pair<OwningOpRef<ModuleOp>, std::string>
breakPlan(ModuleOp module, unsigned seed, std::set<std::string> &used) {
  std::mt19937 random(seed);
  const std::vector<Mutation> kinds = mutations();
  for (;;) {
    OwningOpRef<ModuleOp> copy = module.clone();
    OpenPlan plan(copy->lookupSymbol<func::FuncOp>("main"), random);
    const Mutation &mutation = kinds[plan.below(kinds.size())];
    std::string change = mutation.apply(plan);
    if (change.empty())
      continue;
    used.insert(mutation.name);
    return {std::move(copy), std::string(mutation.name) + ": " + change};
  }
}

TEST(PlanMutation, EachBrokenPlanIsFound) {
  std::set<std::string> used;
  for (auto &[name, model] : planModels()) {
    Planned planned(model, name);
    ASSERT_TRUE(planned.isGood) << name;
    ASSERT_EQ(verify(planned.module()), "") << name;
    for (unsigned seed = 0; seed < kSeeds; ++seed) {
      auto [mutant, change] = breakPlan(planned.module(), seed, used);
      EXPECT_NE(verify(*mutant), "")
          << "model " << name << ", seed " << seed << ", " << change;
    }
  }
  EXPECT_EQ(used.size(), mutations().size()) << "a change that no plan allows";
}

} // namespace
