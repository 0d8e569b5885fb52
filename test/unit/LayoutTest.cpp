// What a layout means, against where its description in words puts elements.
#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Winograd.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"

#include <gtest/gtest.h>
#include <numeric>

using namespace dycc::dyn;

namespace {

class LayoutTest : public ::testing::Test {
protected:
  LayoutTest() { context.loadDialect<DynDialect>(); }

  LayoutAttr channelsLast(int64_t width) {
    return LayoutAttr::get(&context, LayoutKind::ChannelsLast, width);
  }
  LayoutAttr panels(int64_t width) {
    return LayoutAttr::get(&context, LayoutKind::Panels, width);
  }
  llvm::SmallVector<ExprAttr> exprs(llvm::ArrayRef<int64_t> values) {
    llvm::SmallVector<ExprAttr> result;
    for (int64_t value : values)
      result.push_back(ExprAttr::constant(&context, value));
    return result;
  }
  /// The numbers from 1 on in this layout; 0 where there is no element.
  std::vector<int> packed(llvm::ArrayRef<int64_t> dims, LayoutAttr layout) {
    mlir::Type type = getTensorType(
        exprs(dims), mlir::Builder(&context).getI32Type(), layout);
    std::vector<int> plain(std::accumulate(dims.begin(), dims.end(), int64_t(1),
                                           std::multiplies<>()));
    std::iota(plain.begin(), plain.end(), 1);
    std::vector<char> bytes =
        pack({reinterpret_cast<char *>(plain.data()), plain.size() * 4}, type);
    std::vector<int> result(bytes.size() / 4);
    std::memcpy(result.data(), bytes.data(), bytes.size());
    EXPECT_EQ(getSizeInBytes(type).asConstant(), int64_t(bytes.size()));
    return result;
  }
  static std::string text(llvm::ArrayRef<ExprAttr> values) {
    std::string result;
    for (ExprAttr value : values)
      result += (result.empty() ? "" : ", ") + value.str();
    return result;
  }

