// Normalisations and scans, against formulas in double.
#include "KernelReference.h"

#include <cmath>

using namespace dycc::test;

namespace {

/// Calls `apply` with each row of `x` over the axes that `folded` marks, and
/// puts what it makes of the row in the same place.
template <typename Apply>
Values eachRow(const Array &x, const std::vector<bool> &folded, Apply apply) {
  std::map<Place, std::vector<size_t>> rows;
  size_t flat = 0;
  build(x.dims, [&](const Place &at) {
    Place key;
    for (size_t axis = 0; axis < at.size(); ++axis)
      if (!folded[axis])
        key.push_back(at[axis]);
    rows[key].push_back(flat++);
    return 0.0;
  });
  Values result(x.values.size());
  for (const auto &[key, places] : rows) {
    Values row;
    for (size_t place : places)
      row.push_back(x.values[place]);
    Values made = apply(row);
    for (size_t i = 0; i < places.size(); ++i)
      result[places[i]] = made[i];
  }
  return result;
}

double meanOf(const Values &row) {
  return std::accumulate(row.begin(), row.end(), 0.0) /
         static_cast<double>(row.size());
}
double varianceOf(const Values &row) {
  double mean = meanOf(row), total = 0;
  for (double x : row)
    total += (x - mean) * (x - mean);
  return total / static_cast<double>(row.size());
}
Values standardized(const Values &row) {
  Values result;
  double mean = meanOf(row), deviation = std::sqrt(varianceOf(row) + 1e-5);
  for (double x : row)
    result.push_back((x - mean) / deviation);
  return result;
}
Values softmax(const Values &row) {
  double most = *std::max_element(row.begin(), row.end()), total = 0;
  Values result;
  for (double x : row)
    result.push_back(std::exp(x - most)), total += result.back();
  for (double &y : result)
    y /= total;
  return result;
}
Values logSoftmax(const Values &row) {
  double most = *std::max_element(row.begin(), row.end()), total = 0;
  for (double x : row)
    total += std::exp(x - most);
  Values result;
  for (double x : row)
    result.push_back(x - most - std::log(total));
  return result;
}
Values hardmax(const Values &row) {
  Values result(row.size(), 0.0);
  result[std::max_element(row.begin(), row.end()) - row.begin()] = 1;
  return result;
}
Values lpNormalized(const Values &row) {
  double total = 0;
  for (double x : row)
    total += x * x;
  Values result;
  for (double x : row)
    result.push_back(total == 0 ? 0 : x / std::sqrt(total));
  return result;
}

class KernelNormalization : public KernelTest {};

TEST_F(KernelNormalization, RowsAlongAnyAxis) {
  struct Case {
    const char *op;
    Values (*apply)(const Values &);
  };
  const Case cases[] = {{"Softmax", softmax}, {"LogSoftmax", logSoftmax},
                        {"Hardmax", hardmax}, {"LpNormalization", lpNormalized}};
  std::vector<GroupText> texts;
  for (const Case &c : cases)
    for (const char *axis : {"-1", "1", "0"})
      texts.push_back({{"@f32[A, B, C]"}, {"@f32[A, B, C]"},
                       std::string("%r = ") + c.op + "(%0) {axis = " + axis +
                           " : i64} : @f32[A, B, C]", "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 12u);
  for (Place d : {Place{2, 3, 5}, Place{1, 1, 1}, Place{3, 2, 32},
                  Place{2, 7, 67}, Place{2, 0, 3}, Place{4, 5, 0}})
    for (size_t i = 0; i < 12; ++i) {
      SCOPED_TRACE(texts[i].body);
      Array x = Array::random(d, -9, 9, 1);
      std::vector<bool> folded(3, false);
      folded[2 - i % 3] = true;
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}, {"C", d[2]}},
                                 {x.values})[0],
                 eachRow(x, folded, cases[i / 3].apply), 2e-6, 1e-6);
    }
}

TEST_F(KernelNormalization, SoftmaxOfChannelsLastImages) {
  auto k = compile({{"@f32[N, 20, H, W; channels_last<8>]"},
                    {"@f32[N, 20, H, W; channels_last<8>]"},
                    "%r = Softmax(%0) {axis = 1 : i64} : @f32[N, 20, H, W]",
                    "%r"});
  ASSERT_TRUE(k);
  Array x = Array::random({2, 20, 3, 5}, -4, 4, 2);
  expectNear(k->run({{"N", 2}, {"H", 3}, {"W", 5}}, {x.values})[0],
             eachRow(x, {false, true, false, false}, softmax), 2e-6, 1e-7);
}

