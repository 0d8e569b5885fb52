// Failures as exceptions: value() throws.
#include "check.h"

#include <scale.hpp>

#include <string>

namespace {

/// The text of what `call` throws.
template <typename F>
std::string thrownBy(F call, dycc_status status) {
  try {
    call();
  } catch (const dycc::Error &error) {
    CHECK(error.status() == status);
    return error.what();
  }
  return "nothing was thrown";
}

/// Another model under the name of this one, as where a header is stale.
struct Stale : app::scale::Interface {
  struct Symbols {
    std::int64_t N = 0;
    static constexpr std::size_t count = 1;
    template <typename Self, typename F>
    static void each(Self &self, F &&f) {
      f(self.N);
    }
  };
};
struct Renamed : app::scale::Interface {
  struct Outputs {
    dycc::Tensor<const double, 4> y{};
    static constexpr std::size_t count = 1;
    template <typename Self, typename F>
    static void each(Self &self, F &&f) {
      f("y", self.y);
    }
  };
};
struct Short : app::scale::Interface {
  struct Inputs {
    dycc::Tensor<const float, 4> x{};
    static constexpr std::size_t count = 1;
    template <typename Self, typename F>
    static void each(Self &self, F &&f) {
      f("x:0", self.x);
    }
  };
};
struct Gone : app::scale::Interface {
  static const dycc_api *query(std::uint32_t) { return nullptr; }
};

void testStaleHeaders() {
  CHECK(thrownBy([] { dycc::Model<Stale>::create().value(); },
                 DYCC_INVALID_ARGUMENT) ==
        "the header is of another model: symbol count is 3 in the library, 1 "
        "in the header");
  CHECK(thrownBy([] { dycc::Model<Short>::create().value(); },
                 DYCC_INVALID_ARGUMENT) ==
        "the header is of another model: input count is 2 in the library, 1 in "
        "the header");
  CHECK(
      thrownBy([] { dycc::Model<Renamed>::create().value(); },
               DYCC_INVALID_ARGUMENT) ==
      "the header is of another model: output \"y\" of rank 4 in the library, "
      "\"y\" of rank 4 in the header, or of another element type");
  CHECK(
      thrownBy([] { dycc::Model<Gone>::create().value(); }, DYCC_UNSUPPORTED) ==
      "model \"scale\" has no interface of version 1");
}

} // namespace

void testExceptions() {
  auto model = app::scale::Model::create().value();
  auto context = model.context().value();
  float pixels[12] = {};
  app::scale::Inputs inputs;
  inputs.x_0 = {pixels, {1, 3, 5, 1}};
  std::string text =
      thrownBy([&] { context.run(inputs).value(); }, DYCC_INVALID_ARGUMENT);
  CHECK(text == "input \"x:0\": has memory for 12 elements, its shape has 15");
  inputs.x_0.shape = {1, 3, 2, 2};
  text = thrownBy([&] { context.run(inputs).value(); }, DYCC_INVALID_ARGUMENT);
  CHECK(text == "input \"x:0\": dim 2 (H) is 2, expects 4 to 64");
  // The same text wherever it comes from.
  CHECK(text ==
        thrownBy([&] { model.bind(inputs).value(); }, DYCC_INVALID_ARGUMENT));
  CHECK(text == thrownBy([&] { model.inferShapes(inputs).value(); },
                         DYCC_INVALID_ARGUMENT));
  app::scale::Symbols symbols;
  symbols.N = 5;
  symbols.H = 4;
  CHECK(thrownBy([&] { context.reserve(symbols, symbols).value(); },
                 DYCC_INVALID_ARGUMENT) ==
        "symbol N: range 5 to 5 is not inside of 1 to 4");
  CHECK(thrownBy([&] { model.peakBytes(symbols).value(); },
                 DYCC_INVALID_ARGUMENT) == "symbol N is 5, expects 1 to 4");
  CHECK(thrownBy([] { app::scale::Model::create(1, "none").value(); },
                 DYCC_INVALID_ARGUMENT)
            .find("\"none\"") != text.npos);
  testStaleHeaders();
}
