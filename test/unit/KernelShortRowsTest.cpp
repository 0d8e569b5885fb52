// Reductions of rows that are shorter than a vector: each lane has a row.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

class KernelShortRows : public KernelTest {};

/// `op` over the last axis, of so many elements; `type` of the result, whose
/// dims are `result`.
GroupText along(int64_t columns, const std::string &op,
                const std::string &attributes, const std::string &result) {
  std::string x = "@f32[A, B, " + std::to_string(columns) + "]";
  return {{x},
          {result.empty() ? x : result},
          "%r = " + op + "(%0) {" + attributes +
              "} : " + (result.empty() ? x : result),
          "%r"};
}

/// The largest element of each row, and where the first such is.
std::pair<Values, Values> best(const Array &x) {
  std::pair<Values, Values> result;
  int64_t columns = x.dims[2];
  for (size_t row = 0; row < x.values.size(); row += columns) {
    auto begin = x.values.begin() + static_cast<int64_t>(row);
    auto place = std::max_element(begin, begin + columns);
    result.first.push_back(*place);
    result.second.push_back(static_cast<double>(place - begin));
  }
  return result;
}

Values softmax(const Array &x) {
  Values result, peaks = best(x).first;
  int64_t columns = x.dims[2];
  for (size_t i = 0; i < x.values.size(); ++i) {
    size_t row = i / columns;
    double sum = 0;
    for (int64_t c = 0; c < columns; ++c)
      sum += std::exp(x.values[row * columns + c] - peaks[row]);
    result.push_back(std::exp(x.values[i] - peaks[row]) / sum);
  }
  return result;
}

TEST_F(KernelShortRows, AreReducedBesideEachOther) {
  const int64_t extents[] = {1, 2, 3, 5, 8, 9};
  std::vector<GroupText> texts;
  for (int64_t columns : extents) {
    texts.push_back(along(columns, "Softmax", "axis = -1 : i64", ""));
    texts.push_back(along(columns, "ArgMax",
                          "axis = 2 : i64, keepdims = 0 : i64", "@i64[A, B]"));
    GroupText peak =
        along(columns, "ReduceMax", "keepdims = 1 : i64", "@f32[A, B, 1]");
    peak.body = "%s = dyn.symbolic [2] : @i64[1]\n%r = ReduceMax(%0, %s) "
                "{keepdims = 1 : i64} : @f32[A, B, 1]";
    texts.push_back(peak);
  }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  size_t next = 0;
  for (int64_t columns : extents) {
    auto *of = &kernels[next];
    next += 3;
    for (Place rows : {Place{2, 37}, Place{1, 16}, Place{5, 1}, Place{3, 0}}) {
      SCOPED_TRACE(columns);
      Array x = Array::random({rows[0], rows[1], columns}, -6, 6, 11);
      dycc::test::Symbols symbols{{"A", rows[0]}, {"B", rows[1]}};
      expectNear(of[0]->run(symbols, {x.values})[0], softmax(x), 1e-5, 1e-7);
      auto [peaks, places] = best(x);
      expectNear(of[1]->run(symbols, {x.values})[0], places, 0, 0);
      expectNear(of[2]->run(symbols, {x.values})[0], peaks, 0, 0);
    }
  }
}

/// With channels innermost their rows are the pixels' channels.
TEST_F(KernelShortRows, AreThoseOfPixels) {
  std::string image = "@f32[A, 3, B, C; channels_last<8>]";
  auto kernel = compile({{image},
                         {image},
                         "%r = Softmax(%0) {axis = 1 : i64} : @f32[A, 3, B, C]",
                         "%r"});
  ASSERT_TRUE(kernel);
  for (Place pixels : {Place{3, 21}, Place{1, 1}, Place{2, 0}}) {
    Array x = Array::random({2, 3, pixels[0], pixels[1]}, -6, 6, 12);
    Values expected = build(x.dims, [&](const Place &at) {
      double sum = 0;
      for (int64_t c = 0; c < 3; ++c)
        sum += std::exp(x({at[0], c, at[2], at[3]}) - x(at));
      return 1 / sum;
    });
    expectNear(kernel->run({{"A", 2}, {"B", pixels[0]}, {"C", pixels[1]}},
                           {x.values})[0],
               expected, 1e-5, 1e-7);
  }
}

} // namespace
