// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @indexing
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor<*xi1>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @indexing(%f: tensor<*xf32>, %b: tensor<*xi1>, %i: tensor<*xi64>) {
  // CHECK: onnx.Compress %[[F]], %[[B]] : (tensor<*xf32>, tensor<*xi1>) -> tensor<*xf32>
  %compress = onnx.Compress %f, %b : (tensor<*xf32>, tensor<*xi1>) -> tensor<*xf32>
  // CHECK: onnx.Gather %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %gather = onnx.Gather %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.GatherElements %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %gatherElements = onnx.GatherElements %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.GatherND %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %gatherND = onnx.GatherND %f, %i : (tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.NonMaxSuppression %[[F]], %[[F]], %[[I]], %[[F]], %[[F]] {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xi64>
  %nonMaxSuppression = onnx.NonMaxSuppression %f, %f, %i, %f, %f {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.NonZero %[[F]] : (tensor<*xf32>) -> tensor<*xi64>
  %nonZero = onnx.NonZero %f : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.OneHot %[[F]], %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %oneHot = onnx.OneHot %f, %f, %f : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Scatter %[[F]], %[[I]], %[[F]] : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  %scatter = onnx.Scatter %f, %i, %f : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.ScatterElements %[[F]], %[[I]], %[[F]] : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  %scatterElements = onnx.ScatterElements %f, %i, %f : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.ScatterND %[[F]], %[[I]], %[[F]] : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  %scatterND = onnx.ScatterND %f, %i, %f : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.TensorScatter %[[F]], %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  %tensorScatter = onnx.TensorScatter %f, %f, %i : (tensor<*xf32>, tensor<*xf32>, tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.TopK %[[F]], %[[I]] : (tensor<*xf32>, tensor<*xi64>) -> (tensor<*xf32>, tensor<*xi64>)
  %topK:2 = onnx.TopK %f, %i : (tensor<*xf32>, tensor<*xi64>) -> (tensor<*xf32>, tensor<*xi64>)
  // CHECK: onnx.Unique %[[F]] {resultSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>, tensor<*xi64>)
  %unique:4 = onnx.Unique %f {resultSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>) -> (tensor<*xf32>, tensor<*xi64>, tensor<*xi64>, tensor<*xi64>)
  return
}
