#include "compiler/driver/ShapePoint.h"

#include "compiler/driver/Header.h"
#include "dialects/dyn/TypicalShape.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace dycc {
namespace {

Error setValue(MutableArrayRef<SymbolValue> symbols, StringRef text,
               StringRef option) {
  auto [name, number] = text.rsplit('=');
  int64_t value;
  if (name.empty() || number.getAsInteger(10, value))
    return createStringError(option + " '" + text + "': expected NAME=NUMBER");
  auto symbol = find_if(symbols, [&](auto &s) { return s.name == name; });
  if (symbol == symbols.end())
    return createStringError(
        option + " '" + text +
        "': is no extent of the inputs, expected one of " +
        join(map_range(symbols, [](auto &s) { return s.name; }), ", "));
  if (value < symbol->lower || value > symbol->upper ||
      value % symbol->multiple != 0)
    return createStringError(
        option + " '" + text + "': expected a number in [" +
        Twine(symbol->lower) + ", " + Twine(symbol->upper) + "], multiple of " +
        Twine(symbol->multiple));
  symbol->value = value;
  return Error::success();
}

} // namespace

std::vector<SymbolValue> symbolValues(mlir::ModuleOp module) {
  std::vector<SymbolValue> inputs;
  for (dyn::SymbolOp symbol : inputSymbols(module))
    inputs.push_back({symbol.getSymName().str(), symbol.lowerBound(),
                      symbol.upperBound(), symbol.divisor()});
  return inputs;
}

Error setValues(MutableArrayRef<SymbolValue> symbols, ArrayRef<std::string> at,
                StringRef option) {
  for (SymbolValue &symbol : symbols)
    symbol.value =
        dyn::typicalExtent({symbol.lower, symbol.upper}, symbol.multiple);
  for (StringRef text : at)
    if (Error error = setValue(symbols, text, option))
      return error;
  return Error::success();
}

} // namespace dycc
