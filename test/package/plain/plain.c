/* A model from C: its generated header, and the table of functions. */
#include "../check.h"

#include <again.h>
#include <scale.h>

static void test(const dycc_api *api, float weight, uint32_t count) {
  CHECK(api != NULL);
  dycc_model *model;
  dycc_context *context;
  CHECK(api->model_create(NULL, &model, NULL) == DYCC_OK);
  CHECK(api->model_describe(model)->num_inputs == count);
  CHECK(api->context_create(model, NULL, &context, NULL) == DYCC_OK);

  float x[12], y[12];
  for (int i = 0; i < 12; ++i)
    x[i] = (float)i;
  int64_t shape[] = {1, 3, 4, 1}, result[] = {1, 3, 4, 1};
  DLTensor in = {x, {kDLCPU, 0}, 4, {kDLFloat, 32, 1}, shape, NULL, 0};
  DLTensor out = {y, {kDLCPU, 0}, 4, {kDLFloat, 32, 1}, result, NULL, 0};
  const DLTensor *inputs[] = {&in, NULL};
  DLTensor *outputs[] = {&out};
  CHECK(api->run(context, inputs, outputs, NULL) == DYCC_OK);
  for (int i = 0; i < 12; ++i)
    CHECK(y[i] == weight * x[i] + 0.5f);

  api->context_destroy(context);
  CHECK(api->model_destroy(model) == DYCC_OK);
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  float weight = strtof(argv[1], NULL);
  test(scale_model_query(DYCC_ABI_VERSION), weight, 2);
  test(again_model_query(DYCC_ABI_VERSION), weight, 1);
  return 0;
}
