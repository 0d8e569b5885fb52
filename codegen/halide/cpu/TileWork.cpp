// The work of roots whose sums are in register tiles, and of windows: what the
// loops of their plans do, counted.
#include "codegen/halide/cpu/Choose.h"
#include "codegen/halide/cpu/VersionWork.h"
#include "codegen/halide/roots/WinogradGrid.h"
#include "dialects/dyn/Winograd.h"

using dycc::codegen::LaunchWork;
using dycc::dyn::ExprAttr;

namespace dycc::halide {
namespace {

ExprAttr product(llvm::ArrayRef<ExprAttr> factors) {
  ExprAttr result = factors.front();
  for (ExprAttr factor : factors.drop_front())
    result = ExprAttr::mul(result, factor);
  return result;
}

ExprAttr constant(ExprAttr like, int64_t value) {
  return ExprAttr::constant(like.getContext(), value);
}

/// `count` in parts of `size`, rounded up.
ExprAttr parts(ExprAttr count, int64_t size) {
  return ExprAttr::ceilDiv(count, constant(count, size));
}

/// What `bytes` have more than a cache of `cache` bytes.
ExprAttr beyond(ExprAttr bytes, uint64_t cache) {
  return ExprAttr::max(bytes.plus(-static_cast<int64_t>(cache)),
                       constant(bytes, 0));
}

/// Sums in register tiles that cover `rows`: `times`, of all `panels`, over
/// `depth`.
struct Sums {
  dyn::TileAttr tile;
  ExprAttr rows, times, panels, depth;
  int64_t vectors;      ///< Of a panel, that are computed.
  unsigned filterBytes; ///< Of an element of a panel.
};

/// Each tile reads its panel, of which half a first-level cache is there from
/// the last one.
void addTiles(const Sums &sums, const codegen::TargetInfo &target,
              LaunchWork &work) {
  dyn::TileAttr tile = sums.tile;
  TileRows rows = TileRows::get(tile, sums.rows, sums.vectors);
  ExprAttr tiles = product({sums.times, sums.panels, rows.tiles});
  work.add("products", product({sums.times, sums.panels, rows.rows, sums.depth})
                           .times(sums.vectors));
  work.add("steps", ExprAttr::mul(tiles, sums.depth));
  work.add("tiles", tiles);
  ExprAttr panel = sums.depth.times(tile.getWidth() * sums.filterBytes);
  work.add("refetched",
           ExprAttr::mul(tiles, beyond(panel, target.l1Bytes / 2)));
}

int64_t lanesOf(const ElementType &element, int64_t vectorBytes) {
  return std::max<int64_t>(1, vectorBytes / element.computed.bytes());
}

/// All extents but for the channels and the last one.
ExprAttr linesOf(const Dims &image) {
  ExprAttr lines = image[0];
  for (size_t axis = 2; axis + 1 < image.size(); ++axis)
    lines = ExprAttr::mul(lines, image[axis]);
  return lines;
}

} // namespace

TileRows TileRows::get(dyn::TileAttr tile, ExprAttr count, int64_t vectors) {
  ExprAttr most = constant(count, tile.getRows());
  ExprAttr whole = ExprAttr::floorDiv(count, most);
  ExprAttr left = ExprAttr::sub(count, ExprAttr::mul(whole, most));
  // What is left takes the lowest tile that is high enough.
  ExprAttr rows = ExprAttr::mul(whole, most);
  llvm::SmallVector<std::pair<int64_t, int64_t>> heights; // And their worth.
  for (auto [height, parts] :
       llvm::zip_equal(tile.getHeights(), tile.getParts()))
    heights.push_back(
        {height, std::max(height, sumsInFlight / (parts * vectors))});
  llvm::sort(heights);
  int64_t below = 0, worthBelow = 0;
  for (auto [height, worth] : heights) {
    ExprAttr isAbove =
        ExprAttr::get(dyn::ExprKind::Lt, {constant(count, below), left});
    rows = ExprAttr::add(rows, isAbove.times(worth - worthBelow));
    below = height;
    worthBelow = worth;
  }
  return {ExprAttr::ceilDiv(count, most), rows};
}

void addWork(const ConvolutionProblem &problem, dyn::ConvolutionPlanAttr plan,
             int64_t vectorBytes, const codegen::TargetInfo &target,
             LaunchWork &work) {
  dyn::TileAttr tile = plan.getTile();
  ExprAttr depth = problem.inputsPerGroup.times(problem.tapCount());
  if (problem.isTransposed) // Each element meets some of the taps.
    for (int64_t stride : problem.strides)
      depth = parts(depth, stride);
  ExprAttr lines = linesOf(problem.output);
  ExprAttr panels = parts(problem.output[1], tile.getWidth());
  // Of a single panel the vectors that have channels are computed.
  int64_t channels = problem.output[1].asConstant().value_or(tile.getWidth());
  int64_t vectors =
      llvm::divideCeil(std::clamp<int64_t>(channels, 1, tile.getWidth()),
                       lanesOf(problem.element, vectorBytes));
  addTiles({tile, problem.output.back(), lines, panels, depth, vectors,
            problem.filterBytes},
           target, work);
  work.add("lines", lines);
  unsigned bytes = problem.element.computed.bytes();
  ExprAttr image =
      product({linesOf(problem.input), problem.input[1], problem.input.back()})
          .times(bytes);
  if (copiesImage(plan))
    work.add("copied", image);
  ExprAttr filter =
      product({panels, depth}).times(tile.getWidth() * problem.filterBytes);
  // Each line reads the whole filter, or each panel the whole image.
  if (plan.getLoops() == dyn::ConvolutionLoops::Panels)
    work.add("reread", ExprAttr::mul(panels, beyond(image, target.l2Bytes)));
  else
    work.add("reread", ExprAttr::mul(lines, beyond(filter, target.l1Bytes)));
}

void addWork(const ConvolutionProblem &problem, dyn::WinogradPlanAttr plan,
             int64_t vectorBytes, const codegen::TargetInfo &target,
             LaunchWork &work) {
  dyn::TileAttr tile = plan.getTile();
  int64_t outputs = *problem.winograd;
  int64_t places = dyn::Winograd::find(outputs)->places();
  int64_t lanes = lanesOf(problem.element, vectorBytes);
  WinogradGrid grid =
      WinogradGrid::get(problem, plan.getStrip(), plan.getWhole());
  auto stripsOf = [&](ExprAttr extent, ExprAttr tiles) {
    return ExprAttr::ceilDiv(parts(extent, outputs), tiles);
  };
  ExprAttr strips = product({ExprAttr::ceilDiv(problem.output[0], grid.images),
                             stripsOf(problem.output[3], grid.columns),
                             stripsOf(problem.output[2], grid.rows)});
  ExprAttr panels = parts(problem.output[1], tile.getWidth());
  int64_t vectors = llvm::divideCeil(tile.getWidth(), lanes);
  addTiles({tile, grid.tiles, strips.times(places * places), panels,
            problem.inputsPerGroup, vectors, problem.filterBytes},
           target, work);
  ExprAttr transformed = ExprAttr::mul(strips, grid.tiles);
  work.add("transformed_inputs",
           ExprAttr::mul(transformed, parts(problem.inputsPerGroup, lanes)));
  work.add("transformed_outputs",
           ExprAttr::mul(transformed, panels).times(vectors));
  work.add("strips", strips);
  ExprAttr filter = product({panels, problem.inputsPerGroup})
                        .times(tile.getWidth() * places * places *
                               problem.element.computed.bytes());
  work.add("reread", ExprAttr::mul(strips, beyond(filter, target.l2Bytes / 2)));
}

void addWork(const ProductProblem &problem, dyn::ProductPlanAttr plan,
             ExprAttr batches, int64_t vectorBytes,
             const codegen::TargetInfo &target, LaunchWork &work) {
  dyn::TileAttr tile = plan.getTile();
  ExprAttr panels = parts(problem.columns, tile.getWidth());
  int64_t vectors =
      llvm::divideCeil(tile.getWidth(), lanesOf(problem.element, vectorBytes));
  addTiles({tile, problem.rows, batches, panels, problem.depth, vectors,
            problem.rightBytes},
           target, work);
  if (!problem.panelWidth && !plan.getInPlace())
    work.add("copied", product({batches, panels, problem.depth})
                           .times(tile.getWidth() * problem.rightBytes));
}

void addWork(const WindowProblem &problem, dyn::DepthwisePlanAttr plan,
             const Dims &output, int64_t vectorBytes, LaunchWork &work) {
  ExprAttr pixels = parts(output.back(), plan.getPixels());
  ExprAttr vectors = parts(output[1], lanesOf(problem.element, vectorBytes));
  ExprAttr tiles = product({linesOf(output), pixels, vectors});
  work.add("products", tiles.times(plan.getPixels() * problem.tapCount()));
  work.add("tiles", tiles);
  work.add("lines", linesOf(output));
}

void addWork(const WindowProblem &problem, dyn::WindowPlanAttr plan,
             const Dims &output, int64_t vectorBytes, LaunchWork &work) {
  ExprAttr vectors =
      parts(output.back(), lanesOf(problem.element, vectorBytes));
  ExprAttr lines = ExprAttr::mul(linesOf(output), output[1]);
  work.add("products", ExprAttr::mul(lines, vectors).times(problem.tapCount()));
  work.add("vectors", ExprAttr::mul(lines, vectors));
  work.add("lines", lines);
}

} // namespace dycc::halide
