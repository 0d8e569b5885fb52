// Ensembles of decision trees: a walk through all trees, and what their
// operator makes of the weights that it ends at.
#include "compiler/import/learning/Forest.h"

#include <limits>

using namespace mlir;

namespace dycc::import {
namespace {

/// How many weights of each target a row ends at, compared with none.
Value isScored(OpEmitter &emitter, Value x, Forest forest) {
  for (auto &leaf : forest.leaves)
    for (LeafWeight &weight : leaf)
      weight.weight = 1;
  Value counts = emitTrees(emitter, x, forest, Aggregate::Sum);
  return emitter.emit("Greater", {counts, emitter.scalar(forest.element, 0.0)});
}

/// `y` where a row has a weight for the target, else `other`: a look at what
/// may be without.
Value whereScored(OpEmitter &emitter, Value x, const Forest &forest, Value y,
                  double other) {
  if (llvm::all_of(forest.alwaysScored(), [](bool always) { return always; }))
    return y;
  return emitter.emit("Where", {isScored(emitter, x, forest), y,
                                emitter.scalar(forest.element, other)});
}

/// The weights of all trees as one number for each target.
Value aggregated(OpEmitter &emitter, Value x, const Forest &forest,
                 Aggregate aggregate) {
  Value y = emitTrees(emitter, x, forest, aggregate);
  if (aggregate == Aggregate::Min || aggregate == Aggregate::Max)
    return whereScored(emitter, x, forest, y, 0);
  if (aggregate == Aggregate::Average)
    y = emitter.emit("Div", {y, emitter.scalar(forest.element,
                                               double(forest.roots.size()))});
  return y;
}

/// What is added to the scores: `count` numbers, or none. Nothing after an
/// error.
std::optional<std::vector<double>>
baseValues(const NodeForm &form, OpEmitter &emitter, int64_t count) {
  std::vector<double> base = numbersOf(form, "base_values");
  if (base.empty())
    base = numbersOf(form, "base_values_as_tensor");
  if (base.empty() || int64_t(base.size()) == count)
    return base;
  emitter.error() << "expects " << count << " base_values or none, got "
                  << base.size();
  return std::nullopt;
}

Value withBase(OpEmitter &emitter, Value y, ArrayRef<double> base) {
  return base.empty()
             ? y
             : emitter.emit("Add",
                            {y, floats(emitter, elementTypeOf(y), base)});
}

Value behind(OpEmitter &emitter, Value y, int64_t targets,
             PostTransform transform) {
  return targets == 1 ? transformedSingle(emitter, y, transform)
                      : transformed(emitter, y, transform);
}

/// Rows in the type that trees are walked in: f64, or f32 for all others.
Value rowsOf(NodeForm &form, OpEmitter &emitter) {
  Value x = form.operand(0);
  return elementTypeOf(x).isF64() ? x : asF32(emitter, x);
}

LogicalResult expandEnsemble(NodeForm &form, OpEmitter &emitter) {
  static constexpr PostTransform transforms[] = {
      PostTransform::None, PostTransform::Softmax, PostTransform::Logistic,
      PostTransform::SoftmaxZero, PostTransform::Probit};
  int64_t transform = form.getInt("post_transform", 0);
  int64_t aggregate = form.getInt("aggregate_function", 1);
  if (transform < 0 || transform > 4 || aggregate < 0 || aggregate > 3)
    return emitter.error() << "expects post_transform in [0, 4] and "
                              "aggregate_function in [0, 3], got "
                           << transform << " and " << aggregate;
  Value x = rowsOf(form, emitter);
  std::optional<Forest> forest =
      readTreeTensors(form, emitter, elementTypeOf(x));
  if (!forest)
    return failure();
  Value y = aggregated(emitter, x, *forest, Aggregate(aggregate));
  y = behind(emitter, y, forest->numTargets, transforms[transform]);
  form.results = {converted(emitter, y, elementTypeOf(form.operand(0)))};
  return success();
}

std::optional<Aggregate> readAggregate(const NodeForm &form,
                                       OpEmitter &emitter) {
  StringRef name = form.getString("aggregate_function", "SUM");
  static constexpr std::pair<llvm::StringLiteral, Aggregate> all[] = {
      {"AVERAGE", Aggregate::Average},
      {"SUM", Aggregate::Sum},
      {"MIN", Aggregate::Min},
      {"MAX", Aggregate::Max}};
  for (const auto &[known, aggregate] : all)
    if (name == known)
      return aggregate;
  emitter.error() << "expects aggregate_function AVERAGE, SUM, MIN or MAX, got "
                     "\""
                  << name << "\"";
  return std::nullopt;
}

LogicalResult expandRegressor(NodeForm &form, OpEmitter &emitter) {
  std::optional<PostTransform> transform = readPostTransform(form, emitter);
  std::optional<Aggregate> aggregate = readAggregate(form, emitter);
  int64_t targets = form.getInt("n_targets", 1);
  if (!transform || !aggregate)
    return failure();
  auto base = baseValues(form, emitter, targets);
  if (!base)
    return failure();
  Value x = rowsOf(form, emitter);
  std::optional<Forest> forest =
      readTreeLists(form, emitter, elementTypeOf(x), "target", targets);
  if (!forest)
    return failure();
  Value y = aggregated(emitter, x, *forest, *aggregate);
  y = asF32(emitter, withBase(emitter, y, *base));
  form.results = {behind(emitter, y, targets, *transform)};
  return success();
}

bool isAnyNegative(const Forest &forest) {
  return llvm::any_of(forest.leaves, [](const auto &leaf) {
    return llvm::any_of(
        leaf, [](const LeafWeight &weight) { return weight.weight < 0; });
  });
}

/// What the parts of a classifier need.
struct Classifier {
  NodeForm &form;
  OpEmitter &emitter;
  PostTransform transform;
  ClassLabels labels;
  Forest forest;
  Value x;

