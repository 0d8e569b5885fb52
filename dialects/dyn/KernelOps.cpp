// Text and verification of dyn.kernel and dyn.launch.
#include "dialects/dyn/Kernels.h"
#include "dialects/dyn/Layout.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace dycc::dyn;

//===----------------------------------------------------------------------===//
// KernelSymbolAttr: `#dyn.kernel_symbol<s0 in [16, 64] multiple 4>`, inside a
// kernel without prefix
//===----------------------------------------------------------------------===//

static void printEnd(AsmPrinter &printer, int64_t end, int64_t unlimited) {
  if (end == unlimited)
    printer << "*";
  else
    printer << end;
}

static ParseResult parseEnd(AsmParser &parser, int64_t &end,
                            int64_t unlimited) {
  end = unlimited;
  return failed(parser.parseOptionalStar()) ? parser.parseInteger(end)
                                            : success();
}

static void printKernelSymbol(AsmPrinter &printer, KernelSymbolAttr symbol) {
  printer.printKeywordOrString(symbol.getSymbol());
  printer << " in [";
  printEnd(printer, symbol.getLower(), INT64_MIN);
  printer << ", ";
  printEnd(printer, symbol.getUpper(), INT64_MAX);
  printer << "]";
  if (symbol.getMultiple() != 1)
    printer << " multiple " << symbol.getMultiple();
}

static KernelSymbolAttr parseKernelSymbol(AsmParser &parser) {
  std::string name;
  int64_t lower, upper, multiple = 1;
  if (parser.parseKeywordOrString(&name) || parser.parseKeyword("in") ||
      parser.parseLSquare() || parseEnd(parser, lower, INT64_MIN) ||
      parser.parseComma() || parseEnd(parser, upper, INT64_MAX) ||
      parser.parseRSquare())
    return {};
  if (succeeded(parser.parseOptionalKeyword("multiple")) &&
      parser.parseInteger(multiple))
    return {};
  return KernelSymbolAttr::get(parser.getContext(),
                               parser.getBuilder().getStringAttr(name), lower,
                               upper, multiple);
}

void KernelSymbolAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printKernelSymbol(printer, *this);
  printer << ">";
}

Attribute KernelSymbolAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  KernelSymbolAttr symbol = parseKernelSymbol(parser);
  return symbol && succeeded(parser.parseGreater()) ? symbol
                                                    : KernelSymbolAttr();
}

//===----------------------------------------------------------------------===//
// KernelOp
//===----------------------------------------------------------------------===//

static ParseResult parseSymbols(OpAsmParser &parser, ArrayAttr &symbols) {
  SmallVector<Attribute> elements;
  if (succeeded(parser.parseOptionalKeyword("symbols")) &&
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
        elements.push_back(parseKernelSymbol(parser));
        return success(elements.back() != nullptr);
      }))
    return failure();
  symbols = parser.getBuilder().getArrayAttr(elements);
  return success();
}

ParseResult KernelOp::parse(OpAsmParser &parser, OperationState &state) {
  StringAttr name;
  SmallVector<OpAsmParser::Argument> arguments;
  SmallVector<Type> outputs;
  ArrayAttr symbols;
  if (parser.parseSymbolName(name) ||
      parser.parseArgumentList(arguments, OpAsmParser::Delimiter::Paren,
                               /*allowType=*/true) ||
      parser.parseOptionalArrowTypeList(outputs) ||
      parseSymbols(parser, symbols) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
      parser.parseRegion(*state.addRegion(), arguments))
    return failure();
  state.addAttribute(getSymNameAttrName(state.name), name);
  state.addAttribute(getSymbolsAttrName(state.name), symbols);
  state.addAttribute(getOutputsAttrName(state.name),
                     parser.getBuilder().getTypeArrayAttr(outputs));
  return success();
}

void KernelOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printer.printSymbolName(getSymName());
  printer << '(';
  llvm::interleaveComma(
      getBody().getArguments(), printer,
      [&](BlockArgument argument) { printer.printRegionArgument(argument); });
  printer << ')';
  printer.printOptionalArrowTypeList(llvm::to_vector(getResultTypes()));
  if (!getSymbols().empty()) {
    printer << " symbols [";
    llvm::interleaveComma(getSymbols(), printer, [&](Attribute symbol) {
      printKernelSymbol(printer, cast<KernelSymbolAttr>(symbol));
    });
    printer << ']';
  }
  printer.printOptionalAttrDictWithKeyword(
      (*this)->getAttrs(),
      {getSymNameAttrName(), getSymbolsAttrName(), getOutputsAttrName()});
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

