#include "dialects/dyn/Values.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace dycc::dyn {

std::string getDimsText(Type type, function_ref<std::string(ExprAttr)> text) {
  std::string result;
  for (ExprAttr dim : getDims(type))
    result += (result.empty() ? "" : ", ") + (text ? text(dim) : dim.str());
  return "[" + result + "]";
}

bool isMadeOfAny(Operation *op, function_ref<bool(Value)> test) {
  if (llvm::any_of(op->getOperands(), test))
    return true;
  // A function has no results: what it returns goes to others.
  return !isa<FunctionOpInterface>(op) &&
         llvm::any_of(op->getRegions(), [&](Region &region) {
           return llvm::any_of(region, [&](Block &block) {
             return llvm::any_of(block.back().getOperands(), test);
           });
         });
}

} // namespace dycc::dyn
