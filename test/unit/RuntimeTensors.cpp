#include "test/unit/RuntimeTensors.h"

#include <cstdlib>

namespace dycc::test {

Tensor::Tensor(std::vector<int64_t> extents, float first)
    : shape(std::move(extents)) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(first + float(i % 7) - 3);
  values.reserve(1);
  view = {values.data(),
          {kDLCPU, 0},
          int(shape.size()),
          {kDLFloat, 32, 1},
          shape.data(),
          nullptr,
          0};
}

Tensor::Tensor(WithoutData data) : shape(data.rank, -1) {
  view = {nullptr, {kDLCPU, 0}, data.rank, {}, shape.data(), nullptr, 0};
}

const float *Tensor::data() const {
  return reinterpret_cast<const float *>(static_cast<uint8_t *>(view.data) +
                                         view.byte_offset);
}

dycc_allocator CountingAllocator::table() {
  dycc_allocator table;
  table.user = this;
  table.allocate = [](void *user, uint64_t bytes, uint64_t alignment) {
    auto &self = *static_cast<CountingAllocator *>(user);
    if (self.allowed-- <= 0)
      return static_cast<void *>(nullptr);
    ++self.calls;
    self.bytes += bytes;
    return std::aligned_alloc(alignment, (bytes + 127) / 128 * 128);
  };
  table.release = [](void *user, void *memory, uint64_t bytes, uint64_t) {
    static_cast<CountingAllocator *>(user)->bytes -= bytes;
    std::free(memory);
  };
  return table;
}

dycc_context_options CountingAllocator::options() {
  given = table();
  dycc_context_options options = {};
  options.allocator = &given;
  return options;
}

} // namespace dycc::test
