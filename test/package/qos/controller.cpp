// The same in C++.
#include "../check.h"

#include <dycc/qos.hpp>

extern "C" void testController(void);

void testController(void) {
  dycc_qos_options options{};
  options.deadline = 0.02;
  auto controller =
      dycc::QosController::create(options, {{0.01, 1}, {0.03, 2}}).value();
  for (int i = 0; i < 100; ++i)
    CHECK(controller.report(controller.choose() == 0 ? 0.01 : 0.03).ok());
  CHECK(controller.choose() == 0);
  CHECK(controller.predict().size() == 2);
  options.deadline = 0;
  CHECK(!dycc::QosController::create(options, {{0.01, 1}}).ok());
}
