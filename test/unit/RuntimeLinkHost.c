/* Runs models of RuntimeLinkModel.cpp. With an argument it loads the shared
 * library of that name; else two models are linked into it. Prints y[1] for
 * x = 0, 1 of each model. */
#include "dycc/runtime.h"

#include <stdio.h>

static int runModel(dycc_query_fn query) {
  const dycc_api *api = query(DYCC_ABI_VERSION);
  dycc_message message;
  dycc_model *model;
  dycc_context *context;
  float x[2] = {0, 1};
  int64_t shape[1] = {2}, outShape[1];
  DLTensor in = {x, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, shape, 0, 0};
  DLTensor out = {0, {kDLCPU, 0}, 1, {kDLFloat, 32, 1}, outShape, 0, 0};
  const DLTensor *inputs[] = {&in};
  DLTensor *outputs[] = {&out};
  if (api->model_create(0, &model, &message) != DYCC_OK ||
      api->context_create(model, 0, &context, &message) != DYCC_OK ||
      api->run(context, inputs, outputs, 0) != DYCC_OK)
    return 1;
  printf("%.3f\n", ((float *)out.data)[1]);
  api->context_destroy(context);
  return api->model_destroy(model);
}

#ifdef DYCC_TEST_LINKED
const dycc_api *one_model_query(uint32_t version);
const dycc_api *two_model_query(uint32_t version);

int main(void) { return runModel(one_model_query) + runModel(two_model_query); }
#else
#include <dlfcn.h>

int main(int argc, char **argv) {
  void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : 0;
  if (!library) {
    printf("%s\n", argc > 1 ? dlerror() : "expects a library");
    return 1;
  }
  dycc_query_fn query;
  *(void **)&query = dlsym(library, "dycc_model_query");
  return runModel(query);
}
#endif
