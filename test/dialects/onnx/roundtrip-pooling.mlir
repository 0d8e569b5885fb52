// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @pooling
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @pooling(%f: tensor<*xf32>, %i: tensor<*xi64>) {
  // CHECK: onnx.AveragePool %[[F]] {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  %averagePool = onnx.AveragePool %f {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Col2Im %[[F]], %[[I]], %[[I]] : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  %col2Im = onnx.Col2Im %f, %i, %i : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.GlobalAveragePool %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %globalAveragePool = onnx.GlobalAveragePool %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.GlobalLpPool %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %globalLpPool = onnx.GlobalLpPool %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.GlobalMaxPool %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %globalMaxPool = onnx.GlobalMaxPool %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.LpPool %[[F]] {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  %lpPool = onnx.LpPool %f {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.MaxPool %[[F]] {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi64>)
  %maxPool:2 = onnx.MaxPool %f {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi64>)
  // CHECK: onnx.MaxRoiPool %[[F]], %[[F]] {pooled_shape = array<i64: 2, 3>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %maxRoiPool = onnx.MaxRoiPool %f, %f {pooled_shape = array<i64: 2, 3>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.MaxUnpool %[[F]], %[[I]], %[[I]] {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  %maxUnpool = onnx.MaxUnpool %f, %i, %i {kernel_shape = array<i64: 1, 1>} : (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.RoiAlign %[[F]], %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %roiAlign = onnx.RoiAlign %f, %f, %i : (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  return
}
