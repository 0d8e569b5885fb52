#include "compiler/pipeline/Pipeline.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/fuse/Passes.h"
#include "passes/normalize/Passes.h"
#include "passes/plan/Passes.h"
#include "passes/shape/Passes.h"
#include "passes/version/Passes.h"

using namespace mlir;

namespace dycc {
namespace {

void buildNormalize(OpPassManager &pm, const PipelineOptions &options) {
  // Constants in front of ranks: an If may be decided by them.
  pm.addNestedPass<func::FuncOp>(createFoldConstantsPass());
  // Before ranks: those of the model may follow from what was in a sequence.
  pm.addNestedPass<func::FuncOp>(createFoldSequencesPass());
  // Before expansions: they read ranks and extents off the types.
  pm.addPass(createPropagateRanksPass());
  // Behind ranks: a sequence in memory has rows of that many extents.
  pm.addNestedPass<func::FuncOp>(createPackSequencesPass());
  // What was taken out of one had no rank.
  pm.addPass(createPropagateRanksPass());
  OpPassManager &functions = pm.nest<func::FuncOp>();
  functions.addPass(createExpandRecurrentPass());
  // Before integers are moved: what reads them then is no dequantisation.
  functions.addPass(createConvertSignedStepsPass());
  // Before products: those of integers that were moved are among them.
  functions.addPass(createElideDequantizationsPass());
  // Before the folding of constants: it makes f32 of weights, and turns those
  // that are transposed.
  functions.addPass(createFuseDequantizedProductsPass());
  // Behind it: products of integers have their weights as such.
  functions.addPass(createConvertQuantizedWeightsPass());
  // Weights that exporters or the expansion compute: folding a normalisation
  // needs them as constants.
  functions.addPass(createFoldConstantsPass());
  functions.addPass(createFoldBatchNormPass());
  // After it: what no weights could take becomes products and sums.
  functions.addPass(createExpandFunctionsPass());
  // What it adds to sums is folded with what they are moved by.
  if (options.multipliesSigned)
    functions.addPass(createConvertUnsignedProductsPass());
  functions.addPass(createFoldConstantsPass());
  // Behind all that looks for patterns of f32; before equal conversions meet.
  if (!options.precision.empty()) {
    ConvertPrecisionPassOptions precision;
    precision.element = options.precision;
    llvm::append_range(precision.keepF32, options.keepF32);
    functions.addPass(createConvertPrecisionPass(precision));
    functions.addPass(createFoldConstantsPass());
  }
  // Expansions make each index vector anew.
  functions.addPass(createCSEPass());
  functions.addPass(createVerifyNormalizePass());
}

void buildShape(OpPassManager &pm, const PipelineOptions &options) {
  // Before shapes: a value that has one rank or another has no shape.
  pm.addPass(createDecideBranchesPass());
  if (!options.isEnabled("propagate"))
    pm.addPass(createLimitPropagationPass());
  pm.addPass(createPropagateShapesPass());
  // Before folding: what the folded arithmetic relied on is checked too.
  pm.addPass(createInsertShapeChecksPass());
  // After the checks: the branches are of the axes in range.
  pm.addPass(createExpandDataAxesPass());
  pm.addPass(createFoldShapeArithmeticPass());
  // After the last solution: it says more of a Scan than of the Loop.
  pm.addPass(createConvertScanToLoopPass());
  // Only now: the shape arithmetic that became expressions is dead.
  pm.addNestedPass<func::FuncOp>(createElideDuplicatesPass());
  pm.addPass(createVerifyShapePass());
}

void buildFuse(OpPassManager &pm, const PipelineOptions &options) {
  OpPassManager &functions = pm.nest<func::FuncOp>();
  // Control flow first: an If with a known predicate is inlined, so that
  // fusion sees through it.
  functions.addPass(createLowerControlFlowPass());
  functions.addPass(createInsertIndexChecksPass());
  functions.addPass(createLowerRuntimeOpsPass());
  // Views before layouts: what they read and give is plain.
  functions.addPass(createLowerViewsPass());
  functions.addPass(createDropUnitAxesPass());
  // Its views may meet others.
  functions.addPass(createFoldMovementPass());
  if (options.isEnabled("layout")) {
    // Before layouts, which are chosen by the type of what there is then.
    functions.addPass(
        createConvertFiltersPass({options.winograd, options.pairsBf16}));
    functions.addPass(createAssignLayoutsPass(
        {options.panelWidths, options.filterWidths, options.channelBlock,
         options.winograd, options.pairsBf16}));
  }
  // After layouts: what lies in pieces where channels are innermost stays.
  // Images among other channels are no memory of their own.
  bool join = options.isEnabled("memory") && options.isEnabled("in-place") &&
              options.isEnabled("join");
  functions.addPass(createLowerPartsPass({join}));
  FormGroupsPassOptions groups;
  groups.fuse = options.isEnabled("fuse");
  functions.addPass(createFormGroupsPass(groups));
  functions.addPass(createMaterializeOutputsPass());
  // Before kernels have their symbols: a chunk has other rows.
  // Strips first: of a batch of images they take one at a time, too.
  if (options.isEnabled("chunk")) {
    pm.addPass(createFormStripsPass({options.cacheBytes}));
    pm.addPass(createFormChunksPass({options.cacheBytes}));
  }
  // Before kernels have their strides, behind chunks: they go by rows.
  if (join)
    pm.addPass(createJoinImagesPass());
  // Also before strides; behind what copies an output that is no kernel's own.
  if (join)
    pm.addPass(createGrowCachesPass());
  // Last: every group exists, copies for the outputs too.
  pm.addPass(createOutlineKernelsPass());
  pm.addNestedPass<func::FuncOp>(createVerifyFusePass());
}

void buildVersion(OpPassManager &pm, const PipelineOptions &options) {
  // First: versions that some launch cannot take, another one may.
  if (options.isEnabled("share"))
    pm.addPass(createShareKernelsPass());
  bool isSingle = options.isSmall || !options.isEnabled("version");
  pm.addPass(createPruneVersionsPass({isSingle, options.onlyVersion}));
  EstimateCostsPassOptions costs;
  for (const PipelineMachine &machine : options.machines) {
    costs.machines.push_back(machine.name);
    costs.operations.push_back(machine.operationsPerNs);
    costs.bytes.push_back(machine.bytesPerNs);
  }
  pm.addPass(createEstimateCostsPass(costs));
}

void buildPlan(OpPassManager &pm, const PipelineOptions &options) {
  // What is left without `memory` are slots as an allocator would give them.
  bool inPlace = options.isEnabled("memory") && options.isEnabled("in-place");
  bool place = options.isEnabled("memory") && options.isEnabled("place");
  if (inPlace)
    pm.addPass(createElideCopiesPass());
  OpPassManager &functions = pm.nest<func::FuncOp>();
  // Behind it: operands of what is joined share memory wherever they run. It
  // judges by slots that are shared.
  if (options.isEnabled("order") && options.isEnabled("reuse"))
    functions.addPass(createOrderLaunchesPass({inPlace, place}));
  // Behind it: who reads last decides.
  if (inPlace && options.isEnabled("reuse"))
    functions.addPass(createElideBranchBuffersPass());
  PlanMemoryPassOptions memory;
  memory.reuse = options.isEnabled("reuse");
  memory.inPlace = inPlace;
  memory.placeSlots = place;
  functions.addPass(createPlanMemoryPass(memory));
  // Behind it: a transfer is of the place that a tensor has.
  functions.addPass(createPlaceTransfersPass());
  functions.addPass(createVerifyPlanPass());
}

constexpr Stage kStages[] = {
    {"normalize", "operators are simple ones, constants and weights folded",
     buildNormalize},
    {"shape", "every dim is an expression over declared symbols", buildShape},
    {"fuse",
     "every tensor operation launches a kernel or is a runtime operator",
     buildFuse},
    {"version", "every kernel has versions that launches can take, with costs",
     buildVersion},
    {"plan", "every value has a place, sizes and offsets are formulas",
     buildPlan},
};

} // namespace

std::vector<std::string> optimisations() {
  return {"chunk", "fuse",  "in-place",  "join",  "layout", "memory",
          "order", "place", "propagate", "reuse", "share",  "version"};
}

llvm::ArrayRef<Stage> stages() { return kStages; }

void registerStagePipelines() {
  static std::vector<std::string> names; // The registry keeps references.
  names.reserve(std::size(kStages));
  for (const Stage &stage : kStages) {
    names.push_back(("dycc-" + stage.name + "-pipeline").str());
    registerPassPipeline(
        names.back(), stage.invariant,
        [build = stage.build](OpPassManager &pm, StringRef,
                              function_ref<LogicalResult(const Twine &)>) {
          build(pm, PipelineOptions());
          return success();
        },
        [](function_ref<void(const detail::PassOptions &)>) {});
  }
}

} // namespace dycc
