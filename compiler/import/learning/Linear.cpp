// Linear models: a product with constant coefficients, one row of them for each
// target or class.
#include "compiler/import/learning/Learning.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// x times the coefficients of `targets` rows, plus the intercepts, if any; in
/// f32. Null after an error.
Value scoresOf(NodeForm &form, OpEmitter &emitter, int64_t targets) {
  std::vector<double> coefficients = numbersOf(form, "coefficients");
  std::vector<double> intercepts = numbersOf(form, "intercepts");
  if (targets < 1 || coefficients.empty() ||
      coefficients.size() % size_t(targets)) {
    emitter.error() << "expects as many coefficients for each of " << targets
                    << " rows, got " << coefficients.size();
    return {};
  }
  if (!intercepts.empty() && int64_t(intercepts.size()) != targets) {
    emitter.error() << "expects " << targets << " intercepts or none, got "
                    << intercepts.size();
    return {};
  }
  Type f32 = emitter.getBuilder().getF32Type();
  int64_t features = coefficients.size() / targets;
  Value bias = intercepts.empty() ? Value() : floats(emitter, f32, intercepts);
  return emitter.emit("Gemm",
                      {asF32(emitter, form.operand(0)),
                       floats(emitter, f32, coefficients, {targets, features}),
                       bias},
                      emitter.attr("transB", 1));
}

LogicalResult expandRegressor(NodeForm &form, OpEmitter &emitter) {
  std::optional<PostTransform> transform = readPostTransform(form, emitter);
  int64_t targets = form.getInt("targets", 1);
  if (!transform)
    return failure();
  Value scores = scoresOf(form, emitter, targets);
  form.results = {!scores ? Value()
                  : targets == 1
                      ? transformedSingle(emitter, scores, *transform)
                      : transformed(emitter, scores, *transform)};
  return success();
}

/// One row of coefficients decides between two classes; its score is compared
/// with 0, and is a probability of the second class where no transform makes
/// it one.
LogicalResult expandClassifier(NodeForm &form, OpEmitter &emitter) {
  std::optional<PostTransform> transform = readPostTransform(form, emitter);
  std::optional<ClassLabels> labels =
      readLabels(form, emitter, "classlabels_ints");
  if (!transform || !labels)
    return failure();
  int64_t given = numbersOf(form, "intercepts").size();
  bool isSingle = given == 1 && labels->count == 2;
  Value scores = scoresOf(form, emitter, isSingle ? 1 : labels->count);
  if (!scores)
    return failure();
  if (!isSingle) {
    form.results = {labels->best(emitter, scores),
                    transformed(emitter, scores, *transform)};
    return success();
  }
  Value zero = emitter.scalar(elementTypeOf(scores), 0.0);
  Value isSecond = emitter.emit("Greater", {column(emitter, scores, 0), zero});
  form.results = {
      labels->either(emitter, isSecond),
      bothScores(emitter, scores, *transform, /*isProbability=*/true)};
  return success(form.results[1] != nullptr);
}

constexpr Contribution contributions[] = {
    {"LinearClassifier", expandClassifier},
    {"LinearRegressor", expandRegressor},
};

} // namespace

ArrayRef<Contribution> learnedLinear() { return contributions; }

} // namespace dycc::import
