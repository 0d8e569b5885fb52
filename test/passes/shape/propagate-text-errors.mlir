// RUN: dycc-opt %s --dycc-propagate-shapes --split-input-file --verify-diagnostics

func.func @normalizer_action(%s: tensor<4x!onnx.string>) {
  // expected-error@+1 {{expects case_change_action NONE, LOWER or UPPER, got 'TITLE'}}
  %y = onnx.StringNormalizer %s {case_change_action = "TITLE"} : (tensor<4x!onnx.string>) -> tensor<*x!onnx.string>
  return
}

// -----

func.func @normalizer_rank(%s: tensor<1x1x4x!onnx.string>) {
  // expected-error@+1 {{expects strings of rank 1, or of rank 2 with a first extent of 1, got rank 3}}
  %y = onnx.StringNormalizer %s : (tensor<1x1x4x!onnx.string>) -> tensor<*x!onnx.string>
  return
}

// -----

func.func @normalizer_rows(%s: tensor<2x4x!onnx.string>) {
  // expected-error@+1 {{expects a first extent of 1}}
  %y = onnx.StringNormalizer %s : (tensor<2x4x!onnx.string>) -> tensor<*x!onnx.string>
  return
}

// -----

func.func @vectorizer_mode(%x: tensor<4xi64>) {
  // expected-error@+1 {{expects mode TF, IDF or TFIDF, got 'TFI'}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TFI", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: 0>, pool_int64s = array<i64: 7>} : (tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_pool_of_integers(%x: tensor<4xi64>) {
  // expected-error@+1 {{expects pool_int64s for integers}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: 0>, pool_strings = ["a"]} : (tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_pool_of_strings(%x: tensor<4x!onnx.string>) {
  // expected-error@+1 {{expects pool_strings for strings}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: 0>, pool_int64s = array<i64: 7>} : (tensor<4x!onnx.string>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_counts(%x: tensor<4xi64>) {
  // expected-error@+1 {{expects ngram_counts that part the pool of 4 elements into n-grams of 1, 2, ... elements, got 1 to 4 for those of 2}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 2 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0, 1>, ngram_indexes = array<i64: 0>, pool_int64s = array<i64: 1, 2, 3, 4>} : (tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_indexes(%x: tensor<4xi64>) {
  // expected-error@+1 {{expects one of ngram_indexes for each n-gram and at least one, got 1 for 2}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: 0>, pool_int64s = array<i64: 1, 2>} : (tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_negative_index(%x: tensor<4xi64>) {
  // expected-error@+1 {{expects no negative ngram_indexes}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: -1>, pool_int64s = array<i64: 1>} : (tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_weights(%x: tensor<4xi64>) {
  // expected-error@+1 {{expects 3 weights, got 1}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: 2>, pool_int64s = array<i64: 1>, weights = array<f32: 1.0>} : (tensor<4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @vectorizer_rank(%x: tensor<1x1x4xi64>) {
  // expected-error@+1 {{expects an input of rank 2 at most, got rank 3}}
  %y = onnx.TfIdfVectorizer %x {max_gram_length = 1 : i64, max_skip_count = 0 : i64, min_gram_length = 1 : i64, mode = "TF", ngram_counts = array<i64: 0>, ngram_indexes = array<i64: 0>, pool_int64s = array<i64: 1>} : (tensor<1x1x4xi64>) -> tensor<*xf32>
  return
}

// -----

func.func @pattern(%s: tensor<4x!onnx.string>) {
  // expected-error@+1 {{expects a regular expression of RE2, got 'a(': a group is not closed}}
  %y = onnx.RegexFullMatch %s {pattern = "a("} : (tensor<4x!onnx.string>) -> tensor<*xi1>
  return
}
