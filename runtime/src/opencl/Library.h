// OpenCL's functions, of a library that is looked for when a model wants a
// device: a compiled model is linked with none.
#ifndef DYCC_RUNTIME_SRC_OPENCL_LIBRARY_H
#define DYCC_RUNTIME_SRC_OPENCL_LIBRARY_H

#include "dycc/runtime.h"

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

namespace dycc::rt::opencl {

#define DYCC_OPENCL_FUNCTIONS(F)                                               \
  F(GetPlatformIDs)                                                            \
  F(GetDeviceIDs)                                                              \
  F(GetDeviceInfo)                                                             \
  F(CreateContext)                                                             \
  F(RetainContext)                                                             \
  F(GetContextInfo)                                                            \
  F(ReleaseContext)                                                            \
  F(CreateCommandQueue)                                                        \
  F(RetainCommandQueue)                                                        \
  F(GetCommandQueueInfo)                                                       \
  F(ReleaseCommandQueue)                                                       \
  F(CreateBuffer)                                                              \
  F(ReleaseMemObject)                                                          \
  F(GetMemObjectInfo)                                                          \
  F(CreateProgramWithSource)                                                   \
  F(CreateProgramWithBinary)                                                   \
  F(GetProgramInfo)                                                            \
  F(BuildProgram)                                                              \
  F(GetProgramBuildInfo)                                                       \
  F(ReleaseProgram)                                                            \
  F(CreateKernel)                                                              \
  F(ReleaseKernel)                                                             \
  F(GetKernelWorkGroupInfo)                                                    \
  F(SetKernelArg)                                                              \
  F(EnqueueNDRangeKernel)                                                      \
  F(EnqueueWriteBuffer)                                                        \
  F(EnqueueReadBuffer)                                                         \
  F(EnqueueCopyBuffer)                                                         \
  F(GetEventProfilingInfo)                                                     \
  F(ReleaseEvent)                                                              \
  F(Finish)

/// The functions by their names without "cl".
struct Library {
#define DYCC_OPENCL_FUNCTION(name) decltype(&::cl##name) name;
  DYCC_OPENCL_FUNCTIONS(DYCC_OPENCL_FUNCTION)
#undef DYCC_OPENCL_FUNCTION
};

/// Loads the library of this name, or where it is null one of the usual names.
/// It is never given back: drivers do not bear that. Null, with a text, where
/// there is none or it lacks a function.
const Library *loadLibrary(const char *name, dycc_message *message);

/// What programs are built with.
constexpr char kBuildOptions[] = "";

/// What a function returned, as OpenCL calls it: "CL_OUT_OF_RESOURCES"; null
/// for a number without a name here.
const char *errorName(cl_int error);

} // namespace dycc::rt::opencl

#endif // DYCC_RUNTIME_SRC_OPENCL_LIBRARY_H
