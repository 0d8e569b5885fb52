// RUN: dycc-opt %s --dycc-convert-quantized-weights --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @scales_of_blocks_stay
func.func @scales_of_blocks_stay(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {
  %q = onnx.Constant dense<[[1, 2], [3, 4], [5, 6], [7, 8]]> : tensor<4x2xui4>
  %s = onnx.Constant dense<[[0.5, 0.25], [1.0, 2.0]]> : tensor<2x2xf32>
  %p = onnx.Constant dense<[[1, 2], [3, 4]]> : tensor<2x2xui4>
  // CHECK: %[[W:.+]] = onnx.DequantizeLinear {{.+}} {axis = 0 : i64, block_size = 2 : i64} : (tensor<4x2xui4>, tensor<2x2xf32>, tensor<2x2xui4>) -> tensor<4x2xf32>
  // CHECK: onnx.MatMul %arg0, %[[W]]
  %w = onnx.DequantizeLinear %q, %s, %p {axis = 0 : i64, block_size = 2 : i64} : (tensor<4x2xui4>, tensor<2x2xf32>, tensor<2x2xui4>) -> tensor<4x2xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x4xf32>, tensor<4x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// Signed integers of four bits are 8 more without a sign, and so is their point.
// CHECK-LABEL: func.func @transposed_ones_are_turned
func.func @transposed_ones_are_turned(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
  // CHECK-DAG: %[[Q:.+]] = onnx.Constant dense<{{.}}[0, 8], [7, 9], [15, 10]]> : tensor<3x2xui4>
  // CHECK-DAG: %[[S:.+]] = onnx.Constant dense<{{.}}[5.000000e-01, 2.500000e-01], [1.000000e+00, 2.000000e+00]]> : tensor<2x2xf32>
  // CHECK-DAG: %[[P:.+]] = onnx.Constant dense<8> : tensor<ui4>
  %q = onnx.Constant dense<[[-8, -1, 7], [0, 1, 2]]> : tensor<2x3xi4>
  %s = onnx.Constant dense<[[0.5, 1.0], [0.25, 2.0]]> : tensor<2x2xf32>
  %w = onnx.DequantizeLinear %q, %s {axis = -1 : i64, block_size = 2 : i64} : (tensor<2x3xi4>, tensor<2x2xf32>) -> tensor<2x3xf32>
  %t = onnx.Transpose %w {perm = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<3x2xf32>
  // CHECK: %[[W:.+]] = onnx.DequantizeLinear %[[Q]], %[[S]], %[[P]] {axis = 0 : i64, block_size = 2 : i64}
  // CHECK-NOT: onnx.Transpose
  // CHECK: onnx.MatMul %arg0, %[[W]]
  %y = onnx.MatMul %x, %t : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @a_scale_of_a_column_is_that_of_one_block
func.func @a_scale_of_a_column_is_that_of_one_block(%x: tensor<?x3xf32>, %c: tensor<2xf32>) -> tensor<?x2xf32> {
  // CHECK-DAG: %[[Q:.+]] = onnx.Constant dense<{{.}}[-128, 0], [-1, 1], [127, 2]]> : tensor<3x2xi8>
  // CHECK-DAG: %[[S:.+]] = onnx.Constant dense<{{.}}[5.000000e-01, 2.500000e-01]]> : tensor<1x2xf32>
  %q = onnx.Constant dense<[[-128, -1, 127], [0, 1, 2]]> : tensor<2x3xi8>
  %s = onnx.Constant dense<[0.5, 0.25]> : tensor<2xf32>
  %p = onnx.Constant dense<0> : tensor<2xi8>
  %w = onnx.DequantizeLinear %q, %s, %p {axis = 0 : i64} : (tensor<2x3xi8>, tensor<2xf32>, tensor<2xi8>) -> tensor<2x3xf32>
  // CHECK: %[[W:.+]] = onnx.DequantizeLinear %[[Q]], %[[S]] {axis = 0 : i64, block_size = 3 : i64}
  // CHECK: onnx.Gemm %arg0, %[[W]], %arg1 :
  %y = onnx.Gemm %x, %w, %c {transB = 1 : i64} : (tensor<?x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @a_scale_of_the_tensor_is_that_of_all_columns
func.func @a_scale_of_the_tensor_is_that_of_all_columns(%x: tensor<?x3xf16>) -> tensor<?x2xf16> {
  // CHECK-DAG: onnx.Constant dense<5.000000e-01> : tensor<1x2xf16>
  // CHECK-DAG: onnx.Constant dense<3> : tensor<ui8>
  %q = onnx.Constant dense<[[1, 2], [3, 4], [5, 6]]> : tensor<3x2xui8>
  %s = onnx.Constant dense<0.5> : tensor<f16>
  %p = onnx.Constant dense<3> : tensor<ui8>
  // CHECK: onnx.DequantizeLinear {{.+}} {axis = 0 : i64, block_size = 3 : i64} : (tensor<3x2xui8>, tensor<1x2xf16>, tensor<ui8>) -> tensor<3x2xf16>
  %w = onnx.DequantizeLinear %q, %s, %p : (tensor<3x2xui8>, tensor<f16>, tensor<ui8>) -> tensor<3x2xf16>
  %y = onnx.MatMul %x, %w : (tensor<?x3xf16>, tensor<3x2xf16>) -> tensor<?x2xf16>
  return %y : tensor<?x2xf16>
}

// -----

// CHECK-LABEL: func.func @scales_along_the_depth_are_kept
func.func @scales_along_the_depth_are_kept(%x: tensor<?x3xf32>) -> tensor<?x2xf32> {
  %q = onnx.Constant dense<1> : tensor<3x2xi8>
  %s = onnx.Constant dense<[0.5, 0.25, 2.0]> : tensor<3xf32>
  // CHECK: onnx.DequantizeLinear {{.+}} {axis = 0 : i64} : (tensor<3x2xi8>, tensor<3xf32>)
  %w = onnx.DequantizeLinear %q, %s {axis = 0 : i64} : (tensor<3x2xi8>, tensor<3xf32>) -> tensor<3x2xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @blocks_of_columns_are_kept
func.func @blocks_of_columns_are_kept(%x: tensor<?x3xf32>) -> tensor<?x4xf32> {
  %q = onnx.Constant dense<1> : tensor<3x4xi8>
  %s = onnx.Constant dense<0.5> : tensor<3x2xf32>
  // CHECK: onnx.DequantizeLinear {{.+}} {block_size = 2 : i64}
  %w = onnx.DequantizeLinear %q, %s {axis = 1 : i64, block_size = 2 : i64} : (tensor<3x4xi8>, tensor<3x2xf32>) -> tensor<3x4xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x3xf32>, tensor<3x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func.func @values_are_kept
func.func @values_are_kept(%x: tensor<?x3xf32>, %q: tensor<3x2xi8>) -> tensor<?x2xf32> {
  %s = onnx.Constant dense<0.5> : tensor<f32>
  // CHECK: onnx.DequantizeLinear %arg1
  %w = onnx.DequantizeLinear %q, %s : (tensor<3x2xi8>, tensor<f32>) -> tensor<3x2xf32>
  %y = onnx.MatMul %x, %w : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}

// -----

// CHECK-LABEL: func.func @others_keep_what_they_read
func.func @others_keep_what_they_read(%x: tensor<?x3xf32>) -> (tensor<?x2xf32>, tensor<3x2xf32>) {
  %q = onnx.Constant dense<1> : tensor<3x2xi8>
  %s = onnx.Constant dense<0.5> : tensor<f32>
  // CHECK-DAG: %[[OWN:.+]] = onnx.DequantizeLinear {{.+}} {axis = 0 : i64, block_size = 3 : i64}
  // CHECK-DAG: %[[W:.+]] = onnx.DequantizeLinear {{.+}} : (tensor<3x2xi8>, tensor<f32>)
  %w = onnx.DequantizeLinear %q, %s : (tensor<3x2xi8>, tensor<f32>) -> tensor<3x2xf32>
  // CHECK: %[[Y:.+]] = onnx.MatMul %arg0, %[[OWN]]
  %y = onnx.MatMul %x, %w : (tensor<?x3xf32>, tensor<3x2xf32>) -> tensor<?x2xf32>
  // CHECK: return %[[Y]], %[[W]]
  return %y, %w : tensor<?x2xf32>, tensor<3x2xf32>
}
