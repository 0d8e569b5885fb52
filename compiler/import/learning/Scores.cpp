// What follows the sums of a classifier or regressor: transforms of scores, and
// labels by scores. Where ONNX leaves a formula open it is ONNX Runtime's.
#include "compiler/import/learning/Learning.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace dycc::import {

std::optional<PostTransform> readPostTransform(const NodeForm &form,
                                               OpEmitter &emitter) {
  StringRef name = form.getString("post_transform", "NONE");
  auto found = llvm::StringSwitch<std::optional<PostTransform>>(name)
                   .Case("NONE", PostTransform::None)
                   .Case("SOFTMAX", PostTransform::Softmax)
                   .Case("LOGISTIC", PostTransform::Logistic)
                   .Case("SOFTMAX_ZERO", PostTransform::SoftmaxZero)
                   .Case("PROBIT", PostTransform::Probit)
                   .Default(std::nullopt);
  if (!found)
    emitter.error() << "expects post_transform NONE, SOFTMAX, LOGISTIC, "
                       "SOFTMAX_ZERO or PROBIT, got \""
                    << name << "\"";
  return found;
}

namespace {

/// Formulas over the elements of one tensor of floats.
struct Formula {
  OpEmitter &emitter;
  Type element;

  Value number(double value) const { return emitter.scalar(element, value); }
  Value operator()(StringRef op, Value a) const { return emitter.emit(op, a); }
  Value operator()(StringRef op, Value a, Value b) const {
    return emitter.emit(op, {a, b});
  }
  Value operator()(StringRef op, Value a, double b) const {
    return emitter.emit(op, {a, number(b)});
  }
};

/// A softmax that scores of (nearly) zero take no part in: those stay.
Value softmaxZero(OpEmitter &emitter, Value scores) {
  Formula f{emitter, elementTypeOf(scores)};
  Value last = emitter.vector(-1);
  Value most = emitter.emit("ReduceMax", {scores, last});
  Value isZero = f("LessOrEqual", f("Abs", scores), 1e-7);
  Value power = f("Exp", f("Sub", scores, most));
  Value sum = emitter.emit(
      "ReduceSum", {emitter.emit("Where", {isZero, f.number(0), power}), last});
  Value zero = f("Mul", scores, f("Exp", f("Neg", most)));
  return f("Div", emitter.emit("Where", {isZero, zero, power}), sum);
}

/// Of a probability p: sqrt(2) erfinv(2 p - 1), by Winitzki's approximation of
/// erfinv with a = 0.147, where l = ln((1 - y) (1 + y)) and c = 2 / (pi a) +
/// l / 2: sign(y) sqrt(sqrt(c^2 - l / a) - c).
Value probit(OpEmitter &emitter, Value scores) {
  Formula f{emitter, elementTypeOf(scores)};
  constexpr double a = 0.147, pi = 3.14159;
  Value y = f("Sub", f("Mul", scores, 2), 1);
  Value log = f("Log", f("Mul", f("Sub", f.number(1), y), f("Add", y, 1)));
  Value c = f("Add", f("Mul", log, 0.5), 2 / (pi * a));
  Value root = f("Sqrt", f("Sub", f("Mul", c, c), f("Div", log, a)));
  Value size = f("Sqrt", f("Sub", root, c));
  return f("Mul", f("Mul", f("Sign", y), size), 1.41421356);
}

} // namespace

Value transformed(OpEmitter &emitter, Value scores, PostTransform transform) {
  switch (transform) {
  case PostTransform::None:
    return scores;
  case PostTransform::Softmax:
    return emitter.emit("Softmax", scores, emitter.attr("axis", -1));
  case PostTransform::Logistic:
    return emitter.emit("Sigmoid", scores);
  case PostTransform::SoftmaxZero:
    return softmaxZero(emitter, scores);
  case PostTransform::Probit:
    return probit(emitter, scores);
  }
  llvm_unreachable("all transforms are there");
}

Value transformedSingle(OpEmitter &emitter, Value scores,
                        PostTransform transform) {
  return transform == PostTransform::Probit ? probit(emitter, scores) : scores;
}

Value bothScores(OpEmitter &emitter, Value scores, PostTransform transform,
                 bool isProbability) {
  if (transform == PostTransform::Probit) {
    emitter.error() << "post_transform PROBIT is not supported where one score "
                       "stands for two classes";
    return {};
  }
  Value first = emitter.emit("Neg", scores);
  if (transform == PostTransform::Logistic) {
    first = emitter.emit("Sigmoid", first);
    scores = emitter.emit("Sigmoid", scores);
  } else if (isProbability) {
    first = emitter.emit("Sub",
                         {emitter.scalar(elementTypeOf(scores), 1.0), scores});
  }
  return emitter.emit("Concat", {first, scores}, emitter.attr("axis", 1));
}

Value ClassLabels::at(OpEmitter &emitter, Value numbers) const {
  return table ? emitter.emit("Gather", {table, numbers}) : numbers;
}

Value ClassLabels::either(OpEmitter &emitter, Value isSecond) const {
  return at(emitter,
            castTo(emitter, isSecond, emitter.getBuilder().getI64Type()));
}

Value ClassLabels::best(OpEmitter &emitter, Value scores) const {
  return at(emitter, emitter.emit("ArgMax", scores,
                                  {emitter.attr("axis", 1),
                                   emitter.attr("keepdims", 0)}));
}

std::optional<ClassLabels> readLabels(const NodeForm &form, OpEmitter &emitter,
                                      StringRef name) {
  std::vector<StringRef> texts = stringsOf(form, "classlabels_strings");
  std::vector<int64_t> labels = intsOf(form, name);
  if (!texts.empty())
    name = "classlabels_strings";
  auto count = int64_t(texts.empty() ? labels.size() : texts.size());
  if (count < 2) {
    emitter.error() << "expects two labels or more in \"" << name << "\", got "
                    << count;
    return std::nullopt;
  }
  if (!texts.empty())
    return ClassLabels{strings(emitter, texts), count};
  bool areNumbers = true;
  for (auto [number, label] : llvm::enumerate(labels))
    areNumbers &= label == int64_t(number);
  return ClassLabels{areNumbers ? Value() : emitter.vector(labels), count};
}

} // namespace dycc::import
