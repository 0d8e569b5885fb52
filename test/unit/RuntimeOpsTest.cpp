// The runtime's operators against straightforward references.
#include "test/unit/RuntimeOpsFixture.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace dycc::test {
namespace {

/// Stands for T among the test's types: _Float16 itself has no type_info.
template <typename T>
struct Of {
  using Type = T;
};
template <typename T>
struct RuntimeTypedOps : RuntimeOps {
  using Element = typename T::Type;
};
using Types = testing::Types<Of<float>, Of<double>, Of<_Float16>, Of<int8_t>,
                             Of<int16_t>, Of<int32_t>, Of<int64_t>, Of<uint8_t>,
                             Of<uint16_t>, Of<uint32_t>, Of<uint64_t>>;
TYPED_TEST_SUITE(RuntimeTypedOps, Types);

TYPED_TEST(RuntimeTypedOps, NonZeroListsIndices) {
  using Element = typename TestFixture::Element;
  for (std::vector<int64_t> dims :
       {std::vector<int64_t>{3, 4, 5}, {7}, {0, 3}, {2, 1, 1, 6}}) {
    OpTensor x = makeRandom<Element>(dims, this->random);
    int64_t rank = dims.size();
    OpTensor y = makeTensor<int64_t>({rank, x.count()});
    ASSERT_EQ(this->call(dycc_op_non_zero, {&x}, {&y}), DYCC_OK);
    std::vector<int64_t> flat;
    for (int64_t i = 0; i < x.count(); ++i)
      if (x.get<Element>(i) != Element(0))
        flat.push_back(i);
    ASSERT_EQ(y.dims[1], int64_t(flat.size()));
    for (size_t n = 0; n < flat.size(); ++n) {
      int64_t index = 0;
      for (int64_t d = 0; d < rank; ++d)
        index = index * dims[d] + y.get<int64_t>(d * flat.size() + n);
      EXPECT_EQ(index, flat[n]);
    }
  }
}

TYPED_TEST(RuntimeTypedOps, TopKSelectsAlongAnyAxis) {
  using Element = typename TestFixture::Element;
  // Some slices lie together; up to 32 are kept in order, more in a heap.
  for (std::vector<int64_t> dims : {std::vector<int64_t>{3, 20, 4}, {2, 70}})
    for (int64_t run = 0; run < 10 * int64_t(dims.size()); ++run) {
      int64_t axis = run / 10, largest = run / 5 % 2, extent = dims[axis];
      int64_t ks[] = {0, 1, std::min<int64_t>(extent, 7), extent - extent / 3,
                      extent};
      int64_t k = ks[run % 5];
      OpTensor x = makeRandom<Element>(dims, this->random);
      std::vector<int64_t> outDims = dims;
      outDims[axis] = k;
      OpTensor values = makeTensor<Element>(outDims),
               indices = makeTensor<int64_t>(outDims);
      ASSERT_EQ(this->call(dycc_op_top_k, {&x}, {&values, &indices},
                           {axis, k, largest, 1}),
                DYCC_OK);
      rt::AxisView view(dims.data(), int32_t(dims.size()), axis);
      for (int64_t o = 0; o < view.outer; ++o)
        for (int64_t i = 0; i < view.inner; ++i) {
          auto at = [&](int64_t n) {
            return x.get<Element>((o * view.extent + n) * view.inner + i);
          };
          std::vector<int64_t> order(view.extent);
          for (int64_t n = 0; n < view.extent; ++n)
            order[n] = n;
          std::stable_sort(order.begin(), order.end(),
                           [&](int64_t a, int64_t b) {
                             return largest ? at(a) > at(b) : at(a) < at(b);
                           });
          for (int64_t n = 0; n < k; ++n) {
            int64_t to = (o * k + n) * view.inner + i;
            ASSERT_EQ(indices.get<int64_t>(to), order[n]);
            ASSERT_EQ(values.get<Element>(to), at(order[n]));
          }
        }
    }
}

/// Rows of many elements, and enough of them for several tasks, against an
/// order in which NaN is the largest.
TEST_F(RuntimeOps, TopKSearchesLongRows) {
  constexpr int64_t rows = 700, extent = 101, k = 5;
  OpTensor x = makeTensor<float>({rows, extent});
  for (int64_t i = 0; i < x.count(); ++i)
    x.set<float>(i, random() % 97 == 0 ? (i % 2 ? NAN : -NAN)
                                       : float(random() % 1000) - 500);
  auto key = [&](int64_t i) {
    float value = x.get<float>(i);
    return std::isnan(value) ? double(INFINITY) : double(value);
  };
  for (int64_t largest : {0, 1}) {
    OpTensor values = makeTensor<float>({rows, k}),
             indices = makeTensor<int64_t>({rows, k});
    ASSERT_EQ(
        call(dycc_op_top_k, {&x}, {&values, &indices}, {1, k, largest, 1}),
        DYCC_OK);
    for (int64_t row = 0; row < rows; ++row) {
      std::vector<int64_t> order(extent);
      std::iota(order.begin(), order.end(), row * extent);
      std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
        return largest ? key(a) > key(b) : key(a) < key(b);
      });
      for (int64_t n = 0; n < k; ++n)
        ASSERT_EQ(indices.get<int64_t>(row * k + n), order[n] - row * extent);
    }
  }
}

