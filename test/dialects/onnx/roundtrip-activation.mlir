// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @activation
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
// CHECK-SAME: %[[B:[a-z0-9]+]]: tensor<*xi1>
func.func @activation(%f: tensor<*xf32>, %b: tensor<*xi1>) {
  // CHECK: onnx.Celu %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %celu = onnx.Celu %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Clip %[[F]], %[[F]], %[[F]] {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %clip = onnx.Clip %f, %f, %f {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Dropout %[[F]], %[[F]], %[[B]] {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xi1>) -> (tensor<*xf32>, tensor<*xi1>)
  %dropout:2 = onnx.Dropout %f, %f, %b {operandSegmentSizes = array<i32: 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xi1>) -> (tensor<*xf32>, tensor<*xi1>)
  // CHECK: onnx.Elu %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %elu = onnx.Elu %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Gelu %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %gelu = onnx.Gelu %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.HardSigmoid %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %hardSigmoid = onnx.HardSigmoid %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.HardSwish %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %hardSwish = onnx.HardSwish %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.LeakyRelu %[[F]] {alpha = 2.500000e-01 : f32} : (tensor<*xf32>) -> tensor<*xf32>
  %leakyRelu = onnx.LeakyRelu %f {alpha = 2.500000e-01 : f32} : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Mish %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %mish = onnx.Mish %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.PRelu %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %pRelu = onnx.PRelu %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Relu %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %relu = onnx.Relu %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Selu %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %selu = onnx.Selu %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Shrink %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %shrink = onnx.Shrink %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Sigmoid %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %sigmoid = onnx.Sigmoid %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Softplus %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %softplus = onnx.Softplus %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Softsign %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %softsign = onnx.Softsign %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.SwiGLU %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %swiGLU = onnx.SwiGLU %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Swish %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %swish = onnx.Swish %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Tanh %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %tanh = onnx.Tanh %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.ThresholdedRelu %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %thresholdedRelu = onnx.ThresholdedRelu %f : (tensor<*xf32>) -> tensor<*xf32>
  return
}
