#ifndef DYCC_TOOLS_DYCC_COMMANDLINE_H
#define DYCC_TOOLS_DYCC_COMMANDLINE_H

#include "compiler/driver/Compile.h"
#include "tools/dycc/Budget.h"
#include "tools/dycc/Console.h"
#include "tools/dycc/Verify.h"

#include <optional>

namespace dycc {

/// What a call of dycc asks for.
struct CommandLine {
  std::vector<std::string> models;   ///< Several: variants of a family.
  std::vector<std::string> variants; ///< Their names, or none.
  CompileOptions compile;
  BudgetOptions budget;
  VerifyOptions verify;
  bool isVerbose = false;

  Talk talk() const {
    return compile.quiet ? Talk::Quiet
           : isVerbose   ? Talk::Verbose
                         : Talk::Usual;
  }

  /// Fills all of it. An exit code where that ends the call: help and versions
  /// were printed, or what is wrong.
  std::optional<int> parse(int argc, char **argv, llvm::raw_ostream &errors);
};

} // namespace dycc

#endif // DYCC_TOOLS_DYCC_COMMANDLINE_H
