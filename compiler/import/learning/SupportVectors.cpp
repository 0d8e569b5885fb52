// Support vector machines: kernel functions of rows and support vectors, and a
// product with constant coefficients.
#include "compiler/import/learning/Learning.h"

using namespace mlir;

namespace dycc::import {
namespace {

/// What a node says of its kernel function, and its support vectors.
struct Machine {
  NodeForm &form;
  OpEmitter &emitter;
  int64_t numVectors;
  std::vector<double> vectors = numbersOf(form, "support_vectors");
  /// gamma, what is added, the degree of a polynomial.
  std::vector<double> parameters = numbersOf(form, "kernel_params");
  std::vector<double> coefficients = numbersOf(form, "coefficients");
  std::vector<double> rho = numbersOf(form, "rho");

  Type f32() const { return emitter.getBuilder().getF32Type(); }
  Value number(double value) const { return emitter.scalar(f32(), value); }

  LogicalResult check() const;
  Value products(Value x) const;
  Value distances(Value x) const;
  Value kernels() const;
  Value weighted(Value x, ArrayRef<double> weights, int64_t columns) const;
};

LogicalResult Machine::check() const {
  if (numVectors > 0 && !vectors.empty() && vectors.size() % numVectors == 0)
    return success();
  return emitter.error() << "expects support vectors of one length, got "
                         << vectors.size() << " numbers for " << numVectors
                         << " vectors";
}

/// gamma x v + what is added, of each row and vector.
Value Machine::products(Value x) const {
  int64_t features = vectors.size() / numVectors;
  Value table = floats(emitter, f32(), vectors, {numVectors, features});
  return emitter.emit("Gemm", {x, table}, emitter.attr("transB", 1));
}

/// |x - v|^2, without what large numbers lose in |x|^2 - 2 x v + |v|^2.
Value Machine::distances(Value x) const {
  int64_t features = vectors.size() / numVectors;
  Value table = floats(emitter, f32(), vectors, {numVectors, features});
  Value apart = emitter.emit("Unsqueeze", {x, emitter.vector(1)});
  return emitter.emit("ReduceSumSquare",
                      {emitter.emit("Sub", {apart, table}), emitter.vector(2)},
                      emitter.attr("keepdims", 0));
}

/// (rows, vectors); null after an error.
Value Machine::kernels() const {
  StringRef kind = form.getString("kernel_type", "LINEAR");
  Value x = asF32(emitter, form.operand(0));
  if (kind == "LINEAR")
    return products(x);
  if (parameters.size() < 3) {
    emitter.error() << "expects three kernel_params, got " << parameters.size();
    return {};
  }
  Value gamma = number(parameters[0]);
  if (kind == "RBF")
    return emitter.emit(
        "Exp", emitter.emit("Mul", {distances(x), number(-parameters[0])}));
  Value y = emitter.emit("Add", {emitter.emit("Mul", {products(x), gamma}),
                                 number(parameters[1])});
  if (kind == "POLY")
    return emitter.emit("Pow", {y, number(parameters[2])});
  if (kind == "SIGMOID")
    return emitter.emit("Tanh", y);
  emitter.error() << "expects kernel_type LINEAR, POLY, RBF or SIGMOID, got \""
                  << kind << "\"";
  return {};
}

/// x times weights of `columns` columns, plus rho; null after an error.
Value Machine::weighted(Value x, ArrayRef<double> weights,
                        int64_t columns) const {
  int64_t rows = weights.size() / columns;
  if (int64_t(rho.size()) != columns) {
    emitter.error() << "expects " << columns << " numbers rho, got "
                    << rho.size();
    return {};
  }
  return emitter.emit("Gemm",
                      {x, floats(emitter, f32(), weights, {rows, columns}),
                       floats(emitter, f32(), rho)});
}

/// Without support vectors it is a linear model. ONNX Runtime ignores the
/// transform, but for which all of one target are none.
LogicalResult expandRegressor(NodeForm &form, OpEmitter &emitter) {
  std::optional<PostTransform> transform = readPostTransform(form, emitter);
  Machine machine{form, emitter, form.getInt("n_supports", 0)};
  bool isLinear = machine.numVectors == 0;
  if (!transform || (!isLinear && failed(machine.check())))
    return failure();
  if (machine.coefficients.empty() ||
      (!isLinear && int64_t(machine.coefficients.size()) != machine.numVectors))
    return emitter.error() << "expects a coefficient for each support vector, "
                              "got "
                           << machine.coefficients.size() << " for "
                           << machine.numVectors;
  Value x = isLinear ? asF32(emitter, form.operand(0)) : machine.kernels();
  Value y = x ? machine.weighted(x, machine.coefficients, 1) : Value();
  if (!y)
    return failure();
  if (form.getInt("one_class", 0))
    y = emitter.emit("Where", {emitter.emit("Greater", {y, machine.number(0)}),
                               machine.number(1), machine.number(-1)});
  form.results = {y};
  return success();
}

/// One of two classes against the other, for each pair of classes. The vectors
/// of a class lie together.
struct Pairs {
  std::vector<int64_t> begin = {0}; ///< Of each class' vectors, and the end.
  std::vector<std::pair<int64_t, int64_t>> classes;

