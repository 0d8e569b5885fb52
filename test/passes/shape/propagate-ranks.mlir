// RUN: dycc-opt %s --dycc-propagate-ranks --split-input-file | FileCheck %s

// Only the rank and what is constant: symbols are found when ops are simple.
// CHECK-LABEL: func.func @ranks_and_constant_extents
// CHECK-SAME: (%{{.+}}: tensor<?x3xf32> {{.*}}) -> tensor<?x6xf32>
func.func @ranks_and_constant_extents(%x: tensor<?x3xf32> {dyn.dims = ["N", 3]}, %w: tensor<3x6xf32>) -> tensor<*xf32> {
  // CHECK: onnx.MatMul {{.+}} -> tensor<?x6xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x3xf32>, tensor<3x6xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @arguments_keep_their_types
// CHECK-SAME: (%{{.+}}: tensor<?xf32> {{.*}}, %{{.+}}: tensor<4xf32>)
func.func @arguments_keep_their_types(%x: tensor<?xf32> {dyn.dims = ["N"]}, %w: tensor<4xf32>) -> tensor<*xf32> {
  // CHECK: onnx.MatMul {{.+}} -> tensor<f32>
  %y = onnx.MatMul %x, %w : (tensor<?xf32>, tensor<4xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// Operators that later stages do not have are followed too. Behind the parameters
// of four channels there are four.
// CHECK-LABEL: func.func @operators_to_expand_have_ranks
func.func @operators_to_expand_have_ranks(%x: tensor<?x?xf32>, %shape: tensor<3xi64>, %p: tensor<4xf32>, %s: tensor<f32>, %z: tensor<ui8>) -> tensor<*xf32> {
  // CHECK: onnx.Reshape {{.+}} -> tensor<?x?x?xf32>
  %r = onnx.Reshape %x, %shape : (tensor<?x?xf32>, tensor<3xi64>) -> tensor<*xf32>
  // CHECK: onnx.BatchNormalization {{.+}} -> tensor<?x?x?xf32>
  %n = onnx.BatchNormalization %r, %p, %p, %p, %p {resultSegmentSizes = array<i32: 1, 0, 0>} : (tensor<*xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<*xf32>
  // CHECK: onnx.QuantizeLinear {{.+}} -> tensor<?x4x?xui8>
  %q = onnx.QuantizeLinear %n, %s, %z : (tensor<*xf32>, tensor<f32>, tensor<ui8>) -> tensor<*xui8>
  // CHECK: onnx.DequantizeLinear {{.+}} -> tensor<?x4x?xf32>
  %d = onnx.DequantizeLinear %q, %s, %z : (tensor<*xui8>, tensor<f32>, tensor<ui8>) -> tensor<*xf32>
  // CHECK: onnx.Einsum {{.+}} -> tensor<?x4xf32>
  %e = onnx.Einsum %d {equation = "...k->..."} : (tensor<*xf32>) -> tensor<*xf32>
  return %e : tensor<*xf32>
}

// -----

// Only "then" has the rank that the product takes.
// CHECK-LABEL: func.func @the_branch_that_comes_through_says_the_rank
func.func @the_branch_that_comes_through_says_the_rank(%x: tensor<?x4x?xf32> {dyn.dims = ["N", 4, "W"]}, %w: tensor<4x8xf32>) -> tensor<*xf32> {
  %last = onnx.Constant dense<-1> : tensor<1xi64>
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?x4x?xf32>) -> tensor<*xi64>
  %d = onnx.Gather %s, %last : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %c = onnx.Equal %d, %one : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  // CHECK-NOT: dyn.require
  // CHECK: onnx.If {{.+}} -> tensor<?x4xf32>
  // CHECK: onnx.Squeeze {{.+}} -> tensor<?x4xf32>
  %y = onnx.If %c : (tensor<*xi1>) -> tensor<*xf32> then {
    %a = onnx.Squeeze %x, %last : (tensor<?x4x?xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    onnx.Yield %x : tensor<?x4x?xf32>
  }
  %z = onnx.Gemm %y, %w : (tensor<*xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @what_a_trip_changes_is_no_constant
func.func @what_a_trip_changes_is_no_constant(%n: tensor<i64>, %x: tensor<1x2xf32>) -> tensor<*xf32> {
  // CHECK: onnx.Loop {{.+}} -> tensor<?x2xf32>
  // CHECK: ^bb0(%{{.+}}: tensor<i64>, %{{.+}}: tensor<i1>, %{{.+}}: tensor<?x2xf32>):
  %y = onnx.Loop %n, %x {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<i64>, tensor<1x2xf32>) -> tensor<*xf32> {
  ^bb0(%i: tensor<i64>, %c: tensor<i1>, %v: tensor<*xf32>):
    %w = onnx.Concat %v, %x {axis = 0 : i64} : (tensor<*xf32>, tensor<1x2xf32>) -> tensor<*xf32>
    onnx.Yield %c, %w : tensor<i1>, tensor<*xf32>
  }
  return %y : tensor<*xf32>
}

// -----

// Nothing is reported here. What is wrong leaves the ranks of others, and no
// extent is believed.
// CHECK-LABEL: func.func @a_bad_node_says_nothing_of_others
func.func @a_bad_node_says_nothing_of_others(%x: tensor<2x3xf32>) -> (tensor<*xf32>, tensor<*xf32>) {
  // CHECK: onnx.Relu {{.+}} -> tensor<?x?xf32>
  %y = onnx.Relu %x : (tensor<2x3xf32>) -> tensor<*xf32>
  // CHECK: onnx.ReduceMax {{.+}} -> tensor<*xf32>
  %axes = onnx.Constant dense<[0, 0, 0]> : tensor<3xi64>
  %z = onnx.ReduceMax %y, %axes : (tensor<*xf32>, tensor<3xi64>) -> tensor<*xf32>
  return %y, %z : tensor<*xf32>, tensor<*xf32>
}
