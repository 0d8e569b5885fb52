// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @text
// CHECK-SAME: %[[S:[a-z0-9]+]]: tensor<*x!onnx.string>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @text(%s: tensor<*x!onnx.string>, %i: tensor<*xi64>) {
  // CHECK: onnx.RegexFullMatch %[[S]] : (tensor<*x!onnx.string>) -> tensor<*xi1>
  %regexFullMatch = onnx.RegexFullMatch %s : (tensor<*x!onnx.string>) -> tensor<*xi1>
  // CHECK: onnx.StringConcat %[[S]], %[[S]] : (tensor<*x!onnx.string>, tensor<*x!onnx.string>) -> tensor<*x!onnx.string>
  %stringConcat = onnx.StringConcat %s, %s : (tensor<*x!onnx.string>, tensor<*x!onnx.string>) -> tensor<*x!onnx.string>
  // CHECK: onnx.StringNormalizer %[[S]] {stopwords = ["a", "the"]} : (tensor<*x!onnx.string>) -> tensor<*x!onnx.string>
  %stringNormalizer = onnx.StringNormalizer %s {stopwords = ["a", "the"]} : (tensor<*x!onnx.string>) -> tensor<*x!onnx.string>
  // CHECK: onnx.StringSplit %[[S]] : (tensor<*x!onnx.string>) -> (tensor<*x!onnx.string>, tensor<*xi64>)
  %stringSplit:2 = onnx.StringSplit %s : (tensor<*x!onnx.string>) -> (tensor<*x!onnx.string>, tensor<*xi64>)
  // CHECK: onnx.TfIdfVectorizer %[[I]] {max_gram_length = 1 : i64, max_skip_count = 1 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 1, 1>, ngram_indexes = array<i64: 1, 1>} : (tensor<*xi64>) -> tensor<*xf32>
  %tfIdfVectorizer = onnx.TfIdfVectorizer %i {max_gram_length = 1 : i64, max_skip_count = 1 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 1, 1>, ngram_indexes = array<i64: 1, 1>} : (tensor<*xi64>) -> tensor<*xf32>
  return
}
