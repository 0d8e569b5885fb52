// RUN: dycc-opt %s | dycc-opt | FileCheck %s
// RUN: dycc-opt %s --mlir-print-op-generic | dycc-opt | FileCheck %s

// CHECK-LABEL: func.func @linear
// CHECK-SAME: %[[F:[a-z0-9]+]]: tensor<*xf32>
func.func @linear(%f: tensor<*xf32>) {
  // CHECK: onnx.CausalConvWithState %[[F]], %[[F]], %[[F]], %[[F]] {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  %causalConvWithState:2 = onnx.CausalConvWithState %f, %f, %f, %f {operandSegmentSizes = array<i32: 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> (tensor<*xf32>, tensor<*xf32>)
  // CHECK: onnx.Conv %[[F]], %[[F]] {auto_pad = "VALID", strides = array<i64: 2, 2>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %conv = onnx.Conv %f, %f {auto_pad = "VALID", strides = array<i64: 2, 2>} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.ConvTranspose %[[F]], %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %convTranspose = onnx.ConvTranspose %f, %f, %f : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.DeformConv %[[F]], %[[F]], %[[F]], %[[F]], %[[F]] {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %deformConv = onnx.DeformConv %f, %f, %f, %f, %f {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Det %[[F]] : (tensor<*xf32>) -> tensor<*xf32>
  %det = onnx.Det %f : (tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Einsum %[[F]], %[[F]] {equation = "ij,jk->ik"} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %einsum = onnx.Einsum %f, %f {equation = "ij,jk->ik"} : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.Gemm %[[F]], %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %gemm = onnx.Gemm %f, %f, %f : (tensor<*xf32>, tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  // CHECK: onnx.MatMul %[[F]], %[[F]] : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  %matMul = onnx.MatMul %f, %f : (tensor<*xf32>, tensor<*xf32>) -> tensor<*xf32>
  return
}
