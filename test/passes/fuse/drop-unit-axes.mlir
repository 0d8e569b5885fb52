// RUN: dycc-opt %s --dycc-drop-unit-axes | FileCheck %s

!x = tensor<?x8x?x1xf32, #dyn.value<[N, 8, H, 1]>>
!y = tensor<?x4x?x1xf32, #dyn.value<[N, 4, H - 4, 1]>>
!w = tensor<4x8x5x1xf32, #dyn.value<[4, 8, 5, 1]>>
dyn.symbol @N in [0, 64]
dyn.symbol @H in [5, 64]

// CHECK-LABEL: func.func @column_is_a_signal
// CHECK: %[[V:.+]] = dyn.view %arg0 : {{.+}} -> tensor<?x8x?xf32, #dyn.value<[N, 8, H]>>
// CHECK: %[[W:.+]] = onnx.Constant dense<2.000000e+00> : tensor<4x8x5xf32> -> tensor<4x8x5xf32, #dyn.value<[4, 8, 5]>>
// CHECK: %[[C:.+]] = onnx.Conv %[[V]], %[[W]] {dilations = array<i64: 1>, kernel_shape = array<i64: 5>, pads = array<i64: 0, 0>, strides = array<i64: 1>}
// CHECK: %[[Y:.+]] = dyn.view %[[C]] : {{.+}} -> tensor<?x4x?x1xf32, #dyn.value<[N, 4, H - 4, 1]>>
// CHECK: return %[[Y]]
func.func @column_is_a_signal(%x: !x) -> !y {
  %w = onnx.Constant dense<2.0> : tensor<4x8x5x1xf32> -> !w
  %y = onnx.Conv %x, %w {dilations = array<i64: 1, 1>, kernel_shape = array<i64: 5, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 2>} : (!x, !w) -> !y
  return %y : !y
}

// CHECK-LABEL: func.func @padded_axis_is_kept
// CHECK-NOT: dyn.view
// CHECK: onnx.Conv
func.func @padded_axis_is_kept(%x: !x) -> tensor<?x4x?x1xf32, #dyn.value<[N, 4, H - 4, 1]>> {
  %w = onnx.Constant dense<2.0> : tensor<4x8x5x3xf32> -> tensor<4x8x5x3xf32, #dyn.value<[4, 8, 5, 3]>>
  %y = onnx.Conv %x, %w {pads = array<i64: 0, 1, 0, 1>} : (!x, tensor<4x8x5x3xf32, #dyn.value<[4, 8, 5, 3]>>) -> !y
  return %y : !y
}

// CHECK-LABEL: func.func @one_axis_is_left
// CHECK: onnx.Conv {{.+}} -> tensor<?x4x1xf32, #dyn.value<[N, 4, 1]>>
func.func @one_axis_is_left(%x: tensor<?x8x1x1xf32, #dyn.value<[N, 8, 1, 1]>>) -> tensor<?x4x1x1xf32, #dyn.value<[N, 4, 1, 1]>> {
  %w = onnx.Constant dense<2.0> : tensor<4x8x1x1xf32> -> tensor<4x8x1x1xf32, #dyn.value<[4, 8, 1, 1]>>
  %y = onnx.Conv %x, %w : (tensor<?x8x1x1xf32, #dyn.value<[N, 8, 1, 1]>>, tensor<4x8x1x1xf32, #dyn.value<[4, 8, 1, 1]>>) -> tensor<?x4x1x1xf32, #dyn.value<[N, 4, 1, 1]>>
  return %y : tensor<?x4x1x1xf32, #dyn.value<[N, 4, 1, 1]>>
}

// CHECK-LABEL: func.func @transpose_moves_what_has_elements
// CHECK: %[[V:.+]] = dyn.view %arg0 : {{.+}} -> tensor<?x8x?xf32, #dyn.value<[N, 8, H]>>
// CHECK: %[[T:.+]] = onnx.Transpose %[[V]] {perm = array<i64: 0, 2, 1>} : {{.+}} -> tensor<?x?x8xf32, #dyn.value<[N, H, 8]>>
// CHECK: dyn.view %[[T]] : {{.+}} -> tensor<1x?x?x8xf32, #dyn.value<[1, N, H, 8]>>
func.func @transpose_moves_what_has_elements(%x: !x) -> tensor<1x?x?x8xf32, #dyn.value<[1, N, H, 8]>> {
  %y = onnx.Transpose %x {perm = array<i64: 3, 0, 2, 1>} : (!x) -> tensor<1x?x?x8xf32, #dyn.value<[1, N, H, 8]>>
  return %y : tensor<1x?x?x8xf32, #dyn.value<[1, N, H, 8]>>
}

// CHECK-LABEL: func.func @transpose_of_unit_axes_is_a_view
// CHECK-NOT: onnx.Transpose
// CHECK: dyn.view %arg0 : {{.+}} -> tensor<?x1x8x?xf32, #dyn.value<[N, 1, 8, H]>>
func.func @transpose_of_unit_axes_is_a_view(%x: !x) -> tensor<?x1x8x?xf32, #dyn.value<[N, 1, 8, H]>> {
  %y = onnx.Transpose %x {perm = array<i64: 0, 3, 1, 2>} : (!x) -> tensor<?x1x8x?xf32, #dyn.value<[N, 1, 8, H]>>
  return %y : tensor<?x1x8x?xf32, #dyn.value<[N, 1, 8, H]>>
}

// CHECK-LABEL: func.func @full_transpose_is_kept
// CHECK-NOT: dyn.view
// CHECK: onnx.Transpose
func.func @full_transpose_is_kept(%x: tensor<?x?xf32, #dyn.value<[N, H]>>) -> tensor<?x?xf32, #dyn.value<[H, N]>> {
  %y = onnx.Transpose %x : (tensor<?x?xf32, #dyn.value<[N, H]>>) -> tensor<?x?xf32, #dyn.value<[H, N]>>
  return %y : tensor<?x?xf32, #dyn.value<[H, N]>>
}
