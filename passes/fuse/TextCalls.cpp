// Operators that look into strings. What only moves and compares them is a
// kernel on their handles (docs/decisions/0026-strings.md).
#include "passes/fuse/RuntimeCall.h"

#include "dialects/dyn/Handles.h"
#include "dialects/onnx/OnnxOps.h"
#include "passes/shape/RegexProgram.h"
#include "runtime/abi/Operators.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using dycc::dyn::ExprAttr;

namespace dycc::fuse {
namespace {

/// Makes one call, and the constants that it reads.
class TextCall {
public:
  explicit TextCall(Operation *op)
      : op(op), builder(op), context(op->getContext()) {}

  RuntimeCall number(onnx::CastOp cast) {
    bool isWritten = isString(cast.getOutput());
    return {isWritten ? "number_to_string" : "string_to_number",
            {},
            {cast.getInput()}};
  }
  RuntimeCall concat(onnx::StringConcatOp concat) {
    return {"string_concat", {}, {concat.getX(), concat.getY()}};
  }
  RuntimeCall match(onnx::RegexFullMatchOp match);
  RuntimeCall split(onnx::StringSplitOp split);
  RuntimeCall normalizer(onnx::StringNormalizerOp normalizer);
  RuntimeCall vectorizer(onnx::TfIdfVectorizerOp vectorizer);

  static bool isString(Value value) {
    return dyn::isHandle(getElementTypeOrSelf(value.getType()));
  }

private:
  ExprAttr expr(int64_t value) { return ExprAttr::constant(context, value); }

  /// A constant vector of so many elements of that type.
  RankedTensorType vectorOf(size_t count, Type element) {
    return dyn::getTensorType({expr(static_cast<int64_t>(count))}, element);
  }
  Value constant(RankedTensorType type, ElementsAttr value) {
    return onnx::ConstantOp::create(builder, op->getLoc(), type, value);
  }
  Value strings(ArrayRef<StringRef> texts) {
    auto type = vectorOf(texts.size(), onnx::StringType::get(context));
    return constant(
        type, DenseStringElementsAttr::get(
                  RankedTensorType::get(type.getShape(), type.getElementType()),
                  texts));
  }
  Value strings(std::optional<ArrayAttr> texts) {
    SmallVector<StringRef> all;
    if (texts)
      for (auto text : texts->getAsRange<StringAttr>())
        all.push_back(text.getValue());
    return strings(all);
  }
  Value integers(ArrayRef<int64_t> values) {
    return constant(vectorOf(values.size(), builder.getI64Type()),
                    builder.getI64TensorAttr(values));
  }
  Value floats(ArrayRef<float> values) {
    auto plain =
        RankedTensorType::get({int64_t(values.size())}, builder.getF32Type());
    return constant(vectorOf(values.size(), builder.getF32Type()),
                    DenseElementsAttr::get(plain, values));
  }

