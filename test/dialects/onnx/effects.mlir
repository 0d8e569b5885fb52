// RUN: dycc-opt %s --cse --canonicalize | FileCheck %s

// Equal pure operators become one.
// CHECK-LABEL: func.func @pure
// CHECK: onnx.Exp
// CHECK-NOT: onnx.Exp
// CHECK: return
func.func @pure(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = onnx.Exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = onnx.Exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// Two draws stay two; one that nobody reads goes.
// CHECK-LABEL: func.func @random
// CHECK-COUNT-2: onnx.RandomUniformLike
// CHECK-NOT: onnx.RandomUniformLike
// CHECK: return
func.func @random(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = onnx.RandomUniformLike %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = onnx.RandomUniformLike %x : (tensor<4xf32>) -> tensor<4xf32>
  %2 = onnx.RandomUniformLike %x : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}

// An If whose branches have no effect goes with its last use.
// CHECK-LABEL: func.func @dead_if
// CHECK-NEXT: return
func.func @dead_if(%c: tensor<i1>, %x: tensor<4xf32>) {
  %0 = onnx.If %c : (tensor<i1>) -> tensor<4xf32> then {
    onnx.Yield %x : tensor<4xf32>
  } else {
    onnx.Yield %x : tensor<4xf32>
  }
  return
}

// Equal constants become one.
// CHECK-LABEL: func.func @constants
// CHECK: %[[C:.*]] = onnx.Constant dense<3> : tensor<1xi64>
// CHECK-NEXT: return %[[C]], %[[C]]
func.func @constants() -> (tensor<1xi64>, tensor<1xi64>) {
  %0 = onnx.Constant dense<3> : tensor<1xi64>
  %1 = onnx.Constant dense<3> : tensor<1xi64>
  return %0, %1 : tensor<1xi64>, tensor<1xi64>
}
