/* Runs a compiled model with tensors of the host, then with the same ones on
   OpenCL's device, in a context and a queue of this program:

     opencl_share MODEL.so FOLDER NAME=SHAPE ...

   FOLDER keeps binaries of programs. Prints "equal" where all results are, bit
   for bit. Inputs are floats, of these shapes ("2x3"). */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include "dycc/runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 16, RANK = 8 };

struct Tensors {
  DLTensor tensors[MOST], *addresses[MOST];
  int64_t shapes[MOST][RANK];
};

static void check(int ok, const char *what) {
  if (ok)
    return;
  fprintf(stderr, "opencl_share: %s\n", what);
  exit(1);
}

static uint64_t bytesOf(const DLTensor *tensor) {
  uint64_t bytes = dycc_element_bytes(tensor->dtype);
  for (int32_t d = 0; d < tensor->ndim; ++d)
    bytes *= (uint64_t)tensor->shape[d];
  return bytes;
}

static void describe(struct Tensors *to, const dycc_value_info *values,
                     uint32_t count) {
  check(count <= MOST, "too many tensors");
  memset(to, 0, sizeof(*to));
  for (uint32_t i = 0; i < count; ++i) {
    DLTensor *tensor = to->addresses[i] = &to->tensors[i];
    tensor->device.device_type = kDLCPU;
    tensor->ndim = values[i].rank;
    tensor->dtype = values[i].dtype;
    tensor->shape = to->shapes[i];
  }
}

/* Reads "x=2x3" and makes small numbers. */
static void fill(struct Tensors *inputs, const dycc_model_info *info,
                 const char *text) {
  const char *at = strchr(text, '=');
  check(at != NULL, "expects NAME=SHAPE");
  for (uint32_t i = 0; i < info->num_inputs; ++i) {
    DLTensor *tensor = inputs->addresses[i];
    if (strncmp(info->inputs[i].name, text, (size_t)(at - text)) != 0)
      continue;
    for (int32_t d = 0; d < tensor->ndim; ++d)
      tensor->shape[d] = strtoll(at + 1, (char **)&at, 10);
    uint64_t count = bytesOf(tensor) / sizeof(float);
    float *values = tensor->data = malloc(count * sizeof(float));
    for (uint64_t k = 0; k < count; ++k)
      values[k] = (float)(k * 37 % 101) / 50 - 1;
  }
}

/* Puts the tensor on the device, 4 bytes behind the beginning of memory. */
static void move(DLTensor *tensor, uint64_t bytes, cl_context context,
                 cl_command_queue queue) {
  cl_int error;
  cl_mem memory =
      clCreateBuffer(context, CL_MEM_READ_WRITE, bytes + 4, NULL, &error);
  check(memory != NULL, "clCreateBuffer");
  if (tensor->data)
    check(!clEnqueueWriteBuffer(queue, memory, CL_TRUE, 4, bytes, tensor->data,
                                0, NULL, NULL),
          "clEnqueueWriteBuffer");
  tensor->data = memory;
  tensor->byte_offset = 4;
  tensor->device.device_type = kDLOpenCL;
}

static void compare(const struct Tensors *host, const struct Tensors *device,
                    uint32_t count, cl_command_queue queue) {
  for (uint32_t i = 0; i < count; ++i) {
    uint64_t bytes = bytesOf(host->addresses[i]);
    void *values = malloc(bytes + 1);
    check(bytes == bytesOf(device->addresses[i]), "another shape");
    check(!bytes ||
              !clEnqueueReadBuffer(queue, (cl_mem)device->tensors[i].data,
                                   CL_TRUE, 4, bytes, values, 0, NULL, NULL),
          "clEnqueueReadBuffer");
    check(!memcmp(values, host->tensors[i].data, bytes), "other results");
    free(values);
  }
}

int main(int argc, char **argv) {
  check(argc > 2, "expects a model and a folder");
  void *library = dlopen(argv[1], RTLD_NOW);
  check(library != NULL, "no model");
  dycc_query_fn query = (dycc_query_fn)dlsym(library, "dycc_model_query");
  const dycc_api *api = query(DYCC_ABI_VERSION);
  cl_platform_id platform = NULL;
  cl_device_id id = NULL;
  check(!clGetPlatformIDs(1, &platform, NULL) &&
            !clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &id, NULL),
        "no device");
  cl_int error;
  cl_context context = clCreateContext(NULL, 1, &id, NULL, NULL, &error);
  cl_command_queue queue = clCreateCommandQueue(context, id, 0, &error);
  dycc_message message = {""};
  dycc_model_options options = {.size = sizeof(options),
                                .max_threads = 1,
                                .machine = "opencl",
                                .program_folder = argv[2],
                                .opencl_context = context};
  dycc_context_options own = {.size = sizeof(own), .opencl_queue = queue};
  dycc_model *model;
  dycc_context *run;
  check(!api->model_create(&options, &model, &message) &&
            !api->context_create(model, &own, &run, &message),
        message.text);
  const dycc_model_info *info = api->model_describe(model);
  struct Tensors inputs, host, device;
  describe(&inputs, info->inputs, info->num_inputs);
  describe(&host, info->outputs, info->num_outputs);
  describe(&device, info->outputs, info->num_outputs);
  for (int i = 3; i < argc; ++i)
    fill(&inputs, info, argv[i]);
  const DLTensor *const *in = (const DLTensor *const *)inputs.addresses;
  check(!api->run(run, in, host.addresses, NULL), api->context_error(run));
  for (uint32_t i = 0; i < info->num_outputs; ++i) { /* What is lent ends. */
    uint64_t bytes = bytesOf(host.addresses[i]);
    void *copy = malloc(bytes + 1);
    memcpy(copy, host.tensors[i].data, bytes);
    host.tensors[i].data = copy;
    memcpy(device.shapes[i], host.shapes[i], sizeof(host.shapes[i]));
    move(device.addresses[i], bytes, context, queue);
  }
  for (uint32_t i = 0; i < info->num_inputs; ++i)
    move(inputs.addresses[i], bytesOf(inputs.addresses[i]), context, queue);
  for (int again = 0; again < 2; ++again) {
    check(!api->run(run, in, device.addresses, NULL), api->context_error(run));
    compare(&host, &device, info->num_outputs, queue);
  }
  api->context_destroy(run);
  api->model_destroy(model);
  puts("equal");
  return 0;
}
