#include "passes/fuse/LoopSymbols.h"

#include "dialects/dyn/Symbols.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::fuse {

dyn::Interval LoopSymbols::someOf(ExprAttr limit,
                                  const dyn::SymbolFacts &facts) {
  int64_t most = std::min(dyn::rangeOf(limit, facts).upper, kCount.upper);
  return {1, std::max<int64_t>(most, 1)};
}

ExprAttr LoopSymbols::declare(StringRef prefix, dyn::Interval range,
                              ExprAttr bound, ExprAttr definition) {
  std::string name = dyn::freeName(module, prefix, next);
  OpBuilder builder = dyn::behindSymbols(module);
  dyn::SymbolOp::create(builder, module.getLoc(), name, range.lower,
                        range.upper, 1, /*execution=*/!definition, bound,
                        definition);
  return ExprAttr::symbol(module.getContext(), name);
}

ExprAttr LoopSymbols::name(StringRef prefix, ExprAttr definition,
                           const dyn::SymbolFacts &facts) {
  return declare(prefix, someOf(definition, facts), {}, definition);
}

ExprAttr LoopSymbols::readTrip(OpBuilder &builder, Value trip) {
  ExprAttr number = declare("trip", kCount, {}, {});
  dyn::ReadOp::create(
      builder, trip.getLoc(), trip, builder.getI64IntegerAttr(0),
      FlatSymbolRefAttr::get(module.getContext(), number.getSymbol()));
  return number;
}

ExprAttr LoopSymbols::define(OpBuilder &builder, Location location,
                             StringRef prefix, ExprAttr expression,
                             ExprAttr bound, dyn::Interval range) {
  ExprAttr symbol = declare(prefix, range, bound, {});
  dyn::DefineOp::create(builder, location, expression, symbol.getSymbol());
  return symbol;
}

} // namespace dycc::fuse
