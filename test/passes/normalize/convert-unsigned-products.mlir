// RUN: dycc-opt %s --dycc-convert-unsigned-products --dycc-fold-constants --split-input-file | FileCheck %s

// 128 times what the columns sum up to, [3, 5], is taken from what is subtracted.
// CHECK-LABEL: func.func @what_is_constant_meets
// CHECK-DAG: %[[M:.+]] = onnx.Constant dense<[-378, -630]> : tensor<2xi32>
// CHECK-DAG: %[[S:.+]] = onnx.MatMulInteger %arg0, %{{.+}} {onnx.left_less_128,
// CHECK: onnx.Sub %[[S]], %[[M]]
func.func @what_is_constant_meets(%x: tensor<?x2xui8>) -> tensor<?x2xi32> {
  %w = onnx.Constant dense<[[1, 2], [2, 3]]> : tensor<2x2xi8>
  %m = onnx.Constant dense<[6, 10]> : tensor<2xi32>
  %s = onnx.MatMulInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x2xui8>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %y = onnx.Sub %s, %m : (tensor<?x2xi32>, tensor<2xi32>) -> tensor<?x2xi32>
  return %y : tensor<?x2xi32>
}

// -----

// CHECK-LABEL: func.func @sums_alone
// CHECK-DAG: %[[M:.+]] = onnx.Constant dense<[384, 640]> : tensor<2xi32>
// CHECK-DAG: %[[S:.+]] = onnx.MatMulInteger
// CHECK: %[[Y:.+]] = onnx.Add %[[S]], %[[M]]
// CHECK: return %[[Y]]
func.func @sums_alone(%x: tensor<?x2xui8>) -> tensor<?x2xi32> {
  %w = onnx.Constant dense<[[1, 2], [2, 3]]> : tensor<2x2xi8>
  %s = onnx.MatMulInteger %x, %w {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x2xui8>, tensor<2x2xi8>) -> tensor<?x2xi32>
  return %s : tensor<?x2xi32>
}

// -----

// CHECK-LABEL: func.func @filters
// CHECK-DAG: %[[M:.+]] = onnx.Constant dense<{{\[\[\[}}384]], {{\[\[}}640]]]> : tensor<2x1x1xi32>
// CHECK-DAG: %[[S:.+]] = onnx.ConvInteger {{.+}}onnx.left_less_128
// CHECK: onnx.Add %[[S]], %[[M]]
func.func @filters(%x: tensor<1x2x?x?xui8>) -> tensor<1x2x?x?xi32> {
  %w = onnx.Constant dense<[[[[1]], [[2]]], [[[2]], [[3]]]]> : tensor<2x2x1x1xi8>
  %s = onnx.ConvInteger %x, %w {onnx.padded_with_point, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<1x2x?x?xui8>, tensor<2x2x1x1xi8>) -> tensor<1x2x?x?xi32>
  return %s : tensor<1x2x?x?xi32>
}

// -----

// A filter for each channel has no dot products, and s8 is there already.
// CHECK-LABEL: func.func @others
// CHECK-NOT: left_less_128
func.func @others(%x: tensor<1x2x?x?xui8>, %s: tensor<?x2xi8>, %p: tensor<i8>) -> (tensor<1x2x?x?xi32>, tensor<?x2xi32>, tensor<?x2xi32>) {
  %w = onnx.Constant dense<[[[[1]]], [[[2]]]]> : tensor<2x1x1x1xi8>
  %a = onnx.ConvInteger %x, %w {onnx.padded_with_point, group = 2 : i64, operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<1x2x?x?xui8>, tensor<2x1x1x1xi8>) -> tensor<1x2x?x?xi32>
  %m = onnx.Constant dense<[[1, 2], [2, 3]]> : tensor<2x2xi8>
  %b = onnx.MatMulInteger %s, %m {operandSegmentSizes = array<i32: 1, 1, 0, 0>} : (tensor<?x2xi8>, tensor<2x2xi8>) -> tensor<?x2xi32>
  %c = onnx.MatMulInteger %s, %m, %p {operandSegmentSizes = array<i32: 1, 1, 1, 0>} : (tensor<?x2xi8>, tensor<2x2xi8>, tensor<i8>) -> tensor<?x2xi32>
  return %a, %b, %c : tensor<1x2x?x?xi32>, tensor<?x2xi32>, tensor<?x2xi32>
}
