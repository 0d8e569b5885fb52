// RUN: dycc-opt %s --dycc-expand-functions --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @plain_draws_stay
func.func @plain_draws_stay(%x: tensor<?xi64>) -> (tensor<*xf64>, tensor<*xf32>) {
  // CHECK-NEXT: %[[U:.+]] = onnx.RandomUniformLike %{{.+}} {dtype = 11 : i64}
  // CHECK-NEXT: %[[V:.+]] = onnx.RandomUniform {shape = array<i64: 3>}
  // CHECK-NEXT: return %[[U]], %[[V]]
  %u = "onnx.RandomUniformLike"(%x) {dtype = 11 : i64} : (tensor<?xi64>) -> tensor<*xf64>
  %v = "onnx.RandomUniform"() {shape = array<i64: 3>} : () -> tensor<*xf32>
  return %u, %v : tensor<*xf64>, tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @intervals_are_scaled_in_f32
func.func @intervals_are_scaled_in_f32(%x: tensor<?xf16>) -> tensor<*xf16> {
  // CHECK: %[[U:.+]] = onnx.RandomUniformLike %{{.+}} {dtype = 1 : i64, seed = 4.000000e+00 : f32}
  // CHECK: %[[F:.+]] = onnx.Constant dense<5.000000e+00>
  // CHECK: %[[P:.+]] = onnx.Mul %[[U]], %[[F]]
  // CHECK: %[[L:.+]] = onnx.Constant dense<-2.000000e+00>
  // CHECK: %[[S:.+]] = onnx.Add %[[P]], %[[L]]
  // CHECK: onnx.Cast %[[S]] {to = 10 : i64}
  %u = "onnx.RandomUniformLike"(%x) {low = -2.0 : f32, high = 3.0 : f32, seed = 4.0 : f32} : (tensor<?xf16>) -> tensor<*xf16>
  return %u : tensor<*xf16>
}

// -----

// CHECK-LABEL: func.func @normal_numbers_take_two_draws
func.func @normal_numbers_take_two_draws() -> tensor<*xf32> {
  // CHECK-COUNT-2: onnx.RandomUniform {{{.*}}shape = array<i64: 2, 3>}
  // CHECK: onnx.Cos
  // CHECK-NOT: RandomUniform
  %y = "onnx.RandomNormal"() {shape = array<i64: 2, 3>, mean = 1.0 : f32} : () -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @ones_where_the_draw_is_below
func.func @ones_where_the_draw_is_below(%p: tensor<?xf64>) -> tensor<*xi32> {
  // CHECK: %[[U:.+]] = onnx.RandomUniformLike %[[P:.+]] {dtype = 11 : i64}
  // CHECK: %[[B:.+]] = onnx.Less %[[U]], %[[P]]
  // CHECK: onnx.Cast %[[B]]
  %y = "onnx.Bernoulli"(%p) {dtype = 6 : i64} : (tensor<?xf64>) -> tensor<*xi32>
  return %y : tensor<*xi32>
}

// -----

// CHECK-LABEL: func.func @classes_by_summed_shares
func.func @classes_by_summed_shares(%x: tensor<?x?xf32>) -> tensor<*xi64> {
  // CHECK: onnx.Softmax
  // CHECK: onnx.CumSum
  // CHECK: onnx.RandomUniformLike
  // CHECK: onnx.LessOrEqual
  // CHECK: onnx.ReduceSum
  // CHECK: onnx.Min
  %y = "onnx.Multinomial"(%x) {dtype = 7 : i64, sample_size = 5 : i64} : (tensor<?x?xf32>) -> tensor<*xi64>
  return %y : tensor<*xi64>
}
