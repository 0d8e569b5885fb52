// Two products with a softmax between them, in one kernel: numbers of queries
// and keys beside those of a tile, masks, and rows that see no key.
#include "KernelReference.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace dycc::test;

namespace {

class KernelAttention : public KernelTest {};

struct Size {
  int64_t batch, queries, keys;
};
const Size sizes[] = {{1, 1, 1},   {2, 1, 70},  {1, 3, 33},  {2, 14, 32},
                      {1, 15, 64}, {3, 29, 31}, {1, 47, 97}, {2, 8, 130},
                      {0, 5, 5},   {2, 0, 7},   {1, 130, 2}};

/// What a kernel of batches of heads computes: the softmax of `factor` times
/// the products of queries and keys, with `mask` added, times the values. Keys
/// have `depth` elements, values `columns`.
Values attention(const Array &q, const Array &k, const Array &v, double factor,
                 const std::function<double(int64_t, int64_t, int64_t)> &mask) {
  int64_t keys = k.dims[2], depth = q.dims[2];
  return build({q.dims[0], q.dims[1], v.dims[2]}, [&](const Place &at) {
    Values scores;
    for (int64_t j = 0; j < keys; ++j) {
      double sum = 0;
      for (int64_t i = 0; i < depth; ++i)
        sum += q({at[0], at[1], i}) * k({at[0], i, j});
      scores.push_back(factor * sum + mask(at[0], at[1], j));
    }
    double peak = *llvm::max_element(scores), sum = 0, total = 0;
    for (int64_t j = 0; j < keys; ++j) {
      double power = std::exp(scores[j] - peak);
      sum += power;
      total += power * v({at[0], j, at[2]});
    }
    return total / sum;
  });
}

double nothing(int64_t, int64_t, int64_t) { return 0; }

/// Q, K, V and perhaps more inputs; `scores` is what leads from %p, the
/// products, to %w, the weights.
GroupText text(int64_t depth, int64_t columns, const std::string &scores,
               const std::vector<std::string> &more = {}) {
  std::string d = std::to_string(depth), c = std::to_string(columns);
  std::vector<std::string> inputs{"@f32[B, M, " + d + "]",
                                  "@f32[B, " + d + ", N]",
                                  "@f32[B, N, " + c + "]"};
  inputs.insert(inputs.end(), more.begin(), more.end());
  std::string result = "@f32[B, M, " + c + "]";
  return {inputs,
          {result},
          "%p = MatMul(%0, %1) : @f32[B, M, N]\n" + scores +
              "\n%r = MatMul(%w, %2) : " + result,
          "%r"};
}

const std::string plain = "%w = Softmax(%p) {axis = -1 : i64} : @f32[B, M, N]";

TEST_F(KernelAttention, WidthsOfHeads) {
  struct Width {
    int64_t depth, columns;
  };
  const Width widths[] = {{64, 64}, {8, 5}, {48, 80}, {1, 1}, {33, 32}};
  std::vector<GroupText> texts;
  for (Width w : widths)
    texts.push_back(text(w.depth, w.columns, plain));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [i, kernel] : llvm::enumerate(kernels))
    for (Size s : sizes) {
      SCOPED_TRACE(testing::Message() << i << ": " << s.queries << " queries, "
                                      << s.keys << " keys");
      Array q = Array::random({s.batch, s.queries, widths[i].depth}, -1, 1, 1);
      Array k = Array::random({s.batch, widths[i].depth, s.keys}, -1, 1, 2);
      Array v = Array::random({s.batch, s.keys, widths[i].columns}, -1, 1, 3);
      expectNear(kernel->run({{"B", s.batch}, {"M", s.queries}, {"N", s.keys}},
                             {q.values, k.values, v.values})[0],
                 attention(q, k, v, 1, nothing), 1e-5, 1e-5);
    }
}

// Only what the mask has is read of it.
TEST_F(KernelAttention, FactorsAndMasksBeforeTheSoftmax) {
  auto kernel =
      compile(text(16, 16,
                   "%f = Constant() {value = dense<0.25> : tensor<f32>} : "
                   "@f32[]\n%s = Mul(%p, %f) : @f32[B, M, N]\n"
                   "%a = Add(%s, %3) : @f32[B, M, N]\n"
                   "%b = Add(%a, %4) : @f32[B, M, N]\n"
                   "%w = Softmax(%b) {axis = 2 : i64} : @f32[B, M, N]",
                   {"@f32[B, 1, N]", "@f32[M, N]"}));
  ASSERT_TRUE(kernel);
  for (Size s : sizes) {
    SCOPED_TRACE(s.keys);
    Array q = Array::random({s.batch, s.queries, 16}, -1, 1, 1),
          k = Array::random({s.batch, 16, s.keys}, -1, 1, 2),
          v = Array::random({s.batch, s.keys, 16}, -1, 1, 3),
          a = Array::random({s.batch, 1, s.keys}, -3, 3, 4),
          b = Array::random({s.queries, s.keys}, -3, 3, 5);
    expectNear(
        kernel->run({{"B", s.batch}, {"M", s.queries}, {"N", s.keys}},
                    {q.values, k.values, v.values, a.values, b.values})[0],
        attention(q, k, v, 0.25,
                  [&](int64_t batch, int64_t m, int64_t n) {
                    return a({batch, 0, n}) + b({m, n});
                  }),
        1e-5, 1e-5);
  }
}

