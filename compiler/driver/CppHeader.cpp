// The typed part of a model for C++: what dycc/model.hpp is a template of.
#include "compiler/driver/Header.h"

#include "dialects/onnx/OnnxTypes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace dycc {

/// What is no name in C++20, and what the generated structs use.
static constexpr llvm::StringLiteral kReserved[] = {
    // clang-format off
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
    "bool", "break", "case", "catch", "char", "char16_t", "char32_t", "char8_t",
    "class", "co_await", "co_return", "co_yield", "compl", "concept", "const",
    "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype",
    "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
    "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept",
    "not", "not_eq", "nullptr", "operator", "or", "or_eq", "private",
    "protected", "public", "register", "reinterpret_cast", "requires",
    "return", "short", "signed", "sizeof", "static", "static_assert",
    "static_cast", "struct", "switch", "template", "this", "thread_local",
    "throw", "true", "try", "typedef", "typeid", "typename", "union",
    "unsigned", "using", "virtual", "void", "volatile", "wchar_t", "while",
    "xor", "xor_eq",
    "count", "dycc", "each", "std", "Buffers", "Inputs", "Outputs", "Shapes",
    "Symbols",
    // clang-format on
};

std::string cppIdentifier(StringRef text, llvm::StringSet<> &taken) {
  std::string name;
  // Two '_' in a row and one in front are the implementation's.
  for (char c : text)
    if (llvm::isAlnum(c))
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  while (!name.empty() && name.back() == '_')
    name.pop_back();
  if (name.empty() || llvm::isDigit(name.front()))
    name.insert(0, "v");
  if (llvm::is_contained(kReserved, name))
    name += '_';
  std::string result = name;
  for (unsigned n = 2; !taken.insert(result).second; ++n)
    result = name + (name.back() == '_' ? "" : "_") + std::to_string(n);
  return result;
}

namespace {

/// One field of the structs of tensors.
struct Field {
  std::string name; ///< In C++.
  StringRef label;  ///< In the model.
  Type type;
  bool hasDefault = false;
};

/// Of what C++17 has no type for: the name in dycc/tensor.hpp.
std::string ownElementType(Type element) {
  if (element.isBF16())
    return "::dycc::BFloat16";
  std::string text;
  llvm::raw_string_ostream(text) << element;
  bool isFloat = isa<FloatType>(element);
  return (isFloat                       ? "::dycc::Float"
          : element.isUnsignedInteger() ? "::dycc::UInt"
                                        : "::dycc::Int") +
         StringRef(text).ltrim("fui").str();
}

std::string elementType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (isa<onnx::StringType>(element))
    return "::dycc::String";
  unsigned width = element.getIntOrFloatBitWidth();
  if (element.isInteger(1))
    return "bool";
  if (element.isF32())
    return "float";
  if (element.isF64())
    return "double";
  if (isa<FloatType>(element) || width < 8)
    return ownElementType(element);
  return (element.isUnsignedInteger() ? "std::uint" : "std::int") +
         std::to_string(width) + "_t";
}

class CppHeader {
public:
  CppHeader(ModuleOp module, const PeakFormula &peak, const HeaderNames &names)
      : module(module), peak(peak), names(names), os(text) {
    inputs = collect(/*isInput=*/true);
    outputs = collect(/*isInput=*/false);
  }

  std::string render();

private:
  std::vector<Field> collect(bool isInput);
  std::string quote(StringRef label) const;
  std::string tensor(const Field &field, bool isConst) const;
  void writeComment(const Field &field);
  void writeRanges(const Field &input);
  void writeSymbols();
  /// A struct with `typeOf(field)` for each field.
  void writeStruct(StringRef name, StringRef comment, ArrayRef<Field> fields,
                   llvm::function_ref<std::string(const Field &)> typeOf);
  void writeStructs();
  void writeLongNames();
  void writeInterface();
  void writeEntryPoints();
  bool isFamily() const { return !names.family.empty(); }

  ModuleOp module;
  const PeakFormula &peak;
  const HeaderNames &names;
  std::vector<Field> inputs, outputs;
  std::string text;
  llvm::raw_string_ostream os;
};

std::vector<Field> CppHeader::collect(bool isInput) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  llvm::StringSet<> taken;
  std::vector<Field> fields;
  for (auto [i, type] : llvm::enumerate(isInput ? main.getArgumentTypes()
                                                : main.getResultTypes())) {
    StringRef label = edgeName(module, isInput, i);
    fields.push_back({cppIdentifier(label, taken), label, type,
                      isInput && bool(main.getArgAttr(i, "onnx.default"))});
  }
  return fields;
}

/// A string literal. Octal: a hexadecimal escape goes on as far as it can.
std::string CppHeader::quote(StringRef label) const {
  std::string literal;
  llvm::raw_string_ostream stream(literal);
  for (unsigned char c : label)
    if (c == '"' || c == '\\' || c < ' ' || c >= 0x7f)
      stream << llvm::format("\\%03o", c);
    else
      stream << c;
  return "\"" + literal + "\"";
}

std::string CppHeader::tensor(const Field &field, bool isConst) const {
  return (isConst ? "::dycc::Tensor<const " : "::dycc::Tensor<") +
         elementType(field.type) + ", " +
         std::to_string(dyn::getDims(field.type).size()) + ">";
}

/// What the model calls it, and its symbolic shape.
void CppHeader::writeComment(const Field &field) {
  os << "  /// " << inComment(field.label) << ": "
     << inComment(peak.texts.str(field.type))
     << (field.hasDefault ? "; has a default.\n" : ".\n");
}

