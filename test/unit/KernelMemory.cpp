#include "KernelMemory.h"

#include "dialects/dyn/Layout.h"
#include <HalideRuntime.h>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace mlir;

namespace dycc::test {
namespace {

TaskOrder taskOrder = TaskOrder::Forward;
int32_t threads = 3;
size_t scratchNow = 0, scratchMost = 0;
constexpr size_t scratchHeader = 128;
constexpr size_t scratchBeyond = 4096; ///< Where no kernel may write.

size_t roundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

/// What the scratch allocator takes for `bytes`.
size_t scratchBytes(size_t bytes) {
  return roundUp(bytes, scratchHeader) + scratchHeader;
}

template <typename T>
double loadAs(const uint8_t *at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return static_cast<double>(value);
}

template <typename T>
void storeAs(uint8_t *at, double value) {
  T narrow = static_cast<T>(value);
  std::memcpy(at, &narrow, sizeof(T));
}

double loadBf16(const uint8_t *at) {
  uint16_t half;
  std::memcpy(&half, at, 2);
  uint32_t bits = static_cast<uint32_t>(half) << 16;
  return loadAs<float>(reinterpret_cast<uint8_t *>(&bits));
}

/// Whether values are bits without a sign: those of narrow floats are their
/// code.
bool hasBits(Type element) {
  return element.isUnsignedInteger() || element.isInteger(1) ||
         isa<FloatType>(element);
}

void storeBf16(uint8_t *at, double value) {
  float narrow = static_cast<float>(value);
  uint32_t bits;
  std::memcpy(&bits, &narrow, 4);
  storeAs<uint16_t>(at, 0);
  bits += 0x7fff + ((bits >> 16) & 1);
  uint16_t half = static_cast<uint16_t>(bits >> 16);
  std::memcpy(at, &half, 2);
}

} // namespace

GuardedTensor::GuardedTensor(Type element, std::vector<int64_t> dims,
                             dyn::LayoutAttr layout, bool atEnd)
    : element(element), dims(std::move(dims)), layout(layout),
      elementBytes(dyn::getElementBytes(element)) {
  for (size_t axis = 0; axis < this->dims.size(); ++axis) {
    int64_t extent = this->dims[axis];
    bool panels = layout && layout.getKind() == dyn::LayoutKind::Panels;
    size_t padded = panels ? (this->dims.size() == 2 ? 1 : 0) : 1;
    if (layout && axis == padded && layout.getPitch() > 0)
      extent = layout.getPitch();
    else if (layout && axis == padded)
      extent = static_cast<int64_t>(roundUp(
          static_cast<size_t>(extent), static_cast<size_t>(layout.getWidth())));
    bool isSummed = panels && axis == (padded == 1 ? 0 : 1);
    if (isSummed && layout.getGroup() > 0)
      extent = static_cast<int64_t>(roundUp(
          static_cast<size_t>(extent), static_cast<size_t>(layout.getGroup())));
    bool isTaps = layout && layout.getWinograd() > 0 && axis > 1;
    // Below 0 is the extent of windows that are wider than an image.
    storedElements *=
        isTaps ? layout.getWinograd() + 2 : std::max<int64_t>(extent, 0);
  }
  if (dyn::sharesBytes(packedType()))
    storedElements /= dyn::getElementsInByte(element);
  // Nothing of the last place's neighbours lies behind the last channels.
  if (layout && storedElements > 0)
    storedElements -= channelsBeyond();
  size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  // An empty tensor points at 64 readable bytes: the contract of kernels.
  size_t bytes = static_cast<size_t>(std::max<int64_t>(
      storedElements * elementBytes, storedElements == 0 ? 64 : 0));
  mapped = roundUp(bytes, page) + 2 * page;
  pages = static_cast<uint8_t *>(
      ::mmap(nullptr, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ::mprotect(pages + page, mapped - 2 * page, PROT_READ | PROT_WRITE);
  data = atEnd ? pages + mapped - page - bytes : pages + page;
  std::memset(data, 0xff, bytes); // NaN where it is a float.
  auto *header =
      static_cast<halide_buffer_t *>(std::calloc(1, sizeof(halide_buffer_t)));
  header->host = data;
  buffer = header;
}

GuardedTensor::~GuardedTensor() {
  ::munmap(pages, mapped);
  std::free(buffer);
}

uint64_t GuardedTensor::bufferAddress() const {
  return reinterpret_cast<uint64_t>(buffer);
}

int64_t GuardedTensor::position(const std::vector<int64_t> &index) const {
  int64_t rank = static_cast<int64_t>(dims.size());
  int64_t result = 0;
  if (!layout) {
    for (int64_t axis = 0; axis < rank; ++axis)
      result = result * dims[axis] + index[axis];
    return result;
  }
  int64_t width = layout.getWidth();
  if (layout.getKind() == dyn::LayoutKind::ChannelsLast) {
    for (int64_t axis = 0; axis < rank; ++axis)
      if (axis != 1)
        result = result * dims[axis] + index[axis];
    int64_t pitch = layout.getPitch() > 0
                        ? layout.getPitch()
                        : (dims[1] + width - 1) / width * width;
    return result * pitch + index[1];
  }
  // Panels: [O/r][taps...][I][r], or [N/r][k][r] of a matrix; with groups
  // [O/r][taps...][I/g][r][g] and [N/r][k/g][r][g].
  if (int64_t group = layout.getGroup(); group > 0 && rank == 2) {
    int64_t groups = (dims[0] + group - 1) / group;
    result = (index[1] / width * groups + index[0] / group) * width;
    return (result + index[1] % width) * group + index[0] % group;
  }
  if (rank == 2)
    return (index[1] / width * dims[0] + index[0]) * width + index[1] % width;
  result = index[0] / width;
  for (int64_t axis = 2; axis < rank; ++axis)
    result = result * dims[axis] + index[axis];
  int64_t group = std::max<int64_t>(layout.getGroup(), 1);
  int64_t groups = (dims[1] + group - 1) / group;
  result = (result * groups + index[1] / group) * width + index[0] % width;
  return result * group + index[1] % group;
}

int64_t GuardedTensor::channelsBeyond() const {
  if (!layout || layout.getPitch() == 0)
    return 0;
  auto width = static_cast<size_t>(layout.getWidth());
  return layout.getPitch() -
         static_cast<int64_t>(roundUp(static_cast<size_t>(dims[1]), width));
}

bool GuardedTensor::keepsNeighbours() const {
  int64_t beyond = channelsBeyond();
  if (beyond == 0)
    return true;
  int64_t pitch = layout.getPitch();
  for (int64_t end = pitch; end <= storedElements; end += pitch)
    for (const uint8_t *at = data + (end - beyond) * elementBytes;
         at < data + end * elementBytes; ++at)
      if (*at != 0xff)
        return false;
  return true;
}

template <typename Visit>
void GuardedTensor::forEach(Visit visit) const {
  int64_t count = 1;
  for (int64_t dim : dims)
    count *= dim;
  std::vector<int64_t> index(dims.size());
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i;
    for (size_t axis = dims.size(); axis-- > 0;) {
      index[axis] = rest % dims[axis];
      rest /= dims[axis];
    }
    visit(static_cast<size_t>(i), position(index));
  }
}

double GuardedTensor::load(int64_t position) const {
  const uint8_t *at = data + position * elementBytes;
  if (element.isF32())
    return loadAs<float>(at);
  if (element.isF64())
    return loadAs<double>(at);
  if (element.isF16())
    return loadAs<_Float16>(at);
  if (element.isBF16())
    return loadBf16(at);
  bool isUnsigned = hasBits(element);
  switch (elementBytes) {
  case 1:
    return isUnsigned ? loadAs<uint8_t>(at) : loadAs<int8_t>(at);
  case 2:
    return isUnsigned ? loadAs<uint16_t>(at) : loadAs<int16_t>(at);
  case 4:
    return isUnsigned ? loadAs<uint32_t>(at) : loadAs<int32_t>(at);
  default:
    return isUnsigned ? loadAs<uint64_t>(at) : loadAs<int64_t>(at);
  }
}

void GuardedTensor::store(int64_t position, double value) {
  uint8_t *at = data + position * elementBytes;
  if (element.isF32())
    return storeAs<float>(at, value);
  if (element.isF64())
    return storeAs<double>(at, value);
  if (element.isF16())
    return storeAs<_Float16>(at, value);
  if (element.isBF16())
    return storeBf16(at, value);
  bool isUnsigned = hasBits(element);
  switch (elementBytes) {
  case 1:
    return isUnsigned ? storeAs<uint8_t>(at, value)
                      : storeAs<int8_t>(at, value);
  case 2:
    return isUnsigned ? storeAs<uint16_t>(at, value)
                      : storeAs<int16_t>(at, value);
  case 4:
    return isUnsigned ? storeAs<uint32_t>(at, value)
                      : storeAs<int32_t>(at, value);
  default:
    return isUnsigned ? storeAs<uint64_t>(at, value)
                      : storeAs<int64_t>(at, value);
  }
}

Type GuardedTensor::packedType() const {
  llvm::SmallVector<dyn::ExprAttr> extents;
  for (int64_t dim : dims)
    extents.push_back(dyn::ExprAttr::constant(element.getContext(), dim));
  return dyn::getTensorType(extents, element, layout);
}

/// A transformed filter, whose elements lie nowhere, or elements that share
/// bytes.
void GuardedTensor::fillPacked(const std::vector<double> &values) {
  std::vector<float> taps(values.begin(), values.end());
  std::vector<char> steps;
  for (double value : values)
    steps.push_back(static_cast<char>(static_cast<int>(value)));
  llvm::ArrayRef<char> rowMajor = steps;
  if (element.isF32())
    rowMajor = {reinterpret_cast<const char *>(taps.data()), taps.size() * 4};
  std::vector<char> bytes = dyn::pack(rowMajor, packedType());
  ASSERT_EQ(bytes.size(), size_t(storedElements * elementBytes));
  std::memcpy(data, bytes.data(), bytes.size());
}

void GuardedTensor::fill(const std::vector<double> &values) {
  if (layout && (layout.getWinograd() > 0 || dyn::sharesBytes(packedType())))
    return fillPacked(values);
  if (layout && layout.getKind() == dyn::LayoutKind::Panels)
    std::memset(data, 0, static_cast<size_t>(storedElements * elementBytes));
  forEach([&](size_t i, int64_t at) { store(at, values.at(i)); });
}

std::vector<double> GuardedTensor::values() const {
  std::vector<double> result;
  forEach([&](size_t, int64_t at) { result.push_back(load(at)); });
  return result;
}

void setTaskOrder(TaskOrder order) { taskOrder = order; }
void setThreads(int32_t count) { threads = count; }

void resetScratch() {
  EXPECT_EQ(scratchNow, 0u) << "a kernel kept its scratch";
  scratchNow = scratchMost = 0;
}

size_t scratchPeak() { return scratchMost; }

int callWithWords(void *function, std::vector<uint64_t> words) {
  using Word = uint64_t;
  using Function = int (*)(Word, Word, Word, Word, Word, Word, Word, Word, Word,
                           Word, Word, Word, Word, Word, Word, Word);
  EXPECT_LE(words.size(), 16u);
  words.resize(16); // Spare arguments do no harm in this calling convention.
  const Word *w = words.data();
  return reinterpret_cast<Function>(function)(
      w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11],
      w[12], w[13], w[14], w[15]);
}

} // namespace dycc::test

