#include "dialects/dyn/Plan.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

namespace dycc::dyn {

static constexpr llvm::StringLiteral kMemory = "dyn.memory";
static constexpr llvm::StringLiteral kPlacements = "dyn.placements";
static constexpr llvm::StringLiteral kPlace = "dyn.place";

MemoryAttr getMemory(Operation *function) {
  return function->getAttrOfType<MemoryAttr>(kMemory);
}

void setMemory(Operation *function, MemoryAttr memory) {
  function->setDiscardableAttr(kMemory, memory);
}

//===----------------------------------------------------------------------===//
// Placements: `[[array<i64: 1>, array<i64: 0, 1>]]`, of each slot its number
// and those that it lies on.
//===----------------------------------------------------------------------===//

static bool isListOfPlacements(Attribute attribute) {
  auto all = dyn_cast<ArrayAttr>(attribute);
  return all && llvm::all_of(all, [](Attribute one) {
           auto slots = dyn_cast<ArrayAttr>(one);
           return slots && llvm::all_of(slots, [](Attribute slot) {
                    auto numbers = dyn_cast<DenseI64ArrayAttr>(slot);
                    return numbers && !numbers.empty();
                  });
         });
}

bool isPlaced(Operation *function) { return function->hasAttr(kPlacements); }

std::vector<Placement> getPlacements(Operation *function) {
  std::vector<Placement> placements;
  if (auto all = function->getAttrOfType<ArrayAttr>(kPlacements)) {
    for (auto slots : all.getAsRange<ArrayAttr>()) {
      Placement &placement = placements.emplace_back();
      for (auto numbers : slots.getAsRange<DenseI64ArrayAttr>())
        placement.slots.push_back(
            {numbers[0],
             SmallVector<int64_t>(numbers.asArrayRef().drop_front())});
    }
    return placements;
  }
  Placement &behind = placements.emplace_back();
  MemoryAttr memory = getMemory(function);
  int64_t count = memory ? memory.getSlots().size() : 0;
  for (int64_t slot = 0; slot < count; ++slot) {
    behind.slots.push_back({slot, {}});
    if (slot > 0)
      behind.slots.back().on.push_back(slot - 1);
  }
  return placements;
}

void setPlacements(Operation *function, ArrayRef<Placement> placements) {
  if (placements.empty()) {
    function->removeDiscardableAttr(kPlacements);
    return;
  }
  MLIRContext *context = function->getContext();
  SmallVector<Attribute> all;
  for (const Placement &placement : placements) {
    SmallVector<Attribute> slots;
    for (const Placement::Slot &slot : placement.slots) {
      SmallVector<int64_t> numbers{slot.number};
      llvm::append_range(numbers, slot.on);
      slots.push_back(DenseI64ArrayAttr::get(context, numbers));
    }
    all.push_back(ArrayAttr::get(context, slots));
  }
  function->setDiscardableAttr(kPlacements, ArrayAttr::get(context, all));
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

LaunchOp overwriterOf(Value value) {
  auto launch = value.getDefiningOp<LaunchOp>();
  if (!launch)
    return {};
  PlaceAttr place = getPlace(cast<OpResult>(value));
  return place && place.getKind() == PlaceKind::Alias ? launch : LaunchOp();
}

Value overwrittenBy(LaunchOp launch) {
  return launch.getInputs()[getPlace(launch->getResult(0)).getIndex()];
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
  if (attribute.getName() == kPlacements &&
      !(isa<FunctionOpInterface>(op) &&
        isListOfPlacements(attribute.getValue())))
    return op->emitOpError("expects dyn.placements of a function to have lists "
                           "of slots with those that they lie on, got ")
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
