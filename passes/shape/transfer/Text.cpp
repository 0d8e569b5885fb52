// Operators that look into strings.
#include "passes/shape/Transfers.h"

#include "dialects/onnx/OnnxText.h"

#include "passes/shape/RegexProgram.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace dycc;
using namespace dycc::shape;

/// A piece for each delimiter: nothing bounds how many there are.
static void transferSplit(onnx::StringSplitOp op, Solver &solver) {
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  Exprs dims(*x);
  solver.setDims(op.getZ(), dims);
  dims.push_back(solver.defineDim(op.getY(), dims.size(), {}));
  solver.setDims(op.getY(), dims);
}

/// Of the pattern only that it can be followed.
static void transferRegex(onnx::RegexFullMatchOp op, Solver &solver) {
  StringRef pattern = op.getPattern().value_or("");
  if (auto program = compileRegex(pattern); !program)
    return solver.fail(op, "expects a regular expression of RE2, got '" +
                               pattern +
                               "': " + llvm::toString(program.takeError()));
  transferCopy(op, solver);
}

/// What is left of C strings, and one where none is.
static void transferNormalizer(onnx::StringNormalizerOp op, Solver &solver) {
  StringRef action = op.getCaseChangeAction();
  if (action != "NONE" && action != "LOWER" && action != "UPPER")
    return solver.fail(op, "expects case_change_action NONE, LOWER or UPPER, "
                           "got '" +
                               Twine(action) + "'");
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  Exprs dims(*x);
  if (dims.size() != 1 && dims.size() != 2)
    return solver.fail(op, "expects strings of rank 1, or of rank 2 with a "
                           "first extent of 1, got rank " +
                               Twine(dims.size()));
  if (dims.size() == 2)
    dims[0] =
        solver.unify(op, dims[0], solver.constant(1), "a first extent of 1");
  unsigned axis = dims.size() - 1;
  dims[axis] = solver.defineDim(op.getY(), axis,
                                ExprAttr::max(dims[axis], solver.constant(1)));
  solver.setDims(op.getY(), dims);
}

/// What is wrong with the tables of n-grams; an empty text: nothing.
static std::string whyNoPool(onnx::TfIdfVectorizerOp op) {
  StringRef mode = op.getMode();
  if (mode != "TF" && mode != "IDF" && mode != "TFIDF")
    return ("expects mode TF, IDF or TFIDF, got '" + mode + "'").str();
  bool isNumber = elementTypeOf(op.getX()).isIntOrFloat();
  if (isNumber ? !op.getPoolInt64s() : !op.getPoolStrings())
    return isNumber ? "expects pool_int64s for integers"
                    : "expects pool_strings for strings";
  int64_t elements = isNumber ? int64_t(op.getPoolInt64s()->size())
                              : int64_t(op.getPoolStrings()->size());
  ArrayRef<int64_t> starts = op.getNgramCounts();
  int64_t grams = 0;
  for (size_t n = 0; n < starts.size(); ++n) {
    int64_t end = n + 1 < starts.size() ? starts[n + 1] : elements;
    if (starts[n] < 0 || end < starts[n] || end > elements ||
        (end - starts[n]) % int64_t(n + 1) != 0 || (n == 0 && starts[0] != 0))
      return ("expects ngram_counts that part the pool of " + Twine(elements) +
              " elements into n-grams of 1, 2, ... elements, got " +
              Twine(starts[n]) + " to " + Twine(end) + " for those of " +
              Twine(n + 1))
          .str();
    grams += (end - starts[n]) / int64_t(n + 1);
  }
  ArrayRef<int64_t> places = op.getNgramIndexes();
  if (int64_t(places.size()) != grams || grams == 0)
    return ("expects one of ngram_indexes for each n-gram and at least one, "
            "got " +
            Twine(places.size()) + " for " + Twine(grams))
        .str();
  if (llvm::any_of(places, [](int64_t place) { return place < 0; }))
    return "expects no negative ngram_indexes";
  return {};
}

/// A count for each place of the result.
static void transferVectorizer(onnx::TfIdfVectorizerOp op, Solver &solver) {
  std::string problem = whyNoPool(op);
  if (!problem.empty())
    return solver.fail(op, problem);
  int64_t places = *llvm::max_element(op.getNgramIndexes()) + 1;
  if (op.getWeights() && int64_t(op.getWeights()->size()) != places)
    return solver.fail(op, "expects " + Twine(places) + " weights, got " +
                               Twine(op.getWeights()->size()));
  const Exprs *x = solver.dims(op.getX());
  if (!x)
    return;
  Exprs dims(*x);
  if (dims.size() > 2)
    return solver.fail(op, "expects an input of rank 2 at most, got rank " +
                               Twine(dims.size()));
  if (!dims.empty())
    dims.pop_back();
  dims.push_back(solver.constant(places));
  solver.setDims(op.getY(), dims);
}

void shape::attachText(MLIRContext *context) {
  attachRules<transferRegex, transferCopyBack, onnx::RegexFullMatchOp>(context);
  attachRules<transferSplit, transferNothing, onnx::StringSplitOp>(context);
  attachRules<transferNormalizer, transferNothing, onnx::StringNormalizerOp>(
      context);
  attachRules<transferVectorizer, transferNothing, onnx::TfIdfVectorizerOp>(
      context);
}
