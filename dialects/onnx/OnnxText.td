// Written by tools/scripts/gen-onnx-dialect, do not edit.
#ifndef DYCC_DIALECTS_ONNX_ONNXTEXT_TD
#define DYCC_DIALECTS_ONNX_ONNXTEXT_TD

include "dialects/onnx/OnnxConstraints.td"

def Onnx_RegexFullMatchOp : Onnx_Op<"RegexFullMatch", "ISDOS", [], "Opaque", [
    Pure]> {
  let summary =
      "Tells which strings match a regular expression as a whole";
  let arguments = (ins Onnx_String:$X, OptionalAttr<StrAttr>:$pattern);
  let results = (outs Onnx_Bool:$Y);
}

def Onnx_StringConcatOp : Onnx_Op<"StringConcat", "ISDOS", [], "Opaque", [
    Pure]> {
  let summary =
      "Joins strings of two broadcast tensors";
  let arguments = (ins Onnx_String:$X, Onnx_String:$Y);
  let results = (outs Onnx_String:$Z);
}

def Onnx_StringNormalizerOp : Onnx_Op<"StringNormalizer", "EDO", [0], "Opaque",
                                      [
    Pure]> {
  let summary =
      "Removes stop words and changes the case of strings";
  let arguments = (ins Onnx_String:$X,
                       DefaultValuedAttr<StrAttr, "\"NONE\"">:$case_change_action,
                       DefaultValuedAttr<Onnx_IntAttr, "0">:$is_case_sensitive,
                       OptionalAttr<StrAttr>:$locale,
                       OptionalAttr<StrArrayAttr>:$stopwords);
  let results = (outs Onnx_String:$Y);
}

def Onnx_StringSplitOp : Onnx_Op<"StringSplit", "EDO", [0], "Opaque", [
    Pure]> {
  let summary =
      "Splits strings at a delimiter into a padded tensor and counts";
  let arguments = (ins Onnx_String:$X, OptionalAttr<StrAttr>:$delimiter,
                       OptionalAttr<Onnx_IntAttr>:$maxsplit);
  let results = (outs Onnx_String:$Y, Onnx_I64:$Z);
}

def Onnx_TfIdfVectorizerOp : Onnx_Op<"TfIdfVectorizer", "ISDOS", [], "Opaque", [
    Pure]> {
  let summary =
      "Counts n-grams of a pool, optionally weighted";
  let arguments = (ins Onnx_StringI32I64:$X, Onnx_IntAttr:$max_gram_length,
                       Onnx_IntAttr:$max_skip_count,
                       Onnx_IntAttr:$min_gram_length, StrAttr:$mode,
                       DenseI64ArrayAttr:$ngram_counts,
                       DenseI64ArrayAttr:$ngram_indexes,
                       OptionalAttr<DenseI64ArrayAttr>:$pool_int64s,
                       OptionalAttr<StrArrayAttr>:$pool_strings,
                       OptionalAttr<DenseF32ArrayAttr>:$weights);
  let results = (outs Onnx_F32:$Y);
}

#endif // DYCC_DIALECTS_ONNX_ONNXTEXT_TD
