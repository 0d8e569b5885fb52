#include "passes/fuse/StripChain.h"

#include "dialects/dyn/Layout.h"

#include <cmath>
#include <numeric>

using namespace mlir;
using dycc::dyn::ExprAttr;
using dycc::remarks::Reason;

namespace dycc::fuse {

/// How many rows more or less an image may have than a multiple of the first.
constexpr int64_t kMostEdge = 64;
/// An image of the chain has at most so many rows for one of the first.
constexpr int64_t kMostScale = 16;
/// A trip computes so many times the rows that it moves for the next ones.
constexpr int64_t kLeastRowsPerMoved = 8;
/// Weights that the third-level cache may hold: they are read for each strip.
constexpr int64_t kMostWeights = 16;

static ExprAttr rowsOf(Value image) {
  return dyn::getDims(image.getType())[kRowAxis];
}

/// Bytes of a row, of all channels, wherever they lie.
static ExprAttr bytesOfRow(Type type) {
  SmallVector<ExprAttr> dims(dyn::getDims(type));
  dims[0] = dims[kRowAxis] = ExprAttr::constant(type.getContext(), 1);
  return dyn::getSizeInBytes(dyn::getTensorType(
      dims, getElementTypeOrSelf(type), dyn::getLayout(type)));
}

ExprAttr elementsPerImageRow(Type image) {
  dyn::Layout layout(image);
  ArrayRef<dyn::MemoryDim> dims = layout.dims();
  bool isFound = false;
  ExprAttr stride;
  for (auto [dim, step] : llvm::zip(dims, layout.strides())) {
    if (isFound && !dim.stored.isConstant(1) && dim.axis != 0)
      return {};
    if (dim.axis == kRowAxis)
      stride = step, isFound = true;
  }
  return stride;
}

bool StripChain::contains(Operation *op) const {
  return llvm::any_of(layers, [&](const Layer &layer) {
    return layer.group.getOperation() == op;
  });
}

const StripChain::Image *StripChain::imageOf(Value value) const {
  const auto *it = images.find(value);
  return it == images.end() ? nullptr : &it->second;
}

/// How many rows the group has for one of the first image; nothing where its
/// operands do not agree.
std::optional<int64_t> StripChain::scaleOf(dyn::GroupOp group,
                                           const StripRule &rule) {
  std::optional<int64_t> scale;
  for (auto [input, argument] :
       llvm::zip(group.getInputs(), group.getBody().getArguments())) {
    const Image *image = imageOf(input);
    int64_t times = rule.of(argument).times;
    if (!image)
      continue;
    if (times == 0 || image->scale % times != 0 ||
        (scale && *scale != image->scale / times))
      return std::nullopt;
    scale = image->scale / times;
  }
  auto fits = [&](int64_t some) {
    ExprAttr more = ExprAttr::sub(rowsOf(group.getResult(0)),
                                  rows.times(some * rule.times));
    return std::abs(more.asConstant().value_or(kMostEdge + 1)) <= kMostEdge &&
           *more.asConstant() % rule.times == 0;
  };
  for (int64_t some = 1; !scale && some <= kMostScale; ++some)
    if (fits(some))
      scale = some;
  return scale && fits(*scale) ? scale : std::nullopt;
}

bool StripChain::joins(Operation *op) {
  auto group = dyn_cast<dyn::GroupOp>(op);
  std::optional<StripRule> rule =
      group ? stripRule(group) : std::optional<StripRule>();
  if (!rule)
    return false;
  ArrayRef<ExprAttr> dims = dyn::getDims(group.getResult(0).getType());
  if (empty()) {
    batch = dims[0];
    for (auto [input, argument] :
         llvm::zip(group.getInputs(), group.getBody().getArguments()))
      if (rule->of(argument).times == 1)
        rows = rowsOf(input);
    if (!rows)
      return false;
  }
  std::optional<int64_t> scale = scaleOf(group, *rule);
  if (!scale || dims[0] != batch || batch.isUnknown() || rows.isUnknown())
    return false;
  bool isSource = rule->isPointwise;
  for (auto [input, argument] :
       llvm::zip(group.getInputs(), group.getBody().getArguments())) {
    isSource &= !isInside(input);
    if (!isInside(input) && rule->of(argument).times == 0)
      wholeBytes +=
          dyn::getSizeInBytes(input.getType()).asConstant().value_or(INT32_MAX);
  }
  ExprAttr times = ExprAttr::constant(batch.getContext(), rule->times);
  for (Value result : group.getResults())
    images[result] = {unsigned(layers.size()), *scale * rule->times,
                      rowsOf(result)};
  layers.push_back({group, std::move(*rule), *scale,
                    ExprAttr::floorDiv(rowsOf(group.getResult(0)), times), 0,
                    isSource});
  return true;
}

SmallVector<Value> StripChain::escaping() const {
  SmallVector<Value> values;
  for (auto &[value, image] : images)
    if (escapes(value))
      values.push_back(value);
  return values;
}

SmallVector<StripChain::Use> StripChain::usesOf(Value value) const {
  SmallVector<Use> uses;
  for (auto [number, layer] : llvm::enumerate(layers))
    for (auto [input, argument] :
         llvm::zip(layer.group->getOperands(), layer.arguments()))
      if (input == value)
        uses.push_back({unsigned(number), layer.rule.of(argument)});
  return uses;
}

//===----------------------------------------------------------------------===//
// When layers run
//===----------------------------------------------------------------------===//

/// Each layer as early as its operands allow.
void StripChain::delayLayers() {
  for (Layer &layer : layers) {
    for (auto [input, argument] :
         llvm::zip(layer.group->getOperands(), layer.arguments()))
      if (const Image *image = imageOf(input);
          image && !layers[image->layer].isSource) {
        RowWindow window = layer.rule.of(argument);
        layer.delay = std::max(
            layer.delay, llvm::divideCeilSigned(delayOf(*image) + window.behind,
                                                window.times));
      }
  }
}

/// The most delay with which those that read its results can run as they do.
int64_t StripChain::latest(const Layer &layer) const {
  int64_t most = INT64_MAX;
  for (Value result : layer.group->getResults()) {
    if (escapes(result))
      return layer.delay;
    for (auto [reader, window] : usesOf(result))
      most =
          std::min(most, window.times * layers[reader].delay - window.behind);
  }
  return most == INT64_MAX ? layer.delay : most / layer.rule.times;
}

/// Bytes of rows that need not be kept where `layer` runs `later` rows later.
int64_t StripChain::savedBy(const Layer &layer, int64_t later) const {
  auto bytesOf = [&](Value value) {
    return int64_t(estimate(bytesOfRow(value.getType())));
  };
  int64_t saved = 0;
  for (Value result : layer.group->getResults())
    saved += later * layer.rule.times * bytesOf(result);
  for (auto [input, argument] :
       llvm::zip(layer.group->getOperands(), layer.arguments())) {
    const Image *image = imageOf(input);
    if (!image || layers[image->layer].isSource)
      continue;
    int64_t others = INT64_MIN;
    for (auto [reader, window] : usesOf(input))
      if (&layers[reader] != &layer)
        others = std::max(others,
                          window.times * layers[reader].delay + window.before);
    RowWindow window = layer.rule.of(argument);
    int64_t now = window.times * layer.delay + window.before;
    int64_t then = now + window.times * later;
    saved -=
        std::max<int64_t>(then - std::max(now, others), 0) * bytesOf(input);
  }
  return saved;
}

/// From the last layer on: later, where less is kept then.
void StripChain::delayMore() {
  for (Layer &layer : llvm::reverse(layers)) {
    if (layer.isSource)
      continue;
    int64_t later = latest(layer) - layer.delay;
    if (later > 0 && savedBy(layer, later) > 0)
      layer.delay += later;
  }
}

void StripChain::keepRows() {
  for (auto &[value, image] : images) {
    if (layers[image.layer].isSource)
      continue;
    int64_t delay = delayOf(image);
    for (auto [reader, window] : usesOf(value)) {
      const Layer &layer = layers[reader];
      int64_t before = window.times * layer.delay + window.before;
      ExprAttr over = ExprAttr::sub(layer.rows.times(window.times), image.rows);
      image.kept = std::max(image.kept, before - delay);
      image.zeros =
          std::max(image.zeros, over.asConstant().value_or(0) + window.behind);
      image.isWindow |= !window.isSame() || window.times * layer.delay != delay;
    }
    image.isWindow |= image.kept > 0 || image.zeros > 0;
  }
}

//===----------------------------------------------------------------------===//
// What it takes, and whether it is worth it
//===----------------------------------------------------------------------===//

/// What is live while layer `position` runs, for a row of the first image.
ExprAttr StripChain::liveAt(unsigned position) const {
  ExprAttr live = ExprAttr::constant(rows.getContext(), 0);
  for (auto &[value, image] : images) {
    bool isNeeded = image.layer == position;
    if (image.layer < position)
      for (Use use : usesOf(value))
        isNeeded |= use.layer >= position;
    if (isNeeded)
      live =
          ExprAttr::add(live, bytesOfRow(value.getType()).times(image.scale));
  }
  return live;
}

ExprAttr StripChain::bytesPerRow() const {
  ExprAttr most = liveAt(0);
  for (unsigned position = 1; position < layers.size(); ++position)
    if (ExprAttr live = liveAt(position); estimate(live) > estimate(most))
      most = live;
  return ExprAttr::max(dyn::simplify(most, bounds->getFacts()),
                       ExprAttr::constant(rows.getContext(), 1));
}

int64_t StripChain::keptInRows() const {
  double kept = 0;
  for (auto &[value, image] : images)
    kept += estimate(bytesOfRow(value.getType())) * double(image.kept);
  return int64_t(std::ceil(kept / std::max(estimate(bytesPerRow()), 1.0)));
}

int64_t StripChain::leastRows() const {
  double moved = 0, made = 0;
  for (auto &[value, image] : images) {
    double bytes = estimate(bytesOfRow(value.getType()));
    moved += bytes * double(image.kept);
    made += bytes * double(image.scale);
  }
  return std::max<int64_t>(
      int64_t(moved * kLeastRowsPerMoved / std::max(made, 1.0)), 1);
}

int64_t StripChain::multiple() const {
  int64_t result = 1;
  for (const Layer &layer : layers)
    result = std::lcm(result, layer.rule.multiple);
  return result;
}

ExprAttr StripChain::rowsOfTrips() const {
  int64_t more = 0;
  for (Value value : escaping()) {
    const Image &image = *imageOf(value);
    ExprAttr edge = ExprAttr::sub(image.rows, rows.times(image.scale));
    more =
        std::max(more, llvm::divideCeilSigned(
                           delayOf(image) + *edge.asConstant(), image.scale));
  }
  return rows.plus(more);
}

/// Rows that are kept have to follow each other.
Reason StripChain::whyNotContiguous() const {
  for (auto &[value, image] : images)
    if (image.isWindow && !elementsPerImageRow(value.getType()))
      return {"rows of {0} do not follow each other in memory",
              value.getType()};
  return {};
}

Reason StripChain::whyNot(int64_t cacheBytes) {
  auto windows = llvm::count_if(layers, [](const Layer &layer) {
    return llvm::any_of(layer.rule.windows,
                        [](auto &entry) { return !entry.second.isSame(); });
  });
  if (windows < 2)
    return {"no two convolutions that follow each other go strip by strip"};
  for (Value value : escaping())
    if (layers[imageOf(value)->layer].isSource)
      return {"one of the results is computed of what comes from outside"};
  if (wholeBytes > kMostWeights * cacheBytes)
    return {"{0} bytes of weights would be read for each strip", wholeBytes};
  double outside = 0;
  for (Value value : escaping())
    outside +=
        estimate(bytesOfRow(value.getType())) * double(imageOf(value)->scale);
  if (outside * kLeastGain > estimate(bytesPerRow()))
    return {"what goes out is as large as what is in between"};
  delayLayers();
  delayMore();
  keepRows();
  return whyNotContiguous();
}

} // namespace dycc::fuse
