#include "runtime/src/opencl/Library.h"

#include "runtime/src/Text.h"

#include <dlfcn.h>
#include <stdlib.h>

namespace dycc::rt::opencl {
namespace {

/// Of the loader on Linux, then of what phones have in its place.
constexpr const char *kNames[] = {"libOpenCL.so.1", "libOpenCL.so",
                                  "libOpenCL-pixel.so",
                                  "/vendor/lib64/libOpenCL.so"};

void *openLibrary(const char *name) {
  if (name)
    return dlopen(name, RTLD_NOW | RTLD_LOCAL);
  for (const char *usual : kNames)
    if (void *handle = dlopen(usual, RTLD_NOW | RTLD_LOCAL))
      return handle;
  return nullptr;
}

/// The name of a function that the library lacks; null where it has all.
const char *fill(Library &library, void *handle) {
#define DYCC_OPENCL_FUNCTION(name)                                             \
  library.name =                                                               \
      reinterpret_cast<decltype(&::cl##name)>(dlsym(handle, "cl" #name));      \
  if (!library.name)                                                           \
    return "cl" #name;
  DYCC_OPENCL_FUNCTIONS(DYCC_OPENCL_FUNCTION)
#undef DYCC_OPENCL_FUNCTION
  return nullptr;
}

} // namespace

const Library *loadLibrary(const char *name, dycc_message *message) {
  void *handle = openLibrary(name);
  if (!handle) {
    fail(message, DYCC_UNSUPPORTED, "no OpenCL library \"%s\"",
         name ? name : kNames[0]);
    return nullptr;
  }
  auto *library = static_cast<Library *>(malloc(sizeof(Library)));
  if (!library) {
    fail(message, DYCC_OUT_OF_MEMORY, "no memory for the model (%d bytes)",
         sizeof(Library));
    return nullptr;
  }
  if (const char *missing = fill(*library, handle)) {
    fail(message, DYCC_UNSUPPORTED, "OpenCL library \"%s\" lacks %s",
         name ? name : kNames[0], missing);
    free(library);
    return nullptr;
  }
  return library;
}

const char *errorName(cl_int error) {
  switch (error) {
#define DYCC_OPENCL_ERROR(name)                                                \
  case name:                                                                   \
    return #name;
    DYCC_OPENCL_ERROR(CL_DEVICE_NOT_FOUND)
    DYCC_OPENCL_ERROR(CL_DEVICE_NOT_AVAILABLE)
    DYCC_OPENCL_ERROR(CL_COMPILER_NOT_AVAILABLE)
    DYCC_OPENCL_ERROR(CL_MEM_OBJECT_ALLOCATION_FAILURE)
    DYCC_OPENCL_ERROR(CL_OUT_OF_RESOURCES)
    DYCC_OPENCL_ERROR(CL_OUT_OF_HOST_MEMORY)
    DYCC_OPENCL_ERROR(CL_BUILD_PROGRAM_FAILURE)
    DYCC_OPENCL_ERROR(CL_INVALID_VALUE)
    DYCC_OPENCL_ERROR(CL_INVALID_BUFFER_SIZE)
    DYCC_OPENCL_ERROR(CL_INVALID_COMMAND_QUEUE)
    DYCC_OPENCL_ERROR(CL_INVALID_MEM_OBJECT)
    DYCC_OPENCL_ERROR(CL_INVALID_KERNEL_ARGS)
    DYCC_OPENCL_ERROR(CL_INVALID_KERNEL_NAME)
    DYCC_OPENCL_ERROR(CL_INVALID_WORK_GROUP_SIZE)
    DYCC_OPENCL_ERROR(CL_INVALID_WORK_ITEM_SIZE)
#undef DYCC_OPENCL_ERROR
  default:
    return nullptr;
  }
}

} // namespace dycc::rt::opencl
