// The search for plans, in a world without kernels: plans are numbers, and a
// clock runs by measurements alone.
#include "compiler/tune/Search.h"

#include "mlir/IR/Builders.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace dycc::tune;
using mlir::Attribute;

namespace {

class TuneSearch : public ::testing::Test {
protected:
  Attribute plan(int64_t value) {
    return mlir::Builder(&context).getI64IntegerAttr(value);
  }
  static int64_t valueOf(Attribute plan) {
    return mlir::cast<mlir::IntegerAttr>(plan).getInt();
  }

  /// Subjects that take `seconds(subject, plan, point)`; plans near one are one
  /// more and one less.
  World world(const std::function<double(size_t, int64_t, size_t)> &seconds) {
    return {[&](size_t, Attribute near) {
              return std::vector<Attribute>{plan(valueOf(near) + 1),
                                            plan(valueOf(near) - 1)};
            },
            [this, seconds](llvm::ArrayRef<Attribute> plans, bool) {
              return measure(plans, seconds);
            },
            [&] { return clock; }};
  }

  std::optional<Measurement>
  measure(llvm::ArrayRef<Attribute> plans,
          const std::function<double(size_t, int64_t, size_t)> &seconds) {
    clock += 1;
    ++builds;
    Measurement measured;
    for (size_t point = 0; point < points; ++point) {
      Pair model{0.001, 0.001}; // Outside of kernels.
      std::vector<Pair> subjects;
      for (auto [subject, plan] : llvm::enumerate(plans)) {
        if (valueOf(plan) == crashing)
          return std::nullopt;
        subjects.push_back({seconds(subject, 0, point),
                            seconds(subject, valueOf(plan), point)});
        model += subjects.back();
      }
      measured.models.push_back(model);
      measured.subjects.push_back(subjects);
    }
    return measured;
  }

  SearchResult
  search(const std::function<double(size_t, int64_t, size_t)> &seconds,
         size_t subjects, double budget) {
    std::vector<Attribute> chosen(subjects, plan(0));
    auto found = Search(chosen, world(seconds), budget).run();
    EXPECT_TRUE(found.has_value());
    return found.value_or(SearchResult{});
  }

  mlir::MLIRContext context;
  double clock = 0;
  size_t points = 1, builds = 0;
  int64_t crashing = INT64_MAX;
};

/// As good as a plan is near `best`.
double bowl(int64_t plan, int64_t best) {
  return 1 + 0.2 * std::abs(static_cast<double>(plan - best));
}

TEST_F(TuneSearch, GoesOnFromWhatIsFaster) {
  SearchResult found =
      search([](size_t subject, int64_t plan,
                size_t) { return bowl(plan, subject == 0 ? 3 : -2); },
             2, 100);
  EXPECT_EQ(found.subjects[0].plan, plan(3));
  EXPECT_EQ(found.subjects[1].plan, plan(-2));
  EXPECT_NEAR(found.subjects[0].gain, 1.6, 1e-9);
  EXPECT_NEAR(found.subjects[0].seconds.before, 1.6, 1e-9);
  EXPECT_NEAR(found.subjects[0].seconds.after, 1, 1e-9);
  EXPECT_NEAR(found.models[0].gain(), 3.001 / 2.001, 1e-9);
  EXPECT_EQ(found.bad, 0u);
}

TEST_F(TuneSearch, KeepsWhatIsNotBeatenBeyondNoise) {
  SearchResult found = search(
      [](size_t, int64_t plan, size_t) { return plan == 1 ? 0.98 : 1.0; }, 1,
      100);
  EXPECT_EQ(found.subjects[0].plan, Attribute());
  // The model against itself differs by 5 %: 8 % is no gain there.
  World noisy = world([](size_t, int64_t, size_t) { return 1.0; });
  noisy.measure = [this](llvm::ArrayRef<Attribute> plans, bool) {
    clock += 1;
    double after = valueOf(plans[0]) == 0 ? 0.95 : 0.92;
    return std::optional(Measurement{{{1, after}}, {{{1, after}}}});
  };
  auto second = Search({plan(0)}, noisy, 100).run();
  ASSERT_TRUE(second);
  EXPECT_GT(second->tried, 0u);
  EXPECT_EQ(second->subjects[0].plan, Attribute());
}

TEST_F(TuneSearch, IsSlowerAtNoPoint) {
  points = 2;
  auto seconds = [](double second) {
    return [second](size_t, int64_t plan, size_t point) {
      return plan != 1 ? 1.0 : point == 0 ? 0.5 : second;
    };
  };
  EXPECT_EQ(search(seconds(1.1), 1, 100).subjects[0].plan, Attribute());
  clock = 0;
  EXPECT_EQ(search(seconds(1.0), 1, 100).subjects[0].plan, plan(1));
}

/// Others are measured all the same, by halves.
TEST_F(TuneSearch, APlanThatCrashesCostsItself) {
  crashing = 7;
  World strange = world([](size_t subject, int64_t plan, size_t) {
    return subject == 5 ? 1.0 : bowl(plan, 1);
  });
  strange.neighbours = [&](size_t subject, Attribute) {
    return std::vector<Attribute>{plan(subject == 5 ? crashing : 1)};
  };
  auto found = Search(std::vector<Attribute>(8, plan(0)), strange, 1000).run();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->bad, 1u);
  EXPECT_EQ(found->tried, 8u);
  for (size_t i = 0; i < 8; ++i)
    EXPECT_EQ(found->subjects[i].plan, i == 5 ? Attribute() : plan(1));
}

