#include "passes/fuse/StripLoop.h"

#include "dialects/dyn/Layout.h"
#include "dialects/dyn/Rows.h"
#include "dialects/onnx/OnnxOps.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::fuse {

ExprAttr StripLoop::number(int64_t value) const {
  return ExprAttr::constant(chain.rows.getContext(), value);
}

static ExprAttr clamp(ExprAttr value, ExprAttr most) {
  ExprAttr zero = ExprAttr::constant(value.getContext(), 0);
  return ExprAttr::max(zero, ExprAttr::min(value, most));
}

ExprAttr StripLoop::define(StringRef prefix, ExprAttr expression,
                           ExprAttr bound) {
  return symbols.define(builder, location, prefix, expression, bound);
}

/// The rows of this trip of what has `rows` in all, `scale` for one of the
/// first image, and is `delay` behind it.
StripLoop::Range StripLoop::rangeOf(int64_t scale, int64_t delay,
                                    ExprAttr rows) {
  auto [it, isNew] = ranges.insert({{scale, delay, rows}, {}});
  if (!isNew)
    return it->second;
  ExprAttr step = plan.strip.times(scale);
  ExprAttr first = clamp(ExprAttr::mul(strip, step).plus(-delay), rows);
  ExprAttr end = clamp(ExprAttr::mul(strip.plus(1), step).plus(-delay), rows);
  Range range;
  range.first = define("first", first, rows);
  range.most = ExprAttr::min(step, rows);
  range.count = define("rows", ExprAttr::sub(end, range.first), range.most);
  return ranges[{scale, delay, rows}] = range;
}

RankedTensorType StripLoop::withRows(Type type, ExprAttr rows) const {
  SmallVector<ExprAttr> dims(dyn::getDims(type));
  dims[0] = number(1);
  dims[kRowAxis] = rows;
  return dyn::getTensorType(dims, getElementTypeOrSelf(type),
                            dyn::getLayout(type));
}

//===----------------------------------------------------------------------===//
// Kernels that move rows
//===----------------------------------------------------------------------===//

/// A group that computes what `fill` makes of its argument, if there is one.
static Value makeGroup(OpBuilder &builder, Location location, Type type,
                       ValueRange inputs,
                       function_ref<Value(OpBuilder &, ValueRange)> fill) {
  auto group = dyn::GroupOp::create(builder, location, type, inputs);
  Block &body = group.getBody().emplaceBlock();
  for (Value input : inputs)
    body.addArgument(input.getType(), location);
  OpBuilder inside = OpBuilder::atBlockBegin(&body);
  Value made = fill(inside, body.getArguments());
  dyn::YieldOp::create(inside, location, made);
  return group.getResult(0);
}

static Value integers(OpBuilder &builder, Location location,
                      ArrayRef<ExprAttr> elements) {
  SmallVector<Attribute> list(elements.begin(), elements.end());
  ExprAttr count =
      ExprAttr::constant(builder.getContext(), int64_t(elements.size()));
  return dyn::SymbolicOp::create(
      builder, location, dyn::getTensorType(count, builder.getI64Type()),
      builder.getArrayAttr(list));
}

static Type plain(Type type) { return dyn::withLayout(type, {}); }

/// Rows of an image from outside, of this trip's image.
Value StripLoop::cut(Value whole, Range range) {
  Type type = withRows(whole.getType(), range.count);
  return makeGroup(
      builder, location, type, whole, [&](OpBuilder &inside, ValueRange in) {
        ExprAttr one = number(1), end = ExprAttr::add(range.first, range.count);
        return onnx::SliceOp::create(
                   inside, location, plain(type), in[0],
                   integers(inside, location, {image, range.first}),
                   integers(inside, location, {image.plus(1), end}),
                   integers(inside, location, {number(0), number(kRowAxis)}),
                   integers(inside, location, {one, one}))
            .getOutput();
      });
}

