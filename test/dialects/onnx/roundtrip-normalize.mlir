// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @normalize
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
func.func @normalize(%f: tensor<*xf32>, %i: tensor<*xi64>) {
  // CHECK: onnx.BatchNormalization %[[F]], %[[F]], %[[F]], %[[F]], %[[F]] {resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %batchNormalization:3 = onnx.BatchNormalization %f, %f, %f, %f, %f {resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.GroupNormalization %[[F]], %[[F]], %[[F]] {num_groups = 1 : i64} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %groupNormalization = onnx.GroupNormalization %f, %f, %f {num_groups = 1 : i64} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Hardmax %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %hardmax = onnx.Hardmax %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.InstanceNormalization %[[F]], %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %instanceNormalization = onnx.InstanceNormalization %f, %f, %f : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.LRN %[[F]] {size = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %lRN = onnx.LRN %f {size = 1 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.LayerNormalization %[[F]], %[[F]], %[[F]] {resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  %layerNormalization:3 = onnx.LayerNormalization %f, %f, %f {resultSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.LogSoftmax %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %logSoftmax = onnx.LogSoftmax %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.LpNormalization %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %lpNormalization = onnx.LpNormalization %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.MeanVarianceNormalization %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %meanVarianceNormalization = onnx.MeanVarianceNormalization %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.RMSNormalization %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %rMSNormalization = onnx.RMSNormalization %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Softmax %[[F]] {axis = -2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  %softmax = onnx.Softmax %f {axis = -2 : i64} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.NegativeLogLikelihoodLoss %[[F]], %[[I]], %[[F]] : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  %negativeLogLikelihoodLoss = onnx.NegativeLogLikelihoodLoss %f, %i, %f : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.SoftmaxCrossEntropyLoss %[[F]], %[[I]], %[[F]] : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %softmaxCrossEntropyLoss:2 = onnx.SoftmaxCrossEntropyLoss %f, %i, %f : (tensor<*xf32>, tensor<*xi64>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  return
}
