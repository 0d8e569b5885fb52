// Tensors and an allocator as tests of compiled models use them.
#ifndef DYCC_TEST_UNIT_RUNTIMETENSORS_H
#define DYCC_TEST_UNIT_RUNTIMETENSORS_H

#include "dycc/runtime.h"

#include <atomic>
#include <vector>

namespace dycc::test {

/// A tensor of floats with its shape.
struct Tensor {
  std::vector<int64_t> shape;
  std::vector<float> values;
  DLTensor view;

  explicit Tensor(std::vector<int64_t> extents, float first = 1);
  /// No data: for the context to lend.
  static Tensor lent(int rank) { return Tensor(WithoutData(rank)); }
  Tensor(const Tensor &) = delete;
  Tensor &operator=(const Tensor &) = delete;
  const float *data() const;

private:
  struct WithoutData {
    explicit WithoutData(int rank) : rank(rank) {}
    int rank;
  };
  explicit Tensor(WithoutData data);
};

/// An allocator that counts and can be told to fail.
struct CountingAllocator {
  std::atomic<int> calls{0};
  std::atomic<int64_t> bytes{0};
  std::atomic<int> allowed{1 << 30}; ///< Calls until it returns null.
  dycc_allocator table();
  /// Options of a context that takes its memory from it.
  dycc_context_options options();

private:
  dycc_allocator given;
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_RUNTIMETENSORS_H
