#ifndef DYCC_COMPILER_REPORT_MODELSCRIPT_H
#define DYCC_COMPILER_REPORT_MODELSCRIPT_H

#include "compiler/driver/ModelFormulas.h"

namespace dycc {

/// The formulas of a module as JavaScript: a function figuresAt() that takes
/// the values of the input symbols, an array of BigInts, and returns an object
/// with what ModelFigures has, of BigInts, and `refusals`: of what the module
/// refuses of these extents, `node` and `message`.
std::string modelScript(mlir::ModuleOp module, const ModelFormulas &formulas);

} // namespace dycc

#endif // DYCC_COMPILER_REPORT_MODELSCRIPT_H
