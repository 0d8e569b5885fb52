// RUN: dycc-opt %s --dycc-expand-functions --dycc-fold-constants | FileCheck %s

// Each of the four phases has every second tap, from the last to the first.
// CHECK-LABEL: func.func @phases
// CHECK: %[[W:.+]] = onnx.Constant dense<{{\[\[\[\[}}8.000000e+00, 6.000000e+00], [2.000000e+00, 0.000000e+00]]], {{\[\[\[}}0.000000e+00, 7.000000e+00], [0.000000e+00, 1.000000e+00]]], {{\[\[\[}}0.000000e+00, 0.000000e+00], [5.000000e+00, 3.000000e+00]]], {{\[\[\[}}0.000000e+00, 0.000000e+00], [0.000000e+00, 4.000000e+00]]]]>
// CHECK: %[[Y:.+]] = onnx.Conv %arg0, %[[W]] {{.*}}pads = array<i64: 1, 1, 1, 1>
// CHECK: %[[S:.+]] = onnx.DepthToSpace %[[Y]] {{.*}}{blocksize = 2 : i64}
// CHECK: onnx.Slice %[[S]]
// CHECK-NOT: ConvTranspose
func.func @phases(%x: tensor<?x1x?x?xf32>) -> tensor<?x1x?x?xf32> {
  %w = onnx.Constant dense<[[[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]]]> : tensor<1x1x3x3xf32>
  %y = onnx.ConvTranspose %x, %w {strides = array<i64: 2, 2>} : (tensor<?x1x?x?xf32>, tensor<1x1x3x3xf32>) -> tensor<?x1x?x?xf32>
  return %y : tensor<?x1x?x?xf32>
}

// A filter as large as the stride: nothing is cut off, and each phase has the
// bias of the channels.
// CHECK-LABEL: func.func @whole
// CHECK-DAG: %[[B:.+]] = onnx.Constant dense<[1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00, 1.000000e+00, 2.000000e+00]>
// CHECK: onnx.Conv %arg0, %{{.+}}, %[[B]] {{.*}}pads = array<i64: 0, 0, 0, 0>
// CHECK: onnx.DepthToSpace
// CHECK-NOT: onnx.Slice
func.func @whole(%x: tensor<?x1x?x?xf32>) -> tensor<?x2x?x?xf32> {
  %w = onnx.Constant dense<1.0> : tensor<1x2x2x2xf32>
  %b = onnx.Constant dense<[1.0, 2.0]> : tensor<2xf32>
  %y = onnx.ConvTranspose %x, %w, %b {strides = array<i64: 2, 2>} : (tensor<?x1x?x?xf32>, tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<?x2x?x?xf32>
  return %y : tensor<?x2x?x?xf32>
}

// Whose results do not interleave evenly, or whose filter a run brings, stays.
// CHECK-LABEL: func.func @stays
// CHECK: onnx.ConvTranspose
// CHECK: onnx.ConvTranspose
// CHECK: onnx.ConvTranspose
func.func @stays(%x: tensor<?x1x?x?xf32>, %v: tensor<1x1x2x2xf32>) -> (tensor<?x1x?x?xf32>, tensor<?x1x?x?xf32>, tensor<?x1x?x?xf32>) {
  %w = onnx.Constant dense<1.0> : tensor<1x1x2x2xf32>
  %a = onnx.ConvTranspose %x, %w {strides = array<i64: 2, 1>} : (tensor<?x1x?x?xf32>, tensor<1x1x2x2xf32>) -> tensor<?x1x?x?xf32>
  %b = onnx.ConvTranspose %x, %w : (tensor<?x1x?x?xf32>, tensor<1x1x2x2xf32>) -> tensor<?x1x?x?xf32>
  %c = onnx.ConvTranspose %x, %v {strides = array<i64: 2, 2>} : (tensor<?x1x?x?xf32>, tensor<1x1x2x2xf32>) -> tensor<?x1x?x?xf32>
  return %a, %b, %c : tensor<?x1x?x?xf32>, tensor<?x1x?x?xf32>, tensor<?x1x?x?xf32>
}
