// RUN: dycc-opt %s --dycc-fold-constants | FileCheck %s

// CHECK-LABEL: func.func @transpose_of_constant_is_one
// CHECK-SAME: -> tensor<3x2xf32>
func.func @transpose_of_constant_is_one() -> tensor<*xf32> {
  // CHECK: onnx.Constant dense<{{\[}}[1.0{{.*}}, 4.0{{.*}}], [2.0{{.*}}, 5.0{{.*}}], [3.0{{.*}}, 6.0{{.*}}]]> : tensor<3x2xf32>
  // CHECK-NOT: onnx.Transpose
  %0 = onnx.Constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
  %1 = onnx.Transpose %0 {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// CHECK-LABEL: func.func @chain_is_folded_in_order
func.func @chain_is_folded_in_order() -> tensor<*xi64> {
  // CHECK: %[[C:.+]] = onnx.Constant dense<{{\[}}[3], [7], [2]]> : tensor<3x1xi64>
  // CHECK-NEXT: return %[[C]]
  %a = onnx.Constant dense<[1, 2, 3, 4]> : tensor<4xi64>
  %two = onnx.Constant dense<2> : tensor<1xi64>
  %i0 = onnx.Constant dense<0> : tensor<1xi64>
  %i1 = onnx.Constant dense<1> : tensor<1xi64>
  %end = onnx.Constant dense<9223372036854775807> : tensor<1xi64>
  %odd = onnx.Slice %a, %i0, %end, %i0, %two {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<4xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
  %even = onnx.Slice %a, %i1, %end, %i0, %two {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<4xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
  %sum = onnx.Add %odd, %even : (tensor<*xi64>, tensor<*xi64>) -> tensor<*xi64>
  %all = onnx.Concat %sum, %two {axis = 0 : i64} : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %r = onnx.Unsqueeze %all, %i1 : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  return %r : tensor<*xi64>
}

// CHECK-LABEL: func.func @backward_slice_reaches_the_first
func.func @backward_slice_reaches_the_first() -> tensor<*xi64> {
  // CHECK: onnx.Constant dense<[3, 2, 1]> : tensor<3xi64>
  %a = onnx.Constant dense<[1, 2, 3]> : tensor<3xi64>
  %i0 = onnx.Constant dense<0> : tensor<1xi64>
  %m1 = onnx.Constant dense<-1> : tensor<1xi64>
  %min = onnx.Constant dense<-9223372036854775808> : tensor<1xi64>
  %r = onnx.Slice %a, %m1, %min, %i0, %m1 {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<3xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xi64>
  return %r : tensor<*xi64>
}

// CHECK-LABEL: func.func @integers_divide_and_wrap_as_in_onnx
func.func @integers_divide_and_wrap_as_in_onnx() -> (tensor<*xi32>, tensor<*xi32>) {
  // CHECK-DAG: dense<[-3, -2147483648]>
  // CHECK-DAG: dense<[-9, -2147483647]>
  %a = onnx.Constant dense<[-7, -2147483648]> : tensor<2xi32>
  %b = onnx.Constant dense<[2, -1]> : tensor<2xi32>
  %c = onnx.Constant dense<[2, 1]> : tensor<2xi32>
  %q = onnx.Div %a, %b : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi32>
  %d = onnx.Sub %a, %b : (tensor<2xi32>, tensor<2xi32>) -> tensor<*xi32>
  return %q, %d : tensor<*xi32>, tensor<*xi32>
}

// CHECK-LABEL: func.func @division_by_zero_is_kept
func.func @division_by_zero_is_kept() -> tensor<*xi32> {
  // CHECK: onnx.Div
  %a = onnx.Constant dense<1> : tensor<i32>
  %b = onnx.Constant dense<0> : tensor<i32>
  %q = onnx.Div %a, %b : (tensor<i32>, tensor<i32>) -> tensor<*xi32>
  return %q : tensor<*xi32>
}

// CHECK-LABEL: func.func @reduction_of_nothing_is_kept
func.func @reduction_of_nothing_is_kept() -> tensor<*xf32> {
  // CHECK: onnx.Tanh
  %a = onnx.Constant dense<> : tensor<0xf32>
  %b = onnx.Tanh %a : (tensor<0xf32>) -> tensor<*xf32>
  return %b : tensor<*xf32>
}

// CHECK-LABEL: func.func @cast_out_of_range_is_kept
func.func @cast_out_of_range_is_kept() -> (tensor<*xi8>, tensor<*xi8>) {
  // CHECK-DAG: onnx.Constant dense<-2> : tensor<i8>
  // CHECK-DAG: onnx.Cast
  %a = onnx.Constant dense<-2.9> : tensor<f32>
  %b = onnx.Constant dense<128.0> : tensor<f32>
  %0 = onnx.Cast %a {to = 3 : i64} : (tensor<f32>) -> tensor<*xi8>
  %1 = onnx.Cast %b {to = 3 : i64} : (tensor<f32>) -> tensor<*xi8>
  return %0, %1 : tensor<*xi8>, tensor<*xi8>
}

// CHECK-LABEL: func.func @argument_is_kept
func.func @argument_is_kept(%x: tensor<?x3xf32>, %y: tensor<2x3xf32>) -> (tensor<*xi64>, tensor<*xi64>) {
  // CHECK-DAG: onnx.Shape %{{.+}} : (tensor<?x3xf32>)
  // CHECK-DAG: onnx.Constant dense<[2, 3]>
  %0 = onnx.Shape %x : (tensor<?x3xf32>) -> tensor<*xi64>
  %1 = onnx.Shape %y : (tensor<2x3xf32>) -> tensor<*xi64>
  return %0, %1 : tensor<*xi64>, tensor<*xi64>
}

// CHECK-LABEL: func.func @large_fill_is_kept_unless_it_is_weights
func.func @large_fill_is_kept_unless_it_is_weights(%x: tensor<?x300xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[W:.+]] = onnx.Constant dense<5.000000e-01> : tensor<300x300xf32>
  // CHECK: onnx.MatMul %{{.+}}, %[[W]]
  // CHECK: onnx.ConstantOfShape
  %e = onnx.Constant dense<300> : tensor<2xi64>
  %w = onnx.ConstantOfShape %e {value = dense<0.5> : tensor<1xf32>} : (tensor<2xi64>) -> tensor<*xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x300xf32>, tensor<*xf32>) -> tensor<*xf32>
  %z = onnx.ConstantOfShape %e : (tensor<2xi64>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: func.func @large_weights_are_dequantised
func.func @large_weights_are_dequantised(%x: tensor<?x300xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[W:.+]] = onnx.Constant dense_resource<{{.+}}> : tensor<300x300xf32>
  // CHECK-NEXT: onnx.MatMul %{{.+}}, %[[W]]
  // CHECK: %[[D:.+]] = onnx.Cast
  // CHECK: onnx.Add %{{.+}}, %[[D]]
  %q = onnx.Constant dense<3> : tensor<300x300xi8>
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %f = onnx.Cast %q {to = 1 : i64} : (tensor<300x300xi8>) -> tensor<*xf32>
  %d = onnx.Mul %f, %s : (tensor<*xf32>, tensor<f32>) -> tensor<*xf32>
  %w = onnx.Transpose %d {perm = array<i64: 1, 0>} : (tensor<*xf32>) -> tensor<*xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x300xf32>, tensor<*xf32>) -> tensor<*xf32>
  // As an addend it is no weight.
  %g = onnx.Cast %q {to = 1 : i64} : (tensor<300x300xi8>) -> tensor<*xf32>
  %z = onnx.Add %x, %g : (tensor<?x300xf32>, tensor<*xf32>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// CHECK-LABEL: func.func @gemm_takes_its_weights_as_they_are
func.func @gemm_takes_its_weights_as_they_are(%x: tensor<?x2xf32>, %w: tensor<3x2xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{\[\[}}1.000000e+00, 3.000000e+00, 5.000000e+00], [2.000000e+00, 4.000000e+00, 6.000000e+00]]> : tensor<2x3xf32>
  // CHECK: onnx.Gemm %{{.+}}, %[[W]]
  // CHECK-NOT: transB = 1
  // CHECK: onnx.Gemm %{{.+}}, %arg1 {{.*}}transB = 1
  %c = onnx.Constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : tensor<3x2xf32>
  %y = onnx.Gemm %x, %c {transB = 1 : i64} : (tensor<?x2xf32>, tensor<3x2xf32>) -> tensor<*xf32>
  %z = onnx.Gemm %x, %w {transB = 1 : i64} : (tensor<?x2xf32>, tensor<3x2xf32>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}

// Strings have no bytes here; another shape of them needs none.
// CHECK-LABEL: func.func @strings_are_reshaped
func.func @strings_are_reshaped() -> (tensor<*x!onnx.string>, tensor<*x!onnx.string>) {
  // CHECK: onnx.Constant dense<{{\[\[}}"a"], ["b"]]> : tensor<2x1x!onnx.string>
  // CHECK: onnx.Concat
  %c = onnx.Constant dense<["a", "b"]> : tensor<2x!onnx.string>
  %s = onnx.Constant dense<[2, 1]> : tensor<2xi64>
  %r = onnx.Reshape %c, %s : (tensor<2x!onnx.string>, tensor<2xi64>) -> tensor<*x!onnx.string>
  %j = onnx.Concat %c, %c {axis = 0 : i64} : (tensor<2x!onnx.string>, tensor<2x!onnx.string>) -> tensor<*x!onnx.string>
  return %r, %j : tensor<*x!onnx.string>, tensor<*x!onnx.string>
}
