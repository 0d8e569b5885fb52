#include "dialects/dyn/DynDevice.h"
#include "dialects/dyn/ExprDetail.h" // The storage, to register ExprAttr.
#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Winograd.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace dycc::dyn;

#include "dialects/dyn/DynEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/dyn/DynAttrs.cpp.inc"

// Those of DynDevice.td have a parser and a printer of the same names; the
// hooks below call their one attribute by its own.
#define generatedAttributeParser generatedDeviceAttributeParser
#define generatedAttributePrinter generatedDeviceAttributePrinter
[[maybe_unused]] static OptionalParseResult
generatedDeviceAttributeParser(AsmParser &, StringRef *, Type, Attribute &);
[[maybe_unused]] static LogicalResult
generatedDeviceAttributePrinter(Attribute, AsmPrinter &);
#define GET_ATTRDEF_CLASSES
#include "dialects/dyn/DynDeviceAttrs.cpp.inc"
#undef generatedAttributeParser
#undef generatedAttributePrinter

//===----------------------------------------------------------------------===//
// LayoutAttr: `#dyn.layout<panels<16, winograd 4>>`, `panels<16, group 4>`,
// `channels_last<8, pitch 64>` or `room<2, C>`; in a value without prefix
//===----------------------------------------------------------------------===//

static void printLayout(AsmPrinter &printer, LayoutAttr layout) {
  printer << stringifyLayoutKind(layout.getKind()) << "<" << layout.getWidth();
  if (layout.getWinograd() > 0)
    printer << ", winograd " << layout.getWinograd();
  if (layout.getGroup() > 0)
    printer << ", group " << layout.getGroup();
  if (layout.getPitch() > 0)
    printer << ", pitch " << layout.getPitch();
  if (layout.hasRoom()) {
    printer << ", ";
    layout.getStored().print(printer.getStream());
  }
  printer << ">";
}

/// Behind `room`: `<2, C>`.
static LayoutAttr parseRoom(AsmParser &parser) {
  int64_t axis = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseInteger(axis) || parser.parseComma())
    return {};
  ExprAttr stored = parseExpr(parser);
  if (!stored || parser.parseGreater())
    return {};
  if (axis > 0)
    return LayoutAttr::getRoom(axis, stored);
  parser.emitError(loc, "expects room along an axis behind the first, got ")
      << axis;
  return {};
}

static LayoutAttr parseLayout(AsmParser &parser) {
  StringRef keyword;
  int64_t width = 0, winograd = 0, group = 0, pitch = 0;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return {};
  std::optional<LayoutKind> kind = symbolizeLayoutKind(keyword);
  if (!kind) {
    parser.emitError(loc, "expects a layout, got '") << keyword << "'";
    return {};
  }
  if (*kind == LayoutKind::Room)
    return parseRoom(parser);
  if (parser.parseLess() || parser.parseInteger(width))
    return {};
  if (succeeded(parser.parseOptionalComma())) {
    int64_t *number = &winograd;
    if (succeeded(parser.parseOptionalKeyword("group")))
      number = &group;
    else if (succeeded(parser.parseOptionalKeyword("pitch")))
      number = &pitch;
    else if (parser.parseKeyword("winograd"))
      return {};
    if (parser.parseInteger(*number))
      return {};
  }
  if (parser.parseGreater())
    return {};
  if (width <= 0) {
    parser.emitError(loc, "expects a positive layout width, got ") << width;
    return {};
  }
  if (winograd != 0 &&
      (*kind != LayoutKind::Panels || !Winograd::find(winograd))) {
    parser.emitError(loc, "expects panels for Winograd's tiles of 2 or 4, got ")
        << keyword << " and " << winograd;
    return {};
  }
  if (group != 0 && (*kind != LayoutKind::Panels || group < 2)) {
    parser.emitError(loc, "expects panels for groups of 2 or more, got ")
        << keyword << " and " << group;
    return {};
  }
  if (pitch != 0 && (*kind != LayoutKind::ChannelsLast || pitch < 0)) {
    parser.emitError(loc, "expects channels_last for a positive pitch, got ")
        << keyword << " and " << pitch;
    return {};
  }
  return LayoutAttr::get(parser.getContext(), *kind, width, winograd, group,
                         pitch, ExprAttr());
}

