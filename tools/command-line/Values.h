// What options of the programs take, in the words from which the help, the
// completions of shells and the manual pages are made (docs/contributing.md).
#ifndef DYCC_TOOLS_COMMAND_LINE_VALUES_H
#define DYCC_TOOLS_COMMAND_LINE_VALUES_H

#include <CLI/CLI.hpp>

namespace dycc::cli {

/// Of values with names the names.
template <typename T>
std::vector<std::string>
namesOf(const std::vector<std::pair<std::string, T>> &values) {
  std::vector<std::string> names;
  for (const auto &[name, value] : values)
    names.push_back(name);
  return names;
}

/// "{a,b,c}"
inline std::string textOf(const std::vector<std::string> &names) {
  return "{" + CLI::detail::join(names, ",") + "}";
}

/// The option takes one of these, or each time that it is given one.
inline CLI::Option *oneOf(CLI::Option *option,
                          const std::vector<std::string> &names) {
  const char *again = option->get_expected_max() > 1 ? " ..." : "";
  return option->check(CLI::IsMember(names))
      ->option_text(textOf(names) + again);
}

/// The option takes some of these, with commas between.
inline CLI::Option *someOf(CLI::Option *option,
                           const std::vector<std::string> &names) {
  return option->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(names))
      ->option_text(textOf(names) + ",...");
}

} // namespace dycc::cli

#endif // DYCC_TOOLS_COMMAND_LINE_VALUES_H
