#ifndef DYCC_COMPILER_DRIVER_MODELPOINT_H
#define DYCC_COMPILER_DRIVER_MODELPOINT_H

#include "compiler/driver/ShapePoint.h"
#include "dialects/dyn/ExprValues.h"

namespace dycc {

/// Formulas of a module where its input symbols have certain values.
class ModelPoint {
public:
  ModelPoint(mlir::ModuleOp module, llvm::ArrayRef<SymbolValue> inputs);

  /// The largest number for more than that.
  int64_t evaluate(dyn::ExprAttr expr) const;

private:
  mutable dyn::ExprValues values;
};

} // namespace dycc

#endif // DYCC_COMPILER_DRIVER_MODELPOINT_H
