/* An OpenCL library that runs nothing: it writes the text of each program and
   each launch to the folder DYCC_RECORD names. Reads give zeros. */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Program {
  int number;
};
struct Kernel {
  int program;
  char entry[256];
};

static FILE *openFile(const char *name, const char *mode) {
  char path[4096];
  const char *folder = getenv("DYCC_RECORD");
  snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", name);
  FILE *file = fopen(path, mode);
  if (!file) {
    perror(path);
    exit(1);
  }
  return file;
}

static void setError(cl_int *error) {
  if (error)
    *error = CL_SUCCESS;
}

static int object;

cl_int clGetPlatformIDs(cl_uint most, cl_platform_id *platforms,
                        cl_uint *count) {
  if (platforms && most)
    platforms[0] = (cl_platform_id)&object;
  if (count)
    *count = 1;
  return CL_SUCCESS;
}
cl_int clGetDeviceIDs(cl_platform_id platform, cl_device_type type,
                      cl_uint most, cl_device_id *devices, cl_uint *count) {
  (void)platform, (void)type;
  if (devices && most)
    devices[0] = (cl_device_id)&object;
  if (count)
    *count = 1;
  return CL_SUCCESS;
}
cl_int clGetDeviceInfo(cl_device_id device, cl_device_info what, size_t bytes,
                       void *value, size_t *size) {
  (void)device, (void)what, (void)size;
  memset(value, 0, bytes);
  return CL_SUCCESS;
}
cl_context clCreateContext(const cl_context_properties *properties,
                           cl_uint count, const cl_device_id *devices,
                           void(CL_CALLBACK *notify)(const char *, const void *,
                                                     size_t, void *),
                           void *data, cl_int *error) {
  (void)properties, (void)count, (void)devices, (void)notify, (void)data;
  setError(error);
  return (cl_context)&object;
}
cl_int clReleaseContext(cl_context context) {
  (void)context;
  return CL_SUCCESS;
}
cl_int clRetainContext(cl_context context) {
  (void)context;
  return CL_SUCCESS;
}
cl_int clGetContextInfo(cl_context context, cl_context_info what, size_t bytes,
                        void *value, size_t *size) {
  (void)context, (void)what, (void)bytes, (void)value, (void)size;
  return CL_INVALID_CONTEXT;
}
cl_int clRetainCommandQueue(cl_command_queue queue) {
  (void)queue;
  return CL_SUCCESS;
}
cl_int clGetCommandQueueInfo(cl_command_queue queue, cl_command_queue_info what,
                             size_t bytes, void *value, size_t *size) {
  (void)queue, (void)what, (void)bytes, (void)value, (void)size;
  return CL_INVALID_COMMAND_QUEUE;
}
cl_int clGetMemObjectInfo(cl_mem memory, cl_mem_info what, size_t bytes,
                          void *value, size_t *size) {
  (void)memory, (void)what, (void)bytes, (void)value, (void)size;
  return CL_INVALID_MEM_OBJECT;
}
cl_program clCreateProgramWithBinary(cl_context context, cl_uint count,
                                     const cl_device_id *devices,
                                     const size_t *bytes,
                                     const unsigned char **binaries,
                                     cl_int *status, cl_int *error) {
  (void)context, (void)count, (void)devices, (void)bytes, (void)binaries;
  *status = *error = CL_INVALID_BINARY;
  return NULL;
}
cl_int clGetProgramInfo(cl_program program, cl_program_info what, size_t bytes,
                        void *value, size_t *size) {
  (void)program, (void)what, (void)bytes, (void)value, (void)size;
  return CL_INVALID_PROGRAM;
}
cl_int clGetEventProfilingInfo(cl_event event, cl_profiling_info what,
                               size_t bytes, void *value, size_t *size) {
  (void)event, (void)what, (void)bytes, (void)value, (void)size;
  return CL_PROFILING_INFO_NOT_AVAILABLE;
}
cl_int clReleaseEvent(cl_event event) {
  (void)event;
  return CL_SUCCESS;
}
cl_command_queue clCreateCommandQueue(cl_context context, cl_device_id device,
                                      cl_command_queue_properties properties,
                                      cl_int *error) {
  (void)context, (void)device, (void)properties;
  setError(error);
  return (cl_command_queue)&object;
}
cl_int clReleaseCommandQueue(cl_command_queue queue) {
  (void)queue;
  return CL_SUCCESS;
}
cl_mem clCreateBuffer(cl_context context, cl_mem_flags flags, size_t bytes,
                      void *host, cl_int *error) {
  (void)context, (void)flags, (void)bytes, (void)host;
  setError(error);
  return (cl_mem)&object;
}
cl_int clReleaseMemObject(cl_mem memory) {
  (void)memory;
  return CL_SUCCESS;
}

