// Placements of random slots: none that are needed together overlap, at any
// extents, and none takes more than slots that follow each other.
#include "dialects/dyn/DynOps.h"
#include "passes/plan/SlotPlacement.h"

#include "mlir/IR/MLIRContext.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

using namespace dycc;
using namespace dycc::plan;

namespace {

constexpr unsigned kSeeds = 300;

class Placement : public ::testing::Test {
protected:
  Placement() { context.loadDialect<dyn::DynDialect>(); }

  dyn::ExprAttr symbol(const char *name) {
    return dyn::ExprAttr::symbol(&context, name);
  }
  dyn::ExprAttr constant(int64_t value) {
    return dyn::ExprAttr::constant(&context, value);
  }

  mlir::MLIRContext context;
};

using Shape = llvm::StringMap<int64_t>;

int64_t bytesAt(dyn::ExprAttr size, const Shape &shape) {
  auto value = size.evaluate([&](llvm::StringRef name) {
    return std::optional<int64_t>(shape.lookup(name));
  });
  return (*value + 63) / 64 * 64;
}

/// Tenants with lives and sizes over N and M, in slots that follow each other.
struct RandomTenants {
  RandomTenants(uint64_t seed, dyn::ExprAttr n, dyn::ExprAttr m)
      : random(seed) {
    unsigned count = 2 + any(40);
    for (unsigned i = 0; i < count; ++i) {
      int64_t begin = int64_t(any(30)), factor = 4 << any(8);
      dyn::ExprAttr sizes[] = {n.times(factor), m.times(factor),
                               dyn::ExprAttr::mul(n, m).times(factor),
                               dyn::ExprAttr::mul(n, n).times(4)};
      int64_t end = any(10) == 0 ? INT64_MAX : begin + int64_t(any(9));
      tenants.push_back({sizes[any(4)], {begin, end}, any(12) == 0, 0});
    }
    llvm::sort(tenants, [](const PlacedTenant &a, const PlacedTenant &b) {
      return a.life.begin < b.life.begin;
    });
    giveSlots();
  }

  bool areTogether(unsigned a, unsigned b) const {
    const PlacementProblem::Life &one = tenants[a].life,
                                 &other = tenants[b].life;
    return one.begin <= other.end && other.begin <= one.end;
  }

  auto place(const dyn::SymbolFacts &facts) const {
    return placeTenants(
        tenants, [&](unsigned a, unsigned b) { return areTogether(a, b); },
        slots, facts);
  }

  std::vector<PlacedTenant> tenants;
  std::vector<dyn::ExprAttr> slots;

private:
  unsigned any(unsigned count) { return random() % count; }

  void giveSlots() {
    std::vector<std::vector<unsigned>> inSlot;
    for (unsigned i = 0; i < tenants.size(); ++i) {
      unsigned slot = 0;
      while (slot < slots.size() && llvm::any_of(
                                        inSlot[slot],
                                        [&](unsigned other) {
                                          return areTogether(i, other) ||
                                                 tenants[other].isHalf ||
                                                 tenants[i].isHalf;
                                        }))
        ++slot;
      if (slot == slots.size()) {
        slots.push_back(tenants[i].size);
        inSlot.emplace_back();
      }
      slots[slot] = dyn::ExprAttr::max(slots[slot], tenants[i].size);
      inSlot[slot].push_back(i);
      tenants[i].slot = slot;
    }
  }

  std::mt19937_64 random;
};

/// Offsets of the slots, and where the highest ends.
std::pair<std::vector<int64_t>, int64_t>
offsetsOf(const dyn::Placement &placement, const std::vector<int64_t> &bytes) {
  std::vector<int64_t> offsets(bytes.size(), 0);
  int64_t top = 0;
  for (const auto &[slot, on] : placement.slots) {
    for (int64_t below : on)
      offsets[slot] = std::max(offsets[slot], offsets[below] + bytes[below]);
    top = std::max(top, offsets[slot] + bytes[slot]);
  }
  return {offsets, top};
}

TEST_F(Placement, KeepsApartWhatIsNeededTogether) {
  dyn::SymbolFacts facts;
  facts["N"] = {{0, 512}};
  facts["M"] = {{1, 64}};
  std::mt19937_64 random(1);
  size_t placed = 0, mostWays = 0;
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    RandomTenants given(seed, symbol("N"), symbol("M"));
    auto found = given.place(facts);
    if (!found)
      continue;
    ++placed;
    mostWays = std::max(mostWays, found->placements.size());
    for (int point = 0; point < 12; ++point) {
      Shape shape;
      shape["N"] = int64_t(random() % 513);
      shape["M"] = 1 + int64_t(random() % 64);
      int64_t inSlots = 0, least = INT64_MAX;
      for (dyn::ExprAttr slot : given.slots)
        inSlots += bytesAt(slot, shape);
      std::vector<int64_t> bytes;
      for (dyn::ExprAttr size : found->sizes)
        bytes.push_back(bytesAt(size, shape));
      for (const dyn::Placement &placement : found->placements) {
        auto [offsets, top] = offsetsOf(placement, bytes);
        least = std::min(least, top);
        for (unsigned a = 0; a < given.tenants.size(); ++a)
          for (unsigned b = 0; b < a; ++b) {
            unsigned one = found->slotOf[a], other = found->slotOf[b];
            if (!given.areTogether(a, b))
              continue;
            ASSERT_NE(one, other) << "seed " << seed;
            ASSERT_TRUE(offsets[one] + bytes[one] <= offsets[other] ||
                        offsets[other] + bytes[other] <= offsets[one])
                << "seed " << seed << ", N = " << shape["N"]
                << ", M = " << shape["M"];
          }
      }
      ASSERT_LE(least, inSlots) << "seed " << seed << ", N = " << shape["N"]
                                << ", M = " << shape["M"];
    }
  }
  EXPECT_GT(placed, kSeeds / 2);
  EXPECT_GE(mostWays, 3u);
}