  explicit Pairs(ArrayRef<int64_t> vectorsPerClass) {
    auto count = int64_t(vectorsPerClass.size());
    for (int64_t vectors : vectorsPerClass)
      begin.push_back(begin.back() + vectors);
    for (int64_t i = 0; i < count; ++i)
      for (int64_t j = i + 1; j < count; ++j)
        classes.emplace_back(i, j);
  }

  /// The coefficients of vectors for pairs: those of a class against another
  /// lie in one row for each other class, without itself.
  std::vector<double> weights(ArrayRef<double> coefficients) const {
    int64_t vectors = begin.back(), count = classes.size();
    std::vector<double> weights(vectors * count);
    for (auto [pair, both] : llvm::enumerate(classes)) {
      auto [i, j] = both;
      for (int64_t v = begin[i]; v < begin[i + 1]; ++v)
        weights[v * count + pair] = coefficients[(j - 1) * vectors + v];
      for (int64_t v = begin[j]; v < begin[j + 1]; ++v)
        weights[v * count + pair] = coefficients[i * vectors + v];
    }
    return weights;
  }

  /// The votes of all classes by what is 1 where the first of a pair won.
  Value votes(OpEmitter &emitter, Value won) const {
    auto numClasses = int64_t(begin.size() - 1);
    std::vector<double> gains(classes.size() * numClasses), base(numClasses);
    for (auto [pair, both] : llvm::enumerate(classes)) {
      gains[pair * numClasses + both.first] = 1;
      gains[pair * numClasses + both.second] = -1;
      base[both.second] += 1;
    }
    Type f32 = elementTypeOf(won);
    return emitter.emit("Gemm", {won,
                                 floats(emitter, f32, gains,
                                        {int64_t(classes.size()), numClasses}),
                                 floats(emitter, f32, base)});
  }
};

/// The class with most votes. Scores are those of the pairs.
LogicalResult expandClassifier(NodeForm &form, OpEmitter &emitter) {
  std::optional<PostTransform> transform = readPostTransform(form, emitter);
  std::optional<ClassLabels> labels =
      readLabels(form, emitter, "classlabels_ints");
  if (!transform || !labels)
    return failure();
  // There are as many pairs as the square of them has.
  constexpr int64_t kMostClasses = 1000;
  if (labels->count > kMostClasses)
    return emitter.error() << "expects at most " << kMostClasses
                           << " classes, got " << labels->count;
  std::vector<int64_t> perClass = intsOf(form, "vectors_per_class");
  if (int64_t(perClass.size()) != labels->count ||
      llvm::any_of(perClass, [](int64_t count) { return count < 0; }))
    return emitter.error()
           << "expects in \"vectors_per_class\" how many each of "
           << labels->count << " classes has";
  if (!numbersOf(form, "prob_a").empty())
    return emitter.error() << "probabilities (prob_a) are not supported";
  Pairs pairs(perClass);
  Machine machine{form, emitter, pairs.begin.back()};
  if (failed(machine.check()))
    return failure();
  if (int64_t(machine.coefficients.size()) !=
      machine.numVectors * (labels->count - 1))
    return emitter.error() << "expects " << labels->count - 1
                           << " coefficients for each support vector, got "
                           << machine.coefficients.size() << " for "
                           << machine.numVectors;
  Value kernels = machine.kernels();
  Value scores =
      kernels ? machine.weighted(kernels, pairs.weights(machine.coefficients),
                                 int64_t(pairs.classes.size()))
              : Value();
  if (!scores)
    return failure();
  Value won =
      asF32(emitter, emitter.emit("Greater", {scores, machine.number(0)}));
  bool isRaw = *transform == PostTransform::None;
  form.results = {labels->best(emitter, pairs.votes(emitter, won)),
                  labels->count == 2
                      ? bothScores(emitter, scores, *transform, !isRaw)
                      : transformed(emitter, scores, *transform)};
  return success(form.results[1] != nullptr);
}

constexpr Contribution contributions[] = {
    {"SVMClassifier", expandClassifier},
    {"SVMRegressor", expandRegressor},
};

} // namespace

ArrayRef<Contribution> learnedSupportVectors() { return contributions; }

} // namespace dycc::import