/// A name of linkers: no dots, no dashes.
static std::string inIdentifier(StringRef name) {
  std::string text = name.str();
  for (char &c : text)
    if (!llvm::isAlnum(c))
      c = '_';
  return text;
}

std::string KernelOp::getFunctionName(unsigned version) {
  std::string name = getSymName().str();
  if (getNumVersions() == 1)
    return name;
  VersionAttr made = getVersion(version);
  if (made.getMachine())
    name += "_" + inIdentifier(made.getMachine());
  unsigned machine = getMachineOf(version);
  bool isAlone = getFirstVersion(machine + 1) - getFirstVersion(machine) == 1;
  return isAlone ? name : name + "_" + made.getName().str();
}

/// Whether a version is the last one of its machine.
static bool isLastOfMachine(KernelOp kernel, unsigned version) {
  return version + 1 == kernel.getNumVersions() ||
         kernel.getVersion(version).getMachine() !=
             kernel.getVersion(version + 1).getMachine();
}

unsigned KernelOp::getNumMachines() {
  return getMachineOf(getNumVersions() - 1) + 1;
}

unsigned KernelOp::getFirstVersion(unsigned machine) {
  unsigned first = 0;
  for (; machine > 0; ++first)
    machine -= isLastOfMachine(*this, first);
  return first;
}

unsigned KernelOp::getMachineOf(unsigned version) {
  unsigned machine = 0;
  for (unsigned before = 0; before < version; ++before)
    machine += isLastOfMachine(*this, before);
  return machine;
}

ExprAttr KernelOp::getChosenVersion(unsigned machine) {
  unsigned first = getFirstVersion(machine);
  unsigned last = getFirstVersion(machine + 1) - 1;
  ExprAttr chosen = ExprAttr::constant(getContext(), last);
  for (unsigned number = last; number-- > first;)
    chosen = ExprAttr::ite(getVersion(number).getWhen(),
                           ExprAttr::constant(getContext(), number), chosen);
  return chosen;
}

/// Each machine's versions are one behind the other, each with a name of its
/// own.
static LogicalResult verifyNames(KernelOp kernel) {
  llvm::StringSet<> names, machines;
  for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
    VersionAttr version = kernel.getVersion(i);
    StringAttr machine = version.getMachine();
    bool isFirst = i == 0 || isLastOfMachine(kernel, i - 1);
    if (!machine != !kernel.getVersion(0).getMachine())
      return kernel.emitOpError("expects a machine of all versions or of none, "
                                "got version '")
             << version.getName().getValue() << "' "
             << (machine ? "with" : "without") << " one";
    if (isFirst && machine && !machines.insert(machine.getValue()).second)
      return kernel.emitOpError("expects versions of one machine together, got "
                                "version '")
             << version.getName().getValue() << "' of '" << machine.getValue()
             << "' behind those of another";
    if (isFirst)
      names.clear();
    if (!names.insert(version.getName().getValue()).second)
      return kernel.emitOpError("expects versions of different names, got two "
                                "called '")
             << version.getName().getValue() << "'";
  }
  return success();
}

static LogicalResult
verifyConditions(KernelOp kernel, const llvm::SetVector<StringRef> &symbols) {
  for (unsigned i = 0; i < kernel.getNumVersions(); ++i) {
    VersionAttr version = kernel.getVersion(i);
    bool isLast = isLastOfMachine(kernel, i);
    if (isLast != !version.getWhen())
      return kernel.emitOpError("expects a condition of each version but the "
                                "last, got version '")
             << version.getName().getValue() << "' "
             << (isLast ? "with" : "without") << " one";
    bool isOver = true;
    if (version.getWhen())
      version.getWhen().forEachSymbol(
          [&](StringRef name) { isOver &= symbols.contains(name); });
    if (!isOver)
      return kernel.emitOpError("expects conditions over its symbols, got '")
             << version.getWhen().str() << "'";
  }
  return success();
}

static LogicalResult verifyVersions(KernelOp kernel,
                                    const llvm::SetVector<StringRef> &symbols) {
  if (!kernel.getVersions())
    return success();
  if (kernel.getNumVersions() == 0)
    return kernel.emitOpError("expects at least one version, got none");
  if (failed(verifyNames(kernel)))
    return failure();
  return verifyConditions(kernel, symbols);
}

static LogicalResult verifyDeclared(KernelOp kernel,
                                    llvm::SetVector<StringRef> &declared) {
  for (auto symbol : kernel.getSymbols().getAsRange<KernelSymbolAttr>()) {
    bool isFirst = declared.insert(symbol.getSymbol().getValue());
    if (!isFirst || symbol.getLower() > symbol.getUpper() ||
        symbol.getMultiple() <= 0)
      return kernel.emitOpError("expects each symbol once, with a range and a "
                                "positive multiple, got ")
             << symbol;
  }
  return success();
}

