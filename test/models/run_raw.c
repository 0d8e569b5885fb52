// Runs a compiled model on tensors in a file: what a small client looks like,
// and what the tests start under an emulator of another processor.
//
//   run_raw model.so inputs.bin outputs.bin
//
// Both files hold tensors one after the other, numbers as int64: type code and
// bits as in DLPack, rank, extents, then the data.
#include "dycc/runtime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_TENSORS = 64, MAX_RANK = 16 };

static void fail(const char *what, const char *why) {
  fprintf(stderr, "run_raw: %s: %s\n", what, why);
  exit(1);
}

static uint64_t bytes(const DLTensor *t) {
  uint64_t count = (t->dtype.bits + 7u) / 8u;
  for (int i = 0; i < t->ndim; ++i)
    count *= (uint64_t)t->shape[i];
  return count;
}

/// Reads one tensor; 0 at the end of the file.
static int readTensor(FILE *file, DLTensor *t, int64_t *shape) {
  int64_t head[3];
  if (fread(head, sizeof(head), 1, file) != 1)
    return 0;
  if (head[2] < 0 || head[2] > MAX_RANK ||
      fread(shape, sizeof(int64_t), (size_t)head[2], file) != (size_t)head[2])
    fail("inputs", "no tensor header");
  *t = (DLTensor){.device = {kDLCPU, 0},
                  .ndim = (int32_t)head[2],
                  .dtype = {(uint8_t)head[0], (uint8_t)head[1], 1},
                  .shape = shape};
  uint64_t size = bytes(t);
  t->data = malloc(size + 1);
  if (!t->data || fread(t->data, 1, size, file) != size)
    fail("inputs", "too few bytes");
  return 1;
}

static void writeTensor(FILE *file, const DLTensor *t) {
  int64_t head[3] = {t->dtype.code, t->dtype.bits, t->ndim};
  uint64_t size = bytes(t);
  if (fwrite(head, sizeof(head), 1, file) != 1 ||
      fwrite(t->shape, sizeof(int64_t), (size_t)t->ndim, file) !=
          (size_t)t->ndim ||
      fwrite(t->data, 1, size, file) != size)
    fail("outputs", "cannot write");
}

static const dycc_api *load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    fail(path, dlerror());
  void *symbol = dlsym(library, "dycc_model_query");
  if (!symbol)
    fail(path, dlerror());
  dycc_query_fn query;
  *(void **)&query = symbol;
  const dycc_api *api = query(DYCC_ABI_VERSION);
  if (!api)
    fail(path, "unknown version of the interface");
  return api;
}

int main(int argc, char **argv) {
  if (argc != 4 && argc != 5)
    fail("usage", "run_raw model.so inputs.bin outputs.bin [machine]");
  static DLTensor tensors[2 * MAX_TENSORS];
  static int64_t shapes[2 * MAX_TENSORS][MAX_RANK];
  const DLTensor *inputs[MAX_TENSORS];
  DLTensor *outputs[MAX_TENSORS];

  const dycc_api *api = load(argv[1]);
  dycc_model *model;
  dycc_context *context;
  dycc_message message;
  dycc_model_options options = {.size = sizeof(options), .machine = argv[4]};
  if (api->model_create(&options, &model, &message) ||
      api->context_create(model, NULL, &context, &message))
    fail(argv[1], message.text);

  FILE *in = fopen(argv[2], "rb");
  if (!in)
    fail(argv[2], "cannot open");
  uint32_t count = 0;
  while (count < MAX_TENSORS &&
         readTensor(in, &tensors[count], shapes[count])) {
    inputs[count] = &tensors[count];
    ++count;
  }
  const dycc_model_info *info = api->model_describe(model);
  if (count != info->num_inputs)
    fail(argv[2], "has another number of tensors than the model has inputs");
  for (uint32_t i = 0; i < info->num_outputs; ++i) {
    outputs[i] = &tensors[MAX_TENSORS + i];
    *outputs[i] = (DLTensor){.device = {kDLCPU, 0},
                             .ndim = info->outputs[i].rank,
                             .dtype = info->outputs[i].dtype,
                             .shape = shapes[MAX_TENSORS + i]};
  }
  if (api->run(context, inputs, outputs, NULL))
    fail("run", api->context_error(context));

  FILE *out = fopen(argv[3], "wb");
  if (!out)
    fail(argv[3], "cannot open");
  for (uint32_t i = 0; i < info->num_outputs; ++i)
    writeTensor(out, outputs[i]);
  if (fclose(out))
    fail(argv[3], "cannot write");
  api->context_destroy(context);
  return api->model_destroy(model) ? 1 : 0;
}
