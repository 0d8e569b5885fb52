// RUN: dycc-opt %s --dycc-lower-runtime-ops | FileCheck %s

dyn.symbol @N in [0, 64]
dyn.symbol @n0 in [0, 64] execution bound N
dyn.symbol @k in [0, 2147483647] execution

// CHECK-LABEL: func.func @non_zero_defines_its_count
func.func @non_zero_defines_its_count(%x: tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, n0]>> {
  // CHECK: dyn.runtime "non_zero"(%{{.+}}) defines [@n0] :
  %y = onnx.NonZero %x : (tensor<?xi1, #dyn.value<[N]>>) -> tensor<1x?xi64, #dyn.value<[1, n0]>>
  return %y : tensor<1x?xi64, #dyn.value<[1, n0]>>
}

// CHECK-LABEL: func.func @top_k_has_its_parameters
func.func @top_k_has_its_parameters(%x: tensor<?x8xf32, #dyn.value<[N, 8]>>) -> tensor<?x3xf32, #dyn.value<[N, 3]>> {
  %k = onnx.Constant dense<3> : tensor<1xi64>
  // CHECK: dyn.runtime "top_k"(%{{.+}}) with [1, 3, 1, 1] :
  %v, %i = onnx.TopK %x, %k : (tensor<?x8xf32, #dyn.value<[N, 8]>>, tensor<1xi64>) -> (tensor<?x3xf32, #dyn.value<[N, 3]>>, tensor<?x3xi64, #dyn.value<[N, 3]>>)
  return %v : tensor<?x3xf32, #dyn.value<[N, 3]>>
}

// CHECK-LABEL: func.func @top_k_does_not_define_what_was_read
func.func @top_k_does_not_define_what_was_read(%x: tensor<?xf32, #dyn.value<[N]>>, %n: tensor<1xi64, #dyn.value<[1]>>) -> tensor<?xf32, #dyn.value<[k]>> {
  dyn.read %n[0] as @k : tensor<1xi64, #dyn.value<[1]>>
  %k = dyn.symbolic [k] : tensor<1xi64, #dyn.value<[1]>>
  // CHECK: dyn.runtime "top_k"(%{{.+}}) with [0, k, 1, 1] :
  %v, %i = onnx.TopK %x, %k : (tensor<?xf32, #dyn.value<[N]>>, tensor<1xi64, #dyn.value<[1]>>) -> (tensor<?xf32, #dyn.value<[k]>>, tensor<?xi64, #dyn.value<[k]>>)
  return %v : tensor<?xf32, #dyn.value<[k]>>
}

// CHECK-LABEL: func.func @suppression_names_its_operands
func.func @suppression_names_its_operands(%b: tensor<1x?x4xf32, #dyn.value<[1, N, 4]>>, %s: tensor<1x1x?xf32, #dyn.value<[1, 1, N]>>, %t: tensor<1xf32, #dyn.value<[1]>>) -> tensor<?x3xi64, #dyn.value<[n0, 3]>> {
  %k = onnx.Constant dense<3> : tensor<1xi64, #dyn.value<[1]>>
  // CHECK: dyn.runtime "non_max_suppression"(%{{.+}}, %{{.+}}, %{{.+}}, %{{.+}}) defines [@n0] with [1, 5] :
  %y = "onnx.NonMaxSuppression"(%b, %s, %k, %t) {center_point_box = 1 : i64, operandSegmentSizes = array<i32: 1, 1, 1, 0, 1>} : (tensor<1x?x4xf32, #dyn.value<[1, N, 4]>>, tensor<1x1x?xf32, #dyn.value<[1, 1, N]>>, tensor<1xi64, #dyn.value<[1]>>, tensor<1xf32, #dyn.value<[1]>>) -> tensor<?x3xi64, #dyn.value<[n0, 3]>>
  return %y : tensor<?x3xi64, #dyn.value<[n0, 3]>>
}

// The extents of what is drawn are known before; the bits of its seed, too.
// CHECK-LABEL: func.func @draws_define_no_extent
func.func @draws_define_no_extent(%m: tensor<?x?xi1, #dyn.value<[N, M]>>) -> (tensor<2x?xf32, #dyn.value<[2, n0]>>, tensor<3xf64, #dyn.value<[3]>>) {
  %i = onnx.NonZero %m : (tensor<?x?xi1, #dyn.value<[N, M]>>) -> tensor<2x?xi64, #dyn.value<[2, n0]>>
  // CHECK: dyn.runtime "random_uniform"() with [0, 0] : () -> tensor<2x?xf32
  // CHECK: dyn.runtime "random_uniform"() with [1, 1065353216] : () -> tensor<3xf64
  %u = "onnx.RandomUniformLike"(%i) {dtype = 1 : i64} : (tensor<2x?xi64, #dyn.value<[2, n0]>>) -> tensor<2x?xf32, #dyn.value<[2, n0]>>
  %v = "onnx.RandomUniform"() {shape = array<i64: 3>, dtype = 11 : i64, seed = 1.0 : f32} : () -> tensor<3xf64, #dyn.value<[3]>>
  return %u, %v : tensor<2x?xf32, #dyn.value<[2, n0]>>, tensor<3xf64, #dyn.value<[3]>>
}

// CHECK-LABEL: func.func @trees_keep_their_tables
func.func @trees_keep_their_tables(%x: tensor<?x8xf32, #dyn.value<[N, 8]>>, %n: tensor<3x16xui8, #dyn.value<[3, 16]>>, %r: tensor<1x2xi32, #dyn.value<[1, 2]>>) -> tensor<?x1xf32, #dyn.value<[N, 1]>> {
  // CHECK: dyn.runtime "decision_trees"(%{{.+}}, %{{.+}}, %{{.+}}) with [2, 1, 7] :
  %y = onnx.DecisionTrees %x, %n, %r {features = 4 : i64, reduction = 1 : i64, steps = 7 : i64, targets = 1 : i64, test = 2 : i64} : (tensor<?x8xf32, #dyn.value<[N, 8]>>, tensor<3x16xui8, #dyn.value<[3, 16]>>, tensor<1x2xi32, #dyn.value<[1, 2]>>) -> tensor<?x1xf32, #dyn.value<[N, 1]>>
  return %y : tensor<?x1xf32, #dyn.value<[N, 1]>>
}

// CHECK-LABEL: func.func @determinants_have_no_parameters
func.func @determinants_have_no_parameters(%x: tensor<?x3x3xf32, #dyn.value<[N, 3, 3]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  // CHECK: dyn.runtime "det"(%{{.+}}) :
  %y = onnx.Det %x : (tensor<?x3x3xf32, #dyn.value<[N, 3, 3]>>) -> tensor<?xf32, #dyn.value<[N]>>
  return %y : tensor<?xf32, #dyn.value<[N]>>
}

// CHECK-LABEL: func.func @relu_is_kept
func.func @relu_is_kept(%x: tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>> {
  // CHECK: onnx.Relu
  %y = onnx.Relu %x : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>>
  return %y : tensor<?xf32, #dyn.value<[N]>>
}

// Strings that are attributes become constants; numbers are written and read.
// CHECK-LABEL: func.func @what_looks_into_strings
func.func @what_looks_into_strings(%x: tensor<?x!onnx.string, #dyn.value<[N]>>) {
  // CHECK: %[[PLUS:.+]] = dyn.runtime "string_concat"(%{{.+}}, %{{.+}}) :
  %z = onnx.StringConcat %x, %x : (tensor<?x!onnx.string, #dyn.value<[N]>>, tensor<?x!onnx.string, #dyn.value<[N]>>) -> tensor<?x!onnx.string, #dyn.value<[N]>>
  // CHECK: %[[BY:.+]] = onnx.Constant dense<"-"> : tensor<1x!onnx.string> -> tensor<1x!onnx.string, #dyn.value<[1]>>
  // CHECK: dyn.runtime "string_split"(%[[PLUS]], %[[BY]]) defines [@k] with [2] :
  %p:2 = onnx.StringSplit %z {delimiter = "-", maxsplit = 2 : i64} : (tensor<?x!onnx.string, #dyn.value<[N]>>) -> (tensor<?x?x!onnx.string, #dyn.value<[N, k]>>, tensor<?xi64, #dyn.value<[N]>>)
  // CHECK: %[[STOP:.+]] = onnx.Constant dense<["a", "the"]>
  // CHECK: dyn.runtime "string_normalizer"(%{{.+}}, %[[STOP]]) defines [@k] with [2, 1] :
  %n = onnx.StringNormalizer %x {case_change_action = "UPPER", is_case_sensitive = 1 : i64, stopwords = ["a", "the"]} : (tensor<?x!onnx.string, #dyn.value<[N]>>) -> tensor<?x!onnx.string, #dyn.value<[k]>>
  // CHECK: %[[NUMBER:.+]] = dyn.runtime "string_to_number"(
  %f = onnx.Cast %x {to = 1 : i64} : (tensor<?x!onnx.string, #dyn.value<[N]>>) -> tensor<?xf32, #dyn.value<[N]>>
  // CHECK: dyn.runtime "number_to_string"(%[[NUMBER]])
  %t = onnx.Cast %f {to = 8 : i64} : (tensor<?xf32, #dyn.value<[N]>>) -> tensor<?x!onnx.string, #dyn.value<[N]>>
  // CHECK: %[[POOL:.+]] = onnx.Constant dense<["a", "b", "c"]>
  // CHECK: %[[COUNTS:.+]] = onnx.Constant dense<1> : tensor<2xi64>
  // CHECK: %[[PLACES:.+]] = onnx.Constant dense<[0, 4]>
  // CHECK: %[[NONE:.+]] = onnx.Constant dense<> : tensor<0xf32>
  // CHECK: dyn.runtime "tf_idf"(%{{.+}}, %[[POOL]], %[[COUNTS]], %[[PLACES]], %[[NONE]]) with [1, 2, 5, 1] :
  %g = onnx.TfIdfVectorizer %x {max_gram_length = 2 : i64, max_skip_count = 5 : i64, min_gram_length = 1 : i64, mode = "IDF", ngram_counts = array<i64: 0, 1>, ngram_indexes = array<i64: 0, 4>, pool_strings = ["a", "b", "c"]} : (tensor<?x!onnx.string, #dyn.value<[N]>>) -> tensor<5xf32, #dyn.value<[5]>>
  // CHECK: %[[PROGRAM:.+]] = onnx.Constant dense<[3, 1, 10, 1, 1, 12, 1, 0, 0, 0, 97, 97, 98, 100]> : tensor<14xi32>
  // CHECK: dyn.runtime "regex_full_match"(%{{.+}}, %[[PROGRAM]]) :
  %m = onnx.RegexFullMatch %x {pattern = "a[b-d]"} : (tensor<?x!onnx.string, #dyn.value<[N]>>) -> tensor<?xi1, #dyn.value<[N]>>
  // CHECK: onnx.Equal
  %e = onnx.Equal %x, %t : (tensor<?x!onnx.string, #dyn.value<[N]>>, tensor<?x!onnx.string, #dyn.value<[N]>>) -> tensor<?xi1, #dyn.value<[N]>>
  return
}