LogicalResult KernelOp::verify() {
  llvm::SetVector<StringRef> declared;
  if (failed(verifyDeclared(*this, declared))) // (C1)
    return failure();
  if (failed(verifyVersions(*this, declared))) // (C4)
    return failure();
  Block &block = getBody().front();
  llvm::SetVector<StringRef> used =
      symbolsOf(block, llvm::to_vector(getResultTypes()));
  for (StringRef name : used) // (C2)
    if (!declared.contains(name))
      return emitOpError("uses symbol '") << name
                                          << "', which it does not "
                                             "declare";
  for (StringRef name : declared)
    if (!used.contains(name))
      return emitOpError("declares symbol '") << name
                                              << "', which its body "
                                                 "does not use";
  auto yield = dyn_cast<YieldOp>(block.getTerminator());
  if (!yield || yield.getNumOperands() != getOutputs().size()) // (C3)
    return emitOpError("expects its body to yield ")
           << getOutputs().size() << " values";
  for (auto [value, output] : llvm::zip(yield.getValues(), getResultTypes()))
    if (!getValueAttr(output) || !getValueAttr(value.getType()) ||
        withLayout(value.getType(), {}) != withLayout(output, {}))
      return emitOpError("expects its body to yield ")
             << output << " up to its layout, got " << value.getType();
  return success();
}

std::optional<unsigned> KernelOp::findSymbol(StringRef name) {
  for (auto [index, symbol] :
       llvm::enumerate(getSymbols().getAsRange<KernelSymbolAttr>()))
    if (symbol.getSymbol().getValue() == name)
      return index;
  return std::nullopt;
}

ExprAttr KernelOp::substitute(ExprAttr expr, ArrayAttr values) {
  return expr.substitute([&](StringRef name) {
    std::optional<unsigned> index = findSymbol(name);
    return index ? cast<ExprAttr>(values[*index]) : ExprAttr();
  });
}

//===----------------------------------------------------------------------===//
// LaunchOp
//===----------------------------------------------------------------------===//

/// Whether two expressions have different values somewhere. What is written in
/// two ways is no error.
static bool differ(ExprAttr a, ExprAttr b) {
  if (a == b)
    return false;
  for (auto [one, other] : llvm::zip(probe(a, {}), probe(b, {})))
    if (one && other && *one != *other)
      return true;
  return false;
}

/// Whether `type`, at `launch`, is what the kernel has as `inside`.
static bool agree(LaunchOp launch, KernelOp kernel, Type type, Type inside) {
  if (!getValueAttr(type) || !getValueAttr(inside) ||
      getElementTypeOrSelf(type) != getElementTypeOrSelf(inside) ||
      getDims(type).size() != getDims(inside).size())
    return false;
  Type expected = mapExtents(inside, [&](ExprAttr expr) {
    return kernel.substitute(expr, launch.getSymbols());
  });
  // What there is room for is a symbol, which can be written in one way.
  return getLayout(type) == getLayout(expected) &&
         llvm::none_of(llvm::zip(getDims(type), getDims(expected)),
                       [&](auto dims) {
                         return differ(std::get<0>(dims), std::get<1>(dims));
                       });
}

static LogicalResult verifyTypes(LaunchOp launch, KernelOp kernel,
                                 StringRef what, TypeRange types,
                                 ArrayRef<Type> inside) {
  if (types.size() != inside.size())
    return launch.emitOpError("expects ")
           << inside.size() << " " << what << "s as kernel '"
           << launch.getKernel() << "' has, got " << types.size();
  for (auto [index, type, expected] : llvm::enumerate(types, inside))
    if (!agree(launch, kernel, type, expected))
      return launch.emitOpError("expects ")
             << what << " " << index << " to be the " << expected
             << " of kernel '" << launch.getKernel() << "', got " << type;
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &tables) {
  auto kernel =
      tables.lookupNearestSymbolFrom<KernelOp>(*this, getKernelAttr());
  if (!kernel) // (C1)
    return emitOpError("expects '") << getKernel() << "' to be a dyn.kernel";
  if (getSymbols().size() != kernel.getSymbols().size()) // (C2)
    return emitOpError("expects ")
           << kernel.getSymbols().size() << " symbols as kernel '"
           << getKernel() << "' has, got " << getSymbols().size();
  SmallVector<Type> arguments(kernel.getBody().getArgumentTypes());
  SmallVector<Type> outputs(kernel.getResultTypes());
  if (failed(verifyTypes(*this, kernel, "input", getInputs().getTypes(),
                         arguments))) // (C3)
    return failure();
  return verifyTypes(*this, kernel, "result", getResultTypes(), outputs);
}
