#include "dialects/dyn/Kernels.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

#include <numeric>

using namespace mlir;

namespace dycc::dyn {

llvm::SetVector<StringRef> symbolsOf(Block &body, TypeRange results) {
  llvm::SetVector<StringRef> names;
  auto add = [&](ExprAttr expr) {
    expr.forEachSymbol([&](StringRef name) { names.insert(name); });
  };
  auto addRoom = [&](Type type) {
    if (LayoutAttr layout = getLayout(type); layout && layout.hasRoom())
      add(layout.getStored());
  };
  auto addTypes = [&](TypeRange types) {
    for (Type type : types)
      if (ValueAttr value = getValueAttr(type)) {
        llvm::for_each(value.getDims(), add);
        addRoom(type);
      }
  };
  addTypes(body.getArgumentTypes());
  for (Operation &op : body.without_terminator()) {
    if (auto symbolic = dyn_cast<SymbolicOp>(op))
      for (Attribute element : symbolic.getElements())
        add(cast<ExprAttr>(element));
    addTypes(op.getResultTypes());
  }
  llvm::for_each(results, addRoom);
  return names;
}

KernelOp takeKernel(OpBuilder &builder, GroupOp group, StringRef name,
                    ArrayRef<KernelSymbolAttr> symbols,
                    ArrayRef<Type> outputs) {
  auto kernel =
      KernelOp::create(builder, group.getLoc(), name,
                       builder.getArrayAttr(SmallVector<Attribute>(
                           symbols.begin(), symbols.end())),
                       builder.getTypeArrayAttr(outputs), ArrayAttr());
  kernel.getBody().takeBody(group.getBody());
  return kernel;
}

std::string textOf(Block &body, TypeRange results) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.useLocalScope().printGenericOpForm();
  for (BlockArgument argument : body.getArguments())
    stream << argument.getType() << ";";
  AsmState state(body.getParentOp(), flags);
  for (Operation &op : body) {
    op.print(stream, state);
    stream << "\n";
  }
  for (Type type : results)
    stream << getLayout(type) << ";";
  return text;
}

std::string kernelName(StringRef what, StringRef text) {
  return what.str() + "_" +
         llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true);
}

SymbolFacts factsOf(KernelOp kernel) {
  SymbolFacts facts;
  for (auto symbol : kernel.getSymbols().getAsRange<KernelSymbolAttr>())
    facts[symbol.getSymbol().getValue()] = {
        {symbol.getLower(), symbol.getUpper()}, symbol.getMultiple()};
  return facts;
}

void widen(KernelOp kernel, ArrayRef<KernelSymbolAttr> others) {
  SmallVector<Attribute> wide;
  for (auto [known, other] :
       llvm::zip(kernel.getSymbols().getAsRange<KernelSymbolAttr>(), others))
    wide.push_back(KernelSymbolAttr::get(
        kernel.getContext(), known.getSymbol(),
        std::min(known.getLower(), other.getLower()),
        std::max(known.getUpper(), other.getUpper()),
        std::gcd(known.getMultiple(), other.getMultiple())));
  kernel.setSymbolsAttr(ArrayAttr::get(kernel.getContext(), wide));
}

bool isCopyOfCache(LaunchOp launch, const SymbolTable &symbols) {
  LayoutAttr layout = launch->getNumResults() == 1
                          ? getLayout(launch.getResult(0).getType())
                          : LayoutAttr();
  if (!layout || !layout.hasRoom())
    return false;
  auto join = JoinOp::of(launch.getResult(0));
  Block &body = launch.getKernelIn(symbols).getBody().front();
  return join && join.getInputs().front() == launch.getResult(0) &&
         isa<YieldOp>(body.front()) &&
         isa<BlockArgument>(launch.getInputs().front());
}

// The location of a launch is fused of its nodes', each once. Its metadata says
// for each operator of the body which of them is its own: -1 for a constant,
// which is of no node of the group.

Location locationOfLaunch(GroupOp group) {
  llvm::MapVector<Attribute, int32_t> nodes;
  SmallVector<int32_t> numbers;
  for (Operation &op : group.getBody().front().without_terminator()) {
    bool isNode = !isa<SymbolicOp>(op) && !op.hasTrait<OpTrait::ConstantLike>();
    LocationAttr location = op.getLoc();
    numbers.push_back(
        isNode ? nodes.insert({location, nodes.size()}).first->second : -1);
  }
  if (nodes.size() < 2)
    return group.getLoc();
  SmallVector<Location> locations;
  for (Attribute node : llvm::make_first_range(nodes))
    locations.push_back(cast<LocationAttr>(node));
  // This form of get() takes no node for another's.
  return FusedLoc::get(group.getContext(), locations,
                       DenseI32ArrayAttr::get(group.getContext(), numbers));
}

Location locationAt(LaunchOp launch, Operation *op) {
  auto fused = dyn_cast<FusedLoc>(launch.getLoc());
  auto numbers = fused
                     ? dyn_cast_or_null<DenseI32ArrayAttr>(fused.getMetadata())
                     : DenseI32ArrayAttr();
  Block *body = op->getBlock();
  if (!body) // The kernel itself.
    return launch.getLoc();
  int64_t position = std::distance(body->begin(), Block::iterator(op));
  if (!numbers || position >= numbers.size())
    return launch.getLoc();
  size_t number = numbers[position]; // A negative one is too large.
  return number < fused.getLocations().size() ? fused.getLocations()[number]
                                              : launch.getLoc();
}

Location locationWithout(LaunchOp launch, unsigned position) {
  auto fused = dyn_cast<FusedLoc>(launch.getLoc());
  auto numbers = fused
                     ? dyn_cast_or_null<DenseI32ArrayAttr>(fused.getMetadata())
                     : DenseI32ArrayAttr();
  if (!numbers || position >= numbers.size())
    return launch.getLoc();
  SmallVector<int32_t> left(numbers.asArrayRef());
  left.erase(left.begin() + position);
  return FusedLoc::get(launch.getContext(), fused.getLocations(),
                       DenseI32ArrayAttr::get(launch.getContext(), left));
}

} // namespace dycc::dyn