TEST_F(Placement, GivesEachTenantASlotOfItsSize) {
  dyn::SymbolFacts facts;
  facts["N"] = {{1, 512}};
  facts["M"] = {{1, 64}};
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    RandomTenants given(seed, symbol("N"), symbol("M"));
    auto found = given.place(facts);
    if (!found)
      continue;
    for (auto [number, tenant] : llvm::enumerate(given.tenants)) {
      unsigned slot = found->slotOf[number];
      ASSERT_EQ(found->sizes[slot], tenant.size);
      if (tenant.isHalf)
        ASSERT_EQ(llvm::count(found->slotOf, slot), 1) << "seed " << seed;
    }
  }
}

// Two small ones lie where the large one was.
TEST_F(Placement, ReachesWhatIsLive) {
  std::vector<PlacedTenant> tenants{{constant(1024), {0, 1}, false, 0},
                                    {constant(64), {1, 3}, false, 1},
                                    {constant(512), {2, 3}, false, 0},
                                    {constant(512), {3, 4}, false, 2}};
  auto areTogether = [&](unsigned a, unsigned b) {
    return tenants[a].life.begin <= tenants[b].life.end &&
           tenants[b].life.begin <= tenants[a].life.end;
  };
  std::vector<dyn::ExprAttr> slots{constant(1024), constant(64), constant(512)};
  auto found = placeTenants(tenants, areTogether, slots, {});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes, 1088);
  EXPECT_EQ(found->placements.size(), 1u);
}

// Where sizes are symbols, the order of slots that follow each other is among
// the ways: no shape needs more than that.
TEST_F(Placement, KeepsTheOrderOfSlotsWhereSizesAreSymbols) {
  dyn::ExprAttr n = symbol("N");
  std::vector<PlacedTenant> tenants{{n.times(1024), {0, 1}, false, 0},
                                    {n.times(64), {1, 3}, false, 1},
                                    {n.times(512), {2, 3}, false, 0},
                                    {n.times(512), {3, 4}, false, 2}};
  auto areTogether = [&](unsigned a, unsigned b) {
    return tenants[a].life.begin <= tenants[b].life.end &&
           tenants[b].life.begin <= tenants[a].life.end;
  };
  std::vector<dyn::ExprAttr> slots{n.times(1024), n.times(64), n.times(512)};
  dyn::SymbolFacts facts;
  facts["N"] = {{1, 4095}};
  auto found = placeTenants(tenants, areTogether, slots, facts);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bytes, 1088 * 2048);
  EXPECT_EQ(found->placements.size(), 2u);
}

TEST_F(Placement, LeavesSlotsWhereNothingIsSaved) {
  dyn::ExprAttr n = symbol("N");
  std::vector<PlacedTenant> tenants{{n.times(4), {0, 1}, false, 0},
                                    {n.times(4), {1, 2}, false, 1},
                                    {n.times(4), {2, 3}, false, 0}};
  auto areTogether = [&](unsigned a, unsigned b) {
    return a + 1 == b || b + 1 == a;
  };
  std::vector<dyn::ExprAttr> slots{n.times(4), n.times(4)};
  EXPECT_FALSE(placeTenants(tenants, areTogether, slots, {}));
}

/// Random problems without a formula: the levels of a search are legal, and no
/// lower than what is live.
TEST_F(Placement, SearchIsNoLowerThanWhatIsLive) {
  for (unsigned seed = 0; seed < kSeeds; ++seed) {
    RandomTenants given(seed, symbol("N"), symbol("M"));
    PlacementProblem problem;
    SlotBytes bytes;
    Shape shape;
    shape["N"] = shape["M"] = 37;
    problem.together.resize(given.tenants.size());
    int64_t sum = 0;
    for (unsigned a = 0; a < given.tenants.size(); ++a) {
      problem.lives.push_back(given.tenants[a].life);
      bytes.push_back(bytesAt(given.tenants[a].size, shape));
      sum += bytes.back();
      for (unsigned b = 0; b < given.tenants.size(); ++b)
        if (a != b && given.areTogether(a, b))
          problem.together[a].push_back(b);
    }
    Levels levels = findLevels(problem, bytes);
    int64_t height = heightOf(problem, levels, bytes);
    EXPECT_GE(height, mostLive(problem, bytes));
    EXPECT_LE(height, sum);
    // The offsets that were found are such levels.
    for (auto [offset, size] : llvm::zip(levels, bytes))
      EXPECT_LE(offset + size, sum);
  }
}

} // namespace
