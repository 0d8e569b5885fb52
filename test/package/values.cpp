// Failures as values, in a file that is compiled without exceptions.
#include "check.h"

#include <scale.hpp>

void testValues(float weight) {
  auto model = app::scale::Model::create(1);
  CHECK(model);
  auto context = model->context();
  CHECK(context.ok());
  float pixels[12] = {1}, results[12], few[11];
  app::scale::Inputs inputs;
  inputs.x_0 = {pixels, {1, 3, 4, 1}};
  app::scale::Buffers buffers;
  buffers.y = {few, {1, 3, 4, 1}};
  auto refused = context->run(inputs, buffers);
  CHECK(!refused && refused.failure().status == DYCC_INVALID_ARGUMENT);
  CHECK(refused.failure().text ==
        "output \"y\": has memory for 11 elements, its shape has 12");
  // The next run works in any case.
  buffers.y = {results, {1, 3, 4, 1}};
  auto outputs = context->run(inputs, buffers);
  CHECK(outputs && outputs->y.elements.data() == results);
  CHECK(results[0] == weight + 0.5f && results[11] == 0.5f);

  int32_t stop = 1;
  dycc_run_options options{};
  options.size = sizeof(options);
  options.cancel = &stop;
  auto cancelled = context->run(inputs, {}, &options);
  CHECK(!cancelled && cancelled.failure().status == DYCC_CANCELLED);
  auto none = app::scale::Model::create(1, "none");
  CHECK(!none && none.failure().status == DYCC_INVALID_ARGUMENT);
}
