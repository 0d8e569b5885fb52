#include "compiler/driver/ModelPoint.h"

#include "dialects/dyn/DynOps.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc {

ModelPoint::ModelPoint(ModuleOp module, ArrayRef<SymbolValue> inputs) {
  for (const SymbolValue &input : inputs)
    values.set(input.name, input.value);
  for (auto symbol : module.getOps<dyn::SymbolOp>())
    if (symbol.getDefinition())
      values.set(symbol.getSymName(), evaluate(*symbol.getDefinition()));
}

int64_t ModelPoint::evaluate(ExprAttr expr) const {
  return values.get(expr).value_or(INT64_MAX);
}

} // namespace dycc
