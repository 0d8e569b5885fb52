#include "tools/dycc/Beside.h"

namespace dycc {

CompileOptions besideOptions(const CompileOptions &options,
                             const std::string &output) {
  CompileOptions beside = options;
  beside.output = output;
  beside.emit = EmitKind::Shared;
  beside.stopAfter.clear();
  beside.sanitize = false;
  beside.quiet = true; // It has been warned, or will be.
  // This machine, with plans that need no file.
  beside.triple.clear();
  beside.cpu.clear();
  beside.features.clear();
  beside.dispatch.clear();
  beside.gpu.clear();
  beside.plans.clear();
  beside.tune.clear();
  beside.shapes.clear();
  beside.machineFile.clear();
  // Files and texts.
  beside.found.reset();
  beside.foundFile.clear();
  beside.headers.clear();
  beside.depfile.clear();
  beside.dumpStages.clear();
  beside.remarks.clear();
  beside.report.clear();
  beside.maxMemory = INT64_MAX;
  beside.timeReport = false;
  return beside;
}

} // namespace dycc