  mlir::MLIRContext context;
};

TEST_F(LayoutTest, RoomIsBetweenRows) {
  auto b = ExprAttr::symbol(&context, "B"), n = ExprAttr::symbol(&context, "N"),
       c = ExprAttr::symbol(&context, "C"),
       four = ExprAttr::constant(&context, 4);
  LayoutAttr room = LayoutAttr::getRoom(1, c);
  Layout layout(&context, {b, n, four}, room);
  EXPECT_EQ(text(layout.strides()), "1, 4, 4 * C");
  // The arena has none.
  EXPECT_EQ(layout.elements().str(), "4 * B * N");
  mlir::Type f32 = mlir::Builder(&context).getF32Type();
  mlir::Type part = getTensorType({b, n, four}, f32, room),
             whole = getTensorType({b, n.plus(1), four}, f32, room),
             one = getTensorType({b, four.times(0).plus(1), four}, f32, room);
  EXPECT_TRUE(areAlong({part, one}, whole));
  EXPECT_FALSE(areAlong({part, part}, whole));
  EXPECT_FALSE(areAlong({withLayout(part, {}), one}, whole));
  EXPECT_FALSE(areAlong({part, one}, withLayout(whole, {})));
  EXPECT_TRUE(isPlain(part) && isPlain(withLayout(part, {})));
  EXPECT_EQ(mapExtents(part, [&](ExprAttr e) { return e == c ? n : e; }),
            getTensorType({b, n, four}, f32, LayoutAttr::getRoom(1, n)));
}

TEST_F(LayoutTest, PlainIsRowMajor) {
  EXPECT_EQ(packed({2, 3}, {}), (std::vector<int>{1, 2, 3, 4, 5, 6}));
  auto n = ExprAttr::symbol(&context, "N"), h = ExprAttr::symbol(&context, "H");
  Layout layout(&context, {n, h}, {});
  EXPECT_EQ(text(layout.strides()), "1, H");
  EXPECT_EQ(layout.elements().str(), "H * N");
  EXPECT_FALSE(layout.isBlocked());
}

TEST_F(LayoutTest, AScalarIsOneElement) {
  EXPECT_TRUE(Layout(&context, {}, {}).elements().isConstant(1));
  EXPECT_TRUE(Layout(&context, {}, {}).strides().empty());
}

TEST_F(LayoutTest, ChannelsLastPadsTheChannels) {
  // (N, C, W) = (1, 3, 2): pixels of 4.
  EXPECT_EQ(packed({1, 3, 2}, channelsLast(4)),
            (std::vector<int>{1, 3, 5, 0, 2, 4, 6, 0}));
  auto w = ExprAttr::symbol(&context, "W"), c = ExprAttr::symbol(&context, "C");
  Layout layout(&context, {ExprAttr::constant(&context, 1), c, w},
                channelsLast(8));
  EXPECT_EQ(text(layout.strides()),
            "1, 8 * ((C + 7) floordiv 8), 8 * W * ((C + 7) floordiv 8)");
  EXPECT_FALSE(layout.isBlocked());
  // Among other channels.
  Layout part(&context, {ExprAttr::constant(&context, 1), c, w},
              channelsLast(8).withPitch(40));
  EXPECT_EQ(text(part.strides()), "1, 40, 40 * W");
}

TEST_F(LayoutTest, PanelsOfAMatrixAreItsColumns) {
  // (k, n) = (2, 3) in panels of 2 columns.
  EXPECT_EQ(packed({2, 3}, panels(2)),
            (std::vector<int>{1, 2, 4, 5, 3, 0, 6, 0}));
}

TEST_F(LayoutTest, GroupsLieTogetherInPanels) {
  auto grouped = LayoutAttr::get(&context, LayoutKind::Panels, 2, 0, 2);
  // (k, n) = (3, 3): panels of 2 columns, in each groups of 2 of a column.
  EXPECT_EQ(packed({3, 3}, grouped),
            (std::vector<int>{1, 4, 2, 5, 7, 0, 8, 0, //
                              3, 6, 0, 0, 9, 0, 0, 0}));
  // (O, I, k) = (2, 3, 2): element (o, i, k) is 1 + 6 o + 2 i + k.
  EXPECT_EQ(packed({2, 3, 2}, grouped),
            (std::vector<int>{1, 3, 7, 9, 5, 0, 11, 0, //
                              2, 4, 8, 10, 6, 0, 12, 0}));
}

TEST_F(LayoutTest, IntegersOfFewBitsShareBytes) {
  auto u4 = mlir::IntegerType::get(&context, 4, mlir::IntegerType::Unsigned);
  auto i2 = mlir::IntegerType::get(&context, 2);
  auto bytes = [&](mlir::Type element, int64_t group, std::vector<char> plain) {
    mlir::Type type = getTensorType(
        exprs({3, 3}), element,
        LayoutAttr::get(&context, LayoutKind::Panels, 2, 0, group));
    std::vector<char> result = pack(plain, type);
    EXPECT_EQ(getSizeInBytes(type).asConstant(), int64_t(result.size()));
    return std::vector<int>(result.begin(), result.end());
  };
  // (k, n) = (3, 3): panels of 2 columns, in each two of a column in a byte.
  EXPECT_EQ(bytes(u4, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9}),
            (std::vector<int>{0x41, 0x52, 7, 8, 0x63, 0, 9, 0}));
  // Four of a column: -2, 1 and -1, from the lowest bits on.
  EXPECT_EQ(bytes(i2, 4, {-2, 0, 0, 1, 0, 0, -1, 0, 1}),
            (std::vector<int>{0b110110, 0, 0b010000, 0}));
  // Without groups an element has a byte.
  EXPECT_EQ(bytes(u4, 0, {1, 2, 3, 4, 5, 6, 7, 8, 9}),
            (std::vector<int>{1, 2, 4, 5, 7, 8, 3, 0, 6, 0, 9, 0}));
}

TEST_F(LayoutTest, PanelsOfAFilterAreItsOutputs) {
  // (O, I, k) = (3, 2, 2): element (o, i, k) is 1 + 4 o + 2 i + k.
  EXPECT_EQ(packed({3, 2, 2}, panels(2)),
            (std::vector<int>{1, 5, 3, 7, 2, 6, 4, 8, //
                              9, 0, 11, 0, 10, 0, 12, 0}));
  auto o = ExprAttr::symbol(&context, "O");
  Layout layout(&context, {o, ExprAttr::constant(&context, 4)}, panels(16));
  EXPECT_TRUE(layout.isBlocked());
}

/// Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A is what g gives over d, place by place.
TEST_F(LayoutTest, TransformedFiltersGiveTheSameSums) {
  for (int64_t outputs : {2, 4}) {
    const Winograd &winograd = *Winograd::find(outputs);
    int64_t places = winograd.places();
    std::vector<float> filter{1, -2, 3, 5, -7, 11, 13, 17, -19};
    mlir::Type type = getTensorType(
        exprs({1, 1, 3, 3}), mlir::Builder(&context).getF32Type(),
        LayoutAttr::get(&context, LayoutKind::Panels, 2, outputs));
    std::vector<char> bytes =
        pack({reinterpret_cast<char *>(filter.data()), 9 * 4}, type);
    ASSERT_EQ(getSizeInBytes(type).asConstant(), int64_t(bytes.size()));
    // [block][place along y][place along x][input][output]
    std::vector<float> packed(bytes.size() / 4);
    std::memcpy(packed.data(), bytes.data(), bytes.size());
    ASSERT_EQ(int64_t(packed.size()), places * places * 2);
    auto image = [](int64_t y, int64_t x) { return double(y * y + 3 * x - 4); };
    for (int64_t y = 0; y < outputs; ++y)
      for (int64_t x = 0; x < outputs; ++x) {
        double sum = 0, wanted = 0;
        for (int64_t i = 0; i < places; ++i)
          for (int64_t j = 0; j < places; ++j) {
            double transformed = 0;
            for (int64_t q = 0; q < places; ++q)
              for (int64_t r = 0; r < places; ++r)
                transformed += winograd.image[i * places + q] * image(q, r) *
                               winograd.image[j * places + r];
            sum += winograd.result[y * places + i] *
                   double(packed[(i * places + j) * 2]) * transformed *
                   winograd.result[x * places + j];
          }
        for (int64_t tap = 0; tap < 9; ++tap)
          wanted += filter[tap] * image(y + tap / 3, x + tap % 3);
        EXPECT_NEAR(sum, wanted, 1e-3) << y << ", " << x;
      }
  }
  EXPECT_EQ(Winograd::find(3), nullptr);
}

/// What Winograd::tapAt() says of each axis gives the taps back.
TEST_F(LayoutTest, TransformedFiltersGiveTheirTapsBack) {
  for (int64_t outputs : {2, 4}) {
    const Winograd &winograd = *Winograd::find(outputs);
    std::vector<float> filter{1, -2, 3, 5, -7, 11, 13, 17, -19};
    std::vector<char> bytes =
        winograd.transformed({reinterpret_cast<char *>(filter.data()), 9 * 4});
    std::vector<float> places(bytes.size() / 4);
    std::memcpy(places.data(), bytes.data(), bytes.size());
    for (int64_t tap = 0; tap < 9; ++tap) {
      Winograd::Tap y = winograd.tapAt(tap / 3), x = winograd.tapAt(tap % 3);
      auto row = [&](int64_t place) {
        const float *from = places.data() + place * winograd.places();
        return from[x.first] + x.second * from[x.other];
      };
      EXPECT_NEAR(y.factor * x.factor *
                      (row(y.first) + y.second * row(y.other)),
                  filter[tap], 2e-5)
          << tap;
    }
  }
}

TEST_F(LayoutTest, OnlyFiltersOf3x3TapsAreTransformed) {
  auto layout = LayoutAttr::get(&context, LayoutKind::Panels, 16, 4);
  EXPECT_EQ(Layout::whyNot(layout, exprs({8, 4, 3, 3})), "");
  EXPECT_EQ(Layout::whyNot(layout, exprs({8, 4, 1, 3})),
            "expects a filter of 3 x 3 taps for Winograd's tiles, got [8, 4, "
            "1, 3]");
  EXPECT_EQ(Layout::whyNot(layout, exprs({8, 4})),
            "expects a filter of 3 x 3 taps for Winograd's tiles, got [8, 4]");
}

TEST_F(LayoutTest, ARankTooSmallIsSaid) {
  EXPECT_EQ(Layout::whyNot(channelsLast(8), exprs({1, 2})),
            "expects a rank of 3 or more for channels_last, got 2");
  EXPECT_EQ(Layout::whyNot(panels(8), {}),
            "expects a rank of 1 or more for panels, got 0");
  auto grouped = LayoutAttr::get(&context, LayoutKind::Panels, 8, 0, 4);
  EXPECT_EQ(Layout::whyNot(grouped, exprs({8})),
            "expects a rank of 2 or more for panels, got 1");
  EXPECT_EQ(Layout::whyNot(panels(8), exprs({1, 2})), "");
}

} // namespace
