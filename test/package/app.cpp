// Two models of different kinds in one program, the first of them twice.
#include "check.h"

#include <again.hpp>
#include <both.hpp>
#include <both_pick.hpp>
#include <chosen.hpp>
#include <scale.hpp>

#include <cstring>
#include <type_traits>
#include <vector>

void testExceptions();         // exceptions.cpp
void testValues(float weight); // values.cpp

namespace {

// What the model says is in the types.
static_assert(std::is_same_v<decltype(app::scale::Inputs::x_0),
                             dycc::Tensor<const float, 4>>);
static_assert(std::is_same_v<decltype(app::scale::Inputs::new_bias),
                             std::optional<dycc::Tensor<const float, 1>>>);
static_assert(std::is_same_v<decltype(chosen::Inputs::mask),
                             dycc::Tensor<const bool, 1>>);
static_assert(std::is_same_v<decltype(chosen::Inputs::half),
                             dycc::Tensor<const dycc::Float16, 1>>);
static_assert(std::is_same_v<decltype(chosen::Outputs::class_),
                             dycc::Tensor<const std::int32_t, 2>>);

static_assert(app::scale::Inputs::count == 2 && again::Inputs::count == 1);

/// 1, 2, 3 and so on.
std::vector<float> countTo(std::size_t n) {
  std::vector<float> numbers(n);
  for (std::size_t i = 0; i < n; ++i)
    numbers[i] = static_cast<float>(i + 1);
  return numbers;
}

app::scale::Symbols makeSymbols(std::int64_t n, std::int64_t h,
                                std::int64_t w) {
  app::scale::Symbols symbols;
  symbols.N = n;
  symbols.H = h;
  symbols.W = w;
  return symbols;
}

/// At several sizes, into memory of the context and of the caller.
void testScale(float weight) {
  auto model = app::scale::Model::create().value();
  auto context = model.context(1).value();
  context.reserve(makeSymbols(1, 4, 1), makeSymbols(4, 64, 50)).value();
  for (dycc::Shape<4> shape :
       {dycc::Shape<4>{1, 3, 4, 1}, {2, 3, 12, 7}, {4, 3, 64, 50}}) {
    std::vector<float> pixels = countTo(dycc::sizeOf(shape)), bias = {3};
    app::scale::Inputs inputs;
    inputs.x_0 = {pixels, shape};
    auto lent = context.run(inputs).value();
    CHECK(lent.y.shape == shape);
    CHECK(lent.y.elements.size() == pixels.size());
    for (std::size_t i = 0; i < pixels.size(); ++i)
      CHECK(lent.y.elements[i] == weight * pixels[i] + 0.5f);

    inputs.new_bias = {bias, {1}};
    auto expected = model.inferShapes(inputs).value();
    CHECK(expected.y == shape);
    std::vector<float> mine(dycc::sizeOf(expected.y));
    app::scale::Buffers buffers;
    buffers.y = {mine, expected.y};
    auto filled = context.run(inputs, buffers).value();
    CHECK(filled.y.elements.data() == mine.data());
    for (std::size_t i = 0; i < pixels.size(); ++i)
      CHECK(mine[i] == weight * pixels[i] + 3);
  }
}

/// Symbols go both ways, in the order of the struct.
void testSymbols() {
  auto model = app::scale::Model::create().value();
  app::scale::Inputs inputs;
  inputs.x_0.shape = {2, 3, 12, 7};
  app::scale::Symbols symbols = model.bind(inputs).value();
  CHECK(symbols.N == 2 && symbols.H == 12 && symbols.W == 7);
  app::scale::Symbols large = makeSymbols(4, 64, 500);
  auto small = model.peakBytes(symbols).value();
  auto most = model.peakBytes(large).value();
  CHECK(small.bytes > 0 && most.bytes > small.bytes);
  CHECK(model.peakBytesIn(symbols, large).value().bytes >= most.bytes);
  CHECK(model.estimate(large).value() > model.estimate(symbols).value());
  CHECK(std::strcmp(model.info().name, "scale") == 0);
}

/// Extents that only execution knows, half floats, bools, a name that is a
/// keyword.
void testPick() {
  auto model = chosen::Model::create().value();
  auto context = model.context().value();
  bool mask[] = {true, false, false, true, true};
  dycc::Float16 half[] = {{0x3c00}, {0x4000}, {0x4200}, {0x4400}, {0xc500}};
  chosen::Inputs inputs;
  inputs.mask = {mask, {5}};
  inputs.half = {half, {5}};
  CHECK(model.inferShapes(inputs).value().class_[0] == 1);
  auto outputs = context.run(inputs).value();
  CHECK((outputs.class_.shape == dycc::Shape<2>{1, 3}));
  std::int32_t expected[] = {0, 3, 4};
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(outputs.class_.elements[i] == expected[i]);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK((outputs.kept.elements[i].bits & 0x7fff) ==
          (mask[i] ? half[i].bits & 0x7fff : 0));
}

/// A context keeps its model alive.
void testLife() {
  auto makeContext = [] {
    return again::Model::create(1).value().context().value();
  };
  auto context = makeContext();
  std::vector<float> pixels = countTo(3);
  again::Inputs inputs;
  inputs.x_0 = {pixels, {1, 3, 1, 1}};
  CHECK(context.run(inputs).value().y.elements.size() == 3);
}

/// Two models of one library, in namespaces of their own.
void testVariants(float weight) {
  std::vector<float> pixels = countTo(3);
  app::both::Inputs inputs;
  inputs.x_0 = {pixels, {1, 3, 1, 1}};
  auto context = app::both::Model::create().value().context().value();
  CHECK(context.run(inputs).value().y.elements[2] == 3 * weight + 0.5f);
  bool mask[] = {false, true};
  dycc::Float16 half[] = {{0x3c00}, {0x4000}};
  app::both_pick::Inputs chosen;
  chosen.mask = {mask, {2}};
  chosen.half = {half, {2}};
  auto picker = app::both_pick::Model::create().value().context().value();
  CHECK(picker.run(chosen).value().class_.elements[0] == 1);
}

} // namespace

int main(int argc, char **argv) {
  CHECK(argc == 2);
  float weight = std::strtof(argv[1], nullptr);
  testScale(weight);
  testSymbols();
  testPick();
  testVariants(weight);
  testLife();
  testExceptions();
  testValues(weight);
  return 0;
}