// A second reduction of the same scores, behind a mask of bools.
TEST_F(KernelAttention, RowsWithoutKeysAreZeros) {
  auto kernel = compile(text(
      16, 24,
      "%l = Constant() {value = dense<0xFF800000> : tensor<f32>} : @f32[]\n"
      "%z = Constant() {value = dense<0.0> : tensor<f32>} : @f32[]\n"
      "%s = Where(%3, %p, %l) : @f32[B, M, N]\n"
      "%x = dyn.symbolic [-1] : @i64[1]\n"
      "%t = Softmax(%s) {axis = -1 : i64} : @f32[B, M, N]\n"
      "%h = ReduceMax(%s, %x) : @f32[B, M, 1]\n"
      "%e = Equal(%h, %l) : @i1[B, M, 1]\n"
      "%w = Where(%e, %z, %t) : @f32[B, M, N]",
      {"@i1[M, N]"}));
  ASSERT_TRUE(kernel);
  for (Size s : sizes) {
    SCOPED_TRACE(s.keys);
    Array q = Array::random({s.batch, s.queries, 16}, -1, 1, 1),
          k = Array::random({s.batch, 16, s.keys}, -1, 1, 2),
          v = Array::random({s.batch, s.keys, 24}, -1, 1, 3);
    // As many keys as the number of the query.
    Array sees = {{s.queries, s.keys},
                  build({s.queries, s.keys}, [](const Place &at) {
                    return at[1] < at[0] ? 1.0 : 0.0;
                  })};
    Values expected = attention(q, k, v, 1, [](int64_t, int64_t m, int64_t n) {
      return n < m ? 0.0 : -std::numeric_limits<double>::infinity();
    });
    for (double &value : expected)
      value = std::isnan(value) ? 0 : value;
    expectNear(kernel->run({{"B", s.batch}, {"M", s.queries}, {"N", s.keys}},
                           {q.values, k.values, v.values, sees.values})[0],
               expected, 1e-5, 1e-5);
  }
}

/// One matrix, and several axes of batches with extents that are constants; a
/// right side that is computed, and what follows the second product.
TEST_F(KernelAttention, AxesOfBatchesAndNeighbours) {
  auto kernels = compileAll(
      {{{"@f32[M, 8]", "@f32[8, N]", "@f32[N, 16]", "@f32[16]"},
        {"@f32[M, 16]"},
        "%k = Neg(%1) : @f32[8, N]\n%p = MatMul(%0, %k) : @f32[M, N]\n"
        "%w = Softmax(%p) {axis = -1 : i64} : @f32[M, N]\n"
        "%v = MatMul(%w, %2) : @f32[M, 16]\n%r = Add(%v, %3) : @f32[M, 16]",
        "%r"},
       {{"@f32[B, 3, 20, 8]", "@f32[B, 3, 8, 40]", "@f32[B, 3, 40, 16]"},
        {"@f32[B, 3, 20, 16]"},
        "%p = MatMul(%0, %1) : @f32[B, 3, 20, 40]\n"
        "%w = Softmax(%p) {axis = 3 : i64} : @f32[B, 3, 20, 40]\n"
        "%r = MatMul(%w, %2) : @f32[B, 3, 20, 16]",
        "%r"},
       {{"@f32[B, 1, 8]", "@f32[B, 8, 3]", "@f32[B, 3, 16]", "@i1[B, 1, 1]"},
        {"@f32[B, 1, 16]"},
        "%p = MatMul(%0, %1) : @f32[B, 1, 3]\n"
        "%s = Softmax(%p) {axis = 2 : i64} : @f32[B, 1, 3]\n"
        "%z = Constant() {value = dense<0.0> : tensor<f32>} : @f32[]\n"
        "%w = Where(%3, %s, %z) : @f32[B, 1, 3]\n"
        "%r = MatMul(%w, %2) : @f32[B, 1, 16]",
        "%r"}});
  ASSERT_EQ(kernels.size(), 3u);
  for (Size s : sizes) {
    Array q = Array::random({1, s.queries, 8}, -1, 1, 1),
          k = Array::random({1, 8, s.keys}, -1, 1, 2),
          v = Array::random({1, s.keys, 16}, -1, 1, 3),
          bias = Array::random({16}, -1, 1, 4);
    Array negative = k;
    for (double &value : negative.values)
      value = -value;
    Values expected = attention(q, negative, v, 1, nothing);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i] += bias.values[i % 16];
    expectNear(kernels[0]->run({{"M", s.queries}, {"N", s.keys}},
                               {q.values, k.values, v.values, bias.values})[0],
               expected, 1e-5, 1e-5);
  }
  for (int64_t b : {0, 1, 2}) {
    Array q = Array::random({3 * b, 20, 8}, -1, 1, 1),
          k = Array::random({3 * b, 8, 40}, -1, 1, 2),
          v = Array::random({3 * b, 40, 16}, -1, 1, 3);
    expectNear(kernels[1]->run({{"B", b}}, {q.values, k.values, v.values})[0],
               attention(q, k, v, 1, nothing), 1e-5, 1e-5);
  }
  // Fewer keys than a panel has, and a batch that nothing is computed for.
  Array q = Array::random({2, 1, 8}, -1, 1, 1),
        k = Array::random({2, 8, 3}, -1, 1, 2),
        v = Array::random({2, 3, 16}, -1, 1, 3);
  Values expected = attention(q, k, v, 1, nothing);
  std::fill(expected.begin(), expected.begin() + 16, 0.0);
  expectNear(
      kernels[2]->run({{"B", 2}}, {q.values, k.values, v.values, {0, 1}})[0],
      expected, 1e-5, 1e-5);
}

