// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @source
// CHECK-SAME: %[[I:[a-z0-9]+]]: tensor<*xi64>
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
func.func @source(%i: tensor<*xi64>, %f: tensor<*xf32>) {
  // CHECK: onnx.ConstantOfShape %[[I]] {value = dense<7.000000e+00> : tensor<1xf32>} : (tensor<*xi64>) -> tensor<*xf32>
  %constantOfShape = onnx.ConstantOfShape %i {value = dense<7.000000e+00> : tensor<1xf32>} : (tensor<*xi64>) -> tensor<*xf32>
  // CHECK: onnx.EyeLike %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %eyeLike = onnx.EyeLike %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Range %[[F]], %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %range = onnx.Range %f, %f, %f : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Shape %[[F]] : (tensor<*xf32>) -> tensor<*xi64>
  %shape = onnx.Shape %f : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.Size %[[F]] : (tensor<*xf32>) -> tensor<*xi64>
  %size = onnx.Size %f : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.Bernoulli %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %bernoulli = onnx.Bernoulli %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Multinomial %[[F]] : (tensor<*xf32>) -> tensor<*xi64>
  %multinomial = onnx.Multinomial %f : (tensor<*xf32>) -> tensor<*xi64>
  // CHECK: onnx.RandomNormal {shape = array<i64: 1, 1>} : () -> tensor<*xf32>
  %randomNormal = onnx.RandomNormal {shape = array<i64: 1, 1>} : () -> tensor<*xf32>
  // CHECK: onnx.RandomNormalLike %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %randomNormalLike = onnx.RandomNormalLike %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.RandomUniform {shape = array<i64: 1, 1>} : () -> tensor<*xf32>
  %randomUniform = onnx.RandomUniform {shape = array<i64: 1, 1>} : () -> tensor<*xf32>
  // CHECK: onnx.RandomUniformLike %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %randomUniformLike = onnx.RandomUniformLike %f : (tensor<*xf32>) -> tensor<*xf32>
  return
}
