// RUN: dycc-opt %s --dycc-insert-index-checks | FileCheck %s

!x = tensor<?x4xf32, #dyn.value<[N, 4]>>
!i = tensor<?xi64, #dyn.value<[K]>>
!y = tensor<?x4xf32, #dyn.value<[K, 4]>>
dyn.symbol @N in [2, 64]
dyn.symbol @K in [0, 64]

// CHECK-LABEL: func.func @unknown_indices_are_checked
// CHECK: dyn.runtime "check_indices"(%arg1) with [1, N] : (tensor<?xi64, #dyn.value<[K]>>) -> ()
// CHECK-NEXT: onnx.Gather
func.func @unknown_indices_are_checked(%x: !x, %i: !i) -> !y {
  %y = onnx.Gather %x, %i : (!x, !i) -> !y
  return %y : !y
}

// CHECK-LABEL: func.func @constants_in_range_are_not
// CHECK-NOT: check_indices
// CHECK: onnx.Gather
func.func @constants_in_range_are_not(%x: !x) -> tensor<2x4xf32, #dyn.value<[2, 4]>> {
  %i = onnx.Constant dense<[1, -1]> : tensor<2xi64> -> tensor<2xi64, #dyn.value<[2]>>
  %y = onnx.Gather %x, %i : (!x, tensor<2xi64, #dyn.value<[2]>>) -> tensor<2x4xf32, #dyn.value<[2, 4]>>
  return %y : tensor<2x4xf32, #dyn.value<[2, 4]>>
}

// The ranks say how long the tuples are, where the extent is a symbol.
// CHECK-LABEL: func.func @tuples_of_a_symbolic_length_are_checked
// CHECK: dyn.runtime "check_indices"(%arg1) with [2, N, 4] :
func.func @tuples_of_a_symbolic_length_are_checked(%x: !x, %i: tensor<3x?xi64, #dyn.value<[3, K]>>, %u: tensor<3xf32, #dyn.value<[3]>>) -> !x {
  %y = onnx.ScatterND %x, %i, %u : (!x, tensor<3x?xi64, #dyn.value<[3, K]>>, tensor<3xf32, #dyn.value<[3]>>) -> !x
  return %y : !x
}
