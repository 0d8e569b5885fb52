// What a kernel needs of its surroundings, as strict as the test can be:
// tensors between pages that fault, buffers whose dims must not be read, a
// scratch allocator that counts, tasks in any order.
#ifndef DYCC_TEST_UNIT_KERNELMEMORY_H
#define DYCC_TEST_UNIT_KERNELMEMORY_H

#include "dialects/dyn/DynOps.h"
#include <cstdint>
#include <vector>

namespace dycc::test {

/// A tensor in its layout, directly before a page that faults (`atEnd`) or
/// directly after one.
class GuardedTensor {
public:
  GuardedTensor(mlir::Type element, std::vector<int64_t> dims,
                dyn::LayoutAttr layout, bool atEnd);
  ~GuardedTensor();
  GuardedTensor(const GuardedTensor &) = delete;

  /// Stores values given in logical row-major order.
  void fill(const std::vector<double> &values);
  /// The values in logical row-major order.
  std::vector<double> values() const;
  /// Whether what lies between the channels of an image with a pitch is as it
  /// was at first.
  bool keepsNeighbours() const;
  /// All elements as they lie, and their bytes.
  uint8_t *memory() const { return data; }
  uint64_t bytes() const {
    return static_cast<uint64_t>(storedElements * elementBytes);
  }
  /// Address of a halide_buffer_t with nothing but the pointer.
  uint64_t bufferAddress() const;

private:
  /// Elements from one place's last channel to the next one's first.
  int64_t channelsBeyond() const;
  mlir::Type packedType() const;
  void fillPacked(const std::vector<double> &values);
  /// Where logical element `index` lies, in elements.
  int64_t position(const std::vector<int64_t> &index) const;
  template <typename Visit>
  void forEach(Visit visit) const;
  double load(int64_t position) const;
  void store(int64_t position, double value);

  mlir::Type element;
  std::vector<int64_t> dims;
  dyn::LayoutAttr layout;
  int64_t elementBytes, storedElements = 1;
  uint8_t *pages = nullptr, *data = nullptr;
  size_t mapped = 0;
  void *buffer = nullptr;
};

enum class TaskOrder { Forward, Backward };
void setTaskOrder(TaskOrder order);
/// How many threads kernels are told that they have: usually 3, which deals
/// loops out unevenly.
void setThreads(int32_t count);

/// The most bytes that halide_malloc had handed out at once since the reset.
void resetScratch();
size_t scratchPeak();

/// Calls a C function of pointer and int32 parameters.
int callWithWords(void *function, std::vector<uint64_t> words);

} // namespace dycc::test

#endif // DYCC_TEST_UNIT_KERNELMEMORY_H