TEST_F(RuntimeOps, TopKCountsNanAsLargest) {
  OpTensor x = makeTensor<float>({4}), values = makeTensor<float>({2}),
           indices = makeTensor<int64_t>({2});
  float data[] = {1, INFINITY, -NAN, -INFINITY};
  for (int i = 0; i < 4; ++i)
    x.set<float>(i, data[i]);
  ASSERT_EQ(call(dycc_op_top_k, {&x}, {&values, &indices}, {0, 2, 1, 1}),
            DYCC_OK);
  EXPECT_EQ(indices.get<int64_t>(0), 2);
  EXPECT_EQ(indices.get<int64_t>(1), 1);
  ASSERT_EQ(call(dycc_op_top_k, {&x}, {&values, &indices}, {0, 2, 0, 1}),
            DYCC_OK);
  EXPECT_EQ(indices.get<int64_t>(0), 3);
  EXPECT_EQ(indices.get<int64_t>(1), 0);
}

TEST_F(RuntimeOps, TopKRefusesMoreThanThereAre) {
  OpTensor x = makeTensor<float>({2, 3}), values = makeTensor<float>({2, 4}),
           indices = makeTensor<int64_t>({2, 4});
  EXPECT_EQ(call(dycc_op_top_k, {&x}, {&values, &indices}, {1, 4, 1, 1}),
            DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(), "node 'node': k is 4, expects 0 to 3 (axis 1)");
}

TEST_F(RuntimeOps, CheckIndicesNamesTheFirstBeyondItsLimit) {
  OpTensor wide = makeTensor<int64_t>({2, 2}),
           narrow = makeTensor<int32_t>({3});
  int64_t values[] = {2, -4, -3, 4};
  for (int i = 0; i < 4; ++i)
    wide.set<int64_t>(i, values[i]);
  EXPECT_EQ(call(dycc_op_check_indices, {&wide}, {}, {2, 1, 3, 5}), DYCC_OK);
  EXPECT_EQ(call(dycc_op_check_indices, {&wide}, {}, {2, 1, 3, 4}),
            DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(),
            "node 'node': index 3 is 4, expects one in [-4, 3]");
  for (int i = 0; i < 3; ++i)
    narrow.set<int32_t>(i, -i);
  EXPECT_EQ(call(dycc_op_check_indices, {&narrow}, {}, {1, 1, 2}), DYCC_OK);
  EXPECT_EQ(call(dycc_op_check_indices, {&narrow}, {}, {1, 1, 1}),
            DYCC_MODEL_ERROR);
}

TEST_F(RuntimeOps, CheckIndicesMayNotCountFromTheEnd) {
  OpTensor x = makeTensor<int32_t>({2});
  x.set<int32_t>(0, 8);
  x.set<int32_t>(1, -1);
  EXPECT_EQ(call(dycc_op_check_indices, {&x}, {}, {1, 1, 9}), DYCC_OK);
  EXPECT_EQ(call(dycc_op_check_indices, {&x}, {}, {1, 0, 9}), DYCC_MODEL_ERROR);
  EXPECT_EQ(session.error(),
            "node 'node': index 1 is -1, expects one in [0, 8]");
}

TEST_F(RuntimeOps, NonZeroKnowsNan) {
  OpTensor x = makeTensor<float>({3}), y = makeTensor<int64_t>({1, 3});
  x.set<float>(0, NAN);
  x.set<float>(1, -0.f);
  x.set<float>(2, 1e-45f);
  ASSERT_EQ(call(dycc_op_non_zero, {&x}, {&y}), DYCC_OK);
  ASSERT_EQ(y.dims[1], 2);
  EXPECT_EQ(y.get<int64_t>(1), 2);
}

// An index into a scalar has no entries.
TEST_F(RuntimeOps, NonZeroOfAScalarHasNoRows) {
  for (bool value : {false, true}) {
    OpTensor scalar = makeTensor<bool>({}), none = makeTensor<int64_t>({0, 1});
    scalar.set<uint8_t>(0, value);
    ASSERT_EQ(call(dycc_op_non_zero, {&scalar}, {&none}), DYCC_OK);
    EXPECT_EQ(none.dims[0], 0);
    EXPECT_EQ(none.dims[1], value);
  }
}

