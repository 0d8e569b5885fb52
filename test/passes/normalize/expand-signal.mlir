// RUN: dycc-opt %s --dycc-expand-functions --split-input-file | FileCheck %s

// A transform of known length has its factors written out: those of the real
// parts, and of 4 / 2 + 1 bins a real and an imaginary one. Those of right
// angles are 0.
// CHECK-LABEL: func.func @dft_is_a_product
func.func @dft_is_a_product(%x: tensor<?x4x1xf32>) -> tensor<*xf32> {
  // CHECK: %[[M:.+]] = onnx.Constant dense<{{\[\[}}1.000000e+00, 0.000000e+00, 1.000000e+00, 0.000000e+00, 1.000000e+00, 0.000000e+00]
  // CHECK-SAME: [1.000000e+00, 0.000000e+00, 0.000000e+00, -1.000000e+00, -1.000000e+00, 0.000000e+00]
  // CHECK-SAME: : tensor<4x6xf64>
  // CHECK: %[[X:.+]] = onnx.Cast
  // CHECK: %[[R:.+]] = onnx.Reshape %[[X]]
  // CHECK: %[[P:.+]] = onnx.MatMul %[[R]], %[[M]]
  // CHECK: onnx.Reshape %[[P]]
  %y = "onnx.DFT"(%x) {onesided = 1 : i64, operandSegmentSizes = array<i32: 1, 0, 0>} : (tensor<?x4x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @dft_along_an_axis_of_the_run_has_branches
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor<i64>)
func.func @dft_along_an_axis_of_the_run_has_branches(%x: tensor<?x?x2xf32>, %a: tensor<i64>) -> tensor<*xf32> {
  // CHECK: %[[AXES:.+]] = onnx.Constant dense<[0, 1]> : tensor<2xi64>
  // CHECK: %[[AXIS:.+]] = onnx.Gather %[[AXES]]
  // CHECK: %[[FIRST:.+]] = onnx.Equal %[[AXIS]]
  // CHECK: %[[Y:.+]] = onnx.If %[[FIRST]]
  // CHECK: onnx.Transpose %{{.+}} {perm = array<i64: 1, 0, 2>}
  // CHECK: onnx.MatMul
  // CHECK: onnx.Yield
  // CHECK-NOT: onnx.Transpose
  // CHECK: onnx.MatMul
  // CHECK: onnx.Yield
  // CHECK: return %[[Y]]
  %y = "onnx.DFT"(%x, %a) {operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x?x2xf32>, tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @dft_along_another_axis_is_moved
func.func @dft_along_another_axis_is_moved(%x: tensor<?x?x2xf32>) -> tensor<*xf32> {
  %axis = "onnx.Constant"() {value = dense<0> : tensor<i64>} : () -> tensor<i64>
  // CHECK: onnx.Transpose %{{.+}} {perm = array<i64: 1, 0, 2>}
  // CHECK: onnx.Mod
  // CHECK: %[[Q:.+]] = onnx.Equal
  // CHECK: %[[C:.+]] = onnx.Cos
  // CHECK: onnx.Where %[[Q]], %{{.+}}, %[[C]]
  // CHECK: onnx.MatMul
  // CHECK: onnx.Transpose %{{.+}} {perm = array<i64: 1, 0, 2>}
  %y = "onnx.DFT"(%x, %axis) {inverse = 1 : i64, operandSegmentSizes = array<i32: 1, 0, 1>} : (tensor<?x?x2xf32>, tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @stft_gathers_frames
func.func @stft_gathers_frames(%x: tensor<?x?xf32>, %w: tensor<8xf32>) -> tensor<*xf32> {
  %step = "onnx.Constant"() {value = dense<4> : tensor<i64>} : () -> tensor<i64>
  // CHECK: %[[F:.+]] = onnx.Gather %{{.+}} {axis = 1 : i64}
  // CHECK: onnx.Mul
  // CHECK: onnx.MatMul
  %y = "onnx.STFT"(%x, %step, %w) {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x?xf32>, tensor<i64>, tensor<8xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @windows_are_sums_of_cosines
func.func @windows_are_sums_of_cosines(%n: tensor<i64>) -> tensor<*xf32> {
  // CHECK: onnx.Range
  // CHECK-COUNT-2: onnx.Cos
  // CHECK-NOT: onnx.Cos
  %y = "onnx.BlackmanWindow"(%n) : (tensor<i64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @centre_crop_pad_cuts_then_pads
func.func @centre_crop_pad_cuts_then_pads(%x: tensor<?x?x?xf32>, %s: tensor<2xi64>) -> tensor<*xf32> {
  // CHECK: %[[A:.+]] = onnx.Constant dense<[0, 2]>
  // CHECK: %[[S:.+]] = onnx.Slice %{{.+}}, %{{.+}}, %{{.+}}, %[[A]]
  // CHECK: onnx.Pad %[[S]], %{{.+}}, %[[A]]
  %y = "onnx.CenterCropPad"(%x, %s) {axes = array<i64: 0, -1>} : (tensor<?x?x?xf32>, tensor<2xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @affine_grid_adds_up_axes
func.func @affine_grid_adds_up_axes(%t: tensor<?x2x3xf32>, %s: tensor<4xi64>) -> tensor<*xf32> {
  // CHECK-COUNT-2: onnx.Range
  // CHECK-NOT: onnx.MatMul
  // CHECK: return
  %y = "onnx.AffineGrid"(%t, %s) : (tensor<?x2x3xf32>, tensor<4xi64>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @mel_weights_are_two_slopes
func.func @mel_weights_are_two_slopes(%n: tensor<i64>, %l: tensor<i64>, %r: tensor<i64>, %a: tensor<f32>, %b: tensor<f32>) -> tensor<*xf32> {
  // CHECK-COUNT-2: onnx.Log
  // CHECK: onnx.Floor
  // CHECK-COUNT-3: onnx.Where
  %y = "onnx.MelWeightMatrix"(%n, %l, %r, %a, %b) : (tensor<i64>, tensor<i64>, tensor<i64>, tensor<f32>, tensor<f32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
