#include "dialects/dyn/DimPosition.h"

using namespace mlir;

namespace dycc::dyn {

std::optional<DimPosition> findDim(TypeRange types, StringRef symbol) {
  for (auto [index, type] : llvm::enumerate(types)) {
    if (!getValueAttr(type))
      continue;
    for (auto [axis, dim] : llvm::enumerate(getDims(type)))
      if (dim.getKind() == ExprKind::Symbol && dim.getSymbol() == symbol)
        return DimPosition{unsigned(index), unsigned(axis)};
  }
  return std::nullopt;
}

bool usesAnyOf(ArrayAttr symbols, ExprAttr expr) {
  bool found = false;
  expr.forEachSymbol([&](StringRef name) {
    found |= llvm::is_contained(
        symbols, FlatSymbolRefAttr::get(expr.getContext(), name));
  });
  return found;
}

} // namespace dycc::dyn
