#include "compiler/driver/Inspect.h"

#include "compiler/driver/Report.h"
#include "compiler/driver/ReportMemory.h"

using namespace mlir;

namespace dycc {

CompileStatus inspectModel(const CompileOptions &options,
                           llvm::ArrayRef<std::string> at,
                           llvm::raw_ostream &errors, nlohmann::json &report) {
  Frontend frontend(options, errors);
  if (CompileStatus status = frontend.import(); status != CompileStatus::Ok)
    return status;
  for (const Stage &stage : stages())
    if (CompileStatus status = runReported(frontend, stage, report);
        status != CompileStatus::Ok)
      return status;
  ModuleOp module = frontend.getModule();
  llvm::Error error =
      addPeak(module, PeakFormula(module), at, report["memory"]);
  if (!error)
    return CompileStatus::Ok;
  frontend.refuse(std::move(error));
  return CompileStatus::Usage;
}

} // namespace dycc
