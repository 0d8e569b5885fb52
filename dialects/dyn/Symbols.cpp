#include "dialects/dyn/Symbols.h"

using namespace mlir;

namespace dycc::dyn {

OpBuilder behindSymbols(ModuleOp module) {
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  for (auto symbol : module.getOps<SymbolOp>())
    builder.setInsertionPointAfter(symbol);
  return builder;
}

std::string freeName(ModuleOp module, StringRef prefix, unsigned &next) {
  std::string name;
  do
    name = (prefix + Twine(next++)).str();
  while (module.lookupSymbol(name));
  return name;
}

} // namespace dycc::dyn