TEST_F(TuneSearch, WhatTakesNoTimeIsLeftAlone) {
  SearchResult found =
      search([](size_t subject, int64_t plan,
                size_t) { return (subject == 0 ? 1 : 0.001) * bowl(plan, 1); },
             2, 100);
  EXPECT_EQ(found.subjects[0].plan, plan(1));
  EXPECT_EQ(found.subjects[1].plan, Attribute());
}

TEST_F(TuneSearch, EndsInTime) {
  auto everFaster = [](size_t, int64_t plan, size_t) {
    return 1 / std::max(0.1, 1 + 0.1 * static_cast<double>(plan));
  };
  SearchResult found = search(everFaster, 3, 20);
  EXPECT_LE(clock, 20);
  EXPECT_GE(clock, 12);
  EXPECT_GT(found.subjects[0].gain, 1);
  clock = 0;
  builds = 0;
  found = search(everFaster, 3, 0.5);
  EXPECT_EQ(builds, 1u);
  EXPECT_EQ(found.tried, 0u);
}

/// What is faster alone, but not with the others.
TEST_F(TuneSearch, DropsWhatDoesNotHoldTogether) {
  World together = world({});
  together.measure = [this](llvm::ArrayRef<Attribute> plans, bool isLong) {
    clock += 1;
    std::vector<Pair> subjects;
    Pair model{1, 1};
    for (auto [subject, plan] : llvm::enumerate(plans)) {
      bool holds = subject == 0 || !isLong;
      subjects.push_back({1, valueOf(plan) == 1 && holds ? 0.8 : 1.0});
      model += subjects.back();
    }
    return std::optional(Measurement{{model}, {subjects}});
  };
  auto found = Search({plan(0), plan(0)}, together, 100).run();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->subjects[0].plan, plan(1));
  EXPECT_EQ(found->subjects[1].plan, Attribute());
  EXPECT_NEAR(found->models[0].gain(), 3 / 2.8, 1e-9);
}

TEST_F(TuneSearch, SaysWhereTheModelItselfDoesNotRun) {
  crashing = 0;
  World broken = world([](size_t, int64_t, size_t) { return 1.0; });
  EXPECT_FALSE(Search({plan(0)}, broken, 100).run().has_value());
}

} // namespace