  /// Whether a column of scores says that the second class is it.
  Value isSecond(Value scores, int64_t index, double limit) {
    return emitter.emit("Greater", {column(emitter, scores, index),
                                    emitter.scalar(forest.element, limit)});
  }
  /// A score for each class.
  LogicalResult expandScores(Value label, Value scores) {
    form.results = {label,
                    transformed(emitter, asF32(emitter, scores), transform)};
    return success();
  }
  LogicalResult expandMany();
  LogicalResult expandTwo();
  LogicalResult expandSingle(double limit);
};

/// The highest score of those that a row has.
LogicalResult Classifier::expandMany() {
  auto base = baseValues(form, emitter, labels.count);
  if (!base)
    return failure();
  Value scores = emitTrees(emitter, x, forest, Aggregate::Sum);
  scores = withBase(emitter, scores, *base);
  Value ranked = scores;
  if (base->empty())
    ranked = whereScored(emitter, x, forest, scores,
                         -std::numeric_limits<double>::infinity());
  return expandScores(labels.best(emitter, ranked), scores);
}

/// Weights of one class alone decide by how large they are: probabilities by
/// one half, others by their sign.
LogicalResult Classifier::expandTwo() {
  std::vector<bool> scored = forest.everScored();
  bool isSingle = scored[0] != scored[1];
  double limit = isSingle && !isAnyNegative(forest) ? 0.5 : 0;
  if (isSingle && scored[0])
    return expandSingle(limit);
  // Of the second class alone there is nothing to add them to.
  auto base = baseValues(form, emitter, isSingle ? 0 : 2);
  if (!base)
    return failure();
  Value scores = emitTrees(emitter, x, forest, Aggregate::Sum);
  scores = withBase(emitter, scores, *base);
  return expandScores(labels.either(emitter, isSecond(scores, 1, limit)),
                      scores);
}

/// All weights stand for the second class, though its number is 0.
LogicalResult Classifier::expandSingle(double limit) {
  auto base = baseValues(form, emitter, 1);
  if (!base)
    return failure();
  forest.numTargets = 1;
  Value scores = emitTrees(emitter, x, forest, Aggregate::Sum);
  scores = withBase(emitter, scores, *base);
  Value label = labels.either(emitter, isSecond(scores, 0, limit));
  form.results = {label, bothScores(emitter, asF32(emitter, scores), transform,
                                    /*isProbability=*/limit > 0)};
  return success(form.results[1] != nullptr);
}

LogicalResult expandClassifier(NodeForm &form, OpEmitter &emitter) {
  std::optional<PostTransform> transform = readPostTransform(form, emitter);
  std::optional<ClassLabels> labels =
      readLabels(form, emitter, "classlabels_int64s");
  if (!transform || !labels)
    return failure();
  Value x = rowsOf(form, emitter);
  std::optional<Forest> forest =
      readTreeLists(form, emitter, elementTypeOf(x), "class", labels->count);
  if (!forest)
    return failure();
  Classifier classifier{form, emitter, *transform, *labels, std::move(*forest),
                        x};
  return labels->count > 2 ? classifier.expandMany() : classifier.expandTwo();
}

constexpr Contribution contributions[] = {
    {"TreeEnsemble", expandEnsemble},
    {"TreeEnsembleClassifier", expandClassifier},
    {"TreeEnsembleRegressor", expandRegressor},
};

} // namespace

ArrayRef<Contribution> learnedTrees() { return contributions; }

} // namespace dycc::import
