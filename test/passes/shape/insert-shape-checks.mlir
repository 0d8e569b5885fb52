// RUN: dycc-opt %s --dycc-propagate-shapes --dycc-insert-shape-checks --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @matmul_needs_equal_extents
func.func @matmul_needs_equal_extents(%x: tensor<?x?xf32> {dyn.dims = ["N", "K"]},
    %y: tensor<4x8xf32>) -> tensor<*xf32> {
  // CHECK: dyn.require [eq(K, 4)] "expects equal extents to sum over, got %d and %d" [K, 4]
  // CHECK: onnx.Relu
  %r = onnx.Relu %x : (tensor<?x?xf32>) -> tensor<*xf32>
  %z = onnx.MatMul %r, %y : (tensor<*xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @what_is_proved_is_not_checked
func.func @what_is_proved_is_not_checked(%x: tensor<?x4xf32> {dyn.dims = ["N", 4]},
    %y: tensor<4x8xf32>) -> tensor<*xf32> {
  // CHECK-NOT: dyn.require
  %z = onnx.MatMul %x, %y : (tensor<?x4xf32>, tensor<4x8xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @broadcast_extents
func.func @broadcast_extents(%x: tensor<?xf32> {dyn.dims = ["N"]},
    %y: tensor<?xf32> {dyn.dims = ["M"]}) -> tensor<*xf32> {
  // CHECK: dyn.require [or(eq(M, 1), eq(M, N), eq(N, 1))] "expects extents that broadcast, got %d and %d" [N, M]
  %z = onnx.Add %x, %y : (tensor<?xf32>, tensor<?xf32>) -> tensor<*xf32>
  return %z : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @a_window_needs_room
func.func @a_window_needs_room(%x: tensor<1x1x?xf32> {dyn.dims = [1, 1, "W"]},
    %w: tensor<1x1x5xf32>) -> tensor<*xf32> {
  // CHECK: dyn.require [le(4, W)] "expects an extent that is not negative, got %d" [W - 4]
  // CHECK-NOT: dyn.require
  %a = onnx.Conv %x, %w : (tensor<1x1x?xf32>, tensor<1x1x5xf32>) -> tensor<*xf32>
  return %a : tensor<*xf32>
}

// -----

// A check in a branch is made in the branch.
// CHECK-LABEL: func.func @checks_stay_in_their_branch
func.func @checks_stay_in_their_branch(%x: tensor<?x4xf32> {dyn.dims = ["N", 4]},
    %c: tensor<i1>) -> tensor<*xf32> {
  // CHECK: onnx.If
  // CHECK: then {
  // CHECK-NEXT: dyn.require [eq(N, 1)] "expects an extent of 1 to squeeze, got %d and %d" [N, 1]
  %zero = onnx.Constant dense<0> : tensor<1xi64>
  %y = onnx.If %c : (tensor<i1>) -> tensor<*xf32> then {
    %a = onnx.Squeeze %x, %zero : (tensor<?x4xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %a : tensor<*xf32>
  } else {
    %b = onnx.Gather %x, %zero : (tensor<?x4xf32>, tensor<1xi64>) -> tensor<*xf32>
    %d = onnx.Squeeze %b, %zero : (tensor<*xf32>, tensor<1xi64>) -> tensor<*xf32>
    onnx.Yield %d : tensor<*xf32>
  }
  return %y : tensor<*xf32>
}

// -----

// CHECK-LABEL: func.func @axes_and_steps_of_data
func.func @axes_and_steps_of_data(%x: tensor<?x7xf32> {dyn.dims = ["N", 7]},
    %axes: tensor<1xi64>, %step: tensor<1xi64>) -> tensor<*xf32> {
  %b = onnx.Constant dense<1> : tensor<1xi64>
  %e = onnx.Constant dense<5> : tensor<1xi64>
  // CHECK-DAG: dyn.require {{.+}} "expects 1 different axes in [-2, 2), got %d"
  // CHECK-DAG: dyn.require [not(eq(e1, 0))] "expects steps that are not 0, got %d" [e1]
  %s = onnx.Slice %x, %b, %e, %axes, %step {operandSegmentSizes = array<i32: 1, 1, 1, 1, 1>} : (tensor<?x7xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> tensor<*xf32>
  return %s : tensor<*xf32>
}