using namespace dycc::test;

extern "C" {

void *halide_malloc(void *, size_t bytes) {
  size_t size = scratchBytes(bytes);
  scratchNow += size;
  scratchMost = std::max(scratchMost, scratchNow);
  auto *memory = static_cast<uint8_t *>(
      std::aligned_alloc(scratchHeader, size + scratchHeader + scratchBeyond));
  std::memset(memory, 0xff, size + scratchHeader + scratchBeyond);
  std::memcpy(memory, &bytes, sizeof(bytes));
  return memory + scratchHeader;
}

void halide_free(void *, void *pointer) {
  auto *memory = static_cast<uint8_t *>(pointer) - scratchHeader;
  size_t bytes;
  std::memcpy(&bytes, memory, sizeof(bytes));
  size_t size = scratchBytes(bytes);
  scratchNow -= size;
  const uint8_t *end = memory + scratchHeader + size + scratchBeyond;
  const uint8_t *first = static_cast<uint8_t *>(pointer) + bytes;
  bool isLeft = std::all_of(first, end, [](uint8_t b) { return b == 0xff; });
  EXPECT_TRUE(isLeft) << "a kernel writes beyond the " << bytes
                      << " bytes of scratch that it asked for";
  std::free(memory);
}

int halide_do_par_for(void *context, halide_task_t task, int min, int size,
                      uint8_t *closure) {
  for (int i = 0; i < size; ++i) {
    int index = taskOrder == TaskOrder::Forward ? i : size - 1 - i;
    if (int status = task(context, min + index, closure))
      return status;
  }
  return 0;
}

int32_t dycc_rt_threads(void *) { return threads; }

void halide_error(void *, const char *message) {
  ADD_FAILURE() << "halide_error: " << message;
}

} // extern "C"
