#include "compiler/driver/Inspect.h"

#include "compiler/driver/Report.h"

namespace dycc {

CompileStatus inspectModel(const CompileOptions &options,
                           llvm::raw_ostream &errors, nlohmann::json &report) {
  Frontend frontend(options, errors);
  if (CompileStatus status = frontend.import(); status != CompileStatus::Ok)
    return status;
  for (const Stage &stage : stages())
    if (CompileStatus status = runReported(frontend, stage, report);
        status != CompileStatus::Ok)
      return status;
  return CompileStatus::Ok;
}

} // namespace dycc
