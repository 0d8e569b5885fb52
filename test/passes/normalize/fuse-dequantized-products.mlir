// RUN: dycc-opt %s --dycc-fuse-dequantized-products --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @products_are_of_the_integers
// CHECK-SAME: (%[[X:.+]]: tensor<?x4xui8>)
func.func @products_are_of_the_integers(%x: tensor<?x4xui8>) -> tensor<?x2xf32> {
  %sx = onnx.Constant dense<0.5> : tensor<f32>
  %zx = onnx.Constant dense<3> : tensor<ui8>
  // CHECK: %[[W:.+]] = onnx.Constant dense<{{.+}}> : tensor<4x2xi8>
  %w = onnx.Constant dense<[[1, 2], [3, 4], [5, 6], [-128, 127]]> : tensor<4x2xi8>
  %sw = onnx.Constant dense<[0.25, 0.5]> : tensor<2xf32>
  %a = onnx.DequantizeLinear %x, %sx, %zx : (tensor<?x4xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x4xf32>
  %b = onnx.DequantizeLinear %w, %sw : (tensor<4x2xi8>, tensor<2xf32>) -> tensor<4x2xf32>
  // CHECK: %[[I:.+]] = onnx.MatMulInteger %[[X]], %[[W]], %{{.+}} {operandSegmentSizes = array<i32: 1, 1, 1, 0>}
  // CHECK: %[[S:.+]] = onnx.Mul
  // CHECK: %[[F:.+]] = onnx.Cast %[[I]] {to = 1 : i64}
  // CHECK: %[[Y:.+]] = onnx.Mul %[[F]], %[[S]]
  // CHECK: return %[[Y]]
  %y = onnx.MatMul %a, %b : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @weights_are_transposed_as_integers
func.func @weights_are_transposed_as_integers(%x: tensor<?x4xi8>, %c: tensor<2xf32>) -> tensor<?x2xf32> {
  %sx = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<[[130, 131, 132, 133], [0, 1, 2, 3]]> : tensor<2x4xui8>
  %sw = onnx.Constant dense<[0.25, 0.5]> : tensor<2xf32>
  %zw = onnx.Constant dense<[130, 0]> : tensor<2xui8>
  %a = onnx.DequantizeLinear %x, %sx : (tensor<?x4xi8>, tensor<f32>) -> tensor<?x4xf32>
  %b = onnx.DequantizeLinear %w, %sw, %zw {axis = 0 : i64} : (tensor<2x4xui8>, tensor<2xf32>, tensor<2xui8>) -> tensor<2x4xf32>
  // CHECK: %[[T:.+]] = onnx.Transpose %{{.+}} {perm = array<i64: 1, 0>}
  // CHECK: onnx.MatMulInteger %{{.+}}, %[[T]]
  // CHECK: %[[P:.+]] = onnx.Mul
  // CHECK: %[[F:.+]] = onnx.Mul
  // CHECK: %[[Y:.+]] = onnx.Add %[[F]], %arg1
  // CHECK: return %[[Y]]
  %y = onnx.Gemm %a, %b, %c {transB = 1 : i64} : (tensor<?x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @a_gemm_with_factors_is_kept
func.func @a_gemm_with_factors_is_kept(%x: tensor<?x4xi8>, %c: tensor<2xf32>) -> tensor<?x2xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<4x2xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x4xi8>, tensor<f32>) -> tensor<?x4xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<4x2xi8>, tensor<f32>) -> tensor<4x2xf32>
  // CHECK-NOT: onnx.MatMulInteger
  // CHECK: onnx.Gemm
  %y = onnx.Gemm %a, %b, %c {beta = 2.0 : f32} : (tensor<?x4xf32>, tensor<4x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @scales_along_the_depth_are_kept
func.func @scales_along_the_depth_are_kept(%x: tensor<?x4xi8>) -> tensor<?x2xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %sw = onnx.Constant dense<0.5> : tensor<4xf32>
  %w = onnx.Constant dense<1> : tensor<4x2xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x4xi8>, tensor<f32>) -> tensor<?x4xf32>
  %b = onnx.DequantizeLinear %w, %sw {axis = 0 : i64} : (tensor<4x2xi8>, tensor<4xf32>) -> tensor<4x2xf32>
  // CHECK-NOT: onnx.MatMulInteger
  // CHECK: onnx.MatMul
  %y = onnx.MatMul %a, %b : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @weights_that_no_s8_holds_are_kept
func.func @weights_that_no_s8_holds_are_kept(%x: tensor<?x4xi8>) -> tensor<?x1xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %zw = onnx.Constant dense<1> : tensor<ui8>
  %w = onnx.Constant dense<[[1], [2], [3], [129]]> : tensor<4x1xui8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x4xi8>, tensor<f32>) -> tensor<?x4xf32>
  %b = onnx.DequantizeLinear %w, %s, %zw : (tensor<4x1xui8>, tensor<f32>, tensor<ui8>) -> tensor<4x1xf32>
  // CHECK-NOT: onnx.MatMulInteger
  // CHECK: onnx.MatMul
  %y = onnx.MatMul %a, %b : (tensor<?x4xf32>, tensor<4x1xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

// -----

// CHECK-LABEL: func.func @products_of_any_depth_are_of_the_integers
func.func @products_of_any_depth_are_of_the_integers(%x: tensor<?x3xi8>) -> tensor<?x1xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<3x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x3xi8>, tensor<f32>) -> tensor<?x3xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<3x1xi8>, tensor<f32>) -> tensor<3x1xf32>
  // CHECK: onnx.MatMulInteger %arg0
  %y = onnx.MatMul %a, %b : (tensor<?x3xf32>, tensor<3x1xf32>) -> tensor<?x1xf32>
  return %y : tensor<?x1xf32>
}