TYPED_TEST(RuntimeTypedOps, CompressKeepsTrueSlices) {
  using Element = typename TestFixture::Element;
  std::vector<int64_t> dims = {3, 4, 5};
  for (int64_t axis : {-1, 0, 1, 2})
    for (int64_t length : {2, 3, 70}) {
      OpTensor x = makeRandom<Element>(dims, this->random);
      OpTensor condition = makeRandom<bool>({length}, this->random);
      OpTensor y =
          makeTensor<Element>(axis < 0 ? std::vector<int64_t>{60} : dims);
      ASSERT_EQ(this->call(dycc_op_compress, {&x, &condition}, {&y}, {axis}),
                DYCC_OK);
      std::vector<Element> expected;
      int64_t flat[] = {60};
      rt::AxisView view(axis < 0 ? flat : dims.data(), axis < 0 ? 1 : 3,
                        std::max<int64_t>(axis, 0));
      int64_t kept = 0;
      for (int64_t i = 0; i < x.count(); ++i) {
        int64_t n = i / view.inner % view.extent;
        if (n < length && condition.get<uint8_t>(n))
          expected.push_back(x.get<Element>(i));
      }
      for (int64_t n = 0; n < std::min(length, view.extent); ++n)
        kept += condition.get<uint8_t>(n);
      EXPECT_EQ(y.dims[std::max<int64_t>(axis, 0)], kept);
      ASSERT_EQ(y.count(), int64_t(expected.size()));
      for (size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(y.get<Element>(i), expected[i]);
    }
}

/// Distinct rows of a matrix by a map: first occurrence and count.
template <typename T>
void checkUnique(RuntimeOps &test, OpTensor &x, int64_t axis, bool sorted) {
  std::vector<int64_t> flat = {x.count()};
  const std::vector<int64_t> &dims = axis < 0 ? flat : x.dims;
  rt::AxisView view(dims.data(), int32_t(dims.size()),
                    std::max<int64_t>(axis, 0));
  std::vector<std::vector<double>> items(view.extent);
  for (int64_t o = 0; o < view.outer; ++o)
    for (int64_t n = 0; n < view.extent; ++n)
      for (int64_t i = 0; i < view.inner; ++i)
        items[n].push_back(
            double(x.get<T>((o * view.extent + n) * view.inner + i)));
  std::map<std::vector<double>, std::vector<int64_t>> groups;
  for (int64_t n = 0; n < view.extent; ++n)
    groups[items[n]].push_back(n);
  std::vector<std::vector<int64_t>> ordered;
  for (auto &[item, members] : groups)
    ordered.push_back(members);
  if (!sorted)
    std::sort(ordered.begin(), ordered.end());

  OpTensor y = makeTensor<T>(dims),
           indices = makeTensor<int64_t>({view.extent}),
           inverse = makeTensor<int64_t>({view.extent}),
           counts = makeTensor<int64_t>({view.extent});
  ASSERT_EQ(test.call(dycc_op_unique, {&x}, {&y, &indices, &inverse, &counts},
                      {axis, sorted}),
            DYCC_OK);
  int64_t found = int64_t(ordered.size());
  ASSERT_EQ(y.dims[std::max<int64_t>(axis, 0)], found);
  ASSERT_EQ(indices.dims[0], found);
  ASSERT_EQ(inverse.dims[0], view.extent);
  ASSERT_EQ(counts.dims[0], found);
  for (int64_t g = 0; g < found; ++g) {
    EXPECT_EQ(indices.get<int64_t>(g), ordered[g][0]);
    EXPECT_EQ(counts.get<int64_t>(g), int64_t(ordered[g].size()));
    for (int64_t member : ordered[g])
      EXPECT_EQ(inverse.get<int64_t>(member), g);
    for (int64_t o = 0; o < view.outer; ++o)
      for (int64_t i = 0; i < view.inner; ++i)
        EXPECT_EQ(y.get<T>((o * found + g) * view.inner + i),
                  x.get<T>((o * view.extent + ordered[g][0]) * view.inner + i));
  }
}

TYPED_TEST(RuntimeTypedOps, UniqueFindsDistinctElements) {
  using Element = typename TestFixture::Element;
  for (bool sorted : {true, false}) {
    OpTensor flat = makeRandom<Element>({3, 11}, this->random);
    checkUnique<Element>(*this, flat, -1, sorted);
    OpTensor rows = makeRandom<Element>({30, 1}, this->random);
    checkUnique<Element>(*this, rows, 0, sorted);
    OpTensor middle = makeRandom<Element>({2, 60, 1}, this->random);
    checkUnique<Element>(*this, middle, 1, sorted);
    OpTensor empty = makeRandom<Element>({0}, this->random);
    checkUnique<Element>(*this, empty, -1, sorted);
  }
}

TEST_F(RuntimeOps, UniqueTakesNanAsOneElement) {
  OpTensor x = makeTensor<float>({4}), y = makeTensor<float>({4});
  float data[] = {NAN, 0, -NAN, -0.f};
  for (int i = 0; i < 4; ++i)
    x.set<float>(i, data[i]);
  ASSERT_EQ(call(dycc_op_unique, {&x}, {&y}, {-1, 1}), DYCC_OK);
  ASSERT_EQ(y.dims[0], 2);
  EXPECT_EQ(y.get<float>(0), 0);
  EXPECT_TRUE(std::isnan(y.get<float>(1)));
}

} // namespace
} // namespace dycc::test
