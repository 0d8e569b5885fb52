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

// -----

// What is joined with a vector is one.
// CHECK-LABEL: func.func @an_axis_that_has_to_go
func.func @an_axis_that_has_to_go(%x: tensor<5x?xf32> {dyn.dims = [5, "N"]}, %v: tensor<3xf32>) -> tensor<*xf32> {
  // CHECK-NOT: dyn.require
  // CHECK: %[[AXES:.+]] = onnx.Constant dense<1> : tensor<1xi64>
  // CHECK: onnx.Squeeze %{{.+}}, %[[AXES]]
  %y = onnx.Squeeze %x : (tensor<5x?xf32>) -> tensor<*xf32>
  %z = onnx.Concat %y, %v {axis = 0 : i64} : (tensor<*xf32>, tensor<3xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// The image has to keep its axes, each of two choices is tried with the other.
// CHECK-LABEL: func.func @axes_that_have_to_stay
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x3x?x8xf32>
func.func @axes_that_have_to_stay(%x: tensor<?x3x?x8xf32> {dyn.dims = ["N", 3, "H", 8]}, %w: tensor<2x3x1x1xf32>) -> tensor<*xf32> {
  // CHECK: dyn.require [not(eq(N, 1))] "expects an extent other than 1 at axis 0, without which the rest of the model cannot be, got %d" [N]
  // CHECK: dyn.require [not(eq(H, 1))] "expects an extent other than 1 at axis 2, {{.+}}" [H]
  // CHECK-NOT: onnx.Squeeze
  %y = onnx.Squeeze %x : (tensor<?x3x?x8xf32>) -> tensor<*xf32>
  // CHECK: onnx.Conv %[[X]]
  %z = onnx.Conv %y, %w : (tensor<*xf32>, tensor<2x3x1x1xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// An axis of 1 goes, one of 5 stays, whatever is tried of the third one.
// CHECK-LABEL: func.func @one_of_three_axes
func.func @one_of_three_axes(%x: tensor<1x5x?xf32> {dyn.dims = [1, 5, "W"]}, %w: tensor<7x8xf32>) -> tensor<*xf32> {
  // CHECK: dyn.require [not(eq(W, 1))] {{.+}} axis 2
  // CHECK: %[[AXES:.+]] = onnx.Constant dense<0> : tensor<1xi64>
  // CHECK: onnx.Squeeze %{{.+}}, %[[AXES]]
  %y = onnx.Squeeze %x : (tensor<1x5x?xf32>) -> tensor<*xf32>
  %z = onnx.Gemm %y, %w : (tensor<*xf32>, tensor<7x8xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// What only execution knows is read for the check.
// CHECK: dyn.symbol @e0 {{.+}} execution
// CHECK-LABEL: func.func @extents_that_are_read
// CHECK-SAME: %[[S:[a-z0-9]+]]: tensor<2xi64>
func.func @extents_that_are_read(%s: tensor<2xi64> {dyn.dims = [2]}, %w: tensor<4x8xf32>) -> tensor<*xf32> {
  // CHECK: dyn.read %[[S]][{{[01]}}] as @e0
  // CHECK: dyn.require [not(eq(e0, 1))]
  // CHECK-NOT: onnx.Squeeze
  %x = onnx.ConstantOfShape %s : (tensor<2xi64>) -> tensor<*xf32>
  %y = onnx.Squeeze %x : (tensor<*xf32>) -> tensor<*xf32>
  %z = onnx.Gemm %y, %w : (tensor<*xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// Both ranks come through: the propagation says so.
// CHECK-LABEL: func.func @two_ranks_are_left_alone
func.func @two_ranks_are_left_alone(%x: tensor<?x3xf32> {dyn.dims = ["N", 3]}) -> tensor<*xf32> {
  // CHECK-NOT: dyn.require
  // CHECK: onnx.Squeeze %{{[a-z0-9]+}} :
  %y = onnx.Squeeze %x : (tensor<?x3xf32>) -> tensor<*xf32>
  %z = onnx.Relu %y : (tensor<*xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}
