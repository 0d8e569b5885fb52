#include "compiler/driver/Header.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc {

std::string inComment(StringRef text) {
  std::string result;
  for (char c : text)
    result += (c == '*' && StringRef(result).ends_with("/")) ||
                      static_cast<unsigned char>(c) < ' '
                  ? ' '
                  : c;
  size_t at;
  while ((at = result.find("*/")) != result.npos)
    result.insert(at + 1, " ");
  return result;
}

SmallVector<dyn::SymbolOp> inputSymbols(ModuleOp module) {
  SmallVector<dyn::SymbolOp> symbols;
  for (auto symbol : module.getOps<dyn::SymbolOp>())
    if (symbol.isInput())
      symbols.push_back(symbol);
  return symbols;
}

std::string describeSymbol(dyn::SymbolOp symbol) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << inComment(symbol.getSymName()) << " in [" << symbol.lowerBound() << ", "
     << symbol.upperBound() << "]";
  if (symbol.divisor() != 1)
    os << ", a multiple of " << symbol.divisor();
  return text;
}

StringRef edgeName(ModuleOp module, bool isInput, unsigned index) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  return isInput ? main.getArgAttrOfType<StringAttr>(index, "onnx.name")
                 : main.getResultAttrOfType<StringAttr>(index, "onnx.name");
}

namespace {

void writeValues(ModuleOp module, bool inputs, const SymbolTexts &texts,
                 llvm::raw_ostream &os) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  TypeRange types = inputs ? main.getArgumentTypes() : main.getResultTypes();
  for (auto [index, type] : llvm::enumerate(types))
    os << " *   " << (inputs ? "input " : "output ") << index << "  "
       << inComment(edgeName(module, inputs, index)) << ": "
       << inComment(texts.str(type)) << "\n";
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
                         const HeaderNames &names) {
  std::string text;
  llvm::raw_string_ostream os(text);
  std::string guard = StringRef(names.function).upper() + "_H";
  bool isFamily = !names.family.empty();
  os << "/* The " << (isFamily ? "family" : "model") << " \""
     << inComment(names.model) << "\", compiled by dycc"
     << (isFamily ? "; of its first variant:" : ".") << "\n *\n";
  writeValues(module, /*inputs=*/true, peak.texts, os);
  writeValues(module, /*inputs=*/false, peak.texts, os);
  for (dyn::SymbolOp symbol : inputSymbols(module))
    os << " *   symbol " << describeSymbol(symbol) << "\n";
  os << " *\n * Bytes of a run, its kernels' scratch aside (peak_bytes() has "
        "all):\n *   "
     << inComment(peak.str())
     << "\n * align64() rounds up to a multiple of 64, ceil() to an integer; "
        "the\n"
        " * sum is rounded up to a multiple of 128.\n";
  writeNames(module.lookupSymbol<func::FuncOp>("main"), peak, os);
  os << " */\n#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "#include <dycc/" << (isFamily ? "family.h" : "runtime.h") << ">\n\n"
     << "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
     << "/* The functions of the model, see dycc/runtime.h. */\n"
     << "const dycc_api *" << names.function << "(uint32_t abi_version);\n\n";
  if (isFamily)
    os << "/* The functions of the family, see dycc/family.h. */\n"
       << "const dycc_family_api *" << names.family
       << "(uint32_t abi_version);\n\n";
  os << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return text;
}

HeaderNames headerNames(const CompileOptions &options, const std::string &model,
                        bool isFamily) {
  llvm::StringSet<> taken;
  std::string prefix = options.name.empty() ? "dycc" : options.name;
  return {model, prefix + "_model_query",
          options.space.empty() ? cppIdentifier(model, taken) : options.space,
          isFamily ? prefix + "_family_query" : ""};
}

std::string renderHeaderFor(StringRef path, ModuleOp module,
                            const PeakFormula &peak, const HeaderNames &names) {
  return path.ends_with(".hpp") ? renderCppHeader(module, peak, names)
                                : renderHeader(module, peak, names);
}

} // namespace dycc
