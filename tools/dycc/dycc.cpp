// The command line of the compiler.
#include "compiler/driver/Reproducer.h"
#include "tools/dycc/CommandLine.h"

#include <unistd.h>

using dycc::CompileStatus;

/// Compiles, within a budget of errors and with a look at the result where that
/// is asked for.
static CompileStatus run(dycc::CommandLine &line, dycc::Console &console) {
  dycc::CompileOptions &options = line.compile;
  if (line.verify.isOn)
    if (CompileStatus status = dycc::checkVerify(options, line.verify, console);
        status != CompileStatus::Ok)
      return status;
  options.progress = &console;
  CompileStatus status = CompileStatus::Ok;
  if (line.budget.maxError)
    status = dycc::meetBudget(options, line.budget, console);
  if (status == CompileStatus::Ok)
    status = dycc::compileModel(options, console);
  if (status == CompileStatus::Ok && line.verify.isOn)
    status = dycc::verifyModel(options, line.verify, console);
  console.finish();
  return status;
}

int main(int argc, char **argv) {
  dycc::Console console(STDERR_FILENO);
  dycc::CommandLine line;
  if (std::optional<int> code = line.parse(argc, argv, console))
    return *code;
  const std::string &output = line.compile.output;
  dycc::prepareReproducer({argv, size_t(argc)},
                          (output.empty() ? "dycc" : output) +
                              ".reproducer.sh");
  // Text for the standard output may go to the same terminal.
  bool isFile = !output.empty() && output != "-";
  console.begin(line.talk(), isFile);
  CompileStatus status = run(line, console);
  if (status == CompileStatus::Ok && isFile)
    console.sayDone(output);
  return static_cast<int>(status);
}