// -----

// CHECK-LABEL: func.func @products_of_two_values_are_kept
func.func @products_of_two_values_are_kept(%x: tensor<?x4xi8>, %w: tensor<4x2xi8>) -> tensor<?x2xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x4xi8>, tensor<f32>) -> tensor<?x4xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<4x2xi8>, tensor<f32>) -> tensor<4x2xf32>
  // CHECK-NOT: onnx.MatMulInteger
  // CHECK: onnx.MatMul
  %y = onnx.MatMul %a, %b : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @convolutions_are_of_the_integers
// CHECK-SAME: (%[[X:.+]]: tensor<?x3x?x?xui8>, %[[B:.+]]: tensor<2xf32>)
func.func @convolutions_are_of_the_integers(%x: tensor<?x3x?x?xui8>, %c: tensor<2xf32>) -> tensor<*xf32> {
  %sx = onnx.Constant dense<0.5> : tensor<f32>
  %zx = onnx.Constant dense<3> : tensor<ui8>
  // CHECK: %[[W:.+]] = onnx.Constant dense<1> : tensor<2x3x3x3xi8>
  %w = onnx.Constant dense<1> : tensor<2x3x3x3xi8>
  %sw = onnx.Constant dense<[0.25, 0.5]> : tensor<2xf32>
  %a = onnx.DequantizeLinear %x, %sx, %zx : (tensor<?x3x?x?xui8>, tensor<f32>, tensor<ui8>) -> tensor<?x3x?x?xf32>
  %b = onnx.DequantizeLinear %w, %sw {axis = 0 : i64} : (tensor<2x3x3x3xi8>, tensor<2xf32>) -> tensor<2x3x3x3xf32>
  // CHECK: %[[I:.+]] = onnx.ConvInteger %[[X]], %[[W]], %{{.+}} {operandSegmentSizes = array<i32: 1, 1, 1, 0>, pads = array<i64: 1, 1, 1, 1>}
  // CHECK: %[[S:.+]] = onnx.Reshape %{{.+}} : (tensor<2xf32>, tensor<3xi64>)
  // CHECK: %[[F:.+]] = onnx.Mul %{{.+}}, %[[S]]
  // CHECK: %[[R:.+]] = onnx.Cast %[[I]] {to = 1 : i64}
  // CHECK: %[[M:.+]] = onnx.Mul %[[R]], %[[F]]
  // CHECK: %[[A:.+]] = onnx.Reshape %[[B]], %{{.+}} : (tensor<2xf32>, tensor<3xi64>)
  // CHECK: %[[Y:.+]] = onnx.Add %[[M]], %[[A]]
  // CHECK: return %[[Y]]
  %y = onnx.Conv %a, %b, %c {pads = array<i64: 1, 1, 1, 1>} : (tensor<?x3x?x?xf32>, tensor<2x3x3x3xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @scales_of_other_axes_than_filters_are_kept
func.func @scales_of_other_axes_than_filters_are_kept(%x: tensor<?x2x?x?xui8>) -> tensor<*xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %sw = onnx.Constant dense<0.5> : tensor<2xf32>
  %w = onnx.Constant dense<1> : tensor<2x2x1x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x2x?x?xui8>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %b = onnx.DequantizeLinear %w, %sw {axis = 1 : i64} : (tensor<2x2x1x1xi8>, tensor<2xf32>) -> tensor<2x2x1x1xf32>
  // CHECK-NOT: onnx.ConvInteger
  // CHECK: onnx.Conv
  %y = onnx.Conv %a, %b : (tensor<?x2x?x?xf32>, tensor<2x2x1x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @filters_of_a_channel_each_are_of_the_integers
func.func @filters_of_a_channel_each_are_of_the_integers(%x: tensor<?x2x?x?xui8>) -> tensor<*xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<2x1x1x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x2x?x?xui8>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<2x1x1x1xi8>, tensor<f32>) -> tensor<2x1x1x1xf32>
  // CHECK: onnx.ConvInteger %arg0, %{{.+}} {group = 2 : i64
  %y = onnx.Conv %a, %b {group = 2 : i64} : (tensor<?x2x?x?xf32>, tensor<2x1x1x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @groups_of_four_channels_are_of_the_integers
func.func @groups_of_four_channels_are_of_the_integers(%x: tensor<?x8x?x?xui8>) -> tensor<*xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<2x4x1x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x8x?x?xui8>, tensor<f32>) -> tensor<?x8x?x?xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<2x4x1x1xi8>, tensor<f32>) -> tensor<2x4x1x1xf32>
  // CHECK: onnx.ConvInteger %arg0, %{{.+}} {group = 2 : i64
  %y = onnx.Conv %a, %b {group = 2 : i64} : (tensor<?x8x?x?xf32>, tensor<2x4x1x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// No four channels of a group lie at a multiple of four.
// CHECK-LABEL: func.func @groups_of_three_channels_are_kept
func.func @groups_of_three_channels_are_kept(%x: tensor<?x6x?x?xui8>) -> tensor<*xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<2x3x1x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x6x?x?xui8>, tensor<f32>) -> tensor<?x6x?x?xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<2x3x1x1xi8>, tensor<f32>) -> tensor<2x3x1x1xf32>
  // CHECK-NOT: onnx.ConvInteger
  // CHECK: onnx.Conv
  %y = onnx.Conv %a, %b {group = 2 : i64} : (tensor<?x6x?x?xf32>, tensor<2x3x1x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @two_filters_for_a_channel_are_kept
func.func @two_filters_for_a_channel_are_kept(%x: tensor<?x2x?x?xui8>) -> tensor<*xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<4x1x1x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x2x?x?xui8>, tensor<f32>) -> tensor<?x2x?x?xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<4x1x1x1xi8>, tensor<f32>) -> tensor<4x1x1x1xf32>
  // CHECK-NOT: onnx.ConvInteger
  // CHECK: onnx.Conv
  %y = onnx.Conv %a, %b {group = 2 : i64} : (tensor<?x2x?x?xf32>, tensor<4x1x1x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @convolutions_of_more_products_than_i32_holds_are_kept
func.func @convolutions_of_more_products_than_i32_holds_are_kept(%x: tensor<?x65537x?xui8>) -> tensor<*xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  %w = onnx.Constant dense<1> : tensor<1x65537x1xi8>
  %a = onnx.DequantizeLinear %x, %s : (tensor<?x65537x?xui8>, tensor<f32>) -> tensor<?x65537x?xf32>
  %b = onnx.DequantizeLinear %w, %s : (tensor<1x65537x1xi8>, tensor<f32>) -> tensor<1x65537x1xf32>
  // CHECK-NOT: onnx.ConvInteger
  // CHECK: onnx.Conv
  %y = onnx.Conv %a, %b : (tensor<?x65537x?xf32>, tensor<1x65537x1xf32>) -> tensor<*xf32>
  return %y : tensor<*xf32>
}
