// The same in C++, and with the times and qualities of a family.
#include "../check.h"

#include <dycc/qos.hpp>
#include <net.hpp>

extern "C" void testController(void);

static void testFamily() {
  auto family = net::Family::create(1).value();
  CHECK(family.size() == 2);
  net::Symbols symbols;
  symbols.N = 4;
  auto costs = family.query(symbols).value();
  std::vector<dycc_qos_variant> table;
  for (std::uint32_t i = 0; i < family.size(); ++i)
    table.push_back({costs[i].seconds, family.info().qualities[i]});
  CHECK(table[0].quality < table[1].quality);
  dycc_qos_options options{};
  options.frame_rate = 30;
  auto controller = dycc::QosController::create(options, table).value();
  auto context = family.context().value();
  CHECK(family.select(context, controller.choose()).ok());
}

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
  testFamily();
}
