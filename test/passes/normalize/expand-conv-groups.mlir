// RUN: dycc-opt %s --dycc-expand-functions --dycc-fold-constants | FileCheck %s

// Groups of 12 results lie across the borders of vectors: each is a convolution
// of its own, of its filters and biases, with the window of the whole.
// CHECK-LABEL: func.func @apart
// CHECK: %[[S:.+]] = onnx.Constant dense<3> : tensor<2xi64>
// CHECK: %[[X:.+]]:2 = onnx.Split %arg0, %[[S]] {{.*}}axis = 1
// CHECK-DAG: %{{.+}} = onnx.Constant {{.*}} : tensor<12x3x3x3xf32>
// CHECK-DAG: %{{.+}} = onnx.Constant dense<2.000000e+00> : tensor<12xf32>
// CHECK: %[[P:.+]] = onnx.Conv %[[X]]#0, {{.+}}, {{.+}} {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 1>
// CHECK: %[[Q:.+]] = onnx.Conv %[[X]]#1, {{.+}} {pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 1>
// CHECK: %[[Y:.+]] = onnx.Concat %[[P]], %[[Q]] {{.*}}axis = 1
// CHECK: return %[[Y]]
func.func @apart(%x: tensor<?x6x?x?xf32>) -> tensor<?x24x?x?xf32> {
  %w = onnx.Constant dense<1.0> : tensor<24x3x3x3xf32>
  %b = onnx.Constant dense<2.0> : tensor<24xf32>
  %y = onnx.Conv %x, %w, %b {group = 2 : i64, pads = array<i64: 1, 1, 1, 1>, strides = array<i64: 2, 1>} : (tensor<?x6x?x?xf32>, tensor<24x3x3x3xf32>, tensor<24xf32>) -> tensor<?x24x?x?xf32>
  return %y : tensor<?x24x?x?xf32>
}

// Whole vectors, few results, one channel, and a filter that a run brings.
// CHECK-LABEL: func.func @stays
// CHECK-NOT: onnx.Split
// CHECK-COUNT-4: onnx.Conv {{.*}}group = 2
func.func @stays(%x: tensor<?x6x?x?xf32>, %z: tensor<?x2x?x?xf32>, %v: tensor<24x3x3x3xf32>) -> (tensor<?x32x?x?xf32>, tensor<?x16x?x?xf32>, tensor<?x24x?x?xf32>, tensor<?x24x?x?xf32>) {
  %whole = onnx.Constant dense<1.0> : tensor<32x3x3x3xf32>
  %few = onnx.Constant dense<1.0> : tensor<16x3x3x3xf32>
  %one = onnx.Constant dense<1.0> : tensor<24x1x3x3xf32>
  %a = onnx.Conv %x, %whole {group = 2 : i64} : (tensor<?x6x?x?xf32>, tensor<32x3x3x3xf32>) -> tensor<?x32x?x?xf32>
  %b = onnx.Conv %x, %few {group = 2 : i64} : (tensor<?x6x?x?xf32>, tensor<16x3x3x3xf32>) -> tensor<?x16x?x?xf32>
  %c = onnx.Conv %z, %one {group = 2 : i64} : (tensor<?x2x?x?xf32>, tensor<24x1x3x3xf32>) -> tensor<?x24x?x?xf32>
  %d = onnx.Conv %x, %v {group = 2 : i64} : (tensor<?x6x?x?xf32>, tensor<24x3x3x3xf32>) -> tensor<?x24x?x?xf32>
  return %a, %b, %c, %d : tensor<?x32x?x?xf32>, tensor<?x16x?x?xf32>, tensor<?x24x?x?xf32>, tensor<?x24x?x?xf32>
}
