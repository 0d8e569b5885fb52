// Requests for lines of a buffer ahead of their use.
#include "codegen/halide/cpu/ConvolutionAhead.h"
#include "codegen/halide/cpu/PackedWeight.h"
#include "codegen/halide/lowering/Prefetch.h"

#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>
#include <set>

using namespace dycc::halide;
using Halide::Expr;
using Halide::Var;

namespace {

/// Counts the requests in a lowered pipeline.
class Requests final : public Halide::Internal::IRMutator {
public:
  int found = 0;

private:
  using IRMutator::visit;

  Expr visit(const Halide::Internal::Call *op) override {
    found += op->name == "llvm.prefetch.p0";
    EXPECT_NE(op->name, "dycc_prefetching");
    return IRMutator::visit(op);
  }
};

/// Products of four rows with a matrix of 16 columns, in one tile of two
/// vectors per row, `unroll` steps at once. Step `k` asks for `lines(k)`.
Halide::Pipeline tile(const Halide::ImageParam &matrix, int unroll,
                      llvm::function_ref<LinesAhead(Expr k)> lines) {
  Halide::Func sums("sums");
  Var lane("lane"), row("row");
  Halide::RDom k(0, 12, "k");
  Halide::RVar outer("outer"), inner("inner");
  sums(lane, row) = 0;
  sums(lane, row) += (row + 1) * prefetching(matrix(lane, k), lines(k));
  sums.bound(lane, 0, 16).bound(row, 0, 4);
  Var vector("vector");
  sums.update()
      .split(k, outer, inner, unroll)
      .split(lane, lane, vector, 8)
      .reorder(vector, lane, row, inner, outer)
      .vectorize(vector)
      .unroll(lane)
      .unroll(row)
      .unroll(inner);
  return sums;
}

// However many vectors and rows a tile has; and far beyond a buffer, too.
TEST(KernelPrefetch, OneRequestPerStep) {
  for (int unroll : {1, 3}) {
    Halide::ImageParam in(Halide::Int(32), 2, "in");
    Halide::Pipeline pipeline = tile(in, unroll, [](Expr k) {
      return LinesAhead{"in", {100000, k}, 2, 16};
    });
    Requests requests;
    addPrefetches(pipeline, [](const std::string &name) {
      return BufferPlace{name, {1, 16}};
    });
    pipeline.add_custom_lowering_pass(&requests, nullptr);
    Halide::Buffer<int> values(16, 12);
    values.for_each_element([&](int x, int y) { values(x, y) = x * y; });
    in.set(values);
    Halide::Buffer<int> sums = pipeline.realize({16, 4});
    EXPECT_EQ(requests.found, 2 * unroll);
    sums.for_each_element([&](int lane, int row) {
      EXPECT_EQ(sums(lane, row), (row + 1) * lane * 66);
    });
  }
}

// A loop of requests that unrolled steps have in common is there once.
TEST(KernelPrefetch, OneLoopForUnrolledSteps) {
  Halide::ImageParam in(Halide::Int(32), 2, "in");
  Halide::Pipeline pipeline = tile(in, 3, [&](const Expr &k) {
    return LinesAhead{"in", {100000 + k / 3}, in.dim(0).extent(), 16};
  });
  Requests requests;
  addPrefetches(pipeline, [](const std::string &name) {
    return BufferPlace{name, {1, 16}};
  });
  pipeline.add_custom_lowering_pass(&requests, nullptr);
  in.set(Halide::Buffer<int>(16, 12));
  pipeline.compile_jit();
  EXPECT_EQ(requests.found, 1);
}

/// Has the dialect of layouts.
struct Context : mlir::MLIRContext {
  Context() { loadDialect<dycc::dyn::DynDialect>(); }
};

/// A weight of f32 in panels of `width`, with 5 by 3 taps.
struct Panels {
  explicit Panels(int width)
      : weight{Halide::ImageParam(Halide::Float(32), 4, "weight"),
               dycc::dyn::LayoutAttr::get(&context,
                                          dycc::dyn::LayoutKind::Panels, width),
               {Halide::Float(32), Halide::Float(32)},
               {}} {
    tiles.width = width;
    tiles.taps = Halide::RDom({{0, 5}, {0, 3}}, "taps");
  }

  /// The lines that the tile asks for behind which `left` of `count` follow.
  std::set<int64_t> lines(int panel, int left, int count) const {
    Var block("block");
    Expr at = lineAhead(weight, tiles, block, {panelCount, left, count});
    std::set<int64_t> result;
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 5; ++x) {
        std::map<std::string, Expr> values{{block.name(), panel},
                                           {tiles.taps[0].name(), x},
                                           {tiles.taps[1].name(), y}};
        Expr value = Halide::Internal::simplify(
            Halide::Internal::substitute(values, at));
        result.insert(*Halide::Internal::as_const_int(value));
      }
    return result;
  }

  static constexpr int panelCount = 3;
  Context context;
  PanelTensor weight;
  RegisterTiles tiles;
};

