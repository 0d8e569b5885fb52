// Determinants, against the sum over permutations.
#include "test/unit/RuntimeOpsFixture.h"

#include <algorithm>
#include <numeric>

using namespace dycc::test;

namespace {

class RuntimeDet : public RuntimeOps {};

/// Of an n x n matrix from `first` on.
double leibniz(const OpTensor &x, int64_t first, int64_t n) {
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  double sum = 0;
  do {
    double product = 1;
    for (int64_t row = 0; row < n; ++row) {
      product *= x.get<double>(first + row * n + order[row]);
      for (int64_t later = row + 1; later < n; ++later)
        if (order[later] < order[row])
          product = -product;
    }
    sum += product;
  } while (std::next_permutation(order.begin(), order.end()));
  return sum;
}

// Few different values: pivots are zero, and matrices singular, often.
TEST_F(RuntimeDet, IsTheSumOverPermutations) {
  for (int64_t n : {0, 1, 2, 3, 6}) {
    OpTensor x = makeRandom<double>({5, 4, n, n}, random),
             y = makeTensor<double>({5, 4});
    ASSERT_EQ(call(dycc_op_det, {&x}, {&y}), DYCC_OK);
    for (int64_t i = 0; i < y.count(); ++i)
      EXPECT_NEAR(y.get<double>(i), leibniz(x, i * n * n, n), 1e-9) << n;
  }
}

TEST_F(RuntimeDet, KeepsWhatIsNoNumber) {
  OpTensor x = makeTensor<float>({1, 2, 2}), y = makeTensor<float>({1});
  const float values[] = {0, 1, NAN, 2};
  for (int i = 0; i < 4; ++i)
    x.set<float>(i, values[i]);
  ASSERT_EQ(call(dycc_op_det, {&x}, {&y}), DYCC_OK);
  EXPECT_NE(y.get<float>(0), y.get<float>(0));
}

} // namespace