TEST_F(KernelNormalization, LayerAndRmsNormalization) {
  auto kernels = compileAll(
      {{{"@f32[A, B, C]", "@f32[C]", "@f32[C]"}, {"@f32[A, B, C]"},
        "%r = LayerNormalization(%0, %1, %2) : @f32[A, B, C]", "%r"},
       {{"@f32[A, B, C]", "@f32[B, C]"},
        {"@f32[A, B, C]", "@f32[A, 1, 1]", "@f32[A, 1, 1]"},
        "%r:3 = LayerNormalization(%0, %1, _) {axis = 1 : i64} "
        ": @f32[A, B, C], @f32[A, 1, 1], @f32[A, 1, 1]", "%r#0, %r#1, %r#2"},
       {{"@f32[A, B, C]", "@f32[C]"}, {"@f32[A, B, C]"},
        "%r = RMSNormalization(%0, %1) : @f32[A, B, C]", "%r"},
       {{"@f32[A, B, C]"}, {"@f32[A, B, C]"},
        "%r = MeanVarianceNormalization(%0) {axes = array<i64: 0, 2>} "
        ": @f32[A, B, C]", "%r"}});
  ASSERT_EQ(kernels.size(), 4u);
  for (Place d : {Place{2, 3, 5}, Place{1, 1, 1}, Place{3, 2, 32},
                  Place{2, 7, 67}, Place{0, 2, 3}}) {
    Symbols symbols{{"A", d[0]}, {"B", d[1]}, {"C", d[2]}};
    Array x = Array::random(d, -2, 3, 3);
    Array scale = Array::random({d[1], d[2]}, 0.5, 2, 4);
    Values bias = randomValues(d[2], -1, 1, 5);
    Values first(scale.values.begin(), scale.values.begin() + d[2]);
    Array row{d, eachRow(x, {false, false, true}, standardized)};
    expectNear(kernels[0]->run(symbols, {x.values, first, bias})[0],
               build(d, [&](const Place &at) {
                 return row(at) * first[at[2]] + bias[at[2]];
               }), 4e-6, 4e-6);
    Array block{d, eachRow(x, {false, true, true}, standardized)};
    std::vector<Values> three = kernels[1]->run(symbols, {x.values, scale.values});
    expectNear(three[0], build(d, [&](const Place &at) {
                 return block(at) * scale({at[1], at[2]});
               }), 4e-6, 4e-6);
    for (int64_t a = 0; a < d[0]; ++a) {
      int64_t size = d[1] * d[2];
      Values part(x.values.begin() + a * size, x.values.begin() + (a + 1) * size);
      expectNear({three[1][a]}, {meanOf(part)}, 1e-6, 1e-6);
      expectNear({three[2][a]}, {1 / std::sqrt(varianceOf(part) + 1e-5)}, 4e-6,
                 0);
    }
    Array rms{d, eachRow(x, {false, false, true}, [](const Values &r) {
      double total = 0;
      for (double v : r)
        total += v * v;
      Values result;
      for (double v : r)
        result.push_back(v / std::sqrt(total / static_cast<double>(r.size()) + 1e-5));
      return result;
    })};
    expectNear(kernels[2]->run(symbols, {x.values, first})[0],
               build(d, [&](const Place &at) {
                 return rms(at) * first[at[2]];
               }), 2e-6, 1e-6);
    if (d[0] * d[2] > 1)
      expectNear(kernels[3]->run(symbols, {x.values})[0],
                 eachRow(x, {true, false, true}, [](const Values &r) {
                   Values result;
                   for (double v : r)
                     result.push_back((v - meanOf(r)) /
                                      (std::sqrt(varianceOf(r)) + 1e-9));
                   return result;
                 }), 4e-6, 4e-6);
  }
}

TEST_F(KernelNormalization, InstanceAndGroupNormalization) {
  std::vector<GroupText> texts;
  for (const char *layout : {"", "; channels_last<8>"})
    for (const char *op : {"InstanceNormalization(%0, %1, %2)",
                           "GroupNormalization(%0, %1, %2) {num_groups = 3 : i64}"}) {
      std::string type = std::string("@f32[N, 12, H, W") + layout + "]";
      texts.push_back({{type, "@f32[12]", "@f32[12]"}, {type},
                       std::string("%r = ") + op + " : @f32[N, 12, H, W]",
                       "%r"});
    }
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 4u);
  for (Place d : {Place{2, 12, 3, 5}, Place{1, 12, 2, 1}, Place{1, 12, 7, 33},
                  Place{0, 12, 2, 2}}) {
    Array x = Array::random(d, -2, 3, 6);
    Values scale = randomValues(12, 0.5, 2, 7), bias = randomValues(12, -1, 1, 8);
    Array groups{{d[0], 3, 4, d[2], d[3]}, x.values};
    Values expected[] = {
        eachRow(x, {false, false, true, true}, standardized),
        eachRow(groups, {false, false, true, true, true}, standardized)};
    for (size_t i = 0; i < 4; ++i) {
      SCOPED_TRACE(texts[i].body);
      Array y{d, expected[i % 2]};
      expectNear(kernels[i]->run({{"N", d[0]}, {"H", d[2]}, {"W", d[3]}},
                                 {x.values, scale, bias})[0],
                 build(d, [&](const Place &at) {
                   return y(at) * scale[at[1]] + bias[at[1]];
                 }), 1e-5, 1e-5);
    }
  }
}

