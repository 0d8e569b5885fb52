#include "compiler/driver/FamilyInterface.h"

#include "compiler/driver/Header.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc {

/// ", of sequence x": what the tensor is a part of; "" where it is itself.
static std::string wholeOf(DictionaryAttr attributes) {
  auto held = attributes ? attributes.getAs<TypeAttr>("onnx.type") : TypeAttr();
  if (!held)
    return "";
  std::string text;
  llvm::raw_string_ostream(text)
      << ", of " << held.getValue() << " "
      << attributes.getAs<StringAttr>("onnx.value").getValue();
  return text;
}

static std::string rankText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text)
      << getElementTypeOrSelf(type) << " of rank " << dyn::getDims(type).size();
  return text;
}

ModelInterface interfaceOf(ModuleOp module) {
  ModelInterface made;
  SymbolTexts texts(module);
  auto main = module.lookupSymbol<func::FuncOp>("main");
  for (auto [i, type] : llvm::enumerate(main.getArgumentTypes()))
    made.inputs.push_back(
        edgeName(module, /*isInput=*/true, i).str() + ": " + texts.str(type) +
        (main.getArgAttr(i, "onnx.default") ? ", has a default" : "") +
        wholeOf(main.getArgAttrDict(i)));
  for (dyn::SymbolOp symbol : inputSymbols(module))
    made.symbols.push_back(describeSymbol(symbol));
  for (auto [i, type] : llvm::enumerate(main.getResultTypes()))
    made.outputs.push_back(edgeName(module, /*isInput=*/false, i).str() + ": " +
                           rankText(type) + wholeOf(main.getResultAttrDict(i)));
  return made;
}

static llvm::Error compare(const char *what, StringRef firstName,
                           ArrayRef<std::string> first, StringRef otherName,
                           ArrayRef<std::string> other) {
  if (first.size() != other.size())
    return llvm::createStringError("variant '" + otherName + "' has " +
                                   Twine(other.size()) + " " + what +
                                   "s, expected " + Twine(first.size()) +
                                   " as in variant '" + firstName + "'");
  for (size_t i = 0; i < first.size(); ++i)
    if (first[i] != other[i])
      return llvm::createStringError("variant '" + otherName + "': " + what +
                                     " " + Twine(i) + " is '" + other[i] +
                                     "', expected '" + first[i] +
                                     "' as in variant '" + firstName + "'");
  return llvm::Error::success();
}

llvm::Error checkInterface(StringRef firstName, const ModelInterface &first,
                           StringRef otherName, const ModelInterface &other) {
  if (llvm::Error error =
          compare("input", firstName, first.inputs, otherName, other.inputs))
    return error;
  if (llvm::Error error =
          compare("symbol", firstName, first.symbols, otherName, other.symbols))
    return error;
  return compare("output", firstName, first.outputs, otherName, other.outputs);
}

} // namespace dycc
