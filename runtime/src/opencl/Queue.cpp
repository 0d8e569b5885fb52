#include "runtime/src/opencl/Queue.h"

#include "runtime/src/Text.h"

#include <stdlib.h>
#include <string.h>

namespace dycc::rt::opencl {

Queue *Queue::open(Device &device, cl_command_queue callers,
                   dycc_status &status, dycc_message *message) {
  auto *made = static_cast<Queue *>(calloc(1, sizeof(Queue)));
  if (!made) {
    status = fail(message, DYCC_OUT_OF_MEMORY,
                  "no memory for the context (%d bytes)", sizeof(Queue));
    return nullptr;
  }
  made->device = &device;
  made->image.init(device);
  if (callers) {
    if (made->canUse(callers, status, message)) {
      device.api().RetainCommandQueue(callers);
      made->usual = made->queue = callers;
      return made;
    }
    made->close();
    return nullptr;
  }
  cl_int error = CL_SUCCESS;
  made->usual = made->queue =
      device.api().CreateCommandQueue(device.context(), device.id(), 0, &error);
  if (made->queue)
    return made;
  status = made->failure.set("clCreateCommandQueue", error);
  if (message)
    *message = made->failure.message;
  made->close();
  return nullptr;
}

bool Queue::canUse(cl_command_queue callers, dycc_status &status,
                   dycc_message *message) {
  cl_context context = nullptr;
  cl_device_id id = nullptr;
  cl_command_queue_properties properties = 0;
  const Library &api = device->api();
  cl_int error = api.GetCommandQueueInfo(callers, CL_QUEUE_CONTEXT,
                                         sizeof(context), &context, nullptr);
  if (!error)
    error = api.GetCommandQueueInfo(callers, CL_QUEUE_DEVICE, sizeof(id), &id,
                                    nullptr);
  if (!error)
    error = api.GetCommandQueueInfo(callers, CL_QUEUE_PROPERTIES,
                                    sizeof(properties), &properties, nullptr);
  if (error) {
    failure.set("clGetCommandQueueInfo", error);
    status = fail(message, DYCC_INVALID_ARGUMENT, "%s", failure.message.text);
    return false;
  }
  const char *wrong = nullptr;
  if (context != device->context())
    wrong = "belongs to another context, expects the model's";
  else if (id != device->id())
    wrong = "belongs to another device, expects the model's";
  else if (properties & CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE)
    wrong = "runs commands out of order, expects one in order";
  if (wrong)
    status = fail(message, DYCC_INVALID_ARGUMENT, "OpenCL queue %s", wrong);
  return !wrong;
}

void Queue::close() {
  for (uint32_t i = 0; i < numKernels; ++i)
    device->api().ReleaseKernel(kernels[i].kernel);
  ::free(kernels);
  image.close();
  tellTimes(nullptr);
  ::free(times);
  if (usual)
    device->api().ReleaseCommandQueue(usual);
  if (timed)
    device->api().ReleaseCommandQueue(timed);
  ::free(this);
}

void Queue::begin(const void *empty, bool isTimed) {
  nothing = empty;
  failure.status = DYCC_OK;
  image.begin();
  tellTimes(nullptr); // Of a run that failed.
  calls = 0;
  queue = isTimed && takeTimedQueue() ? timed : usual;
}

/// Noting times costs: only runs that ask for it have such a queue. What the
/// caller's has is done before.
bool Queue::takeTimedQueue() {
  cl_int error = CL_SUCCESS;
  if (!timed)
    timed = device->api().CreateCommandQueue(device->context(), device->id(),
                                             CL_QUEUE_PROFILING_ENABLE, &error);
  if (!timed)
    failure.set("clCreateCommandQueue", error);
  else if ((error = device->api().Finish(usual)))
    failure.set("clFinish", error);
  return timed;
}

void Queue::mark(uint32_t kernel) {
  kernelOfCall = kernel;
  ++calls;
}

cl_event *Queue::nextEvent(const char *entry) {
  if (queue != timed || !calls)
    return nullptr;
  if (numTimes == mostTimes) {
    uint32_t more = mostTimes ? 2 * mostTimes : 64;
    auto *larger = static_cast<Timed *>(realloc(times, more * sizeof(Timed)));
    if (!larger) {
      failure.set("clEnqueueNDRangeKernel", CL_OUT_OF_HOST_MEMORY);
      return nullptr;
    }
    times = larger;
    mostTimes = more;
  }
  Timed &next = times[numTimes++];
  next = {
      nullptr,
      {sizeof(dycc_device_launch), calls - 1, kernelOfCall, 0, entry, 0, 0, 0}};
  return &next.event;
}

void Queue::tellTimes(const dycc_profile *profile) {
  const Library &api = device->api();
  for (uint32_t i = 0; i < numTimes; ++i) {
    auto &[event, launch] = times[i];
    if (!event)
      continue;
    cl_int error = CL_SUCCESS;
    auto read = [&](cl_profiling_info what, uint64_t &time) {
      if (!error)
        error = api.GetEventProfilingInfo(event, what, sizeof(time), &time,
                                          nullptr);
    };
    read(CL_PROFILING_COMMAND_QUEUED, launch.queued);
    read(CL_PROFILING_COMMAND_START, launch.began);
    read(CL_PROFILING_COMMAND_END, launch.ended);
    if (profile && !error)
      profile->device(profile->user, &launch);
    api.ReleaseEvent(event);
  }
  numTimes = 0;
}

dycc_status Queue::finish() {
  if (cl_int error = device->api().Finish(queue))
    failure.set("clFinish", error);
  return failure.status;
}

/// Makes sure that memory has an image: what is neither of the arena nor the
/// caller's is a block beyond it, or a number of the host program.
bool Queue::know(const void *host, uint64_t bytes) {
  if (image.find(host, bytes))
    return true;
  uint64_t blockBytes = 0;
  const void *block =
      findBlock ? findBlock(blocks, host, &blockBytes) : nullptr;
  bool isKnown = block ? image.add(Mirror::Kind::Loose, block, blockBytes)
                       : bytes && image.add(Mirror::Kind::Loose, host, bytes);
  if (!isKnown)
    failure.set("clCreateBuffer", CL_OUT_OF_HOST_MEMORY);
  return isKnown;
}

Place Queue::place(const void *host) {
  // Any image will do for what is not used.
  if (host == nothing && image.find(host, 0) == nullptr)
    image.add(Mirror::Kind::Loose, nothing, DYCC_NOTHING_BYTES);
  if (!know(host, 0))
    return {nullptr, 0};
  return image.place(host, 0, failure);
}

dycc_status Queue::toDevice(const void *host, uint64_t bytes) {
  if (failure.status || !bytes || !know(host, bytes))
    return failure.status;
  Place to = image.place(host, bytes, failure);
  // The caller's memory stays as it is until the run is over; other memory may
  // be written again.
  bool isCallers = *image.find(host, bytes) == Mirror::Kind::Caller;
  cl_int error = to.memory
                     ? device->api().EnqueueWriteBuffer(
                           queue, to.memory, isCallers ? CL_FALSE : CL_TRUE,
                           to.offset, bytes, host, 0, nullptr, nullptr)
                     : CL_SUCCESS;
  return error ? failure.set("clEnqueueWriteBuffer", error) : failure.status;
}

dycc_status Queue::toHost(void *host, uint64_t bytes) {
  if (failure.status || !bytes || !know(host, bytes))
    return failure.status;
  Place from = image.place(host, bytes, failure);
  cl_int error = from.memory ? device->api().EnqueueReadBuffer(
                                   queue, from.memory, CL_TRUE, from.offset,
                                   bytes, host, 0, nullptr, nullptr)
                             : CL_SUCCESS;
  return error ? failure.set("clEnqueueReadBuffer", error) : failure.status;
}

/// What has no image was not sent to the device: there is nothing to copy.
dycc_status Queue::copy(const void *to, const void *from, uint64_t bytes) {
  if (failure.status || !bytes || to == from || !image.find(from, bytes) ||
      !know(to, bytes))
    return failure.status;
  Place source = image.place(from, bytes, failure);
  Place target = image.place(to, bytes, failure);
  cl_int error = source.memory && target.memory
                     ? device->api().EnqueueCopyBuffer(
                           queue, source.memory, target.memory, source.offset,
                           target.offset, bytes, 0, nullptr, nullptr)
                     : CL_SUCCESS;
  return error ? failure.set("clEnqueueCopyBuffer", error) : failure.status;
}

cl_mem Queue::take(uint64_t bytes) {
  cl_int error = CL_SUCCESS;
  cl_mem made = device->api().CreateBuffer(device->context(), CL_MEM_READ_WRITE,
                                           bytes ? bytes : 1, nullptr, &error);
  if (!made)
    failure.set("clCreateBuffer", error);
  return made;
}

/// OpenCL keeps it until the commands that use it are done.
void Queue::give(cl_mem memory) {
  if (memory)
    device->api().ReleaseMemObject(memory);
}

Queue::Kernel *Queue::kernel(const char *text, const char *entry) {
  for (uint32_t i = 0; i < numKernels; ++i)
    if (kernels[i].text == text && kernels[i].entry == entry)
      return &kernels[i];
  if (numKernels == mostKernels) {
    uint32_t more = mostKernels ? 2 * mostKernels : 32;
    auto *larger =
        static_cast<Kernel *>(realloc(kernels, more * sizeof(Kernel)));
    if (!larger) {
      failure.set("clCreateKernel", CL_OUT_OF_HOST_MEMORY);
      return nullptr;
    }
    kernels = larger;
    mostKernels = more;
  }
  cl_program program = device->program(text, failure);
  if (!program)
    return nullptr;
  cl_int error = CL_SUCCESS;
  Kernel made = {text, entry,
                 device->api().CreateKernel(program, entry, &error), 0};
  if (!made.kernel) {
    failure.set("clCreateKernel", error);
    return nullptr;
  }
  device->api().GetKernelWorkGroupInfo(
      made.kernel, device->id(), CL_KERNEL_WORK_GROUP_SIZE,
      sizeof(made.mostThreads), &made.mostThreads, nullptr);
  kernels[numKernels] = made;
  return &kernels[numKernels++];
}

dycc_status Queue::setArguments(cl_kernel kernel, const Argument *arguments,
                                uint32_t count, uint64_t localBytes) {
  const Library &api = device->api();
  cl_int error = CL_SUCCESS;
  cl_uint number = 0;
  for (uint32_t i = 0; i < count && !error; ++i) {
    const Argument &argument = arguments[i];
    if (argument.value) {
      error =
          api.SetKernelArg(kernel, number++, argument.bytes, argument.value);
      continue;
    }
    error = api.SetKernelArg(kernel, number++, sizeof(cl_mem),
                             &argument.place.memory);
    if (!error)
      error = api.SetKernelArg(kernel, number++, sizeof(cl_ulong),
                               &argument.place.offset);
  }
  if (!error)
    error =
        api.SetKernelArg(kernel, number, localBytes ? localBytes : 1, nullptr);
  return error ? failure.set("clSetKernelArg", error) : failure.status;
}

dycc_status Queue::launch(const char *text, const char *entry, const Grid &grid,
                          const Argument *arguments, uint32_t count,
                          uint64_t localBytes) {
  if (failure.status)
    return failure.status;
  Kernel *found = kernel(text, entry);
  if (!found)
    return failure.status;
  size_t local[3], global[3], threads = 1;
  for (int i = 0; i < 3; ++i) {
    local[i] = size_t(grid.threads[i]);
    global[i] = local[i] * size_t(grid.groups[i]);
    threads *= local[i];
  }
  if (threads > found->mostThreads)
    return failure.set("clEnqueueNDRangeKernel", CL_INVALID_WORK_GROUP_SIZE);
  if (setArguments(found->kernel, arguments, count, localBytes))
    return failure.status;
  cl_event *event = nextEvent(entry);
  if (failure.status)
    return failure.status;
  cl_int error = device->api().EnqueueNDRangeKernel(
      queue, found->kernel, 3, nullptr, global, local, 0, nullptr, event);
  return error ? failure.set("clEnqueueNDRangeKernel", error) : failure.status;
}

} // namespace dycc::rt::opencl