cl_program clCreateProgramWithSource(cl_context context, cl_uint count,
                                     const char **texts, const size_t *lengths,
                                     cl_int *error) {
  static int programs;
  char name[64];
  (void)context, (void)count, (void)lengths;
  struct Program *made = calloc(1, sizeof(*made));
  made->number = programs++;
  snprintf(name, sizeof(name), "%d.cl", made->number);
  FILE *file = openFile(name, "w");
  fputs(texts[0], file);
  fclose(file);
  setError(error);
  return (cl_program)made;
}
cl_int clBuildProgram(cl_program program, cl_uint count,
                      const cl_device_id *devices, const char *options,
                      void(CL_CALLBACK *notify)(cl_program, void *),
                      void *data) {
  (void)program, (void)count, (void)devices, (void)options, (void)notify;
  (void)data;
  return CL_SUCCESS;
}
cl_int clGetProgramBuildInfo(cl_program program, cl_device_id device,
                             cl_program_build_info what, size_t bytes,
                             void *value, size_t *size) {
  (void)program, (void)device, (void)what, (void)bytes, (void)value;
  if (size)
    *size = 0;
  return CL_SUCCESS;
}
cl_int clReleaseProgram(cl_program program) {
  free(program);
  return CL_SUCCESS;
}
cl_kernel clCreateKernel(cl_program program, const char *entry, cl_int *error) {
  struct Kernel *made = calloc(1, sizeof(*made));
  made->program = ((struct Program *)program)->number;
  snprintf(made->entry, sizeof(made->entry), "%s", entry);
  setError(error);
  return (cl_kernel)made;
}
cl_int clReleaseKernel(cl_kernel kernel) {
  free(kernel);
  return CL_SUCCESS;
}
cl_int clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id device,
                                cl_kernel_work_group_info what, size_t bytes,
                                void *value, size_t *size) {
  (void)kernel, (void)device, (void)what, (void)size;
  size_t most = 1024;
  memcpy(value, &most, bytes < sizeof(most) ? bytes : sizeof(most));
  return CL_SUCCESS;
}
cl_int clSetKernelArg(cl_kernel kernel, cl_uint number, size_t bytes,
                      const void *value) {
  (void)kernel, (void)number, (void)bytes, (void)value;
  return CL_SUCCESS;
}
cl_int clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel,
                              cl_uint dims, const size_t *offset,
                              const size_t *global, const size_t *local,
                              cl_uint count, const cl_event *events,
                              cl_event *event) {
  const struct Kernel *launched = (const struct Kernel *)kernel;
  (void)queue, (void)dims, (void)offset, (void)count, (void)events, (void)event;
  FILE *file = openFile("launches", "a");
  fprintf(file, "%d %s %zu %zu\n", launched->program, launched->entry,
          global[0] * global[1] * global[2], local[0] * local[1] * local[2]);
  fclose(file);
  return CL_SUCCESS;
}
cl_int clEnqueueWriteBuffer(cl_command_queue queue, cl_mem memory,
                            cl_bool blocks, size_t offset, size_t bytes,
                            const void *values, cl_uint count,
                            const cl_event *events, cl_event *event) {
  (void)queue, (void)memory, (void)blocks, (void)offset, (void)bytes;
  (void)values, (void)count, (void)events, (void)event;
  return CL_SUCCESS;
}
cl_int clEnqueueReadBuffer(cl_command_queue queue, cl_mem memory,
                           cl_bool blocks, size_t offset, size_t bytes,
                           void *values, cl_uint count, const cl_event *events,
                           cl_event *event) {
  (void)queue, (void)memory, (void)blocks, (void)offset, (void)count;
  (void)events, (void)event;
  memset(values, 0, bytes);
  return CL_SUCCESS;
}
cl_int clEnqueueCopyBuffer(cl_command_queue queue, cl_mem from, cl_mem to,
                           size_t fromOffset, size_t toOffset, size_t bytes,
                           cl_uint count, const cl_event *events,
                           cl_event *event) {
  (void)queue, (void)from, (void)to, (void)fromOffset, (void)toOffset;
  (void)bytes, (void)count, (void)events, (void)event;
  return CL_SUCCESS;
}
cl_int clFinish(cl_command_queue queue) {
  (void)queue;
  return CL_SUCCESS;
}
