#include "dialects/dyn/Plan.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace dycc::dyn {

static constexpr llvm::StringLiteral kMemory = "dyn.memory";
static constexpr llvm::StringLiteral kPlace = "dyn.place";

MemoryAttr getMemory(Operation *function) {
  return function->getAttrOfType<MemoryAttr>(kMemory);
}

void setMemory(Operation *function, MemoryAttr memory) {
  function->setDiscardableAttr(kMemory, memory);
}

PlaceAttr getPlace(OpResult result) {
  auto op = dyn_cast<PlacedOp>(result.getOwner());
  if (!op)
    return result.getOwner()->getAttrOfType<PlaceAttr>(kPlace);
  ArrayAttr places = op.getPlacesAttr();
  unsigned number = result.getResultNumber();
  return places && number < places.size() ? cast<PlaceAttr>(places[number])
                                          : PlaceAttr();
}

void setPlaces(Operation *op, ArrayRef<PlaceAttr> places) {
  if (auto placed = dyn_cast<PlacedOp>(op))
    return placed.setPlacesAttr(ArrayAttr::get(
        op->getContext(), ArrayRef<Attribute>(places.begin(), places.end())));
  assert(places.size() == 1 && "a constant has one result");
  op->setDiscardableAttr(kPlace, places[0]);
}

ArrayRef<int64_t> getReleases(Operation *op) {
  auto releasing = dyn_cast<ReleasingOp>(op);
  DenseI64ArrayAttr entries =
      releasing ? releasing.getReleasesAttr() : DenseI64ArrayAttr();
  return entries ? entries.asArrayRef() : ArrayRef<int64_t>();
}

LogicalResult DynDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attribute) {
  if (attribute.getName() == kMemory &&
      !(isa<FunctionOpInterface>(op) && isa<MemoryAttr>(attribute.getValue())))
    return op->emitOpError("expects dyn.memory to be a #dyn.memory of a "
                           "function, got ")
           << attribute.getValue();
  if (attribute.getName() == kPlace && !isa<PlaceAttr>(attribute.getValue()))
    return op->emitOpError("expects dyn.place to be a #dyn.place, got ")
           << attribute.getValue();
  return success();
}

//===----------------------------------------------------------------------===//
// MemoryAttr: `#dyn.memory<slots [4 * N], outputs [slot 0 or input 1, none],
//                          pointers 0, unbounded 0, weights 64>`
//===----------------------------------------------------------------------===//

static void printOutput(AsmPrinter &printer, int64_t slot, int64_t input) {
  if (slot < 0)
    printer << "none";
  else
    printer << "slot " << slot;
  if (input >= 0)
    printer << " or input " << input;
}

static ParseResult parseOutput(AsmParser &parser, SmallVector<int64_t> &slots,
                               SmallVector<int64_t> &inputs) {
  slots.push_back(-1);
  inputs.push_back(-1);
  if (failed(parser.parseOptionalKeyword("none")) &&
      (parser.parseKeyword("slot") || parser.parseInteger(slots.back())))
    return failure();
  if (failed(parser.parseOptionalKeyword("or")))
    return success();
  return failure(parser.parseKeyword("input") ||
                 parser.parseInteger(inputs.back()));
}

void MemoryAttr::print(AsmPrinter &printer) const {
  printer << "<slots [";
  llvm::interleaveComma(getSlots(), printer, [&](ExprAttr slot) {
    slot.print(printer.getStream());
  });
  printer << "], outputs [";
  llvm::interleaveComma(llvm::zip(getOutputSlots(), getOutputInputs()), printer,
                        [&](auto output) {
                          printOutput(printer, std::get<0>(output),
                                      std::get<1>(output));
                        });
  printer << "], pointers " << getPointers() << ", unbounded " << getUnbounded()
          << ", weights " << getWeightBytes() << ">";
}

Attribute MemoryAttr::parse(AsmParser &parser, Type) {
  SmallVector<ExprAttr> slots;
  SmallVector<int64_t> outputSlots, outputInputs;
  int64_t pointers = 0, unbounded = 0, weightBytes = 0;
  auto parseSlot = [&] {
    slots.push_back(parseExpr(parser));
    return success(slots.back() != nullptr);
  };
  auto parseCount = [&](StringRef name, int64_t &count) -> ParseResult {
    return failure(parser.parseComma() || parser.parseKeyword(name) ||
                   parser.parseInteger(count));
  };
  if (parser.parseLess() || parser.parseKeyword("slots") ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseSlot) ||
      parser.parseComma() || parser.parseKeyword("outputs") ||
      parser.parseCommaSeparatedList(
          AsmParser::Delimiter::Square,
          [&] { return parseOutput(parser, outputSlots, outputInputs); }) ||
      parseCount("pointers", pointers) || parseCount("unbounded", unbounded) ||
      parseCount("weights", weightBytes) || parser.parseGreater())
    return {};
  return MemoryAttr::get(parser.getContext(), slots, outputSlots, outputInputs,
                         pointers, unbounded, weightBytes);
}

} // namespace dycc::dyn