TEST(KernelPrefetch, LastTilesAskForTheNextPanel) {
  for (int width : {8, 16, 24, 64}) {
    Panels panels(width);
    int elements = width * 15;
    for (int panel = 0; panel < Panels::panelCount; ++panel) {
      int begin = (panel + 1) % Panels::panelCount * elements;
      int perTap = (width + 15) / 16;
      for (int times : {1, 2, 4}) { // So many tiles share the lines of a tap.
        std::set<int64_t> asked, lines;
        for (int left = 0; left < perTap * times; ++left)
          asked.merge(panels.lines(panel, left, perTap * times));
        for (int64_t element : asked)
          lines.insert((element - begin) / 16);
        for (int line = 0; line * 16 < elements; ++line)
          EXPECT_TRUE(lines.count(line)) << line << " of " << width;
        EXPECT_GE(*asked.begin(), begin);
        EXPECT_LT(*asked.rbegin(), begin + elements);
      }
    }
  }
}

TEST(KernelPrefetch, TheLastTileAsksForAWholePanel) {
  constexpr int taps = 15;
  for (int width : {8, 16, 32}) {
    Panels panels(width);
    panels.tiles.taps = Halide::RDom(0, taps, "channels");
    for (int panel = 0; panel < Panels::panelCount; ++panel)
      for (int left : {0, 1, 7}) {
        LinesAhead lines = nextPanel(panels.weight, panels.tiles, panel,
                                     {Panels::panelCount, left, 8});
        bool isNext = left == 0 && panel + 1 < Panels::panelCount;
        int begin = (panel + isNext) * width * taps;
        for (int tap = 0; tap < taps; ++tap) {
          Expr first = Halide::Internal::simplify(Halide::Internal::substitute(
              panels.tiles.taps.x.name(), tap, lines.first[0]));
          EXPECT_TRUE(Halide::Internal::is_const(first, begin + tap * width));
        }
        EXPECT_TRUE(Halide::Internal::is_const(lines.count, (width + 15) / 16));
        EXPECT_EQ(lines.step, std::min(width, 16));
      }
  }
}

TEST(KernelPrefetch, ASingleRowAsksSomePagesAhead) {
  Panels panels(32);
  Var block("block");
  LinesAhead lines = streamAhead(panels.weight, panels.tiles, block);
  std::map<std::string, Expr> values{{block.name(), 2},
                                     {panels.tiles.taps[0].name(), 3}};
  Expr first = Halide::Internal::simplify(
      Halide::Internal::substitute(values, lines.first[0]));
  EXPECT_TRUE(Halide::Internal::is_const(first, (2 * 5 + 3) * 32 + 4096));
  EXPECT_TRUE(Halide::Internal::is_const(lines.count, 2));
  EXPECT_EQ(lines.step, 16);
}

/// The pixels along x that a 3x3 convolution asks to write to at one position
/// of its window, in a tile of `height` pixels.
std::set<int64_t> pixelsAsked(int height, int tile, int tapX, int tapY) {
  using namespace Halide::Internal;
  ConvolutionStages stages;
  stages.result = "result";
  stages.tiles.height = height;
  stages.tiles.width = 32;
  stages.tiles.taps = Halide::RDom({{0, 32}, {0, 3}, {0, 3}}, "taps");
  stages.spatial = {Var("p1"), Var("p0")};
  Window window{{3, 3}, {1, 1}, {1, 1}, {1, 1}, {1, 1}, true, {}, {}};
  Expr asked = ConvolutionAhead(stages, window, 4).ofResult(Expr(0.f));
  std::map<std::string, Expr> values{{stages.tiles.tile.name(), tile},
                                     {stages.tiles.taps[1].name(), tapX},
                                     {stages.tiles.taps[2].name(), tapY}};
  std::set<int64_t> pixels;
  while (const auto *call = asked.as<Call>()) {
    EXPECT_TRUE(equal(call->args[1], 2)); // 32 channels of f32.
    EXPECT_TRUE(equal(call->args[2], 16));
    Expr x = simplify(substitute(values, call->args[4]));
    pixels.insert(*as_const_int(x));
    asked = call->args[0];
  }
  return pixels;
}

TEST(KernelPrefetch, WindowsAskForTheNextTile) {
  for (int height : {14, 9, 4, 1}) {
    std::set<int64_t> pixels;
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 3; ++x) {
        std::set<int64_t> share = pixelsAsked(height, 2, x, y);
        EXPECT_EQ(share.size(), static_cast<size_t>(height > 9 ? 2 : 1));
        pixels.merge(share);
      }
    for (int x = 3 * height; x < 4 * height; ++x)
      EXPECT_TRUE(pixels.count(x)) << x << " of " << height;
    EXPECT_EQ(*pixels.begin(), 3 * height);
  }
}

TEST(KernelPrefetch, EarlierTilesStayInTheirPanel) {
  Panels panels(64);
  for (int panel = 0; panel < Panels::panelCount; ++panel)
    for (int left : {16, 17, 1000})
      for (int64_t line : panels.lines(panel, left, 2000)) {
        EXPECT_GE(line, panel * 64 * 15);
        EXPECT_LT(line, (panel + 1) * 64 * 15);
      }
}

} // namespace
