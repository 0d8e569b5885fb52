#include "compiler/driver/Header.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace dycc {
namespace {

/// A text that cannot end the comment it stands in.
std::string inComment(StringRef text) {
  std::string result;
  for (char c : text)
    result += c == '*' && StringRef(result).ends_with("/") ? ' ' : c;
  size_t at;
  while ((at = result.find("*/")) != result.npos)
    result.insert(at + 1, " ");
  return result;
}

void writeValues(func::FuncOp main, bool inputs, const SymbolTexts &texts,
                 llvm::raw_ostream &os) {
  TypeRange types = inputs ? main.getArgumentTypes() : main.getResultTypes();
  for (auto [index, type] : llvm::enumerate(types)) {
    auto name = inputs
                    ? main.getArgAttrOfType<StringAttr>(index, "onnx.name")
                    : main.getResultAttrOfType<StringAttr>(index, "onnx.name");
    os << " *   " << (inputs ? "input " : "output ") << index << "  "
       << inComment(name) << ": " << inComment(texts.str(type)) << "\n";
  }
}

void writeSymbols(ModuleOp module, llvm::raw_ostream &os) {
  for (auto symbol : module.getOps<dyn::SymbolOp>()) {
    if (!symbol.isInput())
      continue;
    os << " *   symbol " << inComment(symbol.getSymName()) << " in ["
       << symbol.lowerBound() << ", " << symbol.upperBound() << "]";
    if (symbol.divisor() != 1)
      os << ", a multiple of " << symbol.divisor();
    os << "\n";
  }
}

/// What the symbols stand for that dycc gave names to.
void writeNames(func::FuncOp main, const PeakFormula &peak,
                llvm::raw_ostream &os) {
  SmallVector<dyn::ExprAttr> shown(peak.memory.slots);
  for (Type type : main.getResultTypes())
    llvm::append_range(shown, dyn::getDims(type));
  for (auto &[name, definition] : peak.texts.longNames(shown))
    os << " *   " << name << " = " << inComment(peak.texts.str(definition))
       << "\n";
}

} // namespace

std::string renderHeader(ModuleOp module, const PeakFormula &peak,
                         StringRef name, StringRef function) {
  std::string text;
  llvm::raw_string_ostream os(text);
  auto main = module.lookupSymbol<func::FuncOp>("main");
  std::string guard;
  for (char c : function)
    guard += llvm::isAlnum(c) ? llvm::toUpper(c) : '_';
  os << "/* The model \"" << inComment(name) << "\", compiled by dycc.\n *\n";
  writeValues(main, /*inputs=*/true, peak.texts, os);
  writeValues(main, /*inputs=*/false, peak.texts, os);
  writeSymbols(module, os);
  os << " *\n * Bytes of a run, its kernels' scratch aside (peak_bytes() has "
        "all):\n *   "
     << inComment(peak.str())
     << "\n * align64() rounds up to a multiple of 64, ceil() to an integer; "
        "the\n"
        " * sum is rounded up to a multiple of 128.\n";
  writeNames(main, peak, os);
  os << " */\n#ifndef " << guard << "_H\n#define " << guard << "_H\n\n"
     << "#include <dycc/runtime.h>\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "/* The functions of the model, see dycc/runtime.h. */\n"
     << "const dycc_api *" << function << "(uint32_t abi_version);\n\n"
     << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << "_H */\n";
  return text;
}

} // namespace dycc
