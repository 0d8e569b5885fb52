// One call of dycc-run.
#ifndef DYCC_TOOLS_DYCC_RUN_SESSION_H
#define DYCC_TOOLS_DYCC_RUN_SESSION_H

#include "tools/dycc-run/Compare.h"

namespace dycc::run {

/// The command line.
struct Options {
  std::string model;
  std::vector<std::string> inputs;   ///< NAME=@FILE or NAME=EXTENTSxTYPE.
  std::vector<std::string> outputs;  ///< NAME=@FILE.
  std::vector<std::string> expected; ///< NAME=@FILE.
  std::string data;                  ///< A sample: readSample().
  data::Tolerance tolerance;
  uint64_t seed = 1;
  uint32_t threads = 0;
  std::string machine; ///< Whose kernels run; empty: the best.
  std::string variant; ///< Of a family; empty: the first.
  uint32_t repeat = 1;
  bool describe = false;
  bool profile = false;
  std::string profileFile; ///< Of JSON; empty: none.
  std::string traceFile;   ///< The same.
  std::string shapeFile;   ///< Of recorded shapes; empty: none.
};

/// Does what the options say and prints to stdout. Returns whether all
/// comparisons matched; throws Refusal, UsageError or InternalError.
bool runSession(const Options &options);

} // namespace dycc::run

#endif // DYCC_TOOLS_DYCC_RUN_SESSION_H
