#include "net.hpp"

#include <cstdio>
#include <string>
#include <vector>

/// Strings of every kind go in, views come out.
int main() {
  auto model = net::Model::create(1).value();
  auto context = model.context().value();
  std::string owned = "a string that is too long to lie in its object";
  std::vector<dycc::String> words = {"one", std::string_view("two"), owned, {}};
  net::Inputs inputs;
  inputs.words = {words, {4}};
  auto outputs = context.run(inputs).value();
  for (std::string_view text : outputs.joined.elements)
    std::printf("<%.*s>\n", int(text.size()), text.data());
  dycc::String memory[4];
  net::Buffers buffers;
  buffers.joined = {memory, {4}};
  context.run(inputs, buffers).value();
  std::printf("%d %d\n", std::string_view(memory[0]) == "one!",
              std::string_view(memory[3]) == "!");
  return 0;
}