/// The ranges of the symbols in an input's shape.
void CppHeader::writeRanges(const Field &input) {
  llvm::StringSet<> used;
  for (dyn::ExprAttr dim : dyn::getDims(input.type))
    dim.forEachSymbol([&](StringRef name) { used.insert(name); });
  for (dyn::SymbolOp symbol : inputSymbols(module))
    if (used.contains(symbol.getSymName()))
      os << "  ///   " << describeSymbol(symbol) << ".\n";
}

void CppHeader::writeSymbols() {
  llvm::StringSet<> taken;
  std::string visits;
  os << "/// The unknown extents of the inputs, by their names.\nstruct "
        "Symbols {\n";
  SmallVector<dyn::SymbolOp> symbols = inputSymbols(module);
  for (dyn::SymbolOp symbol : symbols) {
    std::string name = cppIdentifier(symbol.getSymName(), taken);
    os << "  std::int64_t " << name << " = 0; ///< " << describeSymbol(symbol)
       << ".\n";
    visits += "    f(self." + name + ");\n";
  }
  os << "\n  static constexpr std::size_t count = " << symbols.size() << ";\n"
     << "  template <typename Self, typename F>\n"
     << "  static void each([[maybe_unused]] Self &self, "
        "[[maybe_unused]] F &&f) {\n"
     << visits << "  }\n};\n\n";
}

void CppHeader::writeStruct(
    StringRef name, StringRef comment, ArrayRef<Field> fields,
    llvm::function_ref<std::string(const Field &)> typeOf) {
  bool isInputs = name == "Inputs";
  os << "/// " << comment << "\nstruct " << name << " {\n";
  for (const Field &field : fields) {
    writeComment(field);
    if (isInputs)
      writeRanges(field);
    os << "  " << typeOf(field) << " " << field.name << "{};\n";
  }
  os << "\n  static constexpr std::size_t count = " << fields.size() << ";\n"
     << "  template <typename Self, typename F>\n"
     << "  static void each([[maybe_unused]] Self &self, "
        "[[maybe_unused]] F &&f) {\n";
  for (const Field &field : fields)
    os << "    f(" << quote(field.label) << ", self." << field.name << ");\n";
  os << "  }\n};\n\n";
}

void CppHeader::writeStructs() {
  writeStruct("Inputs", "The inputs of a run; all memory is the caller's.",
              inputs, [&](const Field &field) {
                std::string type = tensor(field, /*isConst=*/true);
                return field.hasDefault ? "std::optional<" + type + ">" : type;
              });
  writeStruct("Outputs", "What a run has computed, and how large it is.",
              outputs, [&](const Field &field) { return tensor(field, true); });
  writeStruct(
      "Buffers", "Memory for outputs; what is left empty the context lends.",
      outputs, [&](const Field &field) { return tensor(field, false); });
  writeStruct("Shapes", "Extents of the outputs.", outputs,
              [](const Field &field) {
                return "::dycc::Shape<" +
                       std::to_string(dyn::getDims(field.type).size()) + ">";
              });
}

/// What the symbols in comments stand for that dycc gave names to.
void CppHeader::writeLongNames() {
  SmallVector<dyn::ExprAttr> shown;
  for (const Field &field : outputs)
    llvm::append_range(shown, dyn::getDims(field.type));
  for (auto &[name, definition] : peak.texts.longNames(shown))
    os << "//   " << name << " = " << inComment(peak.texts.str(definition))
       << ".\n";
}

void CppHeader::writeInterface() {
  os << "/// What dycc/model.hpp knows of the model.\nstruct Interface {\n";
  for (StringRef name : {"Symbols", "Inputs", "Outputs", "Buffers", "Shapes"})
    os << "  using " << name << " = ::" << names.space << "::" << name << ";\n";
  os << "  static constexpr const char *name = " << quote(names.model) << ";\n"
     << "  static const dycc_api *query(std::uint32_t version) {\n"
     << "    return " << names.function << "(version);\n  }\n";
  if (isFamily())
    os << "  static const dycc_family_api *queryFamily(std::uint32_t version) "
          "{\n"
       << "    return " << names.family << "(version);\n  }\n";
  os << "};\n\n"
     << "using Model = ::dycc::Model<Interface>;\n"
     << "using Context = ::dycc::Context<Interface>;\n"
     << (isFamily() ? "using Family = ::dycc::Family<Interface>;\n\n" : "\n");
}

void CppHeader::writeEntryPoints() {
  os << "/// The functions of the model, see dycc/runtime.h.\n"
     << "extern \"C\" const dycc_api *" << names.function
     << "(std::uint32_t abi_version);\n\n";
  if (isFamily())
    os << "/// The functions of the family, see dycc/family.h.\n"
       << "extern \"C\" const dycc_family_api *" << names.family
       << "(std::uint32_t abi_version);\n\n";
}

std::string CppHeader::render() {
  std::string guard = StringRef(names.function).upper() + "_HPP";
  os << "// The " << (isFamily() ? "family" : "model") << " \""
     << inComment(names.model) << "\", compiled by dycc"
     << (isFamily() ? "; shapes are those of its first variant." : ".") << "\n";
  writeLongNames();
  os << "#ifndef " << guard << "\n#define " << guard << "\n\n"
     << "#include <dycc/" << (isFamily() ? "family" : "model") << ".hpp>\n\n";
  writeEntryPoints();
  os << "namespace " << names.space << " {\n\n";
  writeSymbols();
  writeStructs();
  writeInterface();
  os << "} // namespace " << names.space << "\n\n#endif // " << guard << "\n";
  return std::move(text);
}

} // namespace

std::string renderCppHeader(ModuleOp module, const PeakFormula &peak,
                            const HeaderNames &names) {
  return CppHeader(module, peak, names).render();
}

} // namespace dycc
