// What the tests of the runtime's operators have in common.
#ifndef DYCC_TEST_UNIT_RUNTIMEOPSFIXTURE_H
#define DYCC_TEST_UNIT_RUNTIMEOPSFIXTURE_H

#include "runtime/src/ops/Ops.h"
#include "test/unit/RuntimeModel.h"

#include <random>

namespace dycc::test {

/// A tensor at an address that is not aligned, as a caller's may be.
struct OpTensor {
  std::vector<int64_t> dims;
  std::vector<uint8_t> memory;
  uint8_t code, bits;

  OpTensor(uint8_t code, uint8_t bits, std::vector<int64_t> extents)
      : dims(std::move(extents)), code(code), bits(bits) {
    memory.resize(count() * bits / 8 + 1);
  }
  int64_t count() const {
    int64_t result = 1;
    for (int64_t extent : dims)
      result *= extent;
    return result;
  }
  DyccOpTensor view() {
    return {
        memory.data() + 1, dims.data(), int32_t(dims.size()), code, bits, 0};
  }
  template <typename T>
  T get(int64_t i) const {
    return rt::loadAt<T>(memory.data() + 1, i);
  }
  template <typename T>
  void set(int64_t i, T value) {
    rt::storeAt<T>(memory.data() + 1, i, value);
  }
};

template <typename T>
OpTensor makeTensor(std::vector<int64_t> dims) {
  uint8_t code = std::is_same_v<T, bool> ? uint8_t(DYCC_DTYPE_BOOL)
                 : std::is_floating_point_v<T> || std::is_same_v<T, _Float16>
                     ? kDLFloat
                 : std::is_signed_v<T> ? kDLInt
                                       : kDLUInt;
  return OpTensor(code, sizeof(T) * 8, std::move(dims));
}

/// Few different values, so that many are equal; signs, both zeros.
template <typename T>
OpTensor makeRandom(std::vector<int64_t> dims, std::mt19937 &random) {
  OpTensor tensor = makeTensor<T>(std::move(dims));
  for (int64_t i = 0; i < tensor.count(); ++i) {
    int value = int(random() % 7);
    if constexpr (std::is_same_v<T, bool>)
      tensor.set<uint8_t>(i, value % 2);
    else if constexpr (std::is_integral_v<T> && !std::is_signed_v<T>)
      tensor.set<T>(i, value == 6 ? T(-1) : T(value)); // The top bit as well.
    else
      tensor.set<T>(i, value == 6 ? T(-0.0) : T(value - 3));
  }
  return tensor;
}

struct RuntimeOps : testing::Test {
  Session session;
  std::mt19937 random{7};

  int32_t call(DyccOp op, const std::vector<OpTensor *> &in,
               const std::vector<OpTensor *> &out,
               std::vector<int64_t> attributes = {}) {
    std::vector<DyccOpTensor> inViews, outViews;
    for (OpTensor *tensor : in)
      inViews.push_back(tensor->view());
    for (OpTensor *tensor : out)
      outViews.push_back(tensor->view());
    return op(&session.context->frames[0], "node", inViews.data(),
              int32_t(in.size()), outViews.data(), int32_t(out.size()),
              attributes.data());
  }
};

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_RUNTIMEOPSFIXTURE_H
