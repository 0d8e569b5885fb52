#include "runtime/src/opencl/Device.h"

#include "runtime/src/Text.h"

#include <sched.h>
#include <stdlib.h>

namespace dycc::rt::opencl {

static dycc_status statusOf(cl_int error) {
  switch (error) {
  case CL_MEM_OBJECT_ALLOCATION_FAILURE:
  case CL_OUT_OF_RESOURCES:
  case CL_OUT_OF_HOST_MEMORY:
  case CL_INVALID_BUFFER_SIZE:
    return DYCC_OUT_OF_MEMORY;
  case CL_DEVICE_NOT_FOUND:
  case CL_DEVICE_NOT_AVAILABLE:
  case CL_COMPILER_NOT_AVAILABLE:
    return DYCC_UNSUPPORTED;
  default:
    return DYCC_INTERNAL;
  }
}

static dycc_status failAt(dycc_message *message, const char *what,
                          cl_int error) {
  dycc_status status = statusOf(error);
  if (const char *name = errorName(error))
    return fail(message, status, "OpenCL: %s: %s", what, name);
  return fail(message, status, "OpenCL: %s: error %d", what, error);
}

dycc_status Failure::set(const char *what, cl_int error) {
  if (status == DYCC_OK)
    status = failAt(&message, what, error);
  return status;
}

/// The first device that computes for others; else the first of any kind.
bool Device::find(dycc_status &status, dycc_message *message) {
  constexpr cl_uint most = 16;
  cl_platform_id platforms[most];
  cl_uint count = 0;
  cl_int error = library->GetPlatformIDs(most, platforms, &count);
  if (count > most)
    count = most;
  const cl_device_type types[] = {CL_DEVICE_TYPE_GPU, CL_DEVICE_TYPE_ALL};
  for (cl_device_type type : types)
    for (cl_uint i = 0; i < count && !error; ++i)
      if (library->GetDeviceIDs(platforms[i], type, 1, &clDevice, nullptr) ==
          CL_SUCCESS)
        return true;
  status = fail(message, DYCC_UNSUPPORTED, "no OpenCL device");
  return false;
}

/// The device that the caller wants of its context; else the first there.
bool Device::findIn(cl_context callers, cl_device_id wanted,
                    dycc_status &status, dycc_message *message) {
  constexpr size_t most = 64;
  cl_device_id all[most];
  size_t bytes = 0;
  cl_int error = library->GetContextInfo(callers, CL_CONTEXT_DEVICES,
                                         sizeof(all), all, &bytes);
  if (error) {
    failAt(message, "clGetContextInfo", error);
    status = DYCC_INVALID_ARGUMENT;
    return false;
  }
  size_t count = bytes / sizeof(cl_device_id);
  for (size_t i = 0; i < count && !clDevice; ++i)
    if (!wanted || all[i] == wanted)
      clDevice = all[i];
  if (!clDevice) {
    status = fail(message, DYCC_INVALID_ARGUMENT,
                  "OpenCL device is none of the context's %d", uint64_t(count));
    return false;
  }
  library->RetainContext(callers);
  clContext = callers;
  return true;
}

bool Device::openContext(dycc_status &status, dycc_message *message) {
  if (!find(status, message))
    return false;
  cl_int error = CL_SUCCESS;
  clContext =
      library->CreateContext(nullptr, 1, &clDevice, nullptr, nullptr, &error);
  if (!clContext)
    status = failAt(message, "clCreateContext", error);
  return clContext;
}

bool Device::upload(const uint8_t *bytes, uint64_t count, dycc_status &status,
                    dycc_message *message) {
  if (!count)
    return true;
  cl_int error = CL_SUCCESS;
  clWeights =
      library->CreateBuffer(clContext, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR,
                            count, const_cast<uint8_t *>(bytes), &error);
  if (!clWeights)
    status = failAt(message, "clCreateBuffer", error);
  return clWeights;
}

Device *Device::open(const dycc_model_options &options, const uint8_t *weights,
                     uint64_t weightBytes, dycc_status &status,
                     dycc_message *message) {
  status = DYCC_UNSUPPORTED;
  const Library *library = loadLibrary(options.device_library, message);
  if (!library)
    return nullptr;
  auto *made = static_cast<Device *>(calloc(1, sizeof(Device)));
  if (!made) {
    status = fail(message, DYCC_OUT_OF_MEMORY,
                  "no memory for the model (%d bytes)", sizeof(Device));
    return nullptr;
  }
  made->library = library;
  auto *callers = static_cast<cl_context>(options.opencl_context);
  auto *wanted = static_cast<cl_device_id>(options.opencl_device);
  bool isFound = callers ? made->findIn(callers, wanted, status, message)
                         : made->openContext(status, message);
  if (isFound && made->upload(weights, weightBytes, status, message)) {
    library->GetDeviceInfo(made->clDevice, CL_DEVICE_NAME,
                           sizeof(made->clName) - 1, made->clName, nullptr);
    made->cache.init(options, *library, made->clContext, made->clDevice);
    return made;
  }
  made->close();
  return nullptr;
}

void Device::close() {
  while (Program *first = programs) {
    programs = first->next;
    library->ReleaseProgram(first->program);
    free(first);
  }
  if (clWeights)
    library->ReleaseMemObject(clWeights);
  if (clContext)
    library->ReleaseContext(clContext);
  free(const_cast<Library *>(library));
  free(this);
}

/// Programs are built once each: who waits has nothing else to do.
void Device::lock() {
  while (__atomic_exchange_n(&isLocked, 1, __ATOMIC_ACQUIRE))
    sched_yield();
}

void Device::unlock() { __atomic_store_n(&isLocked, 0, __ATOMIC_RELEASE); }

cl_program Device::program(const char *text, Failure &failure) {
  lock();
  cl_program result = nullptr;
  for (const Program *known = programs; known && !result; known = known->next)
    if (known->text == text)
      result = known->program;
  if (!result)
    result = build(text, failure);
  unlock();
  return result;
}

/// The compiler's log says more than its error.
void Device::refuseBuild(cl_program program, Failure &failure) {
  size_t bytes = 0;
  library->GetProgramBuildInfo(program, clDevice, CL_PROGRAM_BUILD_LOG, 0,
                               nullptr, &bytes);
  auto *log = static_cast<char *>(calloc(1, bytes + 1));
  if (log)
    library->GetProgramBuildInfo(program, clDevice, CL_PROGRAM_BUILD_LOG, bytes,
                                 log, nullptr);
  if (failure.status == DYCC_OK)
    failure.status = fail(&failure.message, DYCC_UNSUPPORTED,
                          "OpenCL: device \"%s\" does not build a kernel: %s",
                          clName, log ? log : "");
  free(log);
}

cl_program Device::build(const char *text, Failure &failure) {
  cl_int error = CL_SUCCESS;
  cl_program made = cache.load(text);
  bool isKept = made;
  if (!made)
    made =
        library->CreateProgramWithSource(clContext, 1, &text, nullptr, &error);
  if (!made) {
    failure.set("clCreateProgramWithSource", error);
    return nullptr;
  }
  if (!isKept) {
    error = library->BuildProgram(made, 1, &clDevice, kBuildOptions, nullptr,
                                  nullptr);
    if (!error)
      cache.store(text, made);
  }
  auto *entry =
      static_cast<Program *>(error ? nullptr : malloc(sizeof(Program)));
  if (entry) {
    *entry = {text, made, programs};
    programs = entry;
    return made;
  }
  if (error) {
    refuseBuild(made, failure);
  } else {
    failure.set("clCreateProgramWithSource", CL_OUT_OF_HOST_MEMORY);
  }
  library->ReleaseProgram(made);
  return nullptr;
}

} // namespace dycc::rt::opencl
