#include <net.hpp>

#include <iostream>

static void show(const net::Family &family, net::Context &context) {
  std::vector<dycc::String> words = {"yes", "no"};
  net::Inputs inputs;
  inputs.words = {words, {2}};
  auto outputs = context.run(inputs).value();
  std::cout << family.name(family.selected(context)) << ":";
  for (std::string_view word : outputs.joined.elements)
    std::cout << " " << word;
  std::cout << "\n";
}

int main() {
  // The context keeps the family.
  auto context = net::Family::create(1).value().context().value();
  auto family = net::Family::create(1).value();
  context = family.context().value();
  std::cout << family.size() << " variants: " << family.name(0) << ", "
            << family.variant(1).info().name << "\n";
  for (std::uint32_t variant : {0u, 1u, 0u}) {
    family.select(context, variant).value();
    show(family, context);
  }
  std::cout << family.select(context, 2).failure().text << "\nselected "
            << family.selected(context) << "\n";
  net::Symbols symbols;
  symbols.N = -1;
  std::cout << family.query(symbols).failure().text << "\n";
  symbols.N = 1000;
  auto costs = family.query(symbols).value();
  std::cout << (costs[0].peak.bytes < costs[1].peak.bytes ? "costs rise\n"
                                                          : "costs fall\n");
}
