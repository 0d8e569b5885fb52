#include "compiler/driver/SymbolOptions.h"

#include "dialects/dyn/DynOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace dycc {
namespace {

constexpr int64_t kLargestExtent = INT32_MAX;

/// One `--dim`, taken apart.
struct DimFact {
  StringRef name;
  int64_t lower = 0, upper = kLargestExtent, multiple = 1;
};

llvm::Error badDim(StringRef text, StringRef why) {
  return llvm::createStringError(
      "--dim '" + text + "': " + why +
      ", expected NAME=N, NAME=LO..HI or NAME=LO..HI%MULTIPLE");
}

/// Reads a number; an empty text keeps `value`.
bool readNumber(StringRef text, int64_t &value) {
  return text.empty() || !text.getAsInteger(10, value);
}

llvm::Expected<DimFact> parseDim(StringRef text) {
  DimFact fact;
  StringRef range, multiple;
  std::tie(fact.name, range) = text.split('=');
  std::tie(range, multiple) = range.split('%');
  if (fact.name.empty() || (range.empty() && multiple.empty()))
    return badDim(text, "names no symbol and range");
  if (!readNumber(multiple, fact.multiple) || fact.multiple < 1)
    return badDim(text, "'" + multiple.str() + "' is no positive number");
  if (range.contains("..")) {
    auto [lower, upper] = range.split("..");
    if (!readNumber(lower, fact.lower) || !readNumber(upper, fact.upper))
      return badDim(text, "'" + range.str() + "' is no range");
  } else if (range.getAsInteger(10, fact.lower) && !range.empty()) {
    return badDim(text, "'" + range.str() + "' is no number");
  } else if (!range.empty()) {
    fact.upper = fact.lower;
  }
  if (fact.lower < 0 || fact.lower > fact.upper || fact.upper > kLargestExtent)
    return badDim(text, "the range [" + std::to_string(fact.lower) + ", " +
                            std::to_string(fact.upper) +
                            "] is empty or beyond [0, 2147483647]");
  return fact;
}

/// Whether any input has a dim of that name; a dim without one is called after
/// its input and axis, as the shape stage does.
bool isNamed(func::FuncOp main, StringRef name) {
  for (unsigned index = 0; index < main.getNumArguments(); ++index) {
    auto input = main.getArgAttrOfType<StringAttr>(index, "onnx.name");
    auto dims = main.getArgAttrOfType<ArrayAttr>(index, "dyn.dims");
    if (!dims)
      continue;
    for (auto [axis, dim] : llvm::enumerate(dims)) {
      std::string called = (input.getValue() + "_" + Twine(axis)).str();
      if (auto text = dyn_cast<StringAttr>(dim))
        called = text.str();
      if (!isa<IntegerAttr>(dim) && called == name)
        return true;
    }
  }
  return false;
}

llvm::Error declare(ModuleOp module, func::FuncOp main, StringRef text) {
  llvm::Expected<DimFact> fact = parseDim(text);
  if (!fact)
    return fact.takeError();
  if (!isNamed(main, fact->name))
    return badDim(text, "no input has a dim '" + fact->name.str() + "'");
  if (module.lookupSymbol(fact->name))
    return badDim(text, "'" + fact->name.str() + "' is given twice");
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  dyn::SymbolOp::create(builder, module.getLoc(), fact->name, fact->lower,
                        fact->upper, fact->multiple, /*execution=*/false,
                        /*bound=*/dyn::ExprAttr(),
                        /*definition=*/dyn::ExprAttr());
  return llvm::Error::success();
}

std::optional<unsigned> findInput(func::FuncOp main, StringRef name) {
  for (unsigned index = 0; index < main.getNumArguments(); ++index)
    if (main.getArgAttrOfType<StringAttr>(index, "onnx.name") == name)
      return index;
  return std::nullopt;
}

/// `x:1x3xHxW`: a number fixes a dim, a name makes it that symbol, `?` leaves
/// it unnamed.
llvm::Error reshapeInput(func::FuncOp main, StringRef text) {
  auto fail = [&](const Twine &why) {
    return llvm::createStringError("--input-shape '" + text + "': " + why);
  };
  auto [name, shape] = text.rsplit(':');
  std::optional<unsigned> index = findInput(main, name);
  if (!index)
    return fail("no input is named '" + name + "', expected NAME:DIMxDIMx...");
  Builder builder(main.getContext());
  SmallVector<Attribute> dims;
  SmallVector<int64_t> extents;
  SmallVector<StringRef> parts;
  if (!shape.empty())
    shape.split(parts, 'x');
  for (StringRef part : parts) {
    int64_t extent = ShapedType::kDynamic;
    if (part.empty())
      return fail("a dim is empty, expected numbers or names between 'x'");
    if (part == "?")
      dims.push_back(builder.getUnitAttr());
    else if (part.getAsInteger(10, extent))
      dims.push_back(builder.getStringAttr(part));
    else if (extent < 0 || extent > kLargestExtent)
      return fail("dim " + Twine(extent) + " is not in [0, 2147483647]");
    else
      dims.push_back(builder.getI64IntegerAttr(extent));
    extents.push_back(extent);
  }
  BlockArgument argument = main.getArgument(*index);
  auto type = cast<ShapedType>(argument.getType());
  if (type.hasRank() && type.getRank() != static_cast<int64_t>(dims.size()))
    return fail("has " + Twine(dims.size()) + " dims, the input has " +
                Twine(type.getRank()));
  argument.setType(RankedTensorType::get(extents, type.getElementType()));
  main.setArgAttr(*index, "dyn.dims", builder.getArrayAttr(dims));
  return llvm::Error::success();
}

/// Names every dim apart: `N` of input `x` becomes `x_N`.
void separateDims(func::FuncOp main) {
  Builder builder(main.getContext());
  for (unsigned index = 0; index < main.getNumArguments(); ++index) {
    auto dims = main.getArgAttrOfType<ArrayAttr>(index, "dyn.dims");
    auto name = main.getArgAttrOfType<StringAttr>(index, "onnx.name");
    if (!dims)
      continue;
    SmallVector<Attribute> named;
    for (Attribute dim : dims) {
      auto text = dyn_cast<StringAttr>(dim);
      named.push_back(
          text ? builder.getStringAttr(name.getValue() + "_" + text.getValue())
               : dim);
    }
    main.setArgAttr(index, "dyn.dims", builder.getArrayAttr(named));
  }
}

} // namespace

llvm::Error applySymbolOptions(ModuleOp module, const CompileOptions &options) {
  auto main = module.lookupSymbol<func::FuncOp>("main");
  if (!options.sharedDims)
    separateDims(main);
  for (const std::string &text : options.inputShapes)
    if (llvm::Error error = reshapeInput(main, text))
      return error;
  SmallVector<Type> inputs(main.getBody().getArgumentTypes());
  main.setFunctionType(FunctionType::get(module.getContext(), inputs,
                                         main.getFunctionType().getResults()));
  for (const std::string &text : options.dims)
    if (llvm::Error error = declare(module, main, text))
      return error;
  return llvm::Error::success();
}

} // namespace dycc
