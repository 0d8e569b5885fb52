// RUN: dycc-opt %s --dycc-decide-branches --split-input-file | FileCheck %s

// The product with a matrix of four rows needs rank 2: only "then" comes through.
// CHECK-LABEL: func.func @the_rank_that_comes_through
func.func @the_rank_that_comes_through(%x: tensor<?x4x?xf32> {dyn.dims = ["N", 4, "W"]}, %w: tensor<4x8xf32>) -> tensor<*xf32> {
  %last = onnx.Constant dense<-1> : tensor<1xi64>
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?x4x?xf32>) -> tensor<*xi64>
  %d = onnx.Gather %s, %last : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi64>
  %c = onnx.Equal %d, %one : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  // CHECK: dyn.require [eq(W, 1)] "expects the only branch whose rank the rest of the model accepts to be taken" []
  // CHECK: %[[TRUE:.+]] = onnx.Constant dense<true> : tensor<i1>
  // CHECK: onnx.If %[[TRUE]]
  %y = onnx.If %c : (tensor<*xi1>) -> tensor<*xf32> then {
    %a = onnx.Squeeze %x, %last : (tensor<?x4x?xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    onnx.Yield %x : tensor<?x4x?xf32>
  }
  %z = onnx.Gemm %y, %w : (tensor<*xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @one_rank_is_left_alone
func.func @one_rank_is_left_alone(%x: tensor<?xf32> {dyn.dims = ["N"]}) -> tensor<*xf32> {
  %one = onnx.Constant dense<1> : tensor<1xi64>
  %s = onnx.Shape %x : (tensor<?xf32>) -> tensor<*xi64>
  // CHECK: %[[C:.+]] = onnx.Equal
  %c = onnx.Equal %s, %one : (tensor<*xi64>, tensor<1xi64>) -> tensor<*xi1>
  // CHECK-NOT: dyn.require
  // CHECK: onnx.If %[[C]]
  %y = onnx.If %c : (tensor<*xi1>) -> tensor<*xf32> then {
    %a = onnx.Relu %x : (tensor<?xf32>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    onnx.Yield %x : tensor<?xf32>
  }
  return %y : tensor<*xf32>
}