/// `rows` with zeros above and below: `all` rows, of which `top` are above.
Value StripLoop::padded(Value rows, ExprAttr top, ExprAttr all) {
  Type type = withRows(rows.getType(), all);
  ExprAttr count = dyn::getDims(rows.getType())[kRowAxis], none = number(0);
  ExprAttr bottom = ExprAttr::sub(ExprAttr::sub(all, count), top);
  return makeGroup(
      builder, location, type, rows, [&](OpBuilder &inside, ValueRange in) {
        Value pads =
            integers(inside, location,
                     {none, none, top, none, none, none, bottom, none});
        return onnx::PadOp::create(inside, location, plain(type), in[0], pads,
                                   Value(), Value(), "constant")
            .getOutput();
      });
}

Value StripLoop::zeros(Type image, ExprAttr rows) {
  Type type = withRows(image, rows);
  return makeGroup(
      builder, location, type, {}, [&](OpBuilder &inside, ValueRange) {
        auto one = RankedTensorType::get({1}, getElementTypeOrSelf(type));
        return onnx::ConstantOfShapeOp::create(
                   inside, location, plain(type),
                   integers(inside, location, dyn::getDims(type)),
                   cast<ElementsAttr>(inside.getZeroAttr(one)))
            .getOutput();
      });
}

Value StripLoop::copyOf(Value value) {
  return makeGroup(builder, location, value.getType(), value,
                   [&](OpBuilder &, ValueRange in) { return in[0]; });
}

/// Rows [from, from + rows) of what the loop holds.
Value StripLoop::part(Value value, ExprAttr from, ExprAttr rows) {
  ExprAttr before = ExprAttr::mul(from, elementsPerImageRow(value.getType()));
  return dyn::PartOp::create(builder, location, withRows(value.getType(), rows),
                             value, before);
}

//===----------------------------------------------------------------------===//
// What layers read
//===----------------------------------------------------------------------===//

Value StripLoop::rowsOfWindow(Value value, RowWindow window, Range range) {
  const StripChain::Image &of = *chain.imageOf(value);
  if (!of.isWindow)
    return mapping.lookup(value);
  ExprAttr from =
      ExprAttr::sub(range.first.times(window.times), inWindow[value].first)
          .plus(of.kept - window.before);
  return part(
      windows[value], from,
      range.count.times(window.times).plus(window.before + window.behind));
}

/// Rows of an image that is there as a whole, with zeros beyond its edges.
Value StripLoop::rowsOfOutside(Value value, RowWindow window, Range range) {
  ExprAttr rows = dyn::getDims(value.getType())[kRowAxis];
  ExprAttr lower = range.first.times(window.times).plus(-window.before);
  ExprAttr all =
      range.count.times(window.times).plus(window.before + window.behind);
  ExprAttr first = define("first", clamp(lower, rows), rows);
  ExprAttr bound = ExprAttr::min(
      range.most.times(window.times)
          .plus(std::max<int64_t>(window.before + window.behind, 0)),
      rows);
  ExprAttr end = clamp(ExprAttr::add(lower, all), rows);
  ExprAttr count = define("rows", ExprAttr::sub(end, first), bound);
  Value inside = chain.isInside(value)
                     ? rowsOfSource(value, {first, count, bound})
                     : cut(value, {first, count, bound});
  if (window.isSame())
    return inside;
  ExprAttr top = define("above", clamp(lower.times(-1), all),
                        number(std::max<int64_t>(window.before, 0)));
  return padded(inside, top, all);
}

/// What is element-wise is computed again for whoever reads it.
Value StripLoop::rowsOfSource(Value value, Range range) {
  const StripChain::Layer &layer = chain.layers[chain.imageOf(value)->layer];
  SmallVector<Value> inputs;
  for (auto [input, argument] :
       llvm::zip(layer.group->getOperands(), layer.arguments()))
    inputs.push_back(layer.rule.of(argument).times > 0 ? cut(input, range)
                                                       : input);
  return clone(layer, inputs, range.count)
      ->getResult(cast<OpResult>(value).getResultNumber());
}

