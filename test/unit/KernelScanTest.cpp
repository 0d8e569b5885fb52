// Running sums and products, and the positions of extremes, against loops in
// plain C++.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

/// Scans the middle axis of [A, B, C].
Values scan(const Array &x, bool isSum, bool exclusive, bool reverse) {
  int64_t extent = x.dims[1];
  return build(x.dims, [&](const Place &at) {
    int64_t step = reverse ? extent - 1 - at[1] : at[1];
    double total = isSum ? 0 : 1;
    for (int64_t k = 0; k < step + !exclusive; ++k) {
      double element = x({at[0], reverse ? extent - 1 - k : k, at[2]});
      total = isSum ? total + element : total * element;
    }
    return total;
  });
}

class KernelScan : public KernelTest {};

TEST_F(KernelScan, RunsAlongItsAxis) {
  std::vector<GroupText> texts;
  for (int form = 0; form < 8; ++form)
    for (const char *dims : {"[A, B, C]", "[A, B]"}) {
      std::string type = std::string(form < 4 ? "@f32" : "@i64") + dims;
      texts.push_back({{type},
                       {type},
                       std::string("%s = dyn.symbolic [1] : @i64[1]\n%r = ") +
                           (form < 4 ? "CumSum" : "CumProd") +
                           "(%0, %s) {exclusive = " + std::to_string(form % 2) +
                           " : i64, reverse = " + std::to_string(form / 2 % 2) +
                           " : i64} : " + type,
                       "%r"});
    }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 16u);
  for (Place d :
       {Place{2, 3, 5}, Place{1, 1, 1}, Place{3, 37, 1}, Place{2, 4, 67},
        Place{1, 0, 4}, Place{0, 3, 2}, Place{11, 203, 2}})
    for (size_t i = 0; i < 16; ++i) {
      SCOPED_TRACE(texts[i].body);
      if (i % 2)
        d[2] = 1; // The scanned axis is innermost in memory.
      Array x = Array::random(d, -3, 4, 1, /*integral=*/true);
      for (double &value : x.values) // No product leaves 64 bits.
        value = i >= 8 ? (value < 0 ? -1 : 1) : value;
      Values expected = scan(x, i < 8, i / 2 % 2, i / 4 % 2);
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                                 {x.values})[0],
                 expected, 0, 0);
    }
}

TEST_F(KernelScan, RunsBackwardOverAConstantExtent) {
  for (int64_t extent : {1, 3, 8, 19})
    for (bool exclusive : {false, true}) {
      std::string type = "@f32[A, " + std::to_string(extent) + "]";
      auto kernel = compile({{type},
                             {type},
                             "%s = dyn.symbolic [1] : @i64[1]\n"
                             "%r = CumSum(%0, %s) {exclusive = " +
                                 std::to_string(exclusive) +
                                 " : i64, reverse = 1 : i64} : " + type,
                             "%r"});
      ASSERT_TRUE(kernel);
      for (int64_t rows : {1, 7, 0}) {
        Array x = Array::random({rows, extent, 1}, -3, 4, 1, /*integral=*/true);
        expectNear(kernel->run({{"A", rows}}, {x.values})[0],
                   scan(x, /*isSum=*/true, exclusive, /*reverse=*/true), 0, 0);
      }
    }
}

/// The first or last position of the extreme along the middle axis; a NaN is
/// the extreme.
Values extremes(const Array &x, bool isMax, bool isLast) {
  return build({x.dims[0], x.dims[2]}, [&](const Place &at) {
    int64_t best = 0;
    for (int64_t k = 1; k < x.dims[1]; ++k) {
      double a = x({at[0], best, at[1]}), b = x({at[0], k, at[1]});
      bool isBetter = isMax ? b > a : b < a;
      bool isTie = a == b || (std::isnan(a) && std::isnan(b));
      if (std::isnan(a) ? isLast && isTie
                        : isBetter || std::isnan(b) || (isLast && isTie))
        best = k;
    }
    return static_cast<double>(best);
  });
}

class KernelArg : public KernelTest {};

TEST_F(KernelArg, FindsTheFirstOrLastExtreme) {
  std::vector<GroupText> texts;
  for (const char *type : {"@f32", "@ui8"})
    for (const char *name : {"ArgMax", "ArgMin"})
      for (const char *last : {"0", "1"})
        for (bool keeps : {false, true})
          texts.push_back(
              {{std::string(type) + "[A, B, C]"},
               {keeps ? "@i64[A, 1, C]" : "@i64[A, C]"},
               std::string("%r = ") + name +
                   "(%0) {axis = 1 : i64, keepdims = " + (keeps ? "1" : "0") +
                   " : i64, select_last_index = " + last +
                   " : i64} : " + (keeps ? "@i64[A, 1, C]" : "@i64[A, C]"),
               "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 16u);
  for (Place d : {Place{2, 3, 5}, Place{1, 1, 1}, Place{3, 40, 1},
                  Place{2, 7, 33}, Place{0, 3, 2}})
    for (size_t i = 0; i < 16; ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random(d, 0, 4, 2, /*integral=*/true);
      if (i < 8)
        for (size_t k = 3; k < x.values.size(); k += 5)
          x.values[k] = NAN;
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                                 {x.values})[0],
                 extremes(x, i / 4 % 2 == 0, i / 2 % 2), 0, 0);
    }
}

TEST_F(KernelArg, ReducesTheInnermostAxis) {
  std::vector<GroupText> texts;
  for (const char *last : {"0", "1"})
    texts.push_back({{"@f32[A, B]"},
                     {"@i64[A]"},
                     std::string("%r = ArgMax(%0) {axis = -1 : i64, keepdims = "
                                 "0 : i64, select_last_index = ") +
                         last + " : i64} : @i64[A]",
                     "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 2u);
  for (int64_t extent : {1, 5, 16, 77})
    for (bool isLast : {false, true}) {
      Array x = Array::random({3, extent, 1}, 0, 5, 3, /*integral=*/true);
      expectNear(kernels[isLast]->run({{"A", 3}, {"B", extent}}, {x.values})[0],
                 extremes(x, true, isLast), 0, 0);
    }
}

} // namespace
