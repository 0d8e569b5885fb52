/* A controller from C. */
#include "../check.h"

#include <dycc/qos.h>

void testController(void); /* controller.cpp */

int main(void) {
  dycc_qos_variant table[] = {{0.01, 1}, {0.03, 2}};
  dycc_qos_options options = {sizeof(options), 0, 0, 25};
  dycc_qos *controller = NULL;
  CHECK(dycc_qos_create(&options, table, 2, &controller, NULL) == DYCC_OK);
  for (int i = 0; i < 100; ++i) {
    uint32_t variant = dycc_qos_choose(controller, 0);
    CHECK(dycc_qos_report(controller, table[variant].seconds, NULL) == DYCC_OK);
  }
  CHECK(dycc_qos_choose(controller, 0) == 1);
  dycc_qos_destroy(controller);
  testController();
  return 0;
}
