// Det: x (f32 or f64, [..., n, n]) -> [...] of that type: the determinant of
// each matrix, by elimination with partial pivoting in f64.
#include "runtime/src/ops/Ops.h"

using namespace dycc::rt;

namespace {

double magnitude(double x) { return x < 0 ? -x : x; }

void swapRows(double *a, double *b, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    double kept = a[i];
    a[i] = b[i];
    b[i] = kept;
  }
}

/// The product of the pivots of `m`, an n x n matrix that is used up.
double eliminate(double *m, int64_t n) {
  double product = 1;
  for (int64_t k = 0; k < n; ++k) {
    int64_t best = k;
    for (int64_t row = k + 1; row < n; ++row)
      // Also where one of them is no number, which is kept so.
      if (!(magnitude(m[row * n + k]) <= magnitude(m[best * n + k])))
        best = row;
    if (best != k) {
      swapRows(m + best * n, m + k * n, n);
      product = -product;
    }
    double pivot = m[k * n + k];
    product *= pivot;
    if (pivot == 0)
      continue; // What is below is zero, too.
    for (int64_t row = k + 1; row < n; ++row) {
      double factor = m[row * n + k] / pivot;
      for (int64_t i = k + 1; i < n; ++i)
        m[row * n + i] -= factor * m[k * n + i];
    }
  }
  return product;
}

template <typename T>
void determinants(const DyccOpTensor &x, DyccOpTensor &y, double *matrix) {
  int64_t n = x.dims[x.rank - 1], count = elementCount(y);
  for (int64_t at = 0; at < count; ++at) {
    for (int64_t i = 0; i < n * n; ++i)
      matrix[i] = static_cast<double>(loadAt<T>(x.data, at * n * n + i));
    storeAt<T>(y.data, at, static_cast<T>(eliminate(matrix, n)));
  }
}

} // namespace

int32_t dycc_op_det(DyccFrame *frame, const char *, const DyccOpTensor *inputs,
                    int32_t, DyccOpTensor *outputs, int32_t, const int64_t *) {
  const DyccOpTensor &x = inputs[0];
  int64_t n = x.dims[x.rank - 1];
  static_assert(sizeof(double) == sizeof(int64_t));
  ScratchArrays<kArraysOf_det> arrays(frame, n * n);
  auto *matrix = reinterpret_cast<double *>(arrays[0]);
  if (x.bits == 64)
    determinants<double>(x, outputs[0], matrix);
  else
    determinants<float>(x, outputs[0], matrix);
  return DYCC_OK;
}
