#ifndef DYCC_TOOLS_DYCC_RUN_COMMAND_H
#define DYCC_TOOLS_DYCC_RUN_COMMAND_H

#include <CLI/CLI.hpp>
#include <functional>

namespace dycc::run {

/// The exit code of a program: parses the command line, then runs `body`, which
/// says whether all is well. 1: it is not, or a Refusal; 2: usage; 3: any other
/// exception. What is wrong is printed with the program's name.
int runCommand(CLI::App &app, int argc, char **argv,
               const std::function<bool()> &body);

/// Writes a file; throws a Refusal where that cannot be.
void writeText(const std::string &path, const std::string &text);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_COMMAND_H