/// `x` with its axes in other places.
Array transposed(const Array &x, const std::vector<int> &perm) {
  Place dims;
  for (int axis : perm)
    dims.push_back(x.dims[axis]);
  return {dims, build(dims, [&](const Place &at) {
            Place from(at.size());
            for (size_t axis = 0; axis < at.size(); ++axis)
              from[perm[axis]] = at[axis];
            return x(from);
          })};
}

/// Three heads of `depth` columns beside each other in what is read and in the
/// result.
GroupText headsBeside(const std::string &depth) {
  return {
      {"@f32[B, M, 3, " + depth + "]", "@f32[B, N, 3, " + depth + "]",
       "@f32[N, B, 3, 16]"},
      {"@f32[M, B, 3, 16]"},
      "%q = Transpose(%0) {perm = array<i64: 0, 2, 1, 3>} : @f32[B, 3, M, " +
          depth +
          "]\n%k = Transpose(%1) {perm = array<i64: 0, 2, 3, 1>} : "
          "@f32[B, 3, " +
          depth +
          ", N]\n%v = Transpose(%2) {perm = array<i64: 1, 2, 0, 3>} : "
          "@f32[B, 3, N, 16]\n"
          "%p = MatMul(%q, %k) : @f32[B, 3, M, N]\n"
          "%w = Softmax(%p) {axis = -1 : i64} : @f32[B, 3, M, N]\n"
          "%y = MatMul(%w, %v) : @f32[B, 3, M, 16]\n"
          "%t = Transpose(%y) {perm = array<i64: 2, 0, 1, 3>} : "
          "@f32[M, B, 3, 16]\n"
          "%r = Neg(%t) : @f32[M, B, 3, 16]",
      "%r"};
}

// Keys lie along their depth, of which there may be whole vectors or not.
TEST_F(KernelAttention, HeadsInOtherPlaces) {
  const int64_t depths[] = {8, 16, 33, 70, 1, 48};
  std::vector<GroupText> texts;
  for (const char *depth : {"8", "16", "33", "70", "K"})
    texts.push_back(headsBeside(depth));
  auto kernels = compileAll(texts);
  ASSERT_EQ(kernels.size(), texts.size());
  for (auto [i, depth] : llvm::enumerate(depths))
    for (Size s : sizes) {
      // The last one takes any depth.
      auto &kernel = kernels[std::min(i, kernels.size() - 1)];
      SCOPED_TRACE(testing::Message()
                   << depth << " deep, " << s.keys << " keys");
      Array q = Array::random({s.batch, s.queries, 3, depth}, -1, 1, 1),
            k = Array::random({s.batch, s.keys, 3, depth}, -1, 1, 2),
            v = Array::random({s.keys, s.batch, 3, 16}, -1, 1, 3);
      auto heads = [&](Array x) {
        x.dims.erase(x.dims.begin());
        x.dims[0] = 3 * s.batch;
        return x;
      };
      Array y = {{3 * s.batch, s.queries, 16},
                 attention(heads(transposed(q, {0, 2, 1, 3})),
                           heads(transposed(k, {0, 2, 3, 1})),
                           heads(transposed(v, {1, 2, 0, 3})), 1, nothing)};
      y.dims = {s.batch, 3, s.queries, 16};
      Array expected = transposed(y, {2, 0, 1, 3});
      for (double &value : expected.values)
        value = -value;
      expectNear(
          kernel->run(
              {{"B", s.batch}, {"M", s.queries}, {"N", s.keys}, {"K", depth}},
              {q.values, k.values, v.values})[0],
          expected.values, 1e-5, 1e-5);
    }
}

} // namespace