Value StripLoop::rowsFor(Value input, RowWindow window, Range range) {
  if (window.times == 0)
    return input;
  const StripChain::Image *of = chain.imageOf(input);
  if (of && !chain.layers[of->layer].isSource)
    return rowsOfWindow(input, window, range);
  return rowsOfOutside(input, window, range);
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Rows above and below are there or zero: nothing pads them.
static void cutEdges(Operation *op) {
  auto conv = dyn_cast<onnx::ConvOp>(op);
  if (!conv || !conv.getPads())
    return;
  SmallVector<int64_t> pads(*conv.getPads());
  pads[0] = pads[pads.size() / 2] = 0;
  conv.setPads(pads);
}

/// Whether a Slice takes some rows, and all of the rest.
static bool isOfRows(Operation *slice) {
  return dyn::getDims(slice->getOperand(0).getType())[kRowAxis] !=
         dyn::getDims(slice->getResult(0).getType())[kRowAxis];
}

dyn::GroupOp StripLoop::clone(const StripChain::Layer &layer, ValueRange inputs,
                              ExprAttr rows) {
  dyn::GroupOp group = layer.group;
  auto result = cast<dyn::GroupOp>(builder.clone(*group.getOperation()));
  result->setOperands(inputs);
  Block &from = group.getBody().front(), &to = result.getBody().front();
  for (auto [argument, input] : llvm::zip(to.getArguments(), inputs))
    argument.setType(input.getType());
  SmallVector<Operation *> dead;
  for (auto [original, op] :
       llvm::zip(from.without_terminator(), to.without_terminator())) {
    RowWindow window = original.getNumResults() == 1
                           ? layer.rule.of(original.getResult(0))
                           : RowWindow();
    if (window.times == 0)
      continue;
    Value made = op.getResult(0);
    made.setType(withRows(made.getType(), rows.times(window.times)));
    cutEdges(&op);
    if (isa<onnx::SliceOp>(op) && isOfRows(&original)) {
      made.replaceAllUsesWith(op.getOperand(0)); // What is given is cut.
      dead.push_back(&op);
    }
  }
  for (Operation *op : dead)
    op->erase();
  for (Value made : result.getResults())
    made.setType(withRows(made.getType(), rows.times(layer.rule.times)));
  return result;
}

void StripLoop::compute(const StripChain::Layer &layer) {
  Range range = rangeOf(layer.scale, layer.delay, layer.rows);
  SmallVector<Value> inputs;
  for (auto [input, argument] :
       llvm::zip(layer.group->getOperands(), layer.arguments()))
    inputs.push_back(rowsFor(input, layer.rule.of(argument), range));
  // What is kept comes before it in its window, and is there in one piece.
  SmallVector<Value> above;
  for (Value result : layer.group->getResults()) {
    const StripChain::Image &of = *chain.imageOf(result);
    above.push_back(of.kept > 0 ? keptAbove(result, of) : Value());
  }
  dyn::GroupOp made = clone(layer, inputs, range.count);
  mapping.map(layer.group->getResults(), made->getResults());
  for (auto [result, rows, before] :
       llvm::zip(layer.group->getResults(), made.getResults(), above))
    if (chain.imageOf(result)->isWindow)
      makeWindow(result, rows, before);
}

/// The last rows of the trips before, zeros where the image begins.
Value StripLoop::keptAbove(Value value, const StripChain::Image &of) {
  ExprAttr all = number(of.kept), rows = rowsKept(of);
  ExprAttr isFirst = ExprAttr::get(dyn::ExprKind::Eq, {strip, number(0)});
  auto [it, isNew] = keptHere.insert({of.kept, ExprAttr()});
  if (isNew)
    it->second = define("kept", ExprAttr::ite(isFirst, number(0), rows), rows);
  ExprAttr here = keptHere[of.kept];
  return padded(part(carried[value], number(0), here), ExprAttr::sub(all, here),
                all);
}

/// Nothing is kept where one trip computes an image.
ExprAttr StripLoop::rowsKept(const StripChain::Image &of) const {
  ExprAttr one = ExprAttr::get(dyn::ExprKind::Le, {plan.trips, number(1)});
  return ExprAttr::ite(one, number(0), number(of.kept));
}

/// One tensor of the rows that are kept, those of this trip and zeros.
void StripLoop::makeWindow(Value value, Value rows, Value above) {
  const StripChain::Image &of = *chain.imageOf(value);
  Range all = rangeOf(of.scale, chain.delayOf(of), of.rows.plus(of.zeros));
  inWindow[value] = all;
  SmallVector<Value> pieces;
  if (above)
    pieces.push_back(above);
  pieces.push_back(rows);
  ExprAttr made = dyn::getDims(rows.getType())[kRowAxis];
  if (of.zeros > 0)
    pieces.push_back(zeros(value.getType(), ExprAttr::sub(all.count, made)));
  Value window = rows;
  if (pieces.size() > 1)
    window = dyn::JoinOp::create(
        builder, location, withRows(value.getType(), all.count.plus(of.kept)),
        pieces);
  windows[value] = window;
  if (of.kept > 0)
    nexts[value] = copyOf(part(window, all.count, rowsKept(of)));
}

//===----------------------------------------------------------------------===//
// The loop
//===----------------------------------------------------------------------===//

/// Which image and which of its strips a trip is for.
void StripLoop::readTrip(Block &body) {
  strip = symbols.readTrip(builder, body.getArgument(0));
  image = number(0);
  if (chain.batch.isConstant(1))
    return;
  ExprAttr trip = strip;
  image = define("image", ExprAttr::floorDiv(trip, plan.trips), chain.batch);
  strip = define("strip", ExprAttr::sub(trip, ExprAttr::mul(image, plan.trips)),
                 plan.trips);
}

dyn::LoopOp StripLoop::make() {
  SmallVector<Value> initial;
  SmallVector<Type> types;
  DenseMap<Type, Value> nothing;
  for (auto &[value, of] : chain.images)
    if (of.kept > 0) {
      kept.push_back(value);
      types.push_back(withRows(value.getType(), rowsKept(of)));
      // No trip reads what it starts with.
      Value &none = nothing[withRows(value.getType(), number(0))];
      if (!none)
        none = zeros(value.getType(), number(0));
      initial.push_back(none);
    }
  SmallVector<Value> results = chain.escaping();
  for (Value result : results)
    types.push_back(result.getType());
  auto loop = dyn::LoopOp::create(builder, location, types, initial, Value(),
                                  ExprAttr::mul(chain.batch, plan.trips),
                                  /*tests=*/false, builder.getArrayAttr({}),
                                  builder.getArrayAttr({}));
  fill(loop, results);
  return loop;
}

void StripLoop::fill(dyn::LoopOp loop, ArrayRef<Value> results) {
  OpBuilder::InsertionGuard guard(builder);
  Block &body = loop.getBody().emplaceBlock();
  builder.setInsertionPointToStart(&body);
  body.addArgument(dyn::getTensorType({}, builder.getI64Type()), location);
  body.addArgument(dyn::getTensorType({}, builder.getI1Type()), location);
  for (auto [value, type] : llvm::zip(kept, loop.getResultTypes()))
    carried[value] = body.addArgument(type, location);
  readTrip(body);
  for (const StripChain::Layer &layer : chain.layers)
    if (!layer.isSource)
      compute(layer);
  SmallVector<Value> yielded{body.getArgument(1)};
  for (Value value : kept)
    yielded.push_back(nexts[value]);
  SmallVector<ExprAttr> first;
  for (Value value : results) {
    const StripChain::Layer &layer = chain.layers[chain.imageOf(value)->layer];
    first.push_back(rangeOf(layer.scale, layer.delay, layer.rows)
                        .first.times(layer.rule.times));
    yielded.push_back(mapping.lookup(value));
  }
  dyn::setStrips(loop, image, first);
  dyn::YieldOp::create(builder, location, yielded);
}

} // namespace dycc::fuse
