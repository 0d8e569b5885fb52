#include "codegen/halide/cpu/Choose.h"

namespace dycc::halide {

/// Panels of a packed matrix; none where their number is no constant.
static std::optional<int64_t> panelsOf(const ProductProblem &problem,
                                       int64_t width) {
  std::optional<int64_t> columns = problem.columns.asConstant();
  if (!problem.panelWidth || !columns)
    return std::nullopt;
  return llvm::divideCeil(*columns, width);
}

/// Strips of rows are few and uneven, panels many and, but for the last one,
/// equal.
static bool sharesPanels(const ProductProblem &problem, int64_t width) {
  constexpr int64_t many = 8;
  return panelsOf(problem, width).value_or(0) >= many;
}

/// A loop over several panels ends where the last, narrower one begins: without
/// such a one each panel can be a task.
static int64_t panelsPerTask(const ProductProblem &problem, int64_t width) {
  constexpr int64_t most = 4;
  bool isWhole =
      problem.panelWidth && dyn::divisorOf(problem.columns, {}) % width == 0;
  return isWhole ? 1 : most;
}

static TileChoice tileChoice(const ProductProblem &problem, int64_t width) {
  return {width, problem.rows, problem.depth, problem.element, /*isFlat=*/true};
}

mlir::Attribute chooseProduct(const ProductProblem &problem,
                              const codegen::TargetInfo &target,
                              mlir::MLIRContext *context) {
  unsigned bytes = problem.element.computed.bytes();
  // The tiles of an attention are as high as possible: each reads all keys.
  dyn::ExprAttr narrow = problem.attentionColumns;
  int64_t width = problem.panelWidth.value_or(
      narrow
          ? dyn::choosePanelWidth(target.filterWidths(bytes), narrow)
          : dyn::choosePanelWidth(target.panelWidths(bytes), problem.columns));
  auto tile = chooseTile(tileChoice(problem, width), target);
  std::optional<int64_t> depth = problem.depth.asConstant();
  bool ahead =
      problem.panelWidth && !problem.isDequantized && depth &&
      isFetchedAhead(*depth * width * problem.rightBytes, tile, bytes, target);
  // Strips long enough to pay for reading or copying a panel; rows that stay in
  // the second-level cache are read from memory once.
  constexpr int64_t few = 64, many = 256;
  int64_t strip = ahead ? static_cast<int64_t>(target.l2Bytes / 4) : 0;
  int64_t rows = problem.rows.asConstant().value_or(INT64_MAX);
  bool hasChoice =
      problem.isDequantized || (problem.isRightDense && !problem.panelWidth);
  bool inPlace = hasChoice && rows <= fewRows(tile, problem.isDequantized);
  // Whole panels, and enough products that their number is no matter.
  constexpr int64_t fewProducts = 64;
  bool anyExtents = problem.panelWidth && !problem.isDequantized &&
                    depth.value_or(0) >= fewProducts;
  return dyn::ProductPlanAttr::get(context, tile, few, many, strip, ahead,
                                   inPlace, panelsPerTask(problem, width),
                                   sharesPanels(problem, width), anyExtents,
                                   anyExtents);
}

namespace {

/// A plan of a product in the making.
struct ProductPlan {
  dyn::TileAttr tile;
  int64_t few, many, strip;
  bool ahead, inPlace;
  int64_t task;
  bool sharesPanels;

  explicit ProductPlan(dyn::ProductPlanAttr plan)
      : tile(plan.getTile()), few(plan.getFew()), many(plan.getMany()),
        strip(plan.getStrip()), ahead(plan.getAhead()),
        inPlace(plan.getInPlace()), task(plan.getTask()),
        sharesPanels(plan.getSharesPanels()) {}

  dyn::ProductPlanAttr get(dyn::ProductPlanAttr like) const {
    return dyn::ProductPlanAttr::get(like.getContext(), tile, few, many, strip,
                                     ahead, inPlace, task, sharesPanels,
                                     like.getAnyColumns(), like.getAnyDepth());
  }
};

} // namespace

std::vector<mlir::Attribute> plansNear(const ProductProblem &problem,
                                       dyn::ProductPlanAttr plan,
                                       const codegen::TargetInfo &target) {
  constexpr int64_t tasks[] = {1, 2, 4, 8}, tiles[] = {16, 64, 256, 1024};
  std::vector<mlir::Attribute> near;
  auto add = [&](auto change) {
    ProductPlan other(plan);
    change(other);
    near.push_back(other.get(plan));
  };
  for (dyn::TileAttr tile :
       tilesNear(tileChoice(problem, plan.getTile().getWidth()), plan.getTile(),
                 target))
    add([&](ProductPlan &other) { other.tile = tile; });
  add([](ProductPlan &other) { other.ahead = !other.ahead; });
  add([](ProductPlan &other) { other.inPlace = !other.inPlace; });
  add([](ProductPlan &other) { other.sharesPanels = !other.sharesPanels; });
  for (int64_t part : {0, 8, 4, 2}) // Of the second-level cache.
    add([&](ProductPlan &other) {
      other.strip = part ? static_cast<int64_t>(target.l2Bytes) / part : 0;
    });
  for (int64_t few : stepsFrom(plan.getFew(), tiles))
    add([&](ProductPlan &other) { other.few = few; });
  for (int64_t many : stepsFrom(plan.getMany(), tiles))
    add([&](ProductPlan &other) { other.many = many; });
  for (int64_t task : stepsFrom(plan.getTask(), tasks))
    add([&](ProductPlan &other) { other.task = task; });
  return near;
}

} // namespace dycc::halide