  Operation *op;
  OpBuilder builder;
  MLIRContext *context;
};

RuntimeCall TextCall::match(onnx::RegexFullMatchOp match) {
  auto program = compileRegex(match.getPattern().value_or(""));
  assert(program && "the shape stage has checked the pattern");
  auto plain =
      RankedTensorType::get({int64_t(program->size())}, builder.getI32Type());
  Value constant = this->constant(
      vectorOf(program->size(), builder.getI32Type()),
      DenseElementsAttr::get(plain, ArrayRef<int32_t>(*program)));
  return {"regex_full_match", {}, {match.getX(), constant}};
}

RuntimeCall TextCall::split(onnx::StringSplitOp split) {
  int64_t most = split.getMaxsplit().value_or(-1);
  return {"string_split",
          {expr(most < 0 ? INT64_MAX : most)},
          {split.getX(), strings({split.getDelimiter().value_or("")})}};
}

RuntimeCall TextCall::normalizer(onnx::StringNormalizerOp normalizer) {
  RuntimeCall call{"string_normalizer",
                   SmallVector<ExprAttr>(DYCC_NORMALIZER_ATTRIBUTES),
                   {normalizer.getX(), strings(normalizer.getStopwords())}};
  call.parameters[DYCC_NORMALIZER_CASE] =
      expr(llvm::StringSwitch<int64_t>(normalizer.getCaseChangeAction())
               .Case("LOWER", DYCC_CASE_LOWER)
               .Case("UPPER", DYCC_CASE_UPPER)
               .Default(DYCC_CASE_NONE));
  call.parameters[DYCC_NORMALIZER_IS_SENSITIVE] =
      expr(normalizer.getIsCaseSensitive() != 0);
  return call;
}

/// Floats of at most 8 bits, which the runtime neither writes nor reads.
bool isNarrowFloat(Value value) {
  auto type = dyn_cast<FloatType>(getElementTypeOrSelf(value.getType()));
  return type && type.getWidth() <= 8;
}

/// How many n-grams of each length there are, where `starts` says at which
/// element of the pool each length begins.
SmallVector<int64_t> countGrams(ArrayRef<int64_t> starts, int64_t elements) {
  SmallVector<int64_t> counts;
  for (size_t n = 0; n < starts.size(); ++n) {
    int64_t end = n + 1 < starts.size() ? starts[n + 1] : elements;
    counts.push_back((end - starts[n]) / int64_t(n + 1));
  }
  return counts;
}

RuntimeCall TextCall::vectorizer(onnx::TfIdfVectorizerOp vectorizer) {
  bool ofStrings = isString(vectorizer.getX());
  Value pool = ofStrings ? strings(vectorizer.getPoolStrings())
                         : integers(*vectorizer.getPoolInt64s());
  int64_t elements = cast<RankedTensorType>(pool.getType()).getDimSize(0);
  ArrayRef<float> weights = vectorizer.getWeights().value_or(ArrayRef<float>());
  RuntimeCall call{"tf_idf",
                   SmallVector<ExprAttr>(DYCC_TF_IDF_ATTRIBUTES),
                   {vectorizer.getX(), pool,
                    integers(countGrams(vectorizer.getNgramCounts(), elements)),
                    integers(vectorizer.getNgramIndexes()), floats(weights)}};
  call.parameters[DYCC_TF_IDF_LEAST] = expr(vectorizer.getMinGramLength());
  call.parameters[DYCC_TF_IDF_MOST] = expr(vectorizer.getMaxGramLength());
  call.parameters[DYCC_TF_IDF_SKIPS] = expr(vectorizer.getMaxSkipCount());
  call.parameters[DYCC_TF_IDF_MODE] =
      expr(llvm::StringSwitch<int64_t>(vectorizer.getMode())
               .Case("TF", DYCC_TF)
               .Case("IDF", DYCC_IDF)
               .Default(DYCC_TFIDF));
  return call;
}

} // namespace

std::optional<RuntimeCall> textCallOf(Operation *op) {
  TextCall call(op);
  return llvm::TypeSwitch<Operation *, std::optional<RuntimeCall>>(op)
      .Case([&](onnx::CastOp cast) -> std::optional<RuntimeCall> {
        if (TextCall::isString(cast.getInput()) ==
                TextCall::isString(cast.getOutput()) ||
            isNarrowFloat(cast.getInput()) || isNarrowFloat(cast.getOutput()))
          return std::nullopt;
        return call.number(cast);
      })
      .Case([&](onnx::RegexFullMatchOp match) { return call.match(match); })
      .Case([&](onnx::StringConcatOp concat) { return call.concat(concat); })
      .Case([&](onnx::StringSplitOp split) { return call.split(split); })
      .Case([&](onnx::StringNormalizerOp normalizer) {
        return call.normalizer(normalizer);
      })
      .Case([&](onnx::TfIdfVectorizerOp vectorizer) {
        return call.vectorizer(vectorizer);
      })
      .Default([](Operation *) { return std::nullopt; });
}

} // namespace dycc::fuse