TEST_F(KernelNormalization, BatchNormalizationAndLRN) {
  auto kernels = compileAll(
      {{{"@f32[N, C, H]", "@f32[C]", "@f32[C]", "@f32[C]", "@f32[C]"},
        {"@f32[N, C, H]"},
        "%b = BatchNormalization(%0, %1, %2, %3, %4) : @f32[N, C, H]\n"
        "%r = Relu(%b) : @f32[N, C, H]", "%r"},
       {{"@f32[N, C, H]"}, {"@f32[N, C, H]"},
        "%r = LRN(%0) {size = 4 : i64, alpha = 2.0e-1 : f32, bias = 2.0 : f32} "
        ": @f32[N, C, H]", "%r"}});
  ASSERT_EQ(kernels.size(), 2u);
  for (Place d : {Place{2, 5, 7}, Place{1, 1, 1}, Place{1, 3, 40},
                  Place{1, 0, 3}}) {
    Symbols symbols{{"N", d[0]}, {"C", d[1]}, {"H", d[2]}};
    Array x = Array::random(d, -2, 2, 9);
    std::vector<Values> inputs{x.values};
    for (unsigned i = 0; i < 4; ++i)
      inputs.push_back(randomValues(d[1], 0.25, 2, 10 + i));
    expectNear(kernels[0]->run(symbols, inputs)[0],
               build(d, [&](const Place &at) {
                 int64_t c = at[1];
                 double y = (x(at) - inputs[3][c]) * inputs[1][c] /
                                std::sqrt(inputs[4][c] + 1e-5) + inputs[2][c];
                 return y < 0 ? 0 : y;
               }), 2e-6, 2e-6);
    expectNear(kernels[1]->run(symbols, {x.values})[0],
               build(d, [&](const Place &at) {
                 double total = 0;
                 for (int64_t c = std::max<int64_t>(at[1] - 1, 0);
                      c <= std::min(at[1] + 2, d[1] - 1); ++c)
                   total += std::pow(x({at[0], c, at[2]}), 2);
                 return x(at) / std::pow(2 + 0.2 / 4 * total, 0.75);
               }), 2e-6, 1e-6);
  }
}

TEST_F(KernelNormalization, ScansAlongAnyAxis) {
  std::vector<GroupText> texts;
  for (const char *type : {"@f32", "@i64"})
    for (const char *axis : {"[1]", "[-2]"})
      for (const char *attributes :
           {"", "{exclusive = 1 : i64}", "{reverse = 1 : i64}",
            "{exclusive = 1 : i64, reverse = 1 : i64}"})
        texts.push_back({{std::string(type) + "[A, B]"},
                         {std::string(type) + "[A, B]"},
                         std::string("%a = dyn.symbolic ") + axis +
                             " : @i64[]\n%r = CumSum(%0, %a) " + attributes +
                             " : " + type + "[A, B]", "%r"});
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), 16u);
  for (Place d : {Place{3, 5}, Place{1, 1}, Place{19, 37}, Place{0, 3},
                  Place{3, 0}})
    for (size_t i = 0; i < 16; ++i) {
      SCOPED_TRACE(texts[i].body);
      bool exclusive = i % 2 == 1, reverse = i / 2 % 2 == 1;
      bool alongLast = i / 4 % 2 == 0;
      Array x = Array::random(d, -9, 9, 12, true);
      expectNear(kernels[i]->run({{"A", d[0]}, {"B", d[1]}}, {x.values})[0],
                 eachRow(x, {!alongLast, alongLast}, [&](Values row) {
                   if (reverse)
                     std::reverse(row.begin(), row.end());
                   Values result;
                   double total = 0;
                   for (double v : row) {
                     result.push_back(exclusive ? total : total + v);
                     total += v;
                   }
                   if (reverse)
                     std::reverse(result.begin(), result.end());
                   return result;
                 }), 0, 0);
    }
}

TEST_F(KernelNormalization, RefusesWhatItCannotDo) {
  EXPECT_NE(compileError({{"@f32[N, C]", "@f32[C]", "@f32[C]", "@f32[C]",
                           "@f32[C]"}, {"@f32[N, C]"},
                          "%r = BatchNormalization(%0, %1, %2, %3, %4) "
                          "{training_mode = 1 : i64} : @f32[N, C]", "%r"})
                .find("expects training_mode 0, got 1"),
            std::string::npos);
  EXPECT_NE(compileError({{"@f32[N, C, H]", "@f32[C]", "@f32[C]"},
                          {"@f32[N, C, H]"},
                          "%r = GroupNormalization(%0, %1, %2) "
                          "{num_groups = 2 : i64} : @f32[N, C, H]", "%r"})
                .find("expects a constant multiple of 2 channels, got 'C'"),
            std::string::npos);
  EXPECT_NE(compileError({{"@f32[N, C]"}, {"@f32[N, C]"},
                          "%a = dyn.symbolic [0, 1] : @i64[2]\n"
                          "%r = CumSum(%0, %a) : @f32[N, C]", "%r"})
                .find("expects one axis, got 2"),
            std::string::npos);
}

} // namespace
