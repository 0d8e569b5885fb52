#include "test/unit/DeviceSide.h"

#include "runtime/abi/Frame.h"
#include "runtime/src/opencl/Queue.h"

#include <cstdio>
#include <gtest/gtest.h>

using namespace dycc::rt::opencl;

/// Of those that kernels call: takes them all into the program.
extern "C" int halide_opencl_initialize_kernels(void *, void **, const char *,
                                                int);
[[gnu::used]] static auto *const callbacks = &halide_opencl_initialize_kernels;

namespace dycc::test {
namespace {

/// A device of its own for each call: it knows programs by their addresses,
/// which another library may have once a kernel's is unloaded.
class OpenClSide final : public DeviceSide {
public:
  ~OpenClSide() override { close(); }

  bool open(dycc_message &message) {
    close();
    dycc_status status = DYCC_OK;
    device = Device::open({}, nullptr, 0, status, &message);
    queue = device ? Queue::open(*device, nullptr, status, &message) : nullptr;
    frame.device = queue;
    return queue;
  }

  uint64_t send(Tensors tensors) override {
    static const uint8_t nothing[64] = {};
    dycc_message message = {};
    EXPECT_TRUE(open(message)) << message.text;
    queue->begin(nothing);
    for (const auto &tensor : tensors)
      queue->mirror().add(Mirror::Kind::Caller, tensor->memory(),
                          tensor->bytes());
    for (const auto &tensor : tensors)
      queue->toDevice(tensor->memory(), tensor->bytes());
    return reinterpret_cast<uint64_t>(&frame);
  }
  void fetch(Tensors tensors) override {
    for (const auto &tensor : tensors)
      queue->toHost(tensor->memory(), tensor->bytes());
    EXPECT_EQ(queue->finish(), DYCC_OK) << queue->getFailure().message.text;
  }

private:
  void close() {
    if (queue)
      queue->close();
    if (device)
      device->close();
    queue = nullptr;
    device = nullptr;
  }

  Device *device = nullptr;
  Queue *queue = nullptr;
  DyccFrame frame = {};
};

std::unique_ptr<DeviceSide> open() {
  auto side = std::make_unique<OpenClSide>();
  dycc_message message = {};
  if (side->open(message))
    return side;
  std::printf("no device to compare with: %s\n", message.text);
  return nullptr;
}

} // namespace

DeviceSide *DeviceSide::get() {
  static std::unique_ptr<DeviceSide> side = open();
  return side.get();
}

} // namespace dycc::test