LayoutAttr LayoutAttr::withPitch(int64_t pitch) {
  return get(getContext(), getKind(), getWidth(), getWinograd(), getGroup(),
             pitch, getStored());
}

LayoutAttr LayoutAttr::getRoom(unsigned axis, ExprAttr stored) {
  return get(stored.getContext(), LayoutKind::Room, axis, 0, 0, 0, stored);
}

void LayoutAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printLayout(printer, *this);
  printer << ">";
}

Attribute LayoutAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  LayoutAttr layout = parseLayout(parser);
  return layout && succeeded(parser.parseGreater()) ? layout : LayoutAttr();
}

//===----------------------------------------------------------------------===//
// ValueAttr: `#dyn.value<[N, 3, 2 * H], channels_last<8>>`
//===----------------------------------------------------------------------===//

void ValueAttr::print(AsmPrinter &printer) const {
  printer << "<[";
  llvm::interleaveComma(getDims(), printer,
                        [&](ExprAttr dim) { dim.print(printer.getStream()); });
  printer << "]";
  if (getLayout()) {
    printer << ", ";
    printLayout(printer, getLayout());
  }
  printer << ">";
}

Attribute ValueAttr::parse(AsmParser &parser, Type) {
  SmallVector<ExprAttr> dims;
  LayoutAttr layout;
  if (parser.parseLess() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
        dims.push_back(parseExpr(parser));
        return success(dims.back() != nullptr);
      }))
    return {};
  if (succeeded(parser.parseOptionalComma()) && !(layout = parseLayout(parser)))
    return {};
  if (parser.parseGreater())
    return {};
  return ValueAttr::get(parser.getContext(), dims, layout);
}

LogicalResult ValueAttr::verifyEncoding(
    ArrayRef<int64_t> shape, Type elementType,
    llvm::function_ref<InFlightDiagnostic()> emitError) const {
  if (shape.size() != getDims().size())
    return emitError() << "expects one symbolic dim for each of "
                       << shape.size() << " dims, got " << getDims().size();
  for (auto [index, dim, extent] : llvm::enumerate(getDims(), shape)) {
    std::optional<int64_t> constant = dim.asConstant();
    bool dynamic = ShapedType::isDynamic(extent);
    if (constant ? dynamic || *constant != extent : !dynamic)
      return emitError() << "expects dim " << index << " to be "
                         << (constant ? std::to_string(*constant) : "dynamic")
                         << " as its expression '" << dim.str() << "' is, got "
                         << (dynamic ? "?" : std::to_string(extent));
  }
  std::string problem =
      getLayout() ? dyn::Layout::whyNot(getLayout(), getDims()) : "";
  return problem.empty() ? success() : emitError() << problem;
}

//===----------------------------------------------------------------------===//
// Dialect hooks
//===----------------------------------------------------------------------===//

void DynDialect::registerAttributes() {
  addAttributes<ExprAttr, DevicePlanAttr,
#define GET_ATTRDEF_LIST
#include "dialects/dyn/DynAttrs.cpp.inc"
                >();
}

Attribute DynDialect::parseAttribute(DialectAsmParser &parser,
                                     Type type) const {
  StringRef mnemonic;
  Attribute result;
  SMLoc loc = parser.getCurrentLocation();
  OptionalParseResult parsed =
      generatedAttributeParser(parser, &mnemonic, type, result);
  if (parsed.has_value())
    return result;
  if (mnemonic == "expr") {
    if (parser.parseLess())
      return {};
    ExprAttr expr = parseExpr(parser);
    return expr && succeeded(parser.parseGreater()) ? expr : ExprAttr();
  }
  if (mnemonic == DevicePlanAttr::getMnemonic())
    return DevicePlanAttr::parse(parser, type);
  parser.emitError(loc, "unknown attribute '") << mnemonic << "'";
  return {};
}

void DynDialect::printAttribute(Attribute attribute,
                                DialectAsmPrinter &printer) const {
  if (succeeded(generatedAttributePrinter(attribute, printer)))
    return;
  if (auto device = dyn_cast<DevicePlanAttr>(attribute)) {
    printer << DevicePlanAttr::getMnemonic();
    return device.print(printer);
  }
  printer << "expr<";
  cast<ExprAttr>(attribute).print(printer.getStream());
  printer << ">";
}
